// Every page in every state: hydrated, during a job, changed by browser extensions, without its server,
// without its WASM parts, and after a panic. Each page works, and shows only valid data.
import type { BrowserContext, Page } from "@playwright/test";
import { PAGES } from "./pages.ts";
import { by, die, heading, notice, started } from "./program.ts";
import { PHONES, PHONE_1, type Server, complaints, expect, follow, live, signIn, test } from "./server.ts";

const ALL_PAGES_MS = 180_000;

/** Goes to a page, and waits until it is hydrated, with its title and connection. */
async function visit(page: Page, server: Server, { path, title, live }: (typeof PAGES)[number]) {
  await page.goto(server.at(path));
  await expect(heading(page, title)).toBeVisible();
  await started(page);
  if (live) await expect(page.locator(".connection")).toHaveText("live");
}

/** The menu's name of a page in another WASM part. */
const elsewhere = (title: string) =>
  ["Administrators", "Remote Clusters", "Settings"].includes(title) ? "Audit" : "Administrators";

/** The menu leads to another page. */
async function goesOn(page: Page, title: string) {
  await page.getByRole("link", { name: elsewhere(title), exact: true }).first().click();
  await expect(heading(page, elsewhere(title))).toBeVisible();
}

async function filled(server: Server) {
  server.apply(`[cluster]\nlog_outs_per_second = 1\n[service_parameters]\n"Multiple Login Behavior" = "Multiple Logins Allowed"`);
  for (const phone of PHONES.slice(0, 30)) await server.login("john", phone);
  await server.logout(PHONES[29]!);
}

/** A job that takes half a minute. */
async function job(page: Page, server: Server) {
  const preview = await page.request.post(server.at("/call/log-out-preview"), {
    data: { scope: { Matching: { find: "", login_type: null } } },
  });
  const { count, ids } = await preview.json();
  const form = { all: "1", ids: ids.join(","), shown: String(count), count: String(count), reason: "a long job" };
  const begun = await page.request.post(server.at("/call/log-out"), { form });
  expect(await begun.text()).toContain("Begun");
}

test("every unchanged page is hydrated from the server's HTML", async ({ page, server }) => {
  test.setTimeout(ALL_PAGES_MS);
  const heard = complaints(page);
  await filled(server);
  await signIn(page, server);
  for (const one of PAGES) {
    await visit(page, server, one);
    expect.soft(await by(page), one.path).toBe("hydrate");
  }
  expect(heard).toEqual([]);
});

test("every page is loaded while a job runs, and the job is seen on Active Logins", async ({ page, server }) => {
  test.setTimeout(ALL_PAGES_MS);
  const heard = complaints(page);
  await filled(server);
  await live(page, server);
  await job(page, server);
  for (const one of PAGES) {
    await visit(page, server, one);
    expect.soft(await by(page), one.path).toBe("hydrate");
    if (one.path === "/") {
      const running = page.locator("section", { has: page.getByRole("heading", { name: "Logging out now" }) });
      await expect(running).toContainText("“a long job”");
      await page.reload();
      await expect(running).toContainText("of 29 logged out…");
      await expect(page.locator(".connection")).toHaveText("live");
    }
    await goesOn(page, one.title);
  }
  // A change of language reloads the page as well.
  await page.goto(server.url);
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page.locator(".connection")).toHaveText("실시간");
  expect(heard).toEqual([]);
});

