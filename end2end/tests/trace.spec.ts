// The EM API as an administrator sees it: trace, refusals with advice, and logoutAll.
import { appendFileSync, readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { ADMIN, PHONES, PHONE_1, PHONE_2, type Server, expect, live, signIn, test } from "./server.ts";

const records = (page: Page) => page.locator(".trace li");

async function open(page: Page, server: Server, path = "/trace") {
  await signIn(page, server);
  await page.goto(server.at(path));
  await expect(page.getByRole("heading", { name: "Trace" })).toBeVisible();
}

test("the trace is followed as it grows, and stays unchanged with Follow off", async ({ page, server }) => {
  await page.clock.install();
  await server.login("john", PHONE_1);
  await open(page, server);
  await expect(records(page).filter({ hasText: "Login Successful" })).toHaveCount(1);
  const follow = page.getByRole("button", { name: "Follow" });
  await expect(follow).toHaveAttribute("aria-pressed", "true");
  // The server does not send an unchanged trace again.
  const anew = await page.waitForResponse((answer) => answer.url().endsWith("/call/trace-anew"));
  expect(await anew.json()).toBeNull();
  await server.logout(PHONE_1);
  await expect(records(page).filter({ hasText: "Logout Successful" })).toHaveCount(1);
  // The last record is visible.
  await expect(records(page).last()).toBeInViewport();
  await follow.click();
  await expect(follow).toHaveAttribute("aria-pressed", "false");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await server.login("john", PHONE_2);
  await page.clock.runFor(10_000);
  // This request is sent after all requests of the page.
  await page.evaluate(() => fetch("/healthz").then((answer) => answer.text()));
  expect(asked).toEqual(["/healthz"]);
  await expect(records(page).filter({ hasText: "Login Successful" })).toHaveCount(1);
  // A new search does not turn Follow on.
  await page.getByRole("searchbox").fill("SEP");
  await page.clock.runFor(1_000);
  await expect(page).toHaveURL(/find=SEP/);
  await expect(records(page).filter({ hasText: "Login Successful" })).toHaveCount(2);
  await expect(follow).toHaveAttribute("aria-pressed", "false");
  await follow.click();
  await server.logout(PHONE_2);
  await page.clock.runFor(2_000);
  await expect(records(page).filter({ hasText: "Logout Successful" })).toHaveCount(2);
});

test("the scroll position stays while the trace grows", async ({ page, server }) => {
  for (const phone of PHONES.slice(0, 10)) await server.login("jane", phone);
  await open(page, server);
  const list = page.getByRole("region", { name: "Trace" });
  await expect(records(page).last()).toBeInViewport();
  await list.evaluate((list) => list.scrollTo(0, 0));
  await server.login("john", PHONES[10]!);
  await expect(records(page).filter({ hasText: "john" }).first()).toBeAttached();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await list.evaluate((list) => list.scrollTop)).toBe(0);
});

test("a failed read of the trace shows an alert until the next success", async ({ page, server }) => {
  await open(page, server);
  await page.route("**/call/**", (route) => route.abort());
  await expect(page.getByRole("alert")).toBeVisible();
  await page.unroute("**/call/**");
  await expect(page.getByRole("alert")).toHaveCount(0);
  server.admin(["set-password", ADMIN.name], `${ADMIN.password}\n`);
  await expect(page).toHaveURL(/\/sign-in/);
});

