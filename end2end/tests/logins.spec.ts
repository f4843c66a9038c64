// Active Logins under traffic: rows, selection, jobs and feed; and a phone's page.
import type { Page } from "@playwright/test";
import { ADMIN, PHONES, PHONE_1, PHONE_2, PHONE_3, type Server, expect, live, signIn, signInAs, test } from "./server.ts";
import { accessible, fits } from "./walk.ts";

const rows = (page: Page) => page.locator("tbody tr");
const row = (page: Page, text: string) => page.locator("tbody tr", { hasText: text });

/** john is logged in at each of these phones. */
async function john(server: Server, phones: string[]) {
  server.behavior("Multiple Logins Allowed");
  for (const phone of phones) await server.login("john", phone);
}

/** Moves pointer and focus away from the table. */
const letGo = (page: Page) => page.getByRole("heading", { name: "Active Logins" }).click();

test("a page with ended rows fills up with others", async ({ page, server }) => {
  await john(server, PHONES);
  await live(page, server);
  await expect(page.locator("#range")).toHaveText("1–50 of 60");
  // The page has the newest fifty.
  for (const phone of PHONES.slice(10)) await server.logout(phone);
  await expect(page.locator("#range")).toHaveText("1–10 of 10");
  await expect(rows(page)).toHaveCount(10);
  await expect(row(page, PHONES[0]!)).toContainText("john");
  // Rows of the second read receive live changes as well.
  await server.logout(PHONES[0]!);
  await expect(rows(page)).toHaveCount(9);
});

test("a page past the end leads back to the first", async ({ page, server }) => {
  await john(server, PHONES);
  await live(page, server);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page.locator("#range")).toHaveText("51–60 of 60");
  await expect(page.locator(".connection")).toHaveText("live");
  for (const phone of PHONES.slice(0, 10)) await server.logout(phone);
  await expect(page.getByText("Fewer match now")).toBeVisible();
  await expect(page.getByText("Nobody is logged in")).toHaveCount(0);
  await accessible(page);
  await page.getByRole("link", { name: "To the first page" }).click();
  await expect(page.locator("#range")).toHaveText("1–50 of 50");
  await expect(rows(page)).toHaveCount(50);
});

test("concurrent logins are all shown, and counted once", async ({ page, server }) => {
  server.apply(`[service_parameters]\n"Multiple Login Behavior" = "Multiple Logins Allowed"\n"Maximum Concurrent Requests" = "100"\n`);
  await live(page, server);
  const phones = PHONES.slice(0, 45);
  await Promise.all(phones.map((phone) => server.login("john", phone)));
  await expect(page.locator("#open-now")).toHaveText("45");
  await expect(page.locator("tbody tr")).toHaveCount(45);
  await expect(page.locator(".feed li.began")).toHaveCount(45);
  await Promise.all(phones.map((phone) => server.logout(phone)));
  await expect(page.locator("#open-now")).toHaveText("0");
  await expect(page.locator(".feed li.ended")).toHaveCount(45);
  await expect(page.getByText("Nobody is logged in")).toBeVisible();
});

test("a row that leaves the page stays selected, and the page says so", async ({ page, server }) => {
  await john(server, PHONES.slice(0, 50));
  await live(page, server);
  await expect(rows(page)).toHaveCount(50);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await expect(page.getByRole("button", { name: "Log out 50…", exact: true })).toBeVisible();
  await letGo(page);
  await server.login("jane", PHONES[55]!);
  await expect(rows(page).first()).toContainText("jane");
  await expect(page.getByText("50 selected, 1 of them not on this page")).toBeVisible();
  await expect(page.getByRole("button", { name: "Log out 50…", exact: true })).toBeVisible();
  await expect(page.getByRole("checkbox", { name: "Select all on this page" })).not.toBeChecked();
});

test("at 360 px a row has every value, and the list is sorted and selected", async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 900 });
  await server.login("john", PHONE_1);
  await server.login("jane", PHONE_2);
  await live(page, server);
  const first = row(page, PHONE_1);
  for (const [cell, text] of [["who", "john"], ["dev", "Cisco 8861"], ["type", "EM"], ["profile", "desk"]] as const) {
    await expect(first.locator(`td.${cell}`)).toBeVisible();
    await expect(first.locator(`td.${cell}`)).toContainText(text);
  }
  await expect(first.locator("td.left")).toContainText("h");
  await page.getByRole("group", { name: "Sort by" }).getByRole("link", { name: "Phone", exact: true }).click();
  await expect(page).toHaveURL(/sort=phone/);
  await expect(rows(page).first()).toContainText(PHONE_1);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await expect(page.getByRole("button", { name: "Log out 2…", exact: true })).toBeVisible();
  await accessible(page);
  await fits(page);
  await page.getByRole("button", { name: "Log out all 2 that match…" }).click();
  await expect(page.getByRole("dialog").getByText("2 logins end.")).toBeVisible();
});

