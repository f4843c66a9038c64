// Phones in the console.
import { PHONE_1, expect, live, signIn, signInAs, test } from "./server.ts";

const emapp = (url: string, query: string) => new URL(`/emapp/EMAppServlet?${query}`, url).href;

test("a locked user is shown in the audit, and an operator ends the lock", async ({ page, server }) => {
  const guess = async (pin: string) =>
    (await fetch(emapp(server.url, `device=${PHONE_1}&userid=john&seq=${pin}`))).text();
  for (let time = 0; time < 5; time += 1) expect(await guess("99999")).toContain("(201)");
  expect(await guess("12345"), "locked").toContain("(201)");

  server.admin(["add", "vera", "--role", "viewer"], "correct horse\n");
  await signInAs(page, server, "vera", "correct horse");
  await page.goto(server.at("/audit"));
  const locks = page.getByRole("region", { name: "Locked now" });
  await expect(locks.getByRole("row", { name: /john/ })).toContainText("127.0.0.1");
  await expect(locks.getByRole("button")).toHaveCount(0);
  await page.getByRole("button", { name: "Sign out" }).click();

  await signIn(page, server);
  await page.goto(server.at("/audit"));
  await locks.getByRole("button", { name: "End lock john" }).click();
  await expect(page.locator("tbody tr").filter({ hasText: "Ended a lock" })).toContainText("kim");
  await expect(locks).toHaveCount(0);
  expect(await guess("12345")).toContain("Login successful");
});

test("a phone's page names the entries without a button on its model", async ({ page, server }) => {
  const lines = [1, 2, 3, 4, 5].map((line) => `{ dn = "200${line}", label = "Line ${line}" }`);
  server.apply(`
[[phones]]
name = "SEP7841"
model = "Cisco 7841"
extension_mobility = true
[[device_profiles]]
name = "wide"
model = "Cisco 8861"
lines = [${lines.join(", ")}]
[[users]]
id = "john"
profiles = ["wide"]
`);
  const answer = await fetch(emapp(server.url, "device=SEP7841&userid=john&seq=12345"));
  expect(await answer.text()).toContain("Login successful");
  await signIn(page, server);
  await page.goto(server.at("/phones/SEP7841"));
  await expect(page.getByRole("main")).toContainText("No button for 2005");
});

test("a phone's page tells when its user is logged out without a request", async ({ page, server }) => {
  const fact = page.locator("dt", { hasText: "Automatic log-out" }).locator("+ dd");
  await signIn(page, server);
  await page.goto(server.at(`/phones/${PHONE_1}`));
  await expect(fact).toHaveText("Only when the time of the login is up");
  server.apply(`
[site]
time_zone = "Asia/Seoul"
[cluster]
log_out_at = "22:00"
idle_minutes = 30
`);
  await expect(fact).toHaveText("22:00 (Asia/Seoul), 30 min without use, once the phone has an address");
  server.apply(`[[phones]]\nname = "${PHONE_1}"\nlog_out_at = "never"\n`);
  await expect(fact).toHaveText("30 min without use, once the phone has an address");
  server.apply(`[[phones]]\nname = "${PHONE_1}"\naddress = "192.0.2.10"\n`);
  await expect(fact).toHaveText("30 min without use");
});

test("the trace of the application is a trace of its own", async ({ page, server }) => {
  await fetch(emapp(server.url, `device=${PHONE_1}`));
  await live(page, server);
  await page.goto(server.at("/trace"));
  await expect(page.locator(".trace li").filter({ hasText: "Querying device user" })).toBeVisible();
  await page.locator("select[name=log]").selectOption("Application (phones)");
  await expect(page).toHaveURL(/log=emapp/);
  await expect(page.locator(".trace li").filter({ hasText: "Sent login page for device" })).toBeVisible();
  const download = page.getByRole("link", { name: "Download" });
  const file = await Promise.all([page.waitForEvent("download"), download.click()]);
  expect(file[0].suggestedFilename()).toBe("emapp.log");
});
