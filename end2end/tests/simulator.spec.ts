// Phones in the browser: users log in at them, and the console and the other phones follow.
import type { Page } from "@playwright/test";
import { answered, display, lines, logIn, phone } from "./keys.ts";
import { PHONE_1, PHONE_2, PHONE_3, Server, expect, live, signIn, signInAs, test as base } from "./server.ts";

const KEYS = `
[site]
push_user = "phonepush"
push_password = "phonepush"
[[device_profiles]]
name = "john-UDP"
model = "Cisco 8861"
lines = [{ dn = "2001", label = "John" }]
speed_dials = [{ number = "2002", label = "Jane" }]
[[device_profiles]]
name = "night"
model = "Cisco 8861"
lines = [{ dn = "2199", label = "Night service" }]
[[users]]
id = "john"
profiles = ["john-UDP"]
[[users]]
id = "jane"
profiles = ["john-UDP", "night"]
[[phones]]
name = "${PHONE_1}"
lines = [{ dn = "1001", label = "Lobby" }]
[[phones]]
name = "${PHONE_2}"
description = "Meeting room"
lines = [{ dn = "1002", label = "Meeting room" }]
`;

const test = base.extend<{ server: Server }>({
  server: async ({}, use) => {
    const server = new Server();
    server.apply(KEYS);
    await server.start("127.0.0.1:0", ["--phone-simulator"]);
    await use(server);
    await server.remove();
  },
});

/** Opens the page with two phones. */
async function desk(page: Page, server: Server) {
  await page.goto(server.at(`/phone-simulator?phone=${PHONE_1}&phone=${PHONE_2}`));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  return [phone(page, PHONE_1), phone(page, PHONE_2)] as const;
}

test("a user logs in at a phone, moves to another, and is logged out by an administrator", async ({
  page,
  server,
  browser,
}) => {
  await signIn(page, server);
  const [a, b] = await desk(page, server);
  await expect(lines(a)).toHaveText(/1001.*Lobby/);
  const console = await (await browser.newContext()).newPage();
  await live(console, server);

  await logIn(a, "john");
  // The result's screen closes by itself, and the new lines are visible.
  await expect(lines(a)).toHaveText(/2001.*John/);
  await expect(lines(a).getByText("John")).toBeVisible();
  await expect(a.getByRole("button", { name: "Speed dial 2002 (Jane)" })).toBeVisible();
  const row = console.locator("tbody tr:not(.ended)").filter({ hasText: "john" });
  await expect(row).toContainText(PHONE_1);

  // The default, Multiple Logins Not Allowed.
  await logIn(b, "john");
  await expect(display(b)).toContainText("Multi-Login Not Allowed (25)");
  await b.getByRole("button", { name: "Exit" }).click();
  await expect(display(b)).toContainText("Meeting room");

  server.behavior("Auto Logout");
  await logIn(b, "john");
  await expect(lines(b)).toHaveText(/2001.*John/);
  await expect(lines(a)).toHaveText(/1001.*Lobby/);
  await expect(row).toContainText(PHONE_2);

  // A forced log-out by an administrator.
  await row.getByRole("link", { name: /Log out/ }).click();
  await console.getByRole("dialog").getByRole("button", { name: /^Log out/ }).click();
  await expect(lines(b)).toHaveText(/1002.*Meeting room/);
  await expect(display(b)).toContainText("Press Services to log in");
});

test("a user chooses a profile by the keys, and logs out at the phone", async ({ page, server }) => {
  await signIn(page, server);
  const [a] = await desk(page, server);
  // Only the keyboard is used.
  await a.getByRole("button", { name: "Services" }).first().click();
  await expect(display(a).getByLabel("User ID")).toBeFocused();
  await page.keyboard.type("jane");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.type("12345");
  await expect(display(a).getByLabel("User ID")).toHaveValue("jane");
  await expect(display(a).getByLabel("PIN")).toHaveValue("12345");
  await page.keyboard.press("Enter");
  await expect(display(a)).toContainText("Please choose a profile");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(lines(a)).toHaveText(/2199.*Night service/);
  await answered(a);
  await a.getByRole("button", { name: "Services" }).first().click();
  await expect(display(a)).toContainText("jane is logged in");
  await a.getByRole("button", { name: "Yes" }).click();
  await expect(lines(a)).toHaveText(/1001.*Lobby/);
});

test("letters and digits are typed with the phone's own keys", async ({ page, server }) => {
  await signIn(page, server);
  const [a] = await desk(page, server);
  await a.getByRole("button", { name: "Services" }).first().click();
  const user = display(a).getByLabel("User ID");
  await expect(user).toBeVisible();
  const press = async (name: string, times: number) => {
    for (let time = 0; time < times; time += 1) await a.getByRole("button", { name }).click();
  };
  await press("5 JKL", 1);
  await press("6 MNO", 3);
  await expect(user).toHaveValue("jo");
  await a.getByRole("button", { name: "<<" }).click();
  await expect(user).toHaveValue("j");
  await user.fill("john");
  await a.getByRole("button", { name: "Down" }).click();
  for (const digit of ["1", "2 ABC", "3 DEF", "4 GHI", "5 JKL"]) {
    await a.getByRole("button", { name: digit, exact: true }).click();
  }
  await expect(display(a).getByLabel("PIN")).toHaveValue("12345");
  await a.getByRole("button", { name: "Submit" }).click();
  await expect(lines(a)).toHaveText(/2001.*John/);
});

