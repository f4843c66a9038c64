// A user's page, and the links to it.
import { type Page } from "@playwright/test";
import { PHONE_1, PHONE_2, PHONE_3, complaints, expect, live, signIn, signInAs, test } from "./server.ts";
import { LOOKS, accessible, fits, look } from "./walk.ts";

const fact = (page: Page, name: string) => page.locator("dt", { hasText: name }).locator("+ dd");
const rows = (page: Page, list: string) => page.locator(`#user-${list} tbody tr`);
const usersPage = (id: string) => `/users/${encodeURIComponent(id)}`;

test("a user's page shows settings, logins, history and refusals, and follows changes", async ({ page, server }) => {
  const heard = complaints(page);
  server.apply(`[[device_profiles]]\nname = "home"\nmodel = "Cisco 8845"\n[[users]]\nid = "john"\nprofiles = ["desk", "home"]\n`);
  server.behavior("Multiple Logins Not Allowed");
  await signIn(page, server);
  await page.goto(server.at(usersPage("JOHN")));
  await expect(page.locator(".connection")).toHaveText("live");
  await expect(page.locator("#user-name")).toHaveText("john");
  await expect(fact(page, "Log-in at phones")).toHaveText("Allowed");
  await expect(fact(page, "EMCC")).toHaveText("Not allowed");
  await expect(fact(page, "Maximum login time")).toHaveText("10 h 0 min: the user's own");
  await expect(page.locator("#user-profiles li")).toHaveText([/^desk Cisco 8861 · default$/, /^home Cisco 8845\s*$/]);
  await expect(page.getByText("Not logged in at any phone.")).toBeVisible();
  expect(await page.content()).not.toContain("$argon2");

  await server.login("john", PHONE_1);
  await expect(rows(page, "logins")).toContainText([PHONE_1]);
  await expect(rows(page, "logins")).toContainText("10 h 0 min");
  await server.login("john", PHONE_2);
  await expect(rows(page, "refusals")).toContainText(["25"]);
  await expect(rows(page, "refusals").getByRole("link", { name: PHONE_1 })).toBeVisible();
  await accessible(page);
  // Another user's login changes nothing.
  await server.login("jane", PHONE_3);
  await page.getByRole("link", { name: `Log out ${PHONE_1}` }).click();
  await page.getByLabel("Reason").fill("gone home");
  await page.getByRole("button", { name: "Log out 1" }).click();
  await expect(page.getByText("Done: 1 of 1 logged out.")).toBeVisible();
  await page.goto(server.at(usersPage("john")));
  await expect(rows(page, "recent")).toContainText(["gone home"]);
  await expect(rows(page, "logins")).toHaveCount(0);
  server.apply(`[[users]]\nid = "john"\nenabled = false\nemcc = true\nmax_login_minutes = "system"\n`);
  await expect(fact(page, "Log-in at phones")).toHaveText("Disabled");
  await expect(fact(page, "Maximum login time")).toContainText("at other clusters");
  await page.getByRole("link", { name: "All refusals" }).click();
  await expect(page).toHaveURL(/\/refusals\?find=user%3A%22john%22$/);
  await page.goBack();
  await page.getByRole("link", { name: "All in the history" }).click();
  await expect(page).toHaveURL(/\/login-history\?find=user%3A%22john%22$/);
  expect(heard).toEqual([]);
});

