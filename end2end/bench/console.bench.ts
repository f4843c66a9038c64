// What the console costs its reader: Lighthouse on Active Logins, and from a commit to the screen.
// Run with `make bench`. Bounded in count and time.
import { chromium } from "@playwright/test";
import lighthouse, { type Flags } from "lighthouse";
import config from "../playwright.config.ts";
import { PHONES, expect, live, signIn, test } from "../tests/server.ts";

/** Tabs without a screen, beside the real one. */
const SOCKETS = 199;
/** Logins and log-outs in a second, and for how many seconds. */
const EVENTS_PER_SECOND = 500;
const SECONDS = 10;
/** One login in so many is looked for on the screen. */
const LOOKED_FOR = 25;

test("Lighthouse on Active Logins", async ({ server }) => {
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
  }
  await browser.close();
});

test("from the answer to the screen", async ({ page, server }) => {
  server.apply(`[service_parameters]\n"Multiple Login Behavior" = "Multiple Logins Allowed"\n"Maximum Concurrent Requests" = "1000"\n`);
  await live(page, server);
  const [cookie] = await page.context().cookies();
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => open(server.url, `${cookie!.name}=${cookie!.value}`)));
  // The page tells when each row came.
  await page.evaluate(() => {
    const seen: Record<string, number> = ((window as unknown as { seen: Record<string, number> }).seen = {});
    new MutationObserver((changes) => {
      for (const change of changes)
        for (const node of change.addedNodes) {
          const name = (node as Element).querySelector?.("td.dev a")?.textContent;
          if (name) seen[name] ??= performance.timeOrigin + performance.now();
        }
    }).observe(document.querySelector("table.logins tbody")!, { childList: true });
  });
  const answered = new Map<string, number>();
  const start = performance.now();
  let sent = 0;
  const pending: Promise<void>[] = [];
  const probes = PHONES.slice(40);
  while (sent < EVENTS_PER_SECOND * SECONDS) {
    const due = Math.floor(((performance.now() - start) / 1000) * EVENTS_PER_SECOND);
    for (; sent < Math.min(due, EVENTS_PER_SECOND * SECONDS); sent++) {
      const phone = PHONES[sent % 40]!;
      const probe = sent % LOOKED_FOR === 0 ? probes[sent / LOOKED_FOR] : undefined;
      pending.push(
        probe
          ? server.login("john", probe).then(() => void answered.set(probe, performance.timeOrigin + performance.now()))
          : (Math.floor(sent / 40) % 2 === 0 ? server.login("jane", phone) : server.logout(phone)).then(() => {}),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.all(pending);
  const took = (performance.now() - start) / 1000;
  await expect.poll(() => page.evaluate(() => Object.keys((window as unknown as { seen: object }).seen).length)).toBeGreaterThan(0);
  const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
  const times = [...answered].filter(([phone]) => seen[phone]).map(([phone, at]) => Math.max(0, seen[phone]! - at)).sort((a, b) => a - b);
  const at = (percent: number) => times[Math.floor(((times.length - 1) * percent) / 100)]!.toFixed(0);
  console.log(
    `Answer to screen: ${SOCKETS} sockets and one tab, ${(sent / took).toFixed(0)} requests/s: p50 ${at(50)} ms, p95 ${at(95)} ms (${times.length} of ${answered.size} rows seen)`,
  );
  for (const socket of sockets) socket.close();
});

/** A tab without a screen, which reads what it is sent. */
async function open(url: string, cookie: string): Promise<WebSocket> {
  const { WebSocket: Socket } = await import("ws");
  const address = url.replace("http", "ws") + "live";
  const socket = new Socket(address, { headers: { Cookie: cookie, Origin: url.replace(/\/$/, "") } });
  await new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.send(JSON.stringify({ Resume: { after: 0 } }));
  return socket as unknown as WebSocket;
}
