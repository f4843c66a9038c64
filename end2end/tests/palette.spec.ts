// The palette: Ctrl+K goes to a page, a user or a phone, or does an action.
import { type Page } from "@playwright/test";
import { PHONE_1, complaints, expect, live, signIn, signInAs, test } from "./server.ts";
import { LOOKS, accessible, fits, look } from "./walk.ts";

const palette = (page: Page) => page.locator("dialog#palette");
const field = (page: Page) => palette(page).getByRole("combobox");
const option = (page: Page, name: string | RegExp) => palette(page).getByRole("option", { name });
const marked = (page: Page) => palette(page).getByRole("option", { selected: true });

/** Opens the palette; its script comes at the first use. */
async function open(page: Page) {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
}

test("Ctrl+K, a part of a user id and Enter lead to the user's page", async ({ page, server }) => {
  const heard = complaints(page);
  server.apply(`[[users]]\nid = "kim.minsu"\npin = "12345"\nprofiles = ["desk"]\n`);
  await live(page, server);
  await open(page);
  await page.keyboard.type("minsu");
  await expect(option(page, "kim.minsu")).toBeVisible();
  await expect(marked(page)).toHaveText("kim.minsu");
  await expect(field(page)).toHaveAttribute("aria-activedescendant", (await marked(page).getAttribute("id"))!);
  await accessible(page, "the palette with names");
  await page.keyboard.press("Enter");
  await expect(page.locator("#user-name")).toHaveText("kim.minsu");
  await expect(page).toHaveURL(server.at("/users/kim.minsu"));
  await expect(palette(page)).toBeHidden();
  // The program has gone there: the page was not loaded anew.
  await open(page);
  // Enter waits for the answer of the server.
  await page.keyboard.type("jane");
  await page.keyboard.press("Enter");
  await expect(page.locator("#user-name")).toHaveText("jane");
  expect(heard).toEqual([]);
});

test("Esc closes the palette, and the focus is where it was", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  const search = page.getByRole("searchbox");
  await search.fill("jo");
  await open(page);
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expect(search).toBeFocused();
  await expect(search).toHaveValue("jo");
  // The key closes it, too.
  await open(page);
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeHidden();
  await expect(search).toBeFocused();
});

test("the palette has the pages of the menu and the phones, and arrow keys go through them", async ({ page, server }) => {
  await live(page, server);
  await page.getByRole("button", { name: /^Go to…/ }).click();
  await expect(field(page)).toBeFocused();
  const menu = await page.getByRole("navigation", { name: "Main" }).getByRole("link").allTextContents();
  await expect(palette(page).getByRole("group", { name: "Pages" }).getByRole("option")).toHaveText(menu.map((one) => one.trim()));
  await page.keyboard.press("ArrowDown");
  await expect(marked(page)).toHaveText("Login History");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await expect(marked(page)).toHaveText("Sign out");
  await page.keyboard.type("refus");
  await expect(marked(page)).toHaveText("Refusals");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Refusals" })).toBeVisible();
  await open(page);
  await page.keyboard.type(PHONE_1.slice(-6));
  await option(page, new RegExp(`^${PHONE_1}`)).click();
  await expect(page.locator("#phone-name")).toHaveText(PHONE_1);
});

test("actions: a log-in at a phone, the log-outs of a search, the view and the language", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  await open(page);
  await page.keyboard.type("log a user");
  await page.keyboard.press("Enter");
  await expect(field(page)).toHaveAccessibleName("Phone at which to log a user in");
  await page.keyboard.type(PHONE_1);
  await expect(palette(page).getByRole("option")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Log a user in" })).toBeVisible();
  await open(page);
  await page.keyboard.type("john");
  await option(page, "Log out all who match “john”…").click();
  await expect(page).toHaveURL(/\/\?find=john$/);
  await expect(page.getByRole("searchbox")).toHaveValue("john");
  await open(page);
  await option(page, "View: rows and columns").click();
  await expect(page.locator("#view")).toBeVisible();
  await page.keyboard.press("Escape");
  await open(page);
  await option(page, "Language: 한국어").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  await expect(page.locator(".connection")).toHaveText("실시간");
  await open(page);
  await expect(palette(page).getByRole("group", { name: "페이지" })).toBeVisible();
  const shown = await palette(page).innerText();
  expect(shown.match(/[A-Za-z]{3,}/g)?.filter((word) => word !== "English") ?? []).toEqual([]);
  await accessible(page, "the palette in Korean");
  await page.keyboard.type("접속 종료");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/sign-in$/);
});

test("a viewer finds names, and no action of an operator", async ({ page, server }) => {
  server.admin(["add", "vera", "--role", "viewer"], "correct horse\n");
  await signInAs(page, server, "vera", "correct horse");
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await open(page);
  await expect(option(page, /^Log a user in/)).toHaveCount(0);
  await page.keyboard.type("john");
  await expect(option(page, "Find “john” in Active Logins")).toBeVisible();
  await expect(option(page, /^Log out/)).toHaveCount(0);
  await expect(option(page, "john").first()).toBeVisible();
});

test("only the last text counts, and what is not found is said", async ({ page, server }) => {
  await live(page, server);
  await open(page);
  let held: (() => void) | undefined;
  await page.route("**/call/find", async (route) => {
    if (route.request().postData()?.includes("jane")) await new Promise<void>((done) => (held = done));
    await route.continue().catch(() => {});
  });
  await page.keyboard.type("jane");
  await expect.poll(() => Boolean(held)).toBe(true);
  await field(page).fill("john");
  await expect(option(page, "john").first()).toBeVisible();
  held!();
  await expect(option(page, "jane")).toHaveCount(0);
  await field(page).fill("nobody-at-all");
  await expect(option(page, "Log out all who match “nobody-at-all”…")).toBeVisible();
  await expect(palette(page).getByRole("group", { name: "Users" })).toHaveCount(0);
});

test("the palette works with the keys off, and beside another dialog it stays closed", async ({ page, server }) => {
  await live(page, server);
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("checkbox", { name: /^Keys without/ }).uncheck();
  await page.keyboard.press("Escape");
  await open(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("checkbox", { name: /^Keys without/ }).check();
  await page.keyboard.press("Escape");
  await page.locator("main").focus();
  await page.keyboard.press("?");
  await expect(page.locator("#keys")).toContainText("Go to a page, user or phone");
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeHidden();
});

test("the palette fits every screen", async ({ page, server }) => {
  for (const one of LOOKS) {
    await look(page, one);
    if (one === LOOKS[0]) await signIn(page, server);
    else await page.goto(server.url);
    await expect(page.locator("html")).toHaveAttribute("data-start", "live");
    await open(page);
    await page.keyboard.type("j");
    await expect(option(page, "jane")).toBeVisible();
    await accessible(page, `palette, ${one.name}`);
    await fits(page, `palette, ${one.name}`);
    await page.keyboard.press("Escape");
  }
});

test("a stranger finds nobody", async ({ server, request }) => {
  for (const path of ["/call/find", "/call/palette", "/call/user"]) {
    const answer = await request.post(server.at(path), { data: { find: "john", name: "john" } });
    expect(answer.status(), path).toBe(401);
    expect(await answer.text()).toContain("SignedOut");
  }
});
