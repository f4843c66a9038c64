// The first load of the console, as the browser counts it.
import { PHONES, expect, signIn, test } from "./server.ts";

/** The most bytes that the browser receives until Active Logins is idle, heads of the answers included. */
const BYTES = 300_000;
const REQUESTS = 15;

test("the first load is at most 300 KB in 15 requests", async ({ page, server }) => {
  server.behavior("Multiple Logins Allowed");
  for (const phone of PHONES.slice(0, 50)) await server.login("john", phone);
  await signIn(page, server);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.setCacheDisabled", { cacheDisabled: true });
  const loaded = new Map<string, [url: string, bytes: number]>();
  devtools.on("Network.requestWillBeSent", ({ requestId, request }) => loaded.set(requestId, [request.url, 0]));
  devtools.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    loaded.set(requestId, [loaded.get(requestId)?.[0] ?? "", encodedDataLength]);
  });
  await page.goto(server.url);
  await expect(page.locator(".connection")).toHaveText("live");
  await page.waitForLoadState("networkidle");
  const all = [...loaded.values()].sort(([, one], [, other]) => other - one);
  const bytes = all.reduce((sum, [, bytes]) => sum + bytes, 0);
  console.log(`first load: ${bytes} bytes in ${all.length} requests`);
  expect(bytes, JSON.stringify(all)).toBeLessThanOrEqual(BYTES);
  expect(all.length, JSON.stringify(all)).toBeLessThanOrEqual(REQUESTS);
});
