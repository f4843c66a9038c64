// Search box, list, URL and log-out dialog agree.
import type { Page } from "@playwright/test";
import { PHONES, PHONE_1, PHONE_2, PHONE_3, type Server, expect, follow, live, signIn, test } from "./server.ts";

const box = (page: Page) => page.getByRole("searchbox");
const rows = (page: Page) => page.locator("tbody tr");
const matching = (page: Page) => page.getByRole("button", { name: /that match/ });
const chips = (page: Page) => page.getByRole("group", { name: "Type" });

/** The search box, the list, the URL and the button for all matching logins agree. */
async function agree(page: Page, find: string, count: number) {
  await expect(box(page)).toHaveValue(find);
  await expect(rows(page)).toHaveCount(count);
  await expect.poll(() => new URL(page.url()).searchParams.get("find") ?? "").toBe(find);
  if (count > 1) await expect(matching(page)).toHaveText(`Log out all ${count} that match…`);
  else await expect(matching(page)).toHaveCount(0);
}

/** john is at five phones, jane at two. */
async function filled(server: Server) {
  server.behavior("Multiple Logins Allowed");
  for (const phone of PHONES.slice(0, 5)) await server.login("john", phone);
  for (const phone of PHONES.slice(5, 7)) await server.login("jane", phone);
}

test("a typed search changes list, URL and matching logins, and keeps the focus", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  await agree(page, "", 7);
  await box(page).pressSequentially("jane");
  await agree(page, "jane", 2);
  await expect(box(page)).toBeFocused();
  await matching(page).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Logins that match “jane”:");
  await expect(dialog.getByRole("listitem")).toHaveText([`jane ${PHONES[5]}`, `jane ${PHONES[6]}`]);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  // New logins go through the same filter.
  await server.login("john", PHONES[8]!);
  await server.login("jane", PHONES[9]!);
  await agree(page, "jane", 3);
  await page.getByRole("link", { name: "Clear" }).click();
  await agree(page, "", 9);
  await expect(box(page)).toBeFocused();
});

test("Clear in another tab keeps box and list of this tab", async ({ page, context, server }) => {
  await filled(server);
  await live(page, server);
  await box(page).fill("jane");
  await agree(page, "jane", 2);
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Clear" }).click({ modifiers: ["Control"] });
  await agree(await opened, "", 7);
  await agree(page, "jane", 2);
});

test("no login can be ended while the list does not match the typed search", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  let answer = () => {};
  await page.route("**/call/active-logins", async (route) => {
    await new Promise<void>((done) => (answer = done));
    await route.continue();
  });
  await box(page).fill("jane");
  await expect(matching(page)).toBeDisabled();
  await expect(page).toHaveURL(/find=jane/);
  await expect(matching(page)).toBeDisabled();
  answer();
  await agree(page, "jane", 2);
  await expect(matching(page)).toBeEnabled();
});

test("a typed search replaces the URL: Back leads to the previous page", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  await follow(page, "Login History");
  await follow(page, "Active Logins");
  await expect(page.locator(".connection")).toHaveText("live");
  await box(page).fill("jane");
  await agree(page, "jane", 2);
  await box(page).fill("john");
  await box(page).press("Enter");
  await agree(page, "john", 5);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Login History" })).toBeVisible();
  await page.goForward();
  await agree(page, "john", 5);
});

test("Back and Forward restore box and list together", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  // Each link in the feed adds an entry to the history.
  await page.locator(".feed").getByRole("link", { name: "jane" }).first().click();
  await agree(page, "jane", 2);
  await page.locator(".feed").getByRole("link", { name: "john" }).first().click();
  await agree(page, "john", 5);
  await page.goBack();
  await agree(page, "jane", 2);
  await page.goBack();
  await agree(page, "", 7);
  await page.goForward();
  await agree(page, "jane", 2);
  await page.reload();
  await agree(page, "jane", 2);
});

test("a chip and a column clicked at once keep the typed search", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  await box(page).fill("jane");
  await chips(page).getByRole("link", { name: "EM", exact: true }).click();
  await agree(page, "jane", 2);
  expect(new URL(page.url()).searchParams.get("only")).toBe("em");
  await box(page).fill("john");
  await page.getByRole("link", { name: "Phone", exact: true }).click();
  await agree(page, "john", 5);
  expect(new URL(page.url()).searchParams.get("only")).toBe("em");
  expect(new URL(page.url()).searchParams.get("sort")).toBe("phone");
  await matching(page).click();
  await expect(page.getByRole("dialog")).toContainText("Logins that match “john”, of the type EM:");
});