test("the trace is filtered by request, phone, user and level, in the URL", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await server.login("jane", PHONES[2]!);
  await open(page, server);
  await page.getByLabel("Request").fill("2");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page).toHaveURL(/request=2/);
  await expect(records(page).filter({ hasText: `Dev: ${PHONE_2}- Error# 25` })).toHaveCount(1);
  await expect(records(page).filter({ hasText: PHONE_1 })).toHaveCount(0);
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(page.getByLabel("Request")).toHaveValue("");
  await page.getByRole("searchbox").fill("JANE");
  await page.getByRole("searchbox").press("Enter");
  // All records of the request that names jane, also those without a name.
  await expect(records(page).filter({ hasText: "3:Finished Parsing XML request" })).toHaveCount(1);
  await expect(records(page).filter({ hasText: "john" })).toHaveCount(0);
  await page.goto(server.at("/trace?level=ERROR"));
  await expect(records(page)).toHaveCount(1);
  await page.goto(server.at("/trace?find=nobody+like+that"));
  await expect(page.getByText("The trace has nothing like that.")).toBeVisible();
});

test("the trace and the URL follow the typed search", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.login("jane", PHONE_2);
  await open(page, server);
  await expect(records(page).filter({ hasText: "john" }).first()).toBeAttached();
  await page.getByRole("searchbox").fill("jane");
  await expect(page).toHaveURL(/find=jane/);
  await expect(records(page).filter({ hasText: "john" })).toHaveCount(0);
  await expect(records(page).filter({ hasText: "jane" }).first()).toBeAttached();
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.getByLabel("Request").pressSequentially("2a");
  await expect(page).toHaveURL(/request=2$/);
  await expect(page.getByLabel("Request")).toHaveValue("2");
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page.getByRole("searchbox")).toHaveValue("jane");
});

test("a search typed while a WASM part loads is carried out", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await signIn(page, server);
  let arrive = () => {};
  const arrives = new Promise<void>((done) => (arrive = done));
  await page.route("**/split_*.wasm", async (route) => {
    await arrives;
    await route.continue();
  });
  const asked = page.waitForRequest("**/split_*.wasm");
  await page.goto(server.at("/trace"), { waitUntil: "commit" });
  await asked;
  await page.getByLabel("Request").fill("1");
  arrive();
  await expect(page).toHaveURL(/request=1/);
  await expect(page.getByLabel("Request")).toHaveValue("1");
});

test("the trace is downloaded whole, without a secret", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await open(page, server);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  const file = await (await downloading).path();
  const text = readFileSync(file, "utf8");
  expect(text).toContain("----- Begin Service Parameters -----");
  expect(text).toContain("<appCertificate>***</appCertificate>");
  expect(text).not.toContain("<appCertificate>emproxy");
});

test("a trace longer than the search's bound shows the bound", async ({ page, server }) => {
  const line = `2019-01-26 10:54:45,661 INFO  [http-bio-8080-exec-1] EMServiceServlet          - 1:Executing Logout for device=${PHONE_1}\n`;
  // More than the 16 MiB that a search reads.
  appendFileSync(`${server.data}/trace/emservice.log`, line.repeat(170_000));
  await open(page, server, "/trace?find=nobody");
  await expect(page.getByText("The trace has nothing like that.")).toBeVisible();
  const since = page.getByText("Looked through from 2019-01-26 10:54:45,661 on. What is older is in the download.");
  await expect(since).toBeVisible();
});

test("the trace needs a session", async ({ server, request }) => {
  const trace = await request.get(server.at("/trace/emservice.log"), { maxRedirects: 0 });
  expect(trace.status()).toBe(401);
  const page = await request.post(server.at("/call/trace"), { data: { query: { log: "emservice", request: null, find: "", level: null } } });
  expect(await page.text()).toContain("SignedOut");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the trace is read and filtered", async ({ page, server }) => {
    await server.login("john", PHONE_1);
    await open(page, server);
    await expect(records(page).filter({ hasText: "Login Successful" })).toHaveCount(1);
    await expect(page.getByRole("button", { name: "Follow" })).toBeHidden();
    await page.getByLabel("At least").selectOption("ERROR");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByText("The trace has nothing like that.")).toBeVisible();
  });
});

