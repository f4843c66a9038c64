// Find and List: users, phones, device profiles and application users.
import type { Page } from "@playwright/test";
import { started } from "./program.ts";
import { PHONES, PHONE_1, PHONE_2, type Server, expect, signIn, test } from "./server.ts";
import { LOOKS, accessible, fits, look } from "./walk.ts";

/** A phone with a Korean description, users in each state, a spare profile and a watcher. */
const MORE = `
[[phones]]
name = "SEP001122AABBCC"
model = "Cisco 7841"
description = "3층 회의실 <West>"
address = "192.0.2.77"
lines = [{ dn = "3100", label = "Conference" }]
[[phones]]
name = "SEPOFF"
model = "Cisco 8841"
extension_mobility = false
[[users]]
id = "오정희"
pin = "12345"
enabled = false
[[users]]
id = "mina.park"
pin = "12345"
pin_must_change = true
primary_extension = "2007"
max_login_minutes = 0
[[device_profiles]]
name = "spare"
model = "Cisco 7841"
[[app_users]]
id = "watcher"
password = "watcher"
proxy = false
`;

const rows = (page: Page) => page.locator("main table.lines tbody tr");
/** The cells of the rows, but for the boxes and the links to the forms. */
const cells = (page: Page) => rows(page).locator("td:not(.select):not(.edit)");
const box = (page: Page) => page.locator("main input[type=search]");

async function open(page: Page, server: Server, path: string) {
  server.apply(MORE);
  await signIn(page, server);
  await page.goto(server.at(path));
  await started(page);
}

test("a phone is found by a part of its description, by a MAC with colons and by its line", async ({ page, server }) => {
  await open(page, server, "/directory/phones");
  await expect(page.locator("#range")).toHaveText("1–50 of 62");
  for (const typed of ["회의실 west", "00:11:22:aa:bb:cc", "3100", "model:7841", "address:192.0.2.77"]) {
    // A list that did not change would pass for the next one.
    await box(page).fill("nothing has this");
    await expect(page.getByText("Nothing matches")).toBeVisible();
    await box(page).fill(typed);
    await expect(page.locator("#range"), typed).toHaveText("1–1 of 1");
    await expect(cells(page), typed).toHaveText([
      "SEP001122AABBCC",
      "3층 회의실 <West>",
      "Cisco 7841",
      "3100 Conference",
      "192.0.2.77",
      "",
      "",
    ]);
  }
  await expect(page).toHaveURL(/\/directory\/phones\?find=address/);
  await rows(page).getByRole("link", { name: "SEP001122AABBCC", exact: true }).click();
  await expect(page.getByRole("heading", { name: "SEP001122AABBCC" })).toBeVisible();
  await page.goBack();
  await expect(box(page)).toHaveValue("address:192.0.2.77");
  await box(page).fill("nothing has this");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(page.locator("#range")).toHaveText("1–50 of 62");
});

test("filters stack, sorts turn, and the address holds it all", async ({ page, server }) => {
  await open(page, server, "/directory/users");
  await server.login("john", PHONE_1);
  await page.reload();
  await started(page);
  const users = () => rows(page).locator("td.who");
  const only = (name: string) => page.getByRole("group", { name: "Show only" }).getByRole("link", { name, exact: true });
  await only("Logged in").click();
  await expect(users()).toHaveText(["john"]);
  await expect(rows(page).locator("td.dev")).toHaveText(PHONE_1);
  await expect(only("Logged in")).toHaveAttribute("aria-current", "true");
  await only("Logged in").click();
  await only("No login on record").click();
  await only("Disabled").click();
  await expect(users()).toHaveText(["오정희"]);
  await expect(page).toHaveURL(/only=no_known_login&only=disabled/);
  await page.reload();
  await expect(users()).toHaveText(["오정희"]);
  await started(page);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "User", exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "오정희" })).toBeVisible();
  await page.goto(server.at("/directory/users?only=pin_must_change"));
  await expect(cells(page)).toHaveText([
    "mina.park",
    "",
    "2007",
    "unlimited",
    "Must change PIN",
    "",
  ]);
  await page.goto(server.at("/directory/users"));
  await started(page);
  await expect(users().first()).toContainText("a.very.long");
  await page.getByRole("columnheader", { name: "User" }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "User" })).toHaveAttribute("aria-sort", "descending");
  await expect(users().first()).toHaveText("오정희");
});

