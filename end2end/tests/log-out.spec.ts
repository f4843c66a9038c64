// A log-out ends only the logins that its dialog names.
import type { Page } from "@playwright/test";
import { PHONES, PHONE_1, PHONE_2, PHONE_3, type Server, expect, live, signIn, signInAs, test } from "./server.ts";
import { accessible, fits } from "./walk.ts";

const dialog = (page: Page) => page.getByRole("dialog");
const open = (page: Page) => page.locator("#open-now");

async function john(server: Server, count: number) {
  server.behavior("Multiple Logins Allowed");
  for (const phone of PHONES.slice(0, count)) await server.login("john", phone);
}

test("one login: button and dialog name the user, and Enter ends the login", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.login("jane", PHONE_2);
  await live(page, server);
  await page.getByRole("link", { name: "Log out john", exact: true }).click();
  await expect(dialog(page).getByRole("listitem")).toHaveText([`john ${PHONE_1}`]);
  await expect(dialog(page).getByLabel("Reason")).toBeFocused();
  await accessible(page);
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByText("Done: 1 of 1 logged out.")).toBeVisible();
  await expect(open(page)).toHaveText("1");
});

test("several logins: the focus is on Cancel, and Enter ends none in any field", async ({ page, server }) => {
  await john(server, 3);
  await live(page, server);
  const ask = () => page.getByRole("button", { name: "Log out all 3 that match…" }).click();
  await ask();
  await expect(dialog(page)).toContainText("Everybody who is logged in:");
  await expect(dialog(page).getByRole("listitem")).toHaveCount(3);
  await expect(dialog(page).getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeHidden();
  await ask();
  await dialog(page).getByLabel("Reason").fill("fire drill");
  await page.keyboard.press("Enter");
  // A log-out begun by Enter would be on the page before this login.
  await server.login("jane", PHONES[10]!);
  await expect(open(page)).toHaveText("4");
  await expect(dialog(page).getByLabel("Reason")).toHaveValue("fire drill");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByRole("button", { name: "Log out 4…", exact: true }).click();
  await expect(dialog(page).getByRole("listitem")).toContainText([`jane ${PHONES[10]}`, `john ${PHONE_1}`]);
  await expect(dialog(page).getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog(page).getByRole("button", { name: "Log out 4" }).click();
  await expect(dialog(page).getByText("Done: 4 of 4 logged out.")).toBeVisible();
});

test("ten or more logins: the count must be typed, and the first ten are named", async ({ page, server }) => {
  await john(server, 12);
  await live(page, server);
  await page.getByRole("button", { name: "Log out all 12 that match…" }).click();
  await expect(dialog(page).getByRole("listitem")).toHaveCount(11);
  await expect(dialog(page).getByRole("listitem").last()).toHaveText("and 2 more");
  await dialog(page).getByLabel("Type 12 to confirm").fill("12");
  await page.keyboard.press("Enter");
  await dialog(page).getByLabel("Type 12 to confirm").fill("11");
  await dialog(page).getByRole("button", { name: "Log out 12" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("The number is not right");
  await expect(open(page)).toHaveText("12");
  await page.setViewportSize({ width: 360, height: 900 });
  await accessible(page);
  await fits(page);
  await dialog(page).getByLabel("Type 12 to confirm").fill("12");
  await dialog(page).getByRole("button", { name: "Log out 12" }).click();
  await expect(dialog(page).getByText("Done: 12 of 12 logged out.")).toBeVisible();
});

test("nine logins need no typed count", async ({ page, server }) => {
  await john(server, 9);
  await live(page, server);
  await page.getByRole("button", { name: "Log out all 9 that match…" }).click();
  await expect(dialog(page).getByText("9 logins end.")).toBeVisible();
  await expect(dialog(page).getByLabel(/^Type/)).toHaveCount(0);
  await dialog(page).getByRole("button", { name: "Log out 9" }).click();
  await expect(dialog(page).getByText("Done: 9 of 9 logged out.")).toBeVisible();
});

test("a login since the question is named before any log-out", async ({ page, server }) => {
  await john(server, 3);
  await live(page, server);
  await page.getByRole("button", { name: "Log out all 3 that match…" }).click();
  await expect(dialog(page).getByRole("listitem")).toHaveCount(3);
  // One login begins and one ends: the count stays the same.
  await server.login("jane", PHONES[10]!);
  await server.logout(PHONE_3);
  await dialog(page).getByRole("button", { name: "Log out 3" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("Other logins match by now. Nobody was logged out");
  await expect(open(page)).toHaveText("3");
  await expect(dialog(page).getByRole("listitem")).toHaveText([`jane ${PHONES[10]}`, `john ${PHONE_1}`, `john ${PHONE_2}`]);
  await dialog(page).getByRole("button", { name: "Log out 3" }).click();
  await expect(dialog(page).getByText("Done: 3 of 3 logged out.")).toBeVisible();
});

test("a changed list needs a newly typed count, and a question about an ended login closes", async ({ page, server }) => {
  await john(server, 12);
  await live(page, server);
  await page.getByRole("button", { name: "Log out all 12 that match…" }).click();
  const count = dialog(page).getByLabel("Type 12 to confirm");
  await count.fill("12");
  await server.login("jane", PHONES[20]!);
  await server.logout(PHONE_3);
  await dialog(page).getByRole("button", { name: "Log out 12" }).click();
  await expect(dialog(page).getByRole("alert")).toContainText("Other logins match by now");
  await expect(count).toHaveValue("");
  await expect(dialog(page).getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Log out jane", exact: true }).click();
  await expect(dialog(page).getByRole("listitem")).toHaveText([`jane ${PHONES[20]}`]);
  await server.logout(PHONES[20]!);
  await dialog(page).getByRole("button", { name: "Log out 1" }).click();
  await expect(dialog(page).getByRole("alert")).toHaveText("None of these logins is open any more.");
  await expect(dialog(page).getByRole("button")).toHaveText(["Close"]);
});

test("the server ends only named and confirmed logins of any request", async ({ page, server }) => {
  await john(server, 12);
  await live(page, server);
  const post = async (form: Record<string, string>) =>
    (await page.request.post(server.at("/call/log-out"), { form })).json();
  const ids = await page.locator("tr[data-login]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-login")!));
  expect(ids).toHaveLength(12);
  expect(await post({ all: "1" })).toHaveProperty("LookAgain.count", 12);
  expect(await post({ all: "1", shown: "12", count: "12", ids: ids.slice(1).join(",") })).toHaveProperty("LookAgain.count", 12);
  expect(await post({ ids: ids.join(",") })).toHaveProperty("CountWrong.count", 12);
  expect(await post({ ids: ids.join(","), shown: "12", count: "9" })).toHaveProperty("CountWrong.count", 12);
  await expect(open(page)).toHaveText("12");
  expect(await post({ all: "1", shown: "12", count: "12", ids: ids.join(",") })).toHaveProperty("Begun.total", 12);
});

test("a named login that does not match the search is not ended", async ({ page, server }) => {
  await john(server, 2);
  await server.login("jane", PHONE_3);
  await live(page, server);
  const row = page.locator("tr[data-login]", { hasText: "jane" });
  const jane = (await row.getAttribute("data-login"))!;
  const form = { all: "1", find: "john", ids: jane, shown: "1" };
  const answer = await page.request.post(server.at("/call/log-out"), { form });
  expect(await answer.json()).toHaveProperty("LookAgain.count", 2);
  await expect(open(page)).toHaveText("3");
});

test("a step in the browser history closes the dialog about the changed list", async ({ page, server }) => {
  await john(server, 3);
  await live(page, server);
  await page.getByRole("group", { name: "Type" }).getByRole("link", { name: "Visiting" }).click();
  await expect(page).toHaveURL(/only=/);
  await page.getByRole("group", { name: "Type" }).getByRole("link", { name: "All" }).click();
  await page.getByRole("button", { name: "Log out all 3 that match…" }).click();
  await expect(dialog(page).getByRole("listitem")).toHaveCount(3);
  await page.goBack();
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL(/only=/);
});

test("the dialog shows an unreachable server", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  // The dialog's WASM part loads when a pointer moves over the rows.
  await page.getByRole("link", { name: "Log out john" }).hover();
  await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.includes("split_dialog_form")));
  await page.waitForLoadState("networkidle");
  await server.kill();
  await page.getByRole("link", { name: "Log out john" }).click();
  await expect(dialog(page).getByRole("alert")).toHaveText("The server could not do this now. Try again in a moment.");
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeHidden();
});

test("Enter twice ends one login once, and the dialog shows one log-out", async ({ page, server }) => {
  let calls = 0;
  let goOn = () => {};
  const isTwice = new Promise<void>((done) => (goOn = done));
  await page.route("**/call/log-out", async (route) => {
    calls += 1;
    await isTwice;
    await route.continue();
  });
  await server.login("john", PHONE_1);
  await live(page, server);
  await page.getByRole("link", { name: "Log out john", exact: true }).click();
  await expect(dialog(page).getByLabel("Reason")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog(page).getByRole("button", { name: "Log out 1" })).toBeDisabled();
  await page.keyboard.press("Enter");
  goOn();
  await expect(dialog(page).getByText("Done: 1 of 1 logged out.")).toBeVisible();
  expect(calls).toBe(1);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a page of a former session ends no login", async ({ page, context, server }) => {
    server.admin(["add", "lee"], "correct horse\n");
    await server.login("john", PHONE_1);
    await signIn(page, server);
    await page.goto(server.at("/log-out?all=1"));
    const other = await context.newPage();
    await other.goto(server.url);
    await other.getByRole("button", { name: "Sign out" }).click();
    await signInAs(other, server, "lee", "correct horse");
    await page.getByRole("button", { name: "Log out 1" }).click();
    // The same question, now asked of lee.
    await expect(page.locator("[data-viewer]")).toHaveText("lee");
    await expect(page.locator(".whom li")).toHaveText([`john ${PHONE_1}`]);
    await page.goto(server.at("/audit"));
    await expect(page.getByText("kim").first()).toBeVisible();
    await expect(page.getByText("forced")).toHaveCount(0);
    await page.goto(server.at("/log-out?all=1"));
    await page.getByRole("button", { name: "Log out 1" }).click();
    await expect(page.locator("#job-state")).toContainText("of 1 logged out");
  });

  test("the page names the logins, Enter ends none, and from ten the count is typed", async ({ page, server }) => {
    await john(server, 11);
    await signIn(page, server);
    await page.getByRole("searchbox").fill("john");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByRole("button", { name: "Log out all 11 that match…" }).click();
    await expect(page.getByText("Logins that match “john”:")).toBeVisible();
    await expect(page.getByRole("listitem").last()).toHaveText("and 1 more");
    await page.getByLabel("Reason").fill("gone home");
    await page.getByLabel("Type 11 to confirm").fill("11");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Reason")).toHaveValue("gone home");
    await server.login("john", PHONES[20]!);
    await page.getByRole("button", { name: "Log out 11" }).click();
    await expect(page.getByRole("alert")).toContainText("Other logins match by now");
    await expect(page.getByLabel("Reason")).toHaveValue("gone home");
    await page.getByLabel("Type 12 to confirm").fill("12");
    await page.getByRole("button", { name: "Log out 12" }).click();
    await expect(page.locator("#job-state")).toContainText("12 of 12 logged out");
  });

  test("an unseen answer appears on no page about other logins", async ({ page, server }) => {
    await john(server, 2);
    await server.login("jane", PHONE_3);
    await signIn(page, server);
    // The answer is stored for the redirect's page, which is never loaded.
    const answer = await page.request.post(server.at("/call/log-out"), {
      headers: { accept: "text/html", referer: server.at("/log-out?all=1&find=john") },
      form: { all: "1", find: "john", shown: "1", reason: "fire drill" },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(302);
    await page.goto(server.at("/log-out?all=1&find=jane"));
    await expect(page.locator(".whom li")).toHaveText([`jane ${PHONE_3}`]);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(page.getByLabel("Reason")).toHaveValue("");
    await page.getByRole("button", { name: "Log out 1" }).click();
    await expect(page.locator("#job-state")).toContainText("of 1 logged out");
    await expect(async () => {
      await page.goto(server.url);
      await expect(page.locator("tr[data-login]")).toHaveText([/john/, /john/], { timeout: 500 });
    }).toPass();
  });

  test("a running job's page offers Reload", async ({ page, server }) => {
    server.apply("[cluster]\nlog_outs_per_second = 1");
    await john(server, 9);
    await signIn(page, server);
    await page.getByRole("button", { name: "Log out all 9 that match…" }).click();
    await page.getByRole("button", { name: "Log out 9" }).click();
    const reload = page.getByRole("link", { name: "Reload" });
    await expect(page.getByText("as of page load · Reload")).toBeVisible();
    await expect(async () => {
      await reload.click();
      await expect(page.locator("#job-state")).toContainText("Done: 9 of 9", { timeout: 500 });
    }).toPass();
    await expect(reload).toHaveCount(0);
  });

  test("one login is named as well", async ({ page, server }) => {
    await server.login("john", PHONE_1);
    await signIn(page, server);
    await page.getByRole("link", { name: "Log out john" }).click();
    await expect(page.locator(".whom")).toHaveText(`john ${PHONE_1}`);
    await page.getByRole("link", { name: "Cancel" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Active Logins" })).toBeVisible();
  });
});
