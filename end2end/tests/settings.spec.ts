// Settings: the retention, the pace of log-outs, and the settings of the program.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { started } from "./program.ts";
import { PHONE_1, PHONE_2, Server, expect, follow, signIn, signInAs, test } from "./server.ts";
import { accessible, fits } from "./walk.ts";

const status = (page: Page) => page.locator("#status");
const question = (page: Page) => page.getByRole("group", { name: "Delete these rows?" });
const section = (page: Page, title: string) =>
  page.locator("section", { has: page.getByRole("heading", { name: title, exact: true }) });
const field = (page: Page, name: string) => section(page, "Retention").getByLabel(name, { exact: true });
const press = (page: Page, name: string) =>
  section(page, "Retention").getByRole("button", { name, exact: true }).click();

/** A login that ended these days ago. */
async function ended(server: Server, user: string, phone: string, days: number) {
  await server.login(user, phone);
  await server.logout(phone);
  const ms = days * 24 * 3_600_000;
  const earlier = `UPDATE logins SET from_ms = from_ms - ${ms}, ended_ms = ended_ms - ${ms} WHERE user = '${user}'`;
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", join(server.data, "sojourn.db"), earlier]);
}

/** The page, hydrated. */
async function settings(page: Page, server: Server) {
  await signIn(page, server);
  await page.goto(server.at("/settings"));
  await started(page);
}

/** The line below Login History, as the server has it now. */
const kept = async (page: Page, server: Server) => {
  const history = await (await page.request.get(server.at("/login-history"))).text();
  return /Kept for (\d+) days/.exec(history)?.[1];
};

test("what a shorter period deletes is counted, and deleted only once that was confirmed", async ({ page, server }) => {
  await ended(server, "john", PHONE_1, 40);
  await ended(server, "jane", PHONE_2, 25);
  await settings(page, server);
  await expect(section(page, "Retention")).toContainText("Every 10 minutes");
  await field(page, "Ended logins").fill("30");
  await press(page, "Save");
  await expect(question(page)).toBeFocused();
  await expect(question(page).getByRole("listitem")).toHaveText(/^Ended logins · 365 → 30 days · deletes 1, the oldest of \d{4}-/);
  await expect(status(page)).toHaveText("Not saved yet: look at what a shorter period deletes.");
  await accessible(page, "what a shorter period deletes");
  await fits(page);
  expect(await kept(page, server)).toBe("365");

  // A save of other values than those that were confirmed asks again.
  await field(page, "Ended logins").fill("20");
  await press(page, "Delete and save");
  await expect(question(page).getByRole("listitem")).toContainText("365 → 20 days · deletes 2,");
  await expect(field(page, "Ended logins")).toHaveValue("20");
  expect(await kept(page, server)).toBe("365");

  await press(page, "Delete and save");
  await expect(status(page)).toHaveText("Retention was saved.");
  await expect(status(page)).toBeFocused();
  await expect(question(page)).toHaveCount(0);
  await expect(field(page, "Ended logins")).toHaveValue("20");
  expect(await kept(page, server)).toBe("20");
  await follow(page, "Audit");
  const line = page.locator("tbody tr", { hasText: "history_days" });
  await expect(line).toContainText("365 → 20");
  await expect(line).toContainText("kim");
});

test("a shorter period that deletes nothing asks too, and cancelling keeps the period", async ({ page, server }) => {
  await settings(page, server);
  await field(page, "Audit").fill("100");
  await field(page, "Refusals").fill("10");
  await press(page, "Save");
  await expect(question(page).getByRole("listitem")).toHaveText([
    "Audit · 730 → 100 days · deletes nothing now",
    "Refusals · 90 → 10 days · deletes nothing now",
  ]);
  await press(page, "Cancel");
  await expect(status(page)).toHaveText("Nothing was changed.");
  await expect(question(page)).toHaveCount(0);
  await expect(field(page, "Audit")).toHaveValue("730");
  await expect(field(page, "Refusals")).toHaveValue("90");
  await page.reload();
  await expect(field(page, "Audit")).toHaveValue("730");
});