test("a user who is locked is found among the locked", async ({ page, server }) => {
  await open(page, server, "/directory/users");
  const guess = `<query><appInfo><appID>john</appID><appCertificate>0</appCertificate></appInfo><userDevicesQuery><userID>john</userID></userDevicesQuery></query>`;
  await expect(async () => {
    await server.post(guess);
    await page.goto(server.at("/directory/users?only=locked"));
    await expect(rows(page).locator("td.who")).toHaveText(["john"], { timeout: 500 });
  }).toPass();
  await expect(rows(page).locator("td.marks")).toHaveText("Locked");
});

test("a profile leads to its users and to its logins", async ({ page, server }) => {
  await open(page, server, "/directory/device-profiles");
  await server.login("jane", PHONE_2);
  await page.reload();
  await started(page);
  const desk = rows(page).filter({ hasText: "desk" });
  await expect(desk.locator("td.count")).toHaveText(["3", "1"]);
  await page.getByRole("link", { name: "Used by no user" }).click();
  await expect(rows(page).locator("td.profile")).toHaveText(["spare"]);
  await page.goBack();
  await desk.locator("td.count a").first().click();
  await expect(page).toHaveURL(/profile=desk/);
  await expect(page.getByRole("heading", { level: 1, name: "Users", exact: true })).toBeVisible();
  await expect(page.locator("#range")).toHaveText("1–3 of 3");
  await page.goBack();
  await desk.locator("td.count a").last().click();
  await expect(page.getByRole("heading", { level: 1, name: "Active Logins" })).toBeVisible();
  await expect(page.locator("table.logins tbody tr")).toHaveCount(1);
  await page.goto(server.at("/directory/application-users"));
  await expect(cells(page)).toHaveText([
    "emproxy",
    "May act for users",
    "watcher",
    "May not act for users",
  ]);
});

test("the lists are reached by menu, tab and key, and there is no other", async ({ page, server }) => {
  await open(page, server, "/");
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await expect(page.getByRole("heading", { level: 1, name: "Users", exact: true })).toBeVisible();
  const menu = page.getByRole("navigation", { name: "Main" });
  await expect(menu.locator("[aria-current=page]")).toHaveText("Users and Phones");
  const lists = page.getByRole("navigation", { name: "Lists" });
  for (const name of ["Phones", "Device Profiles", "Application Users", "Users"]) {
    await lists.getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
    await expect(lists.locator("[aria-current=page]")).toHaveText(name);
    await expect(menu.locator("[aria-current=page]")).toHaveText("Users and Phones");
  }
  const none = await page.goto(server.at("/directory/desks"));
  expect(none!.status()).toBe(404);
});

test("the lists are accessible, and fit, in all looks", async ({ page, server }) => {
  test.setTimeout(120_000);
  await open(page, server, "/directory/users");
  await server.login("john", PHONES[5]!);
  for (const kind of ["users", "phones", "device-profiles", "application-users", "users?find=zzz"]) {
    await page.goto(server.at(`/directory/${kind}`));
    await started(page);
    for (const one of LOOKS) {
      await look(page, one);
      await accessible(page, `${kind}, ${one.name}`);
      await fits(page, `${kind}, ${one.name}`);
    }
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("finding keeps the filters, and pages follow", async ({ page, server }) => {
    server.apply(MORE);
    await signIn(page, server);
    await page.goto(server.at("/directory/phones"));
    await page.getByRole("link", { name: "Next" }).click();
    await expect(page.locator("#range")).toHaveText("51–62 of 62");
    await page.getByRole("link", { name: "No address" }).click();
    await expect(page.locator("#range")).toHaveText("1–50 of 61");
    await box(page).fill("8841");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page).toHaveURL(/find=8841&only=no_address/);
    await expect(rows(page).locator("td.dev")).toHaveText(["SEPOFF"]);
    await expect(rows(page).locator("td.marks")).toHaveText("Extension Mobility off");
  });
});
