// The panel beside the list of logins.
import { PHONE_1, PHONE_2, PHONE_3, expect, live, test } from "./server.ts";
import { accessible } from "./walk.ts";

test("a click on a row opens a panel about its login, and the place in the list stays", async ({ page, server }) => {
  server.behavior("Multiple Logins Allowed");
  await server.login("john", PHONE_3);
  await server.logout(PHONE_3);
  await server.login("john", PHONE_1);
  await server.login("jane", PHONE_1);
  await server.login("john", PHONE_2);
  await page.setViewportSize({ width: 1400, height: 800 });
  await live(page, server);
  const row = page.locator("tbody tr", { hasText: PHONE_1 });
  await row.getByText("desk", { exact: true }).click();
  const panel = page.getByRole("complementary", { name: "john" });
  await expect(panel).toContainText("Cisco 8861");
  await expect(panel.getByRole("link", { name: PHONE_1 })).toHaveAttribute("href", `/phones/${PHONE_1}`);
  // What ended before, and what the trace says of the phone.
  await expect(panel.getByRole("link", { name: PHONE_3 })).toBeVisible();
  await expect(panel.locator("code").first()).toBeVisible();
  await expect(page).toHaveURL(server.url);
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await accessible(page);
  await panel.getByRole("button", { name: "Log out john" }).click();
  await expect(page.getByRole("dialog")).toContainText(PHONE_1);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(panel).toBeVisible();
  await server.logout(PHONE_1);
  await expect(panel.getByRole("status")).toHaveText("logged out");
  await panel.getByRole("button", { name: "Close" }).click();
  await expect(panel).toHaveCount(0);
});

test("the keyboard opens and closes the panel, and the focus comes back to the row", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "john" });
  await expect(panel.getByRole("heading", { name: "john" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(page.locator("tbody tr").first()).toBeFocused();
});

test("at 360 px the panel covers the page and can be closed", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await page.setViewportSize({ width: 360, height: 700 });
  await live(page, server);
  await page.locator("tbody tr").first().locator("td.profile").click();
  const panel = page.getByRole("complementary", { name: "john" });
  await expect(panel).toBeInViewport();
  await accessible(page);
  await panel.getByRole("button", { name: "Close" }).click();
  await expect(panel).toHaveCount(0);
});

test("a search and another order leave the panel and the focus as they are", async ({ page, server }) => {
  server.behavior("Multiple Logins Allowed");
  await server.login("john", PHONE_1);
  await server.login("jane", PHONE_2);
  await live(page, server);
  await page.locator("tbody tr", { hasText: PHONE_1 }).getByText("desk", { exact: true }).click();
  const panel = page.getByRole("complementary", { name: "john" });
  await expect(panel.getByRole("heading", { name: "john" })).toBeFocused();
  const box = page.getByRole("searchbox");
  await box.focus();
  await page.keyboard.type("j");
  await expect(page).toHaveURL(/find=j$/);
  await page.keyboard.type("ane");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("jane");
  await expect(panel).toBeVisible();
  // Escape in the field is the field's.
  await page.keyboard.press("Escape");
  await expect(panel).toBeVisible();
  // The login ends while its row is not in the list.
  await box.fill("jane");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await server.logout(PHONE_1);
  await expect(panel.getByRole("status")).toHaveText("logged out");
});
