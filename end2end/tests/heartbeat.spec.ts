// A connection that breaks without a close is noticed on both sides.
import { connect, createServer, type AddressInfo, type Server as Proxy, type Socket } from "node:net";
import WebSocket from "ws";
import { PAGES } from "./pages.ts";
import { PHONE_1, PHONE_2, type Server, expect, live, signIn, test } from "./server.ts";

/** The longest time until either side notices, with a margin for a busy machine, in milliseconds. */
const NOTICED_MS = 20_000;

/** A TCP proxy between browser and server that can drop all bytes without closing a connection. */
class DroppingProxy {
  isDropping = false;
  private readonly sockets = new Set<Socket>();
  private readonly proxy: Proxy;

  constructor(server: Server) {
    const { hostname, port } = new URL(server.url);
    this.proxy = createServer((near) => {
      const far = connect(Number(port), hostname);
      // A connection that once dropped bytes stays silent.
      let isSilent = this.isDropping;
      this.sockets.add(near).add(far);
      const pass = (from: Socket, to: Socket) => {
        from.on("data", (data) => {
          isSilent ||= this.isDropping;
          if (!isSilent) to.write(data);
        });
        from.on("error", () => {});
        from.on("close", () => {
          isSilent ||= this.isDropping;
          if (!isSilent) to.destroy();
        });
      };
      pass(near, far);
      pass(far, near);
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => this.proxy.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  close() {
    for (const socket of this.sockets) socket.destroy();
    this.proxy.close();
  }
}

test("a tab with a silent connection shows the loss, and becomes live again", async ({ page, context, server }) => {
  test.setTimeout(2 * 60_000);
  await server.login("john", PHONE_1);
  const line = new DroppingProxy(server);
  try {
    const direct = server.url;
    server.url = await line.open();
    await live(page, server);
    const pages = [page];
    for (const { path } of PAGES.filter((one) => one.live)) {
      pages.push(await context.newPage());
      await pages.at(-1)!.goto(server.at(path));
    }
    const tabs = pages.map((one) => one.locator(".connection"));
    for (const tab of tabs) await expect(tab).toHaveText("live");
    server.url = direct;
    // The browser's idle connections, kept for later requests, are silent as well.
    line.isDropping = true;
    for (const tab of tabs) {
      await expect(tab).toHaveText("not connected, trying again…", { timeout: NOTICED_MS });
    }
    await server.login("jane", PHONE_2);
    await server.logout(PHONE_1);
    line.isDropping = false;
    for (const tab of tabs) await expect(tab).toHaveText("live", { timeout: NOTICED_MS });
    await expect(page.locator("tbody tr")).toHaveCount(1);
    await expect(page.locator("tbody tr")).toContainText("jane");
    const phone = pages.find((one) => one.url().endsWith(PHONE_1))!;
    await expect(phone.getByText("Nobody is logged in.", { exact: true })).toBeVisible({ timeout: 2 * NOTICED_MS });
    for (const tab of tabs) await expect(tab).toHaveText("live");
  } finally {
    line.close();
  }
});

test("a tab shows that only its websocket fails while requests succeed", async ({ page, server }) => {
  let passes = false;
  await page.routeWebSocket("**/live", (socket) => {
    if (passes) socket.connectToServer();
    else void socket.close();
  });
  await signIn(page, server);
  const state = page.locator(".connection");
  await expect(state).toHaveText("not live: no websocket gets through");
  const host = new URL(server.url).host;
  await server.kill();
  await expect(state).toHaveText("not connected, trying again…");
  await server.start(host);
  await expect(state).toHaveText("not live: no websocket gets through");
  passes = true;
  await expect(state).toHaveText("live");
  await server.login("john", PHONE_1);
  await expect(page.locator("tbody tr")).toContainText("john");
});

/** A websocket as a tab opens it. */
async function socket(cookie: string, server: Server): Promise<[WebSocket, string[]]> {
  const tab = new WebSocket(server.at("/live").replace("http", "ws"), { headers: { cookie } });
  const heard: string[] = [];
  tab.on("message", (message) => heard.push(String(message)));
  await new Promise((done, failed) => tab.once("open", done).once("error", failed));
  return [tab, heard];
}

test("the server sends its build, then heartbeats, and closes a tab's socket that does not answer", async ({ page, context, server }) => {
  await signIn(page, server);
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const [silent, heard] = await socket(cookie, server);
  const [answers] = await socket(cookie, server);
  answers.on("message", (message) => {
    if (String(message) === '"Beat"') answers.send('"Beat"');
  });
  for (const tab of [silent, answers]) tab.send(JSON.stringify({ Resume: { after: 0 } }));
  await expect.poll(() => heard[0]).toBe(JSON.stringify({ Build: await page.locator("#app").getAttribute("data-build") }));
  await expect.poll(() => heard.includes('"Beat"'), { timeout: 8_000 }).toBe(true);
  await expect.poll(() => silent.readyState, { timeout: NOTICED_MS + 5_000 }).toBe(WebSocket.CLOSED);
  expect(answers.readyState).toBe(WebSocket.OPEN);
  answers.terminate();
});