test("a typed search is literal, also with characters that are special in a URL", async ({ page, server }) => {
  await live(page, server);
  for (const find of ["50%25", "a+b&c=d", "%41", "?#김"]) {
    await box(page).fill(find);
    await agree(page, find, 0);
    await page.reload();
    await agree(page, find, 0);
    await page.goto(server.at(`/audit?find=${encodeURIComponent(find)}`));
    await agree(page, find, 0);
    await page.goto(server.url);
    await expect(page.locator(".connection")).toHaveText("live");
  }
});

test("a filter looks in all that a row shows, in one field, and at times; each term can be taken away", async ({ page, server }) => {
  server.behavior("Multiple Logins Allowed");
  server.apply(`[[phones]]\nname = "${PHONE_1}"\ndescription = "Gebäude A, Empfang"\n[[users]]\nid = "jane"\nmax_login_minutes = 20`);
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await live(page, server);
  const terms = page.locator("#terms");
  await box(page).fill("empfang gebäude");
  await agree(page, "empfang gebäude", 1);
  await expect(terms.getByRole("link")).toHaveText(["“empfang” ×", "“gebäude” ×"]);
  await box(page).fill('"gebäude a"');
  await agree(page, '"gebäude a"', 1);
  await box(page).fill('"a gebäude"');
  await agree(page, '"a gebäude"', 0);
  await expect(page.getByText('No login matches “"a gebäude"”')).toBeVisible();
  await box(page).fill("model:8861 user:john");
  await agree(page, "model:8861 user:john", 2);
  await expect(terms.getByRole("link")).toHaveText(["Model “8861” ×", "User “john” ×"]);
  await box(page).fill("user:8861");
  await agree(page, "user:8861", 0);
  // A half-typed term hides nothing.
  await box(page).fill("model:");
  await expect(rows(page)).toHaveCount(2);
  await box(page).fill("left<30m user:jane");
  await agree(page, "left<30m user:jane", 0);
  // New logins go through the same filter.
  await server.login("john", PHONE_3);
  await server.login("jane", PHONES[3]!);
  await agree(page, "left<30m user:jane", 1);
  await terms.getByRole("link", { name: "User “jane”" }).click();
  await agree(page, "left<30m", 1);
  await expect(terms).toHaveText("Only less than 30 min left ×");
  await terms.getByRole("link").click();
  await agree(page, "", 4);
  await box(page).fill("since<1h model:8861");
  await agree(page, "since<1h model:8861", 4);
  await matching(page).click();
  await expect(page.getByRole("dialog")).toContainText("Logins that match in for less than 1 h 0 min, Model “8861”:");
});

test("a selection survives a filter, says what is not in sight, and can be cleared", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  await page.getByRole("checkbox", { name: "Select john" }).first().check();
  await box(page).fill("jane");
  await agree(page, "jane", 2);
  await page.getByRole("checkbox", { name: "Select jane" }).first().check();
  const elsewhere = page.locator("#selected");
  await expect(elsewhere).toContainText("2 selected, 1 of them not on this page");
  await page.getByRole("button", { name: "Log out 2…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("listitem")).toHaveCount(2);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await elsewhere.getByRole("button", { name: "Select none" }).click();
  await expect(elsewhere).toHaveCount(0);
  await expect(page.getByRole("checkbox", { name: "Select jane" }).first()).not.toBeChecked();
});

test("a link clicked right after typing works", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  await box(page).fill("jane");
  await follow(page, "Audit");
  await expect(page).toHaveURL(/\/audit$/);
});

test("a search typed before the page is hydrated is carried out", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  let arrive = () => {};
  await page.route("**/sojourn.wasm", async (route) => {
    await new Promise<void>((done) => (arrive = done));
    await route.continue();
  });
  await page.goto(server.url);
  await box(page).fill("jane");
  await expect(page.locator("html")).not.toHaveAttribute("data-start", "live");
  arrive();
  await agree(page, "jane", 2);
});

