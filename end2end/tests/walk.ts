// Checks of a page: axe, and no horizontal scrolling.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./server.ts";

/** Color scheme and width of a page. */
export const LOOKS = [
  { name: "light", scheme: "light", width: 1280 },
  { name: "dark", scheme: "dark", width: 1280 },
  { name: "light, 360 px", scheme: "light", width: 360 },
  { name: "dark, 360 px", scheme: "dark", width: 360 },
] as const;

export async function look(page: Page, { scheme, width }: (typeof LOOKS)[number]) {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 900 });
}

/** Violations that axe finds fail the test without stopping it, so that one run reports all. */
export async function accessible(page: Page, name = page.url()) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`);
  expect.soft(found, `axe: ${name}`).toEqual([]);
}

export async function fits(page: Page, name = page.url()) {
  const [inner, scroll] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  expect.soft(scroll, `no sideways scrolling: ${name}`).toBeLessThanOrEqual(inner!);
}

/**
 * Shows pages as a browser without JavaScript does. axe is a script itself, so scripts stay allowed,
 * and only the pages' own files are blocked: the server's HTML is checked.
 */
export async function withoutScripts(page: Page) {
  await page.route(/\.(js|wasm)$/, (route) => route.abort());
}