test("names of users and phones are links", async ({ page, server }) => {
  server.behavior("Multiple Logins Not Allowed");
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await server.login("jane", PHONE_1);
  await server.logout(PHONE_1);
  await live(page, server);
  const isUser = async (name: string) => {
    await expect(page.locator("#user-name")).toHaveText(name);
    await expect(page).toHaveURL(new RegExp(`/users/${name}$`));
  };
  await page.goto(server.at("/login-history"));
  await page.getByRole("row").getByRole("link", { name: "john" }).click();
  await isUser("john");
  await page.getByRole("link", { name: PHONE_1 }).first().click();
  await expect(page.locator("#phone-name")).toHaveText(PHONE_1);
  await page.getByRole("link", { name: "john" }).first().click();
  await isUser("john");
  await page.goto(server.at("/refusals"));
  await page.getByRole("row").filter({ hasText: "18" }).getByRole("link", { name: "jane" }).click();
  await isUser("jane");
  // The refusal names the user who held the phone.
  await rows(page, "refusals").getByRole("link", { name: "john" }).click();
  await isUser("john");
  server.apply(`[[users]]\nid = "jane"\nenabled = false\n`);
  await page.goto(server.at("/audit"));
  await page.getByRole("row").filter({ hasText: "user jane enabled" }).getByRole("link", { name: "jane" }).click();
  await isUser("jane");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Active Logins" })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

for (const id of ["a/b?c#d", "50%41 off", "j. doe", "김민수"]) {
  test(`the user ${id} has a page, also after a reload`, async ({ page, server }) => {
    server.apply(`[[users]]\nid = "${id}"\npin = "12345"\nprofiles = ["desk"]\n`);
    // The EM API decodes an id.
    await server.login(id.replaceAll("%", "%25"), PHONE_1);
    await server.logout(PHONE_1);
    await live(page, server);
    await page.goto(server.at("/login-history"));
    await expect(page.locator("html")).toHaveAttribute("data-start", "live");
    await page.getByRole("row").getByRole("link", { name: id, exact: true }).click();
    await expect(page.locator("#user-name")).toHaveText(id);
    await expect(rows(page, "recent")).toContainText([PHONE_1]);
    await page.reload();
    await expect(page.locator("#user-name")).toHaveText(id);
  });
}

test("a user whom nothing knows is not there, and an id that was refused is named as unknown", async ({ page, server }) => {
  await signIn(page, server);
  expect((await page.goto(server.at("/users/nobody")))?.status()).toBe(404);
  await expect(page.getByRole("alert")).toHaveText("There is no such thing here (any more).");
  await server.login("ghost", PHONE_1);
  await expect(async () => {
    expect((await page.goto(server.at("/users/ghost")))?.status()).toBe(200);
  }).toPass();
  await expect(page.locator("#user-home")).toContainText("This cluster has no user of this id.");
  await expect(rows(page, "refusals")).toContainText(["23"]);
});

test("a locked user is shown as locked, and a viewer sees no way to log out", async ({ page, server }) => {
  await server.login("john", PHONE_2);
  const guess = new URL(`/emapp/EMAppServlet?device=${PHONE_1}&userid=john&seq=99999`, server.url).href;
  for (let time = 0; time < 5; time += 1) expect(await (await fetch(guess)).text()).toContain("(201)");
  server.admin(["add", "vera", "--role", "viewer"], "correct horse\n");
  await signInAs(page, server, "vera", "correct horse");
  await page.goto(server.at("/users/john"));
  await expect(fact(page, "Locked after wrong PINs")).toContainText("127.0.0.1");
  await expect(rows(page, "logins")).toHaveCount(1);
  await expect(rows(page, "logins").getByRole("link", { name: /Log out/ })).toHaveCount(0);
  await page.getByRole("link", { name: "To the locks, in the audit" }).click();
  await expect(page.getByRole("region", { name: "Locked now" })).toContainText("john");
});

test("a user's page fits every screen", async ({ page, server }) => {
  server.behavior("Multiple Logins Not Allowed");
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await signIn(page, server);
  for (const one of LOOKS) {
    await look(page, one);
    await page.goto(server.at("/users/john"));
    await expect(page.locator("html")).toHaveAttribute("data-start", "live");
    await accessible(page, `user, ${one.name}`);
    await fits(page, `user, ${one.name}`);
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a user's page is read", async ({ page, server }) => {
    await server.login("john", PHONE_1);
    await signIn(page, server);
    await page.goto(server.at("/users/john"));
    await expect(rows(page, "logins")).toContainText([PHONE_1]);
    await page.getByRole("link", { name: `Log out ${PHONE_1}` }).click();
    await expect(page.getByRole("button", { name: "Log out 1" })).toBeVisible();
  });
});
