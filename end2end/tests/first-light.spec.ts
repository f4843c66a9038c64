// From an EM API login to a live row in the browser.
import { readFileSync } from "node:fs";
import { PHONE_1, PHONE_2, PHONE_3, PHONES, complaints, expect, live, test } from "./server.ts";

const golden = (name: string) =>
  readFileSync(new URL(`../../server/crates/wire/golden/${name}`, import.meta.url), "utf8");

test("logins appear and disappear on the open page, and the behavior is obeyed", async ({ page, server }) => {
  const heard = complaints(page);
  await live(page, server);
  await expect(page.getByText("Nobody is logged in")).toBeVisible();
  const row = (phone: string) => page.locator("tr", { hasText: phone });

  server.behavior("Multiple Logins Not Allowed");
  expect(await server.login("john", PHONE_1)).toBe(golden("login-success.xml"));
  await expect(row(PHONE_1)).toContainText("john");
  await expect(page.locator("#open-now")).toHaveText("1");

  server.behavior("Auto Logout");
  expect(await server.login("john", PHONE_2)).toBe(golden("login-success.xml"));
  await expect(row(PHONE_2)).toContainText("john");
  await expect(row(PHONE_1)).toHaveCount(0);
  await expect(page.locator("#open-now")).toHaveText("1");

  server.behavior("Multiple Logins Not Allowed");
  expect(await server.login("john", PHONE_3)).toBe(golden("failure-25.xml"));
  expect(await server.logout(PHONE_2)).toBe(golden("login-success.xml"));
  await expect(page.getByText("Nobody is logged in")).toBeVisible();
  expect(heard).toEqual([]);
});

test("a page notices a killed server, and catches up after its restart", async ({ page, server }) => {
  await live(page, server);
  await server.login("john", PHONE_1);
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await server.kill();
  await expect(page.locator(".connection")).toHaveText("not connected, trying again…");
  await server.start(new URL(server.url).host);
  await server.logout(PHONE_1);
  await server.login("jane", PHONE_2);
  await expect(page.locator(".connection")).toHaveText("live");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.locator("tbody tr")).toContainText("jane");
});

test("a page that is too far behind takes a new snapshot", async ({ page, context, server }) => {
  await live(page, server);
  await context.setOffline(true);
  await server.kill();
  await expect(page.locator(".connection")).toHaveText("not connected, trying again…");
  await server.start(new URL(server.url).host);
  // More events than a tab receives one by one.
  for (let round = 0; round < 130; round++) {
    await server.login("john", PHONE_1);
    await server.login("jane", PHONE_2);
    await server.logout(PHONE_1);
    await server.logout(PHONE_2);
  }
  await server.login("jane", PHONE_3);
  await context.setOffline(false);
  await expect(page.locator(".connection")).toHaveText("live");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.locator("tbody tr")).toContainText(PHONE_3);
  await expect(page.locator("#open-now")).toHaveText("1");
});

test("rows do not move under the pointer", async ({ page, server }) => {
  await live(page, server);
  await server.login("john", PHONE_1);
  const first = page.locator("tbody tr").first();
  await expect(first).toContainText("john");
  // The first movement in a page has no distance; a real pointer sends many.
  await page.mouse.move(5, 5);
  await first.hover();
  await server.login("jane", PHONE_2);
  const pill = page.getByRole("button", { name: "1 new · show" });
  await expect(pill).toBeVisible();
  await expect(first).toContainText("john");
  await server.logout(PHONE_1);
  await expect(first).toContainText("logged out");
  // Once the pointer leaves, waiting rows appear and ended rows disappear.
  await page.mouse.move(5, 5);
  await expect(first).toContainText("jane");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(pill).toHaveCount(0);
});

test("rows do not move under the keyboard", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  const first = page.locator("tbody tr").first();
  await page.getByRole("checkbox", { name: "Select all" }).focus();
  await page.keyboard.press("Tab");
  // Tab moves over the column links into the row.
  const box = first.getByRole("checkbox");
  while (!(await box.evaluate((box) => box === document.activeElement))) await page.keyboard.press("Tab");
  await server.login("jane", PHONE_2);
  const pill = page.getByRole("button", { name: "1 new · show" });
  await expect(pill).toBeVisible();
  // Rows stay in place while the focus moves within the table.
  await page.keyboard.press("Tab");
  await expect(first.getByRole("link", { name: "john", exact: true })).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(first.getByRole("link", { name: PHONE_1 })).toBeFocused();
  await page.keyboard.press("Tab");
  const end = first.getByRole("link", { name: "Log out" });
  await expect(end).toBeFocused();
  await server.logout(PHONE_1);
  await expect(first).toContainText("logged out");
  // An ended row keeps the focus, and can't be ended again.
  await expect(end).toBeFocused();
  await expect(end).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Enter");
  await expect(page.locator("dialog[open]")).toHaveCount(0);
  await expect(pill).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(first).toContainText("jane");
  await expect(page.locator("tbody tr")).toHaveCount(1);
});

test("search, order and page are in the URL", async ({ page, server }) => {
  server.behavior("Multiple Logins Allowed");
  for (const phone of PHONES.slice(0, 55)) await server.login("john", phone);
  await server.login("jane", PHONES[58]!);
  await live(page, server);
  await expect(page.locator("#range")).toHaveText("1–50 of 56");
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/page=2/);
  await expect(page.locator("#range")).toHaveText("51–56 of 56");
  await page.getByRole("searchbox").fill("JANE");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL(/find=JANE/);
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.locator("#range")).toHaveText("1–1 of 1");
  // Live changes go through the same filter.
  await server.login("john", PHONES[56]!);
  await expect(page.locator("#open-now")).toHaveText("57");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(page.getByRole("searchbox")).toHaveValue("");
  await page.getByRole("link", { name: "Phone", exact: true }).click();
  await expect(page).toHaveURL(/sort=phone/);
  await expect(page.locator("tbody tr").first()).toContainText(PHONES[0]!);
  await page.reload();
  await expect(page.locator("tbody tr").first()).toContainText(PHONES[0]!);
});