test("a longer period and the pace of log-outs are saved at once", async ({ page, server }) => {
  await settings(page, server);
  await field(page, "Ended logins").fill("400");
  await field(page, "Ended logins").press("Enter");
  await expect(status(page)).toHaveText("Retention was saved.");
  const pace = section(page, "Pace of log-outs");
  await pace.getByLabel("Log-outs a second").fill("20");
  await pace.getByRole("button", { name: "Save" }).click();
  await expect(status(page)).toHaveText("The pace of log-outs was saved.");
  await page.reload();
  await expect(field(page, "Ended logins")).toHaveValue("400");
  await expect(pace.getByLabel("Log-outs a second")).toHaveValue("20");
});

test("saving one retention keeps another administrator's change of a second one", async ({ page, server }) => {
  await settings(page, server);
  server.apply("[cluster]\nhistory_days = 100\n");
  await field(page, "Events").fill("31");
  await press(page, "Save");
  await expect(status(page)).toHaveText("Retention was saved.");
  await expect(field(page, "Events")).toHaveValue("31");
  await expect(field(page, "Ended logins")).toHaveValue("100");
});

test("a viewer sees the retention, and neither a form nor the settings of the program", async ({ page, server }) => {
  server.admin(["add", "vera", "--role", "viewer"], "correct horse\n");
  await signInAs(page, server, "vera", "correct horse");
  await follow(page, "Settings");
  await expect(page.getByRole("row", { name: /^Ended logins 365/ })).toBeVisible();
  await expect(section(page, "Pace of log-outs")).toContainText("Log-outs a second: 100");
  await expect(page.locator("main form:not(.related, [action=\"/zone\"])")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Settings of the program" })).toHaveCount(0);
  await accessible(page);
  for (const [intent, form] of [
    ["delete", { "days[history]": "1", "days[audit]": "1", "days[events]": "1", "days[refusals]": "1" }],
    ["pace", { log_outs_per_second: "1" }],
  ] as const) {
    const tried = await page.request.post(server.at("/call/save-settings"), { form: { intent, ...form } });
    expect(await tried.text()).toContain("NotAllowed");
  }
  const read = await page.request.post(server.at("/call/settings"), { form: {} });
  expect((await read.json()).program).toBeNull();
  await page.goto(server.at("/login-history"));
  await expect(page.getByText("Kept for 365 days.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Change" })).toHaveCount(0);
});

test("the lists lead to Settings, and so does a key", async ({ page, server }) => {
  await signIn(page, server);
  for (const [path, days] of [["/login-history", 365], ["/audit", 730], ["/refusals", 90]] as const) {
    await page.goto(server.at(path));
    const foot = page.locator("p.foot", { hasText: `Kept for ${days} days.` });
    await foot.getByRole("link", { name: "Change" }).click();
    await expect(page).toHaveURL(/\/settings$/);
  }
  await page.goto(server.at("/audit"));
  await started(page);
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("administrators see the settings of the program, where each was set, and no secret", async ({ page }) => {
  const server = new Server();
  try {
    server.apply(`[site]\npush_user = "phonepush"\npush_password = "s3cret-push"\n`);
    const file = join(server.data, "sojourn.toml");
    writeFileSync(file, `trace_files = 3\ntrusted_proxies = ["192.0.2.0/24"]\n`);
    await server.start("127.0.0.1:0", ["--trace-file-mib", "7"]);
    await settings(page, server);
    const program = section(page, "Settings of the program");
    const row = (name: string) => program.locator("tr", { has: page.locator("b", { hasText: new RegExp(`^${name}$`) }) });
    await expect(row("trace_file_mib").getByRole("cell").nth(1)).toHaveText("7");
    await expect(row("trace_file_mib").getByRole("cell").nth(2)).toHaveText("Flag --trace-file-mib");
    await expect(row("trace_file_mib")).toContainText("The size at which a file of the trace is rotated, in MiB");
    await expect(row("trace_files").getByRole("cell").nth(1)).toHaveText("3");
    await expect(row("trace_files").getByRole("cell").nth(2)).toHaveText(`File ${file}`);
    await expect(row("trusted_proxies").getByRole("cell").nth(1)).toHaveText("192.0.2.0/24");
    await expect(row("trace_level").getByRole("cell").nth(2)).toHaveText("Default");
    await expect(row("public_url").getByRole("cell").nth(1)).toHaveText("not set");
    expect(await page.content()).not.toContain("s3cret");
    await accessible(page);
    await page.setViewportSize({ width: 360, height: 900 });
    await fits(page);
  } finally {
    await server.remove();
  }
});

/** No reader's browser is in this zone: it is 14 hours ahead of UTC. */
const ZONE = "Pacific/Kiritimati";

/** The time that a page shows first, and the time that it has to show in `ZONE`. */
async function shownAndZoned(page: Page) {
  const time = page.locator("main td time").first();
  const moment = new Date((await time.getAttribute("datetime"))!);
  const zoned = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "medium" });
  const [now, text] = [zoned.format(new Date()), zoned.format(moment)];
  return [await time.textContent(), now.slice(0, 10) === text.slice(0, 10) ? text.slice(11) : text];
}