/** Changes that browser extensions make to a page before hydration; each runs once the page is parsed. */
const EXTENSIONS: Record<string, () => void> = {
  "an element first in the body": () => document.body.prepend(document.createElement("loom-container")),
  "an element first on the page": () =>
    document.querySelector("main")!.prepend(document.createElement("grammarly-extension")),
  "an element beside each field": () => {
    for (const field of document.querySelectorAll("input:not([type=hidden]):not([type=checkbox])")) {
      field.after(document.createElement("div"));
    }
  },
  "wrapped texts": () => {
    const texts: Text[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) texts.push(walk.currentNode as Text);
    for (const text of texts) {
      if (!text.data.trim() || ["SCRIPT", "STYLE", "OPTION"].includes(text.parentElement!.tagName)) continue;
      const font = document.createElement("font");
      font.append(text.data);
      text.replaceWith(font);
    }
  },
  "no comments": () => {
    const comments: ChildNode[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
    while (walk.nextNode()) comments.push(walk.currentNode as Comment);
    for (const comment of comments) comment.remove();
  },
};

/** Applies a change to each page of a context as soon as it is parsed. */
const changePages = (context: BrowserContext, change: () => void) =>
  context.addInitScript(`document.addEventListener("readystatechange", () => {
    if (document.readyState === "interactive") (${change})();
  });`);

for (const [name, change] of Object.entries(EXTENSIONS)) {
  test(`every page works after a change by an extension: ${name}`, async ({ page, context, server }) => {
    test.setTimeout(ALL_PAGES_MS);
    const heard = complaints(page);
    await filled(server);
    await changePages(context, change);
    // The sign-in page first: its form works after any change.
    await live(page, server);
    for (const one of PAGES) {
      await visit(page, server, one);
      await goesOn(page, one.title);
    }
    await visit(page, server, PAGES[0]!);
    await server.login("jane", PHONES[40]!);
    await expect(page.locator("tbody tr", { hasText: PHONES[40]! })).toContainText("jane");
    await page.getByRole("link", { name: "Log out jane" }).click();
    await expect(page.getByRole("dialog")).toContainText(PHONES[40]!);
    expect(heard).toEqual([]);
  });
}

test("every page recovers from a click while the server is down", async ({ page, server }) => {
  test.setTimeout(ALL_PAGES_MS);
  await filled(server);
  await live(page, server);
  const host = new URL(server.url).host;
  for (const one of PAGES) {
    await visit(page, server, one);
    // Loading has ended, so that the server stops in no request.
    await page.waitForLoadState("networkidle");
    await server.kill();
    if (one.live) await expect(page.locator(".connection")).toHaveText("not connected, trying again…");
    await page.getByRole("link", { name: elsewhere(one.title), exact: true }).first().click();
    await expect(notice(page, "away")).toBeVisible();
    await server.start(host);
    await expect(heading(page, elsewhere(one.title))).toBeVisible();
    await expect(notice(page, "away")).toBeHidden();
    await started(page);
  }
});

test("every page works without the WASM parts of its build", async ({ page, server }) => {
  test.setTimeout(ALL_PAGES_MS);
  await filled(server);
  await live(page, server);
  for (const one of PAGES) {
    await visit(page, server, one);
    await page.route("**/assets/**", (route) => route.fulfill({ status: 404 }));
    await goesOn(page, one.title);
    expect(new URL(page.url()).pathname).not.toBe(new URL(server.at(one.path)).pathname);
    // Without any of its files the page is the server's HTML, and works as such.
    await started(page, "plain");
    await follow(page, "Active Logins");
    await expect(page.locator(".connection")).toHaveText("as of page load");
    await expect(page.locator("tbody tr").first()).toContainText("john");
    await page.unroute("**/assets/**");
  }
});

test("every page recovers from a panic: first mounted again, then without the program", async ({ page, server }) => {
  test.setTimeout(ALL_PAGES_MS);
  await filled(server);
  await live(page, server);
  for (const one of PAGES) {
    await visit(page, server, one);
    await die(page);
    await started(page);
    expect(await by(page)).toBe("mount");
    await expect(heading(page, one.title)).toBeVisible();
    if (one.live) await expect(page.locator(".connection")).toHaveText("live");
    await die(page);
    await started(page, "plain");
    await expect(heading(page, one.title)).toBeVisible();
    await expect(notice(page, "plain")).toBeVisible();
    await expect(page.getByText("live", { exact: true })).toHaveCount(0);
    await goesOn(page, one.title);
    // The notice's link tries the program again.
    await notice(page, "plain").getByRole("link").click();
    await started(page);
    await expect(notice(page, "plain")).toBeHidden();
  }
});

test("a page that panics at hydration is mounted", async ({ page, context, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  // A comment that hydration takes for one of the page's own nodes, since their count matches.
  await context.addInitScript(() => {
    document.addEventListener("readystatechange", () => {
      const app = document.getElementById("app");
      if (document.readyState !== "interactive" || !app) return;
      document.querySelector("main")!.prepend(document.createComment("extension"));
      app.dataset.nodes = String(Number(app.dataset.nodes) + 1);
    });
  });
  await page.goto(server.url);
  await expect(page.locator(".connection")).toHaveText("live");
  expect(await by(page)).toBe("mount");
  await server.login("jane", PHONES[1]!);
  await expect(page.locator("tbody tr")).toHaveCount(2);
});

test("a page replaced by a copy of itself recovers, and is live", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  const loaded = page.waitForRequest((request) => request.isNavigationRequest());
  await page.evaluate(() => {
    document.body.innerHTML += "";
  });
  await loaded;
  await started(page);
  await expect(page.locator(".connection")).toHaveText("live");
  await server.login("jane", PHONES[1]!);
  await expect(page.locator("tbody tr")).toHaveCount(2);
});

/** The effect of a translator on a part of a hydrated page: elements replace each text. */
const translate = (page: Page, part = "#app") =>
  page.evaluate((part) => {
    const texts: Text[] = [];
    const walk = document.createTreeWalker(document.querySelector(part)!, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) texts.push(walk.currentNode as Text);
    for (const text of texts) {
      if (!text.data.trim() || ["OPTION", "TITLE"].includes(text.parentElement!.tagName)) continue;
      const [outer, inner] = [document.createElement("font"), document.createElement("font")];
      inner.append(text.data);
      outer.append(inner);
      text.replaceWith(outer);
    }
  }, part);

test("a translated page goes on without the program once a replaced text changes", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  await translate(page);
  const loaded = page.waitForRequest((request) => request.isNavigationRequest());
  await server.login("jane", PHONES[1]!);
  await loaded;
  await started(page, "plain");
  await expect(notice(page, "plain")).toBeVisible();
  await expect(page.locator("#open-now")).toHaveText("2");
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await expect(page.locator(".connection")).toHaveText("as of page load");
  // Without the translator the program works again.
  await notice(page, "plain").getByRole("link").click();
  await started(page);
  await expect(page.locator(".connection")).toHaveText("live");
});

