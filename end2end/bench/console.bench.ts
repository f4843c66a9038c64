// What the console costs its reader: Lighthouse on Active Logins, and from a commit to the screen.
// Run with `make bench`. Bounded in count and time; a target that is missed fails.
import { type Page, chromium } from "@playwright/test";
import lighthouse, { type Flags } from "lighthouse";
import { WebSocket } from "ws";
import config from "../playwright.config.ts";
import { PHONES, expect, live, signIn, test } from "../tests/server.ts";

/** What Lighthouse has to give in each of its categories. */
const SCORE = 95;
/** Tabs without a screen, beside the real one. */
const SOCKETS = 199;
/** Logins and log-outs in a second, and for how many seconds. */
const EVENTS_PER_SECOND = 500;
const SECONDS = 10;
/** So many logins in a second are looked for on the screen. */
const PROBES_PER_SECOND = 10;
/** Phones for these: a login stays for a second before its phone has its turn again. */
const PROBE_PHONES = PHONES.slice(40);
/** From a commit to the screen, at most, for 95 of 100. */
const P95_MS = 250;

test("Lighthouse on Active Logins", async ({ server }) => {
  server.apply(`[service_parameters]\n"Multiple Login Behavior" = "Multiple Logins Allowed"\n`);
  for (const phone of PHONES.slice(0, 40)) await server.login("john", phone);
  const port = 9300 + (process.pid % 500);
  const launch = config.use!.launchOptions!;
  const browser = await chromium.launch({ ...launch, args: [...launch.args!, `--remote-debugging-port=${port}`] });
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, server);
  const [cookie] = await context.cookies();
  await page.close();
  for (const [name, formFactor] of [["desktop", "desktop"], ["phone", "mobile"]] as const) {
    const desktop = formFactor === "desktop";
    const flags: Flags = {
      port,
      output: "json",
      logLevel: "silent",
      onlyCategories: ["performance", "accessibility", "best-practices"],
      formFactor,
      screenEmulation: { mobile: !desktop, width: desktop ? 1350 : 412, height: 900, deviceScaleFactor: 1, disabled: false },
      throttlingMethod: "simulate",
      ...(desktop ? { throttling: { rttMs: 40, throughputKbps: 10_240, cpuSlowdownMultiplier: 1 } } : {}),
      extraHeaders: { Cookie: `${cookie!.name}=${cookie!.value}` },
    } as Flags;
    const result = await lighthouse(server.url, flags);
    const categories = Object.values(result!.lhr.categories);
    console.log(`Lighthouse, ${name}: ${categories.map((one) => `${one.title} ${Math.round(one.score! * 100)}`).join(", ")}`);
    const metrics = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"];
    console.log(`  ${metrics.map((one) => `${one} ${result!.lhr.audits[one]!.displayValue}`).join(", ")}`);
    const failed = Object.values(result!.lhr.audits).filter((one) => one.score !== null && one.score < 0.9 && one.scoreDisplayMode !== "informative");
    if (failed.length > 0) console.log(`  below 90: ${failed.map((one) => one.id).join(", ")}`);
    for (const { title, score } of categories) expect.soft(Math.round(score! * 100), `${name}: ${title}`).toBeGreaterThanOrEqual(SCORE);
  }
  await browser.close();
});

