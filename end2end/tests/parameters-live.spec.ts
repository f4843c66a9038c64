// Service parameters: the open page follows what other administrators save.
import {
  ALLOWED,
  NOT_ALLOWED,
  another,
  behavior,
  inter,
  parameters,
  save,
  set,
  status,
} from "./parameters.ts";
import { ADMIN, expect, test } from "./server.ts";
import { accessible, fits } from "./walk.ts";

test("untouched fields take what others save, and a line says who changed what and why", async ({ page, browser, server }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await parameters(page, server);
  await expect(page.locator(".connection")).toHaveText("live");
  const other = await another(browser, server, "lee", "administrator");
  await inter(page).fill("9:00");
  await inter(page).focus();
  await behavior(other).selectOption(ALLOWED);
  await other.getByLabel("Note", { exact: true }).fill("Ticket 4711");
  await expect(other.getByText("Users may be on several phones")).toBeVisible();
  asked.length = 0;
  await save(other).click();
  await expect(status(other)).toContainText("Update successful");
  await expect(behavior(page)).toHaveValue(ALLOWED);
  const news = page.locator(".news");
  await expect(news).toContainText(`lee changed: Multiple Login Behavior (${NOT_ALLOWED} → ${ALLOWED})`);
  await expect(news).toContainText("Ticket 4711");
  await expect(page.locator("tr", { has: behavior(page) }).locator(".last")).toContainText("Set by lee");
  // What was typed, and the focus, stay.
  await expect(inter(page)).toHaveValue("9:00");
  await expect(inter(page)).toBeFocused();
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  // The page reads by itself: such reads are no use of the session.
  expect(new Set(asked.filter((path) => path.startsWith("/call/parameters")))).toEqual(new Set(["/call/parameters-anew"]));
  await accessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(page);
  // The administrator's own save is no news there, and is news at the other page.
  await save(page).click();
  await expect(status(page)).toHaveText("Update successful: Inter-cluster Maximum Login Time");
  await expect(other.locator(".news")).toContainText("kim changed: Inter-cluster Maximum Login Time (10:00 → 9:00)");
  await expect(inter(other)).toHaveValue("9:00");
  await expect(news).not.toContainText("Inter-cluster");
});

test("a field that has the focus changes when the focus leaves it", async ({ page, server }) => {
  await parameters(page, server);
  await expect(page.locator(".connection")).toHaveText("live");
  await inter(page).focus();
  set(server, "Inter-cluster Maximum Login Time", "7:00");
  await expect(page.getByText("set this to 7:00 meanwhile; the field takes it when you leave it")).toBeVisible();
  await expect(inter(page)).toHaveValue("10:00");
  await expect(inter(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(inter(page)).toHaveValue("7:00");
  await expect(page.getByText("the field takes it when you leave it")).toHaveCount(0);
  await expect(page.getByText("unsaved change")).toHaveCount(0);
});

test("an edited field keeps its value, and its row offers both before a save", async ({ page, server }) => {
  await parameters(page, server);
  await expect(page.locator(".connection")).toHaveText("live");
  await inter(page).fill("9:00");
  set(server, "Inter-cluster Maximum Login Time", "7:00");
  await expect(page.getByText("set this to 7:00 meanwhile")).toBeVisible();
  await expect(page.getByText("was: 10:00")).toBeVisible();
  await expect(inter(page)).toHaveValue("9:00");
  await page.getByRole("button", { name: "Keep mine: 9:00" }).click();
  await expect(page.getByText("was: 7:00")).toBeVisible();
  await save(page).click();
  await expect(status(page)).toHaveText("Update successful: Inter-cluster Maximum Login Time");
  // A value that somebody else has saved too is no change any more.
  await inter(page).fill("6:00");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  set(server, "Inter-cluster Maximum Login Time", "6:00");
  await expect(page.getByText("unsaved change")).toHaveCount(0);
  // To take a change back is to take the value in force.
  await inter(page).fill("5:00");
  set(server, "Inter-cluster Maximum Login Time", "4:00");
  await expect(page.getByText("set this to 4:00 meanwhile")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(inter(page)).toHaveValue("4:00");
  await expect(page.getByText("unsaved change")).toHaveCount(0);
});

test("a page whose session ends elsewhere keeps what was typed until its administrator acts", async ({ page, server }) => {
  await parameters(page, server);
  await expect(page.locator(".connection")).toHaveText("live");
  await inter(page).fill("9:00");
  server.admin(["set-password", ADMIN.name], `${ADMIN.password}\n`);
  await expect(page.locator(".connection")).toHaveText("signed out");
  await expect(inter(page)).toHaveValue("9:00");
  await expect(inter(page)).toBeFocused();
});
