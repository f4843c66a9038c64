// The console's WASM program: how it started, how to make it panic, and the notices about it.
import type { Page } from "@playwright/test";
import { expect } from "./server.ts";

export const started = (page: Page, how: "live" | "plain" | "died" = "live") =>
  expect(page.locator("html")).toHaveAttribute("data-start", how);
export const by = (page: Page) => page.locator("html").getAttribute("data-by");
export const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name, exact: true });
export const notice = (page: Page, name: "away" | "plain" | "outdated") => page.locator(`[data-notice=${name}]`);

/** Makes the program fail as a panic does. */
export const die = (page: Page) =>
  page.evaluate(() => {
    const error = new WebAssembly.RuntimeError("unreachable");
    error.stack = "RuntimeError: unreachable\n    at sojourn.wasm:wasm-function[1]:0x1";
    dispatchEvent(new ErrorEvent("error", { error }));
  });