test("from a commit to the screen", async ({ page, server }) => {
  server.apply(`[service_parameters]\n"Multiple Login Behavior" = "Multiple Logins Allowed"\n"Maximum Concurrent Requests" = "1000"\n`);
  await live(page, server);
  const [cookie] = await page.context().cookies();
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => open(server.url, `${cookie!.name}=${cookie!.value}`)));
  const probes = observe(sockets[0]!);
  await watch(page);

  const start = performance.now();
  const pending: Promise<unknown>[] = [];
  const total = EVENTS_PER_SECOND * SECONDS;
  const probeEvery = EVENTS_PER_SECOND / PROBES_PER_SECOND;
  for (let sent = 0; sent < total; ) {
    const due = Math.min(Math.floor(((performance.now() - start) / 1000) * EVENTS_PER_SECOND), total);
    for (; sent < due; sent++) pending.push(request(sent, probeEvery));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(pending);
  const took = (performance.now() - start) / 1000;

  const wanted = PROBES_PER_SECOND * SECONDS;
  await expect.poll(() => probes.size, "the observer hears of every probe").toBe(wanted);
  // A row that is late by more than this is not coming any more.
  const seen = async () => {
    const rows = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
    return [...probes].map(([login, { at, heard }]) => ({ at, heard, shown: rows[login] }));
  };
  await expect
    .poll(async () => (await seen()).filter((one) => one.shown === undefined).length, "every row comes to the screen")
    .toBe(0);
  const rows = await seen();
  const percentiles = (times: number[]) => {
    times.sort((a, b) => a - b);
    return [50, 95].map((percent) => times[Math.floor(((times.length - 1) * percent) / 100)]!);
  };
  const [p50, p95] = percentiles(rows.map((one) => one.shown! - one.at));
  const [heard50, heard95] = percentiles(rows.map((one) => one.heard - one.at));
  console.log(
    `Commit to screen: ${SOCKETS} sockets and one tab, ${(total / took).toFixed(0)} requests/s, ${rows.length} logins: ` +
      `p50 ${p50!.toFixed(0)} ms, p95 ${p95!.toFixed(0)} ms (another socket heard of them after ${heard50!.toFixed(0)} and ${heard95!.toFixed(0)} ms)`,
  );
  expect.soft(total / took, "the load is what it should be").toBeGreaterThan(EVENTS_PER_SECOND * 0.9);
  expect(p95).toBeLessThan(P95_MS);
  for (const socket of sockets) socket.close();

  /** john is looked for: he logs in at a phone and out a second later. jane is the load. */
  function request(number: number, every: number): Promise<unknown> {
    const [turn, place] = [Math.floor(number / every), number % every];
    if (place === 0) return server.login("john", PROBE_PHONES[turn % PROBE_PHONES.length]!);
    const before = turn - PROBES_PER_SECOND;
    if (place === 1 && before >= 0) return server.logout(PROBE_PHONES[before % PROBE_PHONES.length]!);
    const phone = PHONES[number % 40]!;
    return Math.floor(number / 40) % 2 === 0 ? server.login("jane", phone) : server.logout(phone);
  }
});

/**
 * What the server says of john's logins: by identity, when it did them by its own clock, which is
 * this machine's, and when word of it came here. The former is read before the commit.
 */
function observe(socket: WebSocket) {
  const logins = new Map<string, { at: number; heard: number }>();
  socket.on("message", (data) => {
    const heard = Date.now();
    const { Changes } = JSON.parse(String(data));
    for (const { at_ms: at, change } of Changes ?? []) {
      if (change.Began?.user === "john") logins.set(change.Began.id, { at, heard });
    }
  });
  return logins;
}

/** The page tells in which frame each row came. */
async function watch(page: Page) {
  await page.evaluate(() => {
    const seen: Record<string, number> = ((window as unknown as { seen: Record<string, number> }).seen = {});
    new MutationObserver((changes) => {
      const rows = changes.flatMap((change) => [...change.addedNodes]);
      const logins = rows.map((row) => (row as HTMLElement).dataset?.login).filter((login) => login !== undefined);
      requestAnimationFrame(() => {
        for (const login of logins) seen[login] ??= Date.now();
      });
    }).observe(document.querySelector("table.logins tbody")!, { childList: true });
  });
}

/** A tab without a screen, which reads what it is sent. */
async function open(url: string, cookie: string): Promise<WebSocket> {
  const address = url.replace("http", "ws") + "live";
  const socket = new WebSocket(address, { headers: { Cookie: cookie, Origin: url.replace(/\/$/, "") } });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  // A tab that does not answer is dropped.
  socket.on("message", (data) => {
    if (String(data) === '"Beat"') socket.send('"Beat"');
  });
  socket.send(JSON.stringify({ Resume: { after: 0 } }));
  return socket;
}