async function choose(page: Page, zone: string) {
  await section(page, "Time zone").getByLabel("Show times of").selectOption(zone);
  await section(page, "Time zone").getByRole("button", { name: "Show" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-zone", zone);
}

test("times and days are those of the chosen zone, until the browser's own is chosen", async ({ page, server }) => {
  await ended(server, "john", PHONE_1, 3);
  await settings(page, server);
  await choose(page, ZONE);
  await expect(section(page, "Time zone").getByLabel("Show times of")).toHaveValue(ZONE);
  await follow(page, "Login History");
  await expect(async () => {
    const [shown, zoned] = await shownAndZoned(page);
    expect(shown).toBe(zoned);
  }).toPass();
  await page.getByLabel("From", { exact: true }).fill("2026-01-01");
  await expect(page.locator("[name=since_zone]")).toHaveValue("840");
  await page.locator(".brand").getByRole("link", { name: ZONE }).click();
  await started(page);
  await section(page, "Time zone").getByLabel("Show times of").selectOption({ label: "This browser" });
  await section(page, "Time zone").getByRole("button", { name: "Show" }).click();
  await expect(page.locator("html:not([data-zone])")).toBeVisible();
  await expect(page.locator(".brand").getByRole("link", { name: ZONE })).toHaveCount(0);
  // A zone that does not exist counts as none.
  await page.request.post(server.at("/zone"), { form: { zone: "Mars/Olympus" }, maxRedirects: 0 });
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("sojourn-zone");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("times are those of the chosen zone", async ({ page, server }) => {
    await ended(server, "john", PHONE_1, 3);
    await signIn(page, server);
    await page.goto(server.at("/settings"));
    await choose(page, ZONE);
    await page.goto(server.at("/login-history"));
    const [shown, zoned] = await shownAndZoned(page);
    expect(shown).toBe(zoned);
  });

  test("a shorter period is counted, cancelled, and confirmed", async ({ page, server }) => {
    await ended(server, "john", PHONE_1, 40);
    await signIn(page, server);
    await follow(page, "Settings");
    await field(page, "Ended logins").fill("30");
    await field(page, "Events").fill("31");
    await press(page, "Save");
    await expect(page).toHaveURL(/\/settings\??$/);
    await expect(question(page)).toContainText("365 → 30 days · deletes 1, the oldest of");
    await expect(field(page, "Ended logins")).toHaveValue("30");
    await expect(field(page, "Events")).toHaveValue("31");
    await press(page, "Cancel");
    await expect(status(page)).toHaveText("Nothing was changed.");
    await expect(field(page, "Ended logins")).toHaveValue("365");
    await field(page, "Ended logins").fill("30");
    await press(page, "Save");
    await press(page, "Delete and save");
    await expect(status(page)).toHaveText("Retention was saved.");
    await expect(field(page, "Ended logins")).toHaveValue("30");
    await page.reload();
    await expect(status(page)).toHaveCount(0);
    await expect(field(page, "Ended logins")).toHaveValue("30");
    // The server checks what a browser would not send.
    const form = { intent: "retention", "days[history]": "30", "days[audit]": "0", "days[events]": "30", "days[refusals]": "90" };
    const wrong = await page.request.post(server.at("/call/save-settings"), { form });
    expect(await wrong.text()).toContain("WrongDays");
  });
});
