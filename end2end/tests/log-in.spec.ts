// An operator logs a user in at a phone; a login in the way ends only after a confirmation that names it.
import type { Page } from "@playwright/test";
import { ADMIN, PHONE_1, PHONE_2, PHONE_3, type Server, expect, signIn, signInAs, test } from "./server.ts";
import { accessible, fits } from "./walk.ts";

const card = (page: Page) => page.getByRole("region", { name: "Log a user in" });

async function logIn(page: Page, server: Server, phone: string, user: string) {
  await page.goto(server.at(`/phones/${phone}`));
  await card(page).getByLabel("User").fill(user);
  await card(page).getByRole("button", { name: "Log in" }).click();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a login in the way ends after a confirmation that names it", async ({ page, server }) => {
      server.behavior("Multiple Logins Not Allowed");
      await signIn(page, server);
      await logIn(page, server, PHONE_1, "john");
      await expect(card(page).getByRole("status")).toHaveText("john is logged in.");
      await expect(page.getByRole("region", { name: "Logged in" })).toContainText("john");
      await server.login("jane", PHONE_2);
      await logIn(page, server, PHONE_2, "john");
      await expect(card(page)).toContainText("To log john in, these logins must end:");
      await expect(card(page).getByRole("listitem")).toHaveText([`jane ${PHONE_2}`, `john ${PHONE_1}`]);
      // A second press of Enter ends nobody.
      await expect(card(page).getByRole("link", { name: "Cancel" })).toBeFocused();
      if (javaScriptEnabled) await accessible(page);
      await card(page).getByRole("link", { name: "Cancel" }).click();
      await expect(card(page).getByLabel("User")).toBeEmpty();
      await expect(page.getByRole("region", { name: "Logged in" })).toContainText("jane");
      await logIn(page, server, PHONE_2, "john");
      await card(page).getByRole("button", { name: "End these and log in" }).click();
      await expect(card(page).getByRole("status")).toHaveText("john is logged in.");
      await page.goto(server.at("/login-history"));
      await expect(page.getByRole("row").filter({ hasText: "Forced" })).toHaveCount(2);
      await page.goto(server.at("/audit?find=log_in"));
      await expect(page.getByRole("row").filter({ hasText: `john; jane at ${PHONE_2}; john at ${PHONE_1}` })).toBeVisible();
    });
  });
}

test("a refused log-in says why, and keeps what was typed", async ({ page, server }) => {
  await signIn(page, server);
  await logIn(page, server, PHONE_3, "nobody");
  await expect(card(page).getByRole("alert")).toContainText("(23)");
  await expect(card(page).getByLabel("User")).toHaveValue("nobody");
  await page.setViewportSize({ width: 360, height: 900 });
  await accessible(page);
  await fits(page);
});

test("a viewer can't log anybody in", async ({ page, server }) => {
  server.admin(["add", "vera", "--role", "viewer"], `${ADMIN.password}\n`);
  await signInAs(page, server, "vera", ADMIN.password);
  await page.goto(server.at(`/phones/${PHONE_1}`));
  await expect(page.getByRole("heading", { name: PHONE_1 })).toBeVisible();
  await expect(card(page)).toHaveCount(0);
  const form = { phone: PHONE_1, user: "john" };
  const answer = await page.request.post(server.at("/call/log-in"), { form, headers: { Origin: new URL(server.url).origin } });
  expect(answer.status()).toBe(403);
});

test("a row of Active Logins names a source that is not the usual one", async ({ page, server }) => {
  await signIn(page, server);
  await logIn(page, server, PHONE_1, "john");
  await expect(card(page).getByRole("status")).toHaveText("john is logged in.");
  await server.login("jane", PHONE_2);
  await page.goto(server.url);
  const row = (user: string) => page.locator("table.logins tbody tr", { hasText: user });
  await expect(row("john").getByText(`Administrator · ${ADMIN.name}`)).toBeVisible();
  await expect(row("jane").locator(".via")).toHaveCount(0);
  await page.locator("[popovertarget=view]").click();
  await page.getByLabel("Source").check();
  await expect(row("john").locator("td.source")).toContainText(ADMIN.name);
  await expect(row("john").locator(".via")).toBeHidden();
});
