// The page Service Parameters: its fields and buttons, and a second administrator.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";
import { ADMIN, type Server, expect, follow, signIn, signInAs } from "./server.ts";

export const ALLOWED = "Multiple Logins Allowed";
export const NOT_ALLOWED = "Multiple Logins Not Allowed";

export const status = (page: Page) => page.locator("#status");
export const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
export const behavior = (page: Page) => field(page, "Multiple Login Behavior");
export const intra = (page: Page) => field(page, "Intra-cluster Maximum Login Time");
export const inter = (page: Page) => field(page, "Inter-cluster Maximum Login Time");
export const requests = (page: Page) => field(page, "Maximum Concurrent Requests");
export const save = (page: Page) => page.getByRole("button", { name: "Save" }).first();
export const setToDefault = (page: Page) => page.getByRole("button", { name: "Set to Default" }).first();
export const advanced = (page: Page) => page.getByRole("button", { name: "Advanced" }).first();

/** Waits until the page is hydrated and responds to a key. */
export async function awake(page: Page) {
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(async () => {
    await page.keyboard.press("?");
    await expect(keys).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
}

export async function parameters(page: Page, server: Server, { javaScriptEnabled = true } = {}) {
  await signIn(page, server);
  await follow(page, "Service Parameters", "Service Parameter Configuration");
  await expect(status(page)).toHaveText("Status: Ready");
  if (javaScriptEnabled) await awake(page);
}

export async function openHistory(page: Page, server: Server) {
  await page.goto(server.at("/service-parameters/history"));
  await awake(page);
}

/** Another administrator, in a browser context of their own. */
export async function another(browser: Browser, server: Server, name: string, role: string, javaScriptEnabled = true) {
  server.admin(["add", name, "--role", role], `${ADMIN.password}\n`);
  const page = await (await browser.newContext({ javaScriptEnabled })).newPage();
  await signInAs(page, server, name, ADMIN.password);
  await follow(page, "Service Parameters", "Service Parameter Configuration");
  await expect(status(page)).toHaveText("Status: Ready");
  if (javaScriptEnabled) await awake(page);
  return page;
}

export function set(server: Server, name: string, value: string) {
  server.apply(`[service_parameters]\n"${name}" = "${value}"\n`);
}

/** A user without a maximum of their own has been logged in for these hours. */
export async function longLoggedIn(server: Server, phone: string, hours: number) {
  server.apply(`[[users]]\nid = "walt"\npin = "12345"\nprofiles = ["desk"]\n`);
  expect(await server.login("walt", phone)).toContain("<success/>");
  const earlier = `UPDATE logins SET from_ms = from_ms - ${hours} * 3600000 WHERE user = 'walt'`;
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", join(server.data, "sojourn.db"), earlier]);
}
