// Views of lists that administrators save by name.
import type { Page } from "@playwright/test";
import { another } from "./parameters.ts";
import { PHONE_1, PHONE_2, expect, live, test } from "./server.ts";
import { accessible } from "./walk.ts";

/** The view is saved or removed, and the page is there again. */
async function sent(page: Page, act: () => Promise<void>) {
  const answer = page.waitForResponse((answer) => answer.url().endsWith("/views"));
  const loaded = page.waitForEvent("load");
  await act();
  expect((await answer).status()).toBe(303);
  await loaded;
}

test("a view is saved by name, opened from the menu, shared, and removed", async ({ page, browser, server }) => {
  server.behavior("Multiple Logins Allowed");
  await server.login("john", PHONE_1);
  await server.login("jane", PHONE_2);
  await live(page, server);
  const button = page.getByRole("button", { name: "Views", exact: true });
  const views = page.locator("#views");
  await page.getByRole("searchbox").fill("user:jane");
  await expect(page).toHaveURL(/find=user/);
  await button.click();
  await expect(views).toContainText("No view is saved yet");
  await accessible(page);
  await views.getByLabel("Save this page as").fill("Only <Jane>");
  await sent(page, () => views.getByRole("button", { name: "Save" }).click());
  await expect(page).toHaveURL(/find=user%3Ajane/);
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  // The view leads back to the list from another page, and from another filter.
  await page.goto(server.at("/login-history"));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await button.click();
  await views.getByRole("link", { name: "Only <Jane>" }).click();
  await expect(page.getByRole("searchbox")).toHaveValue("user:jane");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(views).toBeHidden();
  // Nobody else has it, until it is shared.
  const viewer = await another(browser, server, "vic", "viewer");
  await viewer.getByRole("button", { name: "Views", exact: true }).click();
  await expect(viewer.locator("#views")).toContainText("No view is saved yet");
  await button.click();
  await views.getByLabel("Save this page as").fill("Jane for all");
  await views.getByLabel("For all administrators").check();
  await sent(page, () => views.getByRole("button", { name: "Save" }).click());
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await viewer.reload();
  await viewer.getByRole("button", { name: "Views", exact: true }).click();
  await expect(viewer.locator("#views").getByRole("listitem")).toContainText(["Jane for all"]);
  await expect(viewer.locator("#views").getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await expect(viewer.locator("#views").getByLabel("For all administrators")).toHaveCount(0);
  await button.click();
  await sent(page, () => views.getByRole("button", { name: "Remove Only <Jane>" }).click());
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await button.click();
  await expect(views.getByRole("listitem")).toHaveCount(1);
});

test("views work without JavaScript", async ({ browser, server }) => {
  const page = await another(browser, server, "olga", "operator", false);
  await page.goto(server.at("/login-history?find=john"));
  await page.getByRole("button", { name: "Views", exact: true }).click();
  const views = page.locator("#views");
  await views.getByLabel("Save this page as").fill("John");
  await sent(page, () => views.getByRole("button", { name: "Save" }).click());
  await expect(page).toHaveURL(/login-history\?find=john$/);
  await page.getByRole("button", { name: "Views", exact: true }).click();
  await expect(views.getByRole("link", { name: "John" })).toHaveAttribute("href", "/login-history?find=john");
});