test("a phone's request is in the audit in any encoding, and can't name another phone", async ({
  page,
  server,
}) => {
  await signIn(page, server);
  const [a] = await desk(page, server);
  let query = "";
  await page.route("**/call/simulator-press", (route) => {
    const url = `/emapp/EMAppServlet?${query}`;
    const press = { phone: PHONE_1, url, fields: [], is_posted: false };
    return route.continue({ postData: JSON.stringify({ press }) });
  });
  const send = async (sent: string) => {
    query = sent;
    await a.getByRole("button", { name: "Services" }).first().click();
  };
  await send(`device=${PHONE_2}&userid=john&seq=12345`);
  await expect(display(a)).toContainText("Host not found");
  await answered(a);
  await send(`device=${PHONE_1}&user%69d=john&s%65q=12345`);
  await expect(lines(a)).toHaveText(/2001.*John/);
  await answered(a);
  await send(`device=${PHONE_1}&do%4cogout=true`);
  await expect(lines(a)).toHaveText(/1001.*Lobby/);
  await page.goto(server.at("/audit"));
  const uses = page.locator("tbody tr").filter({ hasText: "Used a phone in the browser" });
  await expect(uses).toHaveText([/log out/, /log in john/]);
  await expect(uses.filter({ hasText: PHONE_2 })).toHaveCount(0);
});

test("phones in several windows do not wait for each other", async ({ page, server, context }) => {
  await signIn(page, server);
  const other = await context.newPage();
  // A browser opens at most six connections to a server.
  for (const one of [page, other]) {
    await one.goto(server.at(`/phone-simulator?phone=${PHONE_1}&phone=${PHONE_2}&phone=${PHONE_3}`));
    await expect(one.locator("html")).toHaveAttribute("data-start", "live");
    await expect(one.locator("[data-phone]")).toHaveCount(3);
  }
  await logIn(phone(other, PHONE_1), "john");
  await expect(lines(phone(other, PHONE_1))).toHaveText(/2001.*John/);
  await expect(lines(phone(page, PHONE_1))).toHaveText(/2001.*John/);
});

test("phones show an unreachable server, and recover after its restart", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await signIn(page, server);
  const [a, b] = await desk(page, server);
  await expect(lines(a)).toHaveText(/2001.*John/);
  await server.kill();
  await expect(a.getByText("not connected")).toBeVisible();
  await expect(b.getByText("not connected")).toBeVisible();
  await server.start(new URL(server.url).host, ["--phone-simulator"]);
  await expect(a.getByText("not connected")).toHaveCount(0);
  await server.logout(PHONE_1);
  await expect(lines(a)).toHaveText(/1001.*Lobby/);
  await logIn(b, "john");
  await expect(lines(b)).toHaveText(/2001.*John/);
});

test("an unknown phone is reported, and a phone has the keys of its model", async ({ page, server }) => {
  server.apply(`[[phones]]\nname = "SEP7841"\nmodel = "Cisco 7841"\n`);
  await signIn(page, server);
  await page.goto(server.at("/phone-simulator?phone=NOPE&phone=SEP7841"));
  await expect(page.locator("#place-NOPE")).toContainText("No phone has this name.");
  await expect(phone(page, "SEP7841").locator(".caps i")).toHaveCount(4);
});

test("a wrong PIN counts for the browser's address", async ({ page, server }) => {
  await signIn(page, server);
  const [a] = await desk(page, server);
  for (let time = 0; time < 5; time += 1) {
    await logIn(a, "john", "99999");
    await expect(display(a)).toContainText("Please try to login again (201)");
    await a.getByRole("button", { name: "Exit" }).click();
  }
  await page.goto(server.at("/audit"));
  await expect(page.getByRole("region", { name: "Locked now" })).toContainText("127.0.0.1");
});

test("viewers can't use phones, and a server may have no simulator", async ({ page, server, browser }) => {
  server.admin(["add", "vera", "--role", "viewer"], "correct horse\n");
  await signInAs(page, server, "vera", "correct horse");
  await page.goto(server.at(`/phone-simulator?phone=${PHONE_1}`));
  await expect(page.getByRole("alert").first()).toContainText("role");
  await expect(phone(page, PHONE_1)).toHaveCount(0);

  const other = new Server();
  await other.start();
  const second = await (await browser.newContext()).newPage();
  await signIn(second, other);
  await second.goto(other.at("/phone-simulator"));
  await expect(second.locator("main")).toContainText("--phone-simulator");
  await other.remove();
});