test("a job goes on without its dialog: a viewer sees the job, an administrator stops the job", async ({ page, browser, server }) => {
  server.admin(["add", "vera", "--role", "viewer"], `${ADMIN.password}\n`);
  await john(server, PHONES);
  server.apply("[cluster]\nlog_outs_per_second = 5\n");
  // A viewer, without JavaScript.
  const viewer = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signInAs(viewer, server, "vera", ADMIN.password);
  await live(page, server);
  await page.getByRole("button", { name: "Log out all 60 that match…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("fire drill");
  await dialog.getByLabel("Type 60 to confirm").fill("60");
  await dialog.getByRole("button", { name: "Log out 60" }).click();
  await expect(dialog.locator("#job-state")).toContainText("of 60 logged out…");
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(dialog).toBeHidden();
  const card = page.locator("section", { has: page.getByRole("heading", { name: "Logging out now" }) });
  await expect(card).toContainText("of 60 logged out…");
  await expect(card).toContainText("kim · “fire drill”");

  await viewer.reload();
  const seen = viewer.getByRole("link", { name: "of 60 logged out…" });
  await expect(seen).toBeVisible();
  await expect(viewer.getByRole("button", { name: "Stop" })).toHaveCount(0);
  await seen.click();
  await expect(viewer.locator("#job-state")).toContainText("of 60 logged out…");
  await expect(viewer.getByText("fire drill")).toBeVisible();
  await expect(viewer.getByRole("button", { name: "Stop" })).toHaveCount(0);

  await card.getByRole("button", { name: "Stop" }).click();
  await expect(card).toHaveCount(0);
  await viewer.reload();
  await expect(viewer.locator("#job-state")).toContainText("Stopped:");
  await expect(page.locator("#open-now")).not.toHaveText("0");
});

test("events are filtered, and link to the login or to its history", async ({ page, server }) => {
  server.behavior("Multiple Logins Not Allowed");
  await live(page, server);
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await server.login("jane", PHONE_3);
  await server.logout(PHONE_3);
  const events = page.locator(".feed li");
  await expect(events).toHaveCount(4);
  const show = (name: string) => page.getByRole("group", { name: "Show" }).getByRole("button", { name, exact: true });
  await show("Logins").click();
  await expect(events).toHaveCount(2);
  await expect(events.first()).toContainText("jane logged in");
  await show("Log-outs").click();
  await expect(events).toHaveCount(1);
  await expect(events).toContainText("jane logged out");
  await show("Refusals").click();
  await expect(show("Refusals")).toHaveAttribute("aria-pressed", "true");
  await expect(events).toHaveCount(1);
  // New logins go through the same filter.
  await server.login("jane", PHONE_3);
  await server.login("jane", PHONE_2);
  await expect(events).toHaveCount(2);
  await expect(events.first()).toContainText("jane refused, error 25");
  await show("All").click();
  await expect(events).toHaveCount(6);

  await page.locator(".feed li.refused", { hasText: "john" }).getByRole("link").click();
  await expect(page).toHaveURL(/\/refusals\?find=john$/);
  await expect(page.getByRole("searchbox")).toHaveValue("john");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.goBack();
  await page.locator(".feed li.began").getByRole("link", { name: "john" }).click();
  await expect(page).toHaveURL(/\/\?find=john$/);
  await expect(page.getByRole("searchbox")).toHaveValue("john");
  await expect(rows(page)).toHaveCount(1);
  await expect(row(page, PHONE_1)).toContainText("john");
  await page.locator(".feed li.ended").getByRole("link", { name: "jane" }).click();
  await expect(page).toHaveURL(/\/login-history\?find=jane$/);
  await expect(row(page, PHONE_3)).toContainText("jane");
});

const LOBBY = `
[[device_profiles]]
name = "desk"
model = "Cisco 8861"
lines = [{ dn = "2001", label = "John" }, { dn = "2002", label = "Team" }]
speed_dials = [{ number = "9001", label = "Jane" }]
[[phones]]
name = "SEPLOBBY"
model = "Cisco 8861"
description = "By the door"
lines = [{ dn = "1001", label = "Lobby" }]
speed_dials = [{ number = "0", label = "Reception" }]
`;

test("an open page of a phone follows the phone's lines before, during and after a login", async ({ page, server }) => {
  server.apply(LOBBY);
  await signIn(page, server);
  await page.goto(server.at("/phones/SEPLOBBY"));
  await expect(page.locator(".connection")).toHaveText("live");
  const buttons = (title: string) =>
    page.locator("section", { has: page.getByRole("heading", { name: title, exact: true }) }).locator(".buttons li");
  const now = buttons("On the phone now");
  await expect(now).toHaveText(["1001Lobby", "0Reception"]);
  await expect(page.locator("#why")).toHaveText("Nobody is logged in: the phone shows its own lines.");
  await expect(page.getByText("By the door")).toBeVisible();

  await server.login("john", "SEPLOBBY");
  await expect(now).toHaveText(["2001John", "2002Team", "9001Jane"]);
  await expect(page.locator("#why")).toHaveText("john is logged in: the phone shows device profile desk.");
  await expect(buttons("The phone's own")).toHaveText(["1001Lobby", "0Reception"]);
  await accessible(page);
  // Another phone's login changes nothing here; a change of the profile does.
  await server.login("jane", PHONE_1);
  server.apply(LOBBY.replace("2002", "2003"));
  await expect(now).toHaveText(["2001John", "2003Team", "9001Jane"]);

  await server.logout("SEPLOBBY");
  await expect(now).toHaveText(["1001Lobby", "0Reception"]);
  await expect(page.locator("#why")).toHaveText("Nobody is logged in: the phone shows its own lines.");
  await expect(row(page, "john")).toContainText("Logged out");
});

test("a name with characters that are special in a URL leads to its phone", async ({ page, server }) => {
  const name = "Lobby #1/2?";
  server.apply(`[[phones]]\nname = "${name}"\nmodel = "Cisco 8861"`);
  await server.login("john", name);
  await live(page, server);
  await page.getByRole("link", { name }).click();
  await expect(page.locator("#phone-name")).toHaveText(name);
  await page.reload();
  await expect(page.locator("#phone-name")).toHaveText(name);
  await page.getByRole("link", { name: "All in the history" }).click();
  await expect(page.getByRole("searchbox")).toHaveValue(name);
  await server.logout(name);
  await page.goto(server.at("/login-history"));
  await page.getByRole("link", { name }).click();
  await expect(page.locator("#phone-name")).toHaveText(name);
});

test("a tab that reconnects after the end of its session goes to the sign-in page", async ({ page, server }) => {
  await live(page, server);
  await server.kill();
  await expect(page.locator(".connection")).toHaveText("not connected, trying again…");
  server.admin(["set-password", ADMIN.name], `${ADMIN.password}\n`);
  await server.start(new URL(server.url).host);
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("a viewer gets a refusal, without a question", async ({ page, server }) => {
  server.admin(["add", "vera", "--role", "viewer"], `${ADMIN.password}\n`);
  await server.login("john", PHONE_1);
  await signInAs(page, server, "vera", ADMIN.password);
  await page.goto(server.at("/log-out?all=1"));
  await expect(page.getByRole("alert")).toHaveText("Your role does not allow this. Ask an administrator.");
  await expect(page.getByLabel("Reason")).toHaveCount(0);
  await accessible(page);
  // A refused form comes back to its page with the reason, which is not in the URL.
  await page.goto(server.url);
  await expect(rows(page)).toHaveCount(1);
  await page.evaluate(() => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = "/call/log-out";
    form.innerHTML = `<input name="all" value="1">`;
    document.body.append(form);
    form.submit();
  });
  await expect(page.getByRole("alert")).toHaveText("Your role does not allow this. Ask an administrator.");
  expect(page.url()).toBe(server.at("/"));
  await page.reload();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(rows(page)).toHaveCount(1);
});

test("a log-out that names no login ends none", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  const answer = await page.request.post(server.at("/call/log-out"), { form: { reason: "x" } });
  expect(await answer.text()).toContain("NothingOpen");
  await expect(page.locator("#open-now")).toHaveText("1");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("all matching logins are ended from the page", async ({ page, server }) => {
    await john(server, PHONES.slice(0, 3));
    await server.login("jane", PHONES[3]!);
    await signIn(page, server);
    await page.getByRole("searchbox").fill("john");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByRole("button", { name: "Log out all 3 that match…" }).click();
    await expect(page.getByText("3 logins end.")).toBeVisible();
    await page.getByLabel("Reason").fill("gone home");
    await page.getByRole("button", { name: "Log out 3" }).click();
    await expect(page.getByText("Done: 3 of 3 logged out.")).toBeVisible();
    await page.getByRole("link", { name: "To Active Logins" }).click();
    await expect(rows(page)).toHaveCount(1);
    await expect(rows(page)).toContainText("jane");
  });

  test("a wrong count is refused, and asked for again", async ({ page, server }) => {
    await john(server, PHONES.slice(0, 51));
    await signIn(page, server);
    await page.getByRole("button", { name: "Log out all 51 that match…" }).click();
    await page.getByLabel("Type 51 to confirm").fill("50");
    await page.getByRole("button", { name: "Log out 51" }).click();
    await expect(page.getByRole("alert")).toContainText("The number is not right");
    await page.getByLabel("Type 51 to confirm").fill("51");
    await page.getByRole("button", { name: "Log out 51" }).click();
    await expect(page.locator("#job-state")).toContainText("of 51 logged out");
  });

  test("a failed sign-in is shown without a session cookie", async ({ page, context, server }) => {
    await page.goto(server.url);
    await page.getByLabel("Name").fill(ADMIN.name);
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
    expect((await context.cookies()).map((cookie) => cookie.name)).not.toContain("__Host-sojourn-seoul");
  });
});