test("a refusal in the feed leads to its reason, to what to do, and to its trace", async ({ page, server }) => {
  await live(page, server);
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  const refused = page.locator(".feed .refused");
  await expect(refused).toContainText("User logged in elsewhere");
  await refused.getByRole("link", { name: "john" }).click();
  await expect(page).toHaveURL(/refusals\?find=john/);
  const row = page.locator("tbody tr");
  await expect(row).toHaveCount(1);
  await expect(row).toContainText(`was logged in at ${PHONE_1}`);
  await expect(row).toContainText("change Multiple Login Behavior");
  await row.getByRole("link", { name: `Trace of ${PHONE_2}` }).click();
  await expect(page).toHaveURL(/trace\?find=/);
  await expect(records(page).filter({ hasText: PHONE_2 }).first()).toBeVisible();
});

test("a client's wrong password is a refusal in the feed", async ({ page, server }) => {
  await live(page, server);
  await server.post(`<request><appInfo><appID>emproxy</appID><appCertificate>wrong</appCertificate></appInfo><login><deviceName>${PHONE_1}</deviceName><userID>john</userID></login></request>`);
  await expect(page.locator(".feed .refused")).toContainText("Invalid App User");
  await page.getByRole("link", { name: "Refusals" }).click();
  await expect(page.locator("tbody tr")).toContainText("The client's id or password is wrong.");
});

test("every refusal is shown with client and count", async ({ page, server }) => {
  await live(page, server);
  const item = (text: string) => page.locator(".feed li.refused").filter({ hasText: text });
  await server.logout(PHONE_1);
  await expect(item("No user logged in")).toContainText(`${PHONE_1} refused, error 19`);
  await expect(item("No user logged in")).toContainText("emproxy · 127.0.0.1");
  let posted = 0;
  const post = async () => {
    posted++;
    await server.post("<request>");
  };
  for (let time = 0; time < 4; time++) await post();
  await expect(item("Error on parsing").first()).toContainText("127.0.0.1 refused, error 1");
  // One event stands for several refusals; in the end each one is counted.
  await expect(async () => {
    await post();
    await expect(item("Error on parsing").first()).toContainText(/refused ([4-9]|\d\d+) times, error 1/, { timeout: 100 });
  }).toPass();
  await expect(page.locator("#refused")).toContainText(`${posted} × code 1`, { timeout: 20_000 });
  await page.reload();
  await expect(page.locator("#refused")).toContainText(`${posted} × code 1`);
});

test("a logoutAll job is shown, and can be stopped", async ({ page, server }) => {
  server.behavior("Multiple Logins Allowed");
  server.apply("[cluster]\nlog_outs_per_second = 5\n");
  for (const phone of PHONES) await server.login("john", phone);
  await live(page, server);
  expect(await server.em("<logoutAll/>")).toContain("<success/>");
  await page.getByRole("button", { name: "Stop" }).first().click();
  await expect(page.getByRole("button", { name: "Stop" })).toHaveCount(0);
  const left = Number(await page.locator("#open-now").textContent());
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(PHONES.length);
  await page.goto(server.at("/audit?find=log_outs"));
  await expect(page.locator("tbody tr", { hasText: "Stopped logging out" })).toContainText(`of ${PHONES.length} ended`);
  await expect(page.locator("tbody tr", { hasText: "Began to log out" })).toContainText("emproxy");
});

test("below release 12.5 the behavior has its old name everywhere", async ({ page, server }) => {
  const old = "Intra-cluster Multiple Login Behavior";
  server.apply(`[cluster]\nrelease = "12.0"\n[service_parameters]\n"${old}" = "Auto Logout"\n`);
  await signIn(page, server);
  for (const path of ["/service-parameters", "/service-parameters/all-servers", "/service-parameters/modified", "/service-parameters/history"]) {
    await page.goto(server.at(path));
    await expect(page.getByText(old, { exact: true }).first()).toBeVisible();
    await expect(page.getByText("Multiple Login Behavior", { exact: true })).toHaveCount(0);
  }
});