test("a translated dialog never names other logins than it ends", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  await page.getByRole("searchbox").fill("jane");
  await server.login("jane", PHONES[40]!);
  await server.login("jane", PHONES[41]!);
  await page.getByRole("button", { name: "Log out all 2 that match…" }).click();
  await expect(page.getByRole("dialog").getByRole("listitem")).toHaveCount(2);
  await translate(page, "dialog ul");
  await server.logout(PHONES[40]!);
  await server.login("jane", PHONES[42]!);
  const loaded = page.waitForRequest((request) => request.isNavigationRequest());
  await page.getByRole("button", { name: "Log out 2" }).click();
  // The translated dialog can't show the new names, so the page reloads.
  await loaded;
  await started(page, "plain");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.locator("tbody tr")).toHaveCount(2);
});

test("a sign-in succeeds although its page panics", async ({ page, server }) => {
  await page.goto(server.url);
  await page.getByLabel("Name").fill("kim");
  await page.getByLabel("Password").fill("correct horse");
  await page.evaluate(() => document.querySelector("main form")!.addEventListener("submit", () => {
    for (const one of document.querySelectorAll("main *")) one.append(document.createElement("i"));
  }));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(heading(page, "Active Logins")).toBeVisible();
});

test("a tab of another build shows a notice, reloads once, and sends no mixed request", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  // From here on each tab receives another build's name.
  await page.routeWebSocket("**/live", (socket) => socket.send(JSON.stringify({ Build: "another" })));
  let loads = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) loads += 1;
  });
  await page.reload({ waitUntil: "commit" });
  await expect.poll(() => loads).toBe(2);
  await expect(notice(page, "outdated")).toBeVisible();
  await expect(page.locator(".connection")).toHaveText("not live: new version");
  // The tab does not reload again, and a clicked page is loaded from the server.
  expect(loads).toBe(2);
  await follow(page, "Audit");
  await expect(heading(page, "Audit")).toBeVisible();
  expect(loads).toBe(3);
  const call = (build: string) =>
    page.request.post(server.at("/call/tiles"), { headers: { "sojourn-build": build } });
  expect((await call("another")).status()).toBe(409);
  const build = await page.locator("#app").getAttribute("data-build");
  expect((await call(build!)).status()).toBe(200);
});

test("a dialog refused by another build shows a notice with a link to reload", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  await page.getByRole("link", { name: "Log out john", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await page.route("**/call/log-out", (route) =>
    route.continue({ headers: { ...route.request().headers(), "sojourn-build": "another" } }));
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("There is a new version of this console.");
  const loaded = page.waitForRequest((request) => request.isNavigationRequest());
  await dialog.getByRole("link", { name: "Load it" }).click();
  await loaded;
  await started(page);
  await expect(page.locator("tbody tr")).toHaveCount(1);
});
