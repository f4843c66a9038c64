// The five commonest jobs of an administrator, each with the clicks or presses that it takes.
import type { Locator, Page } from "@playwright/test";
import { ALLOWED, NOT_ALLOWED, behavior, parameters, save, status } from "./parameters.ts";
import { PHONES, PHONE_1, PHONE_2, type Server, expect, live, test } from "./server.ts";

/** Counts clicks and presses; typed text and its way to the server are not counted. */
class Hands {
  clicks = 0;
  presses = 0;

  constructor(private readonly page: Page) {}

  async click(target: Locator) {
    this.clicks += 1;
    await target.click();
  }

  async press(key: string) {
    this.presses += 1;
    await this.page.keyboard.press(key);
  }

  async find(text: string, rows: number) {
    await this.page.keyboard.type(text);
    await expect(this.page).toHaveURL(/find=/);
    await expect(this.page.locator("tbody tr")).toHaveCount(rows);
  }
}

async function filled(page: Page, server: Server) {
  server.behavior("Multiple Logins Allowed");
  for (const phone of PHONES.slice(0, 20)) await server.login("john", phone);
  await server.login("jane", PHONES[20]!);
  await live(page, server);
}

const ended = (page: Page) => expect(page.getByText("Done: 1 of 1 logged out.")).toBeVisible();

test("a user is found and logged out with two clicks beside the name", async ({ page, server }) => {
  await filled(page, server);
  const hands = new Hands(page);
  await page.keyboard.press("/");
  await hands.find("jane", 1);
  await hands.click(page.getByRole("link", { name: "Log out jane" }));
  await hands.click(page.getByRole("dialog").getByRole("button", { name: "Log out 1" }));
  await ended(page);
  expect(hands.clicks).toBeLessThanOrEqual(2);
});

test("a user is found and logged out with at most eight presses beside the name", async ({ page, server }) => {
  await filled(page, server);
  const hands = new Hands(page);
  await hands.press("/");
  await hands.find("jane", 1);
  await hands.press("ArrowDown");
  await hands.press("e");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await hands.press("Enter");
  await ended(page);
  await expect(dialog.getByRole("button", { name: "Close" })).toBeFocused();
  await hands.press("Enter");
  await expect(dialog).toBeHidden();
  expect(hands.presses).toBeLessThanOrEqual(8);
});

test("why a user was refused is read with one click", async ({ page, server }) => {
  server.behavior(NOT_ALLOWED);
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await live(page, server);
  const hands = new Hands(page);
  await hands.click(page.locator(".feed .refused").getByRole("link", { name: "john" }));
  const row = page.locator("tbody tr", { hasText: PHONE_2 });
  await expect(row).toContainText("25");
  await expect(row).toContainText(PHONE_1);
  expect(hands.clicks).toBeLessThanOrEqual(2);
});

test("Multiple Login Behavior is changed with three clicks", async ({ page, server }) => {
  await live(page, server);
  const hands = new Hands(page);
  await hands.click(page.getByRole("navigation").getByRole("link", { name: "Service Parameters" }));
  await expect(behavior(page)).toBeEnabled();
  await hands.click(behavior(page));
  await behavior(page).selectOption(ALLOWED);
  await hands.click(save(page));
  await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
  expect(hands.clicks).toBeLessThanOrEqual(3);
});

test("who changed a parameter is read on its page, and the old value is back with three clicks", async ({ page, server }) => {
  server.behavior(NOT_ALLOWED);
  server.behavior(ALLOWED);
  await parameters(page, server);
  const hands = new Hands(page);
  await hands.click(page.getByRole("link", { name: /^Set by/ }).first());
  await hands.click(page.getByRole("button", { name: `Return to ${NOT_ALLOWED}` }).first());
  await hands.click(page.locator("#returning").getByRole("button", { name: `Return to ${NOT_ALLOWED}` }));
  await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
  expect(hands.clicks).toBeLessThanOrEqual(3);
});

test("one building is logged out with four clicks beside its name and the number", async ({ page, server }) => {
  const described = PHONES.slice(0, 12).map((phone) => `[[phones]]\nname = "${phone}"\ndescription = "Building A, floor 2"\n`);
  server.apply(described.join(""));
  await filled(page, server);
  const hands = new Hands(page);
  await page.keyboard.press("/");
  await hands.find("building a", 12);
  await hands.click(page.getByRole("button", { name: "Log out all 12 that match…" }));
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Logins that match “building”, “a”:");
  await hands.click(dialog.getByLabel("Type 12 to confirm"));
  await page.keyboard.type("12");
  await hands.click(dialog.getByRole("button", { name: "Log out 12" }));
  await expect(page.getByText("Done: 12 of 12 logged out.")).toBeVisible();
  expect(hands.clicks).toBeLessThanOrEqual(4);
});
