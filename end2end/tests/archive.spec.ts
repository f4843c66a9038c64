// Login History and Audit: finding and downloading.
import type { Browser, Page } from "@playwright/test";
import { PHONE_1, PHONE_2, type Server, expect, follow, live, signIn, test } from "./server.ts";

const lines = async (page: Page, server: Server, path: string) =>
  (await (await page.request.get(server.at(path))).text()).trim().split("\r\n");

test("history and audit are downloaded with the search of the page", async ({ page, server }) => {
  for (const [user, phone] of [["john", PHONE_1], ["jane", PHONE_2]] as const) {
    await server.login(user, phone);
    await server.logout(phone);
  }
  await signIn(page, server);
  await page.goto(server.at("/login-history?find=jane"));
  const history = page.getByRole("link", { name: "Download as CSV" });
  const file = await Promise.all([page.waitForEvent("download"), history.click()]);
  expect(file[0].suggestedFilename()).toBe("login-history.csv");
  const [head, ...rows] = await lines(page, server, (await history.getAttribute("href"))!);
  expect(head).toBe("user,phone,profile,type,from,until,cause,ended_by_kind,ended_by,reason");
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatch(new RegExp(`^jane,${PHONE_2},desk,em,.*,logout,application_user,emproxy,$`));

  // Logins are only in the history. The audit search covers addresses.
  await page.goto(server.at("/audit?by=application_user"));
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.goto(server.at("/audit?find=127.0.0.1&by=administrator"));
  await expect(page.locator("#range")).toHaveText("1–1 of 1");
  const audit = page.getByRole("link", { name: "Download as CSV" });
  const [auditHead, ...auditRows] = await lines(page, server, (await audit.getAttribute("href"))!);
  expect(auditHead).toBe("at,by_kind,by,address,action,subject,detail");
  expect(auditRows).toHaveLength(1);
  expect(auditRows[0]).toContain(",administrator,kim,127.0.0.1,sign_in,kim,");
});

test("a page past the last one leads to the first", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.logout(PHONE_1);
  await live(page, server);
  for (const path of ["/login-history?page=5", "/audit?page=50&find=john"]) {
    await page.goto(server.at(path));
    await expect(page.getByText("Fewer match now")).toBeVisible();
    await page.getByRole("link", { name: "To the first page" }).click();
    await expect(page.locator("tbody tr").first()).toContainText("john");
  }
});

test("a link clicked before hydration leads to its page, and the page is hydrated", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.logout(PHONE_1);
  await server.login("jane", PHONE_2);
  await server.logout(PHONE_2);
  await live(page, server);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.route("**/split_*.wasm", async (route) => {
    await new Promise((done) => setTimeout(done, 300));
    await route.continue();
  });
  for (const [path, other] of [["/login-history", "jane"], ["/audit", "Signed in"], ["/trace", "jane"]] as const) {
    await page.goto(server.at(`${path}?find=john`), { waitUntil: "commit" });
    await page.getByRole("link", { name: "Clear" }).click();
    await expect(page).toHaveURL(new RegExp(`${path}$`));
    await expect(page.locator("tbody tr, .trace li").filter({ hasText: other }).first()).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("data-start", "live");
    await expect(page.locator("html")).toHaveAttribute("data-by", "hydrate");
  }
  expect(errors).toEqual([]);
});

test("on a card each value has its label", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.logout(PHONE_1);
  server.behavior("Auto Logout");
  await page.setViewportSize({ width: 360, height: 900 });
  await signIn(page, server);
  const paths = ["/login-history", "/audit", "/service-parameters/modified", "/service-parameters/history", `/phones/${PHONE_1}`];
  for (const path of paths) {
    await page.goto(server.at(path));
    const cells = page.locator("table.cards tbody tr").first().locator("td");
    const labels = await cells.evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, "::before").content));
    // The first cells name the row, and the last may be a button.
    const labelled = labels.filter((label) => label.includes(":"));
    expect(labelled.length, path).toBeGreaterThanOrEqual(2);
    expect(labels.length - labelled.length, path).toBeLessThanOrEqual(3);
  }
});

