// The console's program in the browser: how it started, how it dies, and what the page says of it.
import type { Page } from "@playwright/test";
import { expect } from "./server.ts";

export const started = (page: Page, how: "live" | "plain" | "died" = "live") =>
  expect(page.locator("html")).toHaveAttribute("data-start", how);
export const by = (page: Page) => page.locator("html").getAttribute("data-by");
export const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name, exact: true });
export const notice = (page: Page, name: "away" | "plain" | "outdated") => page.locator(`[data-notice=${name}]`);

/** The program dies as a panic lets it die. */
export const die = (page: Page) =>
  page.evaluate(() => {
    const error = new WebAssembly.RuntimeError("unreachable");
    error.stack = "RuntimeError: unreachable\n    at sojourn.wasm:wasm-function[1]:0x1";
    dispatchEvent(new ErrorEvent("error", { error }));
  });