test("a search typed while the server is down stays, with the rows, and is carried out afterwards", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  await server.kill();
  await expect(page.locator(".connection")).toHaveText("not connected, trying again…");
  await box(page).fill("ja");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(rows(page)).toHaveCount(7);
  await box(page).pressSequentially("ne");
  await expect(box(page)).toHaveValue("jane");
  await expect(box(page)).toBeFocused();
  await server.start(new URL(server.url).host);
  await agree(page, "jane", 2);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a box ticked before the page is hydrated is cleared by one click", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  let arrive = () => {};
  const arrives = new Promise<void>((done) => (arrive = done));
  await page.route("**/sojourn.wasm", async (route) => {
    await arrives;
    await route.continue();
  });
  const asked = page.waitForRequest("**/sojourn.wasm");
  await page.reload({ waitUntil: "commit" });
  await asked;
  const first = page.getByRole("checkbox", { name: "Select jane" }).first();
  await first.check();
  arrive();
  await expect(page.getByRole("button", { name: "Log out 1…", exact: true })).toBeVisible();
  await first.uncheck();
  await expect(page.getByRole("button", { name: "Log out…", exact: true })).toBeVisible();
  await expect(first).not.toBeChecked();
});

for (const changed of [false, true]) {
  test(`input from before the page ${changed ? "is mounted" : "is hydrated"} stays`, async ({ page, context, server }) => {
    await filled(server);
    await live(page, server);
    let arrive = () => {};
    await page.route("**/sojourn.wasm", async (route) => {
      await new Promise<void>((done) => (arrive = done));
      await route.continue();
    });
    if (changed) {
      await context.addInitScript(() => {
        document.addEventListener("DOMContentLoaded", () => document.querySelector("main")!.prepend(document.createElement("b")));
      });
    }
    await page.goto(server.at("/?find=john"));
    await rows(page).first().getByRole("checkbox").check();
    arrive();
    await expect(page.locator(".connection")).toHaveText("live");
    expect(await page.locator("html").getAttribute("data-by")).toBe(changed ? "mount" : "hydrate");
    await expect(rows(page).first().getByRole("checkbox")).toBeChecked();
    await expect(page.getByRole("button", { name: "Log out 1…" })).toBeVisible();
  });
}

for (const [name, path] of [["Login History", "/login-history"], ["Audit", "/audit"]] as const) {
  test(`${name}: fields, list and URL agree, also after each step of the browser history`, async ({ page, server }) => {
    server.apply(`[[users]]\nid = "kimberly"\npin = "12345"\nprofiles = ["desk"]\nmax_login_minutes = 600`);
    for (const [user, phone] of [["john", PHONE_1], ["kimberly", PHONE_2], ["kimberly", PHONE_3]] as const) {
      await server.login(user, phone);
      await server.logout(phone);
    }
    await signIn(page, server);
    await page.goto(server.at(path));
    await expect(page.locator("html")).toHaveAttribute("data-start", "live");
    const all = await rows(page).count();
    await follow(page, "Trace");
    await follow(page, name);
    await expect(rows(page)).toHaveCount(all);
    const choice = page.locator("main search select");
    const chosen = path === "/audit" ? "command_line" : "logout";
    const typed = async (find: string) => {
      await expect(box(page)).toHaveValue(find);
      await expect.poll(() => new URL(page.url()).searchParams.get("find") ?? "").toBe(find);
      if (find) await expect(rows(page).filter({ hasNotText: find })).toHaveCount(0);
    };
    await box(page).fill("kimberly");
    await expect(page).toHaveURL(/find=kimberly/);
    await expect(rows(page).filter({ hasText: "john" })).toHaveCount(0);
    await typed("kimberly");
    await expect(box(page)).toBeFocused();
    await choice.selectOption(chosen);
    await expect(page).toHaveURL(new RegExp(`find=kimberly.*=${chosen}`));
    await expect(choice).toHaveValue(chosen);
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1, name: "Trace" })).toBeVisible();
    await page.goForward();
    await typed("kimberly");
    await expect(choice).toHaveValue(chosen);
    await page.getByRole("link", { name: "Clear" }).click();
    await typed("");
    await expect(choice).toHaveValue("");
    await expect(rows(page)).toHaveCount(all);
    // A step of the history within the page restores the fields.
    await page.goBack();
    await typed("kimberly");
    await expect(choice).toHaveValue(chosen);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the search is a form, and Back restores box and list", async ({ page, server }) => {
    await filled(server);
    await signIn(page, server);
    await box(page).fill("jane");
    await page.getByRole("button", { name: "Find" }).click();
    await agree(page, "jane", 2);
    await page.goBack();
    await agree(page, "", 7);
    await page.goForward();
    await agree(page, "jane", 2);
  });
});