test("downloads need a session", async ({ server, request }) => {
  for (const path of ["/login-history.csv", "/audit.csv", "/refusals.csv"]) {
    expect((await request.get(server.at(path))).status(), path).toBe(401);
  }
});

/** A time zone with another date than UTC's, and that date. */
function elsewhere(): [zone: string, date: string] {
  const now = new Date();
  const zone = now.getUTCHours() >= 10 ? "Pacific/Kiritimati" : "Pacific/Pago_Pago";
  return [zone, now.toLocaleDateString("sv-SE", { timeZone: zone })];
}

async function find(browser: Browser, server: Server, javaScriptEnabled: boolean) {
  const [timezoneId, day] = elsewhere();
  const page = await (await browser.newContext({ timezoneId, javaScriptEnabled })).newPage();
  await server.login("john", PHONE_1);
  await server.logout(PHONE_1);
  await (javaScriptEnabled ? live(page, server) : signIn(page, server));
  await follow(page, "Login History");
  await page.getByLabel(/From/).fill(day);
  await page.getByLabel(/\bTo\b/).fill(day);
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page).toHaveURL(new RegExp(`before=${day}`));
  return { page, day };
}

test("days are in the browser's time zone, like the times in the rows", async ({ server, browser }) => {
  const { page, day } = await find(browser, server, true);
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page).toHaveURL(/since_zone=(840|-660)/);
  await expect(page.getByText("UTC", { exact: false })).toHaveCount(0);
  await page.reload();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.getByLabel("From", { exact: true })).toHaveValue(day);
});

test("a day whose midnight does not exist begins with its first moment", async ({ server, browser }) => {
  for (const [timezoneId, day, zone] of [["America/Sao_Paulo", "2018-11-04", -180], ["Africa/Cairo", "2025-04-25", 120], ["Asia/Seoul", "2025-04-25", 540]] as const) {
    const page = await (await browser.newContext({ timezoneId })).newPage();
    await signIn(page, server);
    await page.goto(server.at("/login-history"));
    await expect(page.locator("html")).toHaveAttribute("data-start", "live");
    await page.getByLabel(/From/).fill(day);
    await expect(page, timezoneId).toHaveURL(new RegExp(`since=${day}&since_zone=${zone}$`));
    await page.close();
  }
});

test("a day typed key by key stays as typed while the list follows", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.logout(PHONE_1);
  await live(page, server);
  await page.goto(server.at("/login-history"));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  const from = page.getByLabel(/From/);
  await from.focus();
  // Each digit of the year makes another day, and the list follows before the next digit.
  for (const [keys, since] of [["02022", "0002"], ["0", "0020"], ["2", "0202"], ["6", "2026"]] as const) {
    await page.keyboard.type(keys);
    await expect(page).toHaveURL(new RegExp(`since=${since}-02-02`));
    await expect(page.locator("tbody tr")).toHaveCount(1);
  }
  await expect(from).toHaveValue("2026-02-02");
  await page.keyboard.press("Tab");
  await page.getByLabel(/\bTo\b/).fill("2026-02-03");
  await expect(page).toHaveURL(/since=2026-02-02.*before=2026-02-03/);
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await expect(from).toHaveValue("2026-02-02");
});

test("without JavaScript days are in UTC, and the field's label says UTC", async ({ server, browser }) => {
  const { page, day } = await find(browser, server, false);
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await expect(page.getByLabel("From (UTC)")).toHaveValue(day);
  const today = new Date().toISOString().slice(0, 10);
  await page.getByLabel("From (UTC)").fill(today);
  await page.getByLabel("To (UTC)").fill(today);
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.locator("tbody tr")).toContainText("UTC");
});
