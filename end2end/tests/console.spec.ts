// Signing in, languages, keyboard, and requests without a session.
import { ADMIN, PHONES, PHONE_1, complaints, expect, live, signIn, test } from "./server.ts";
import { accessible } from "./walk.ts";

test("a wrong password is refused with a text, a right one signs in, and signing out works", async ({ page, server }) => {
  const heard = complaints(page);
  await page.goto(server.url);
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.getByLabel("Name").fill(ADMIN.name);
  await page.getByLabel("Password").fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
  await expect(page.getByLabel("Name")).toHaveValue(ADMIN.name);
  await accessible(page);
  await page.getByLabel("Password").fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Active Logins" })).toBeVisible();
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "__Host-sojourn-seoul", httpOnly: true, secure: true, sameSite: "Lax" });
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto(server.url);
  await expect(page).toHaveURL(/\/sign-in$/);
  expect(heard).toEqual([]);
});

test("signing out ends other tabs", async ({ page, context, server }) => {
  await live(page, server);
  const other = await context.newPage();
  await other.goto(server.url);
  await expect(other.locator(".connection")).toHaveText("live");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(other).toHaveURL(/\/sign-in$/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("signing in, reading, finding and the language work", async ({ page, server }) => {
    await server.login("john", PHONE_1);
    await page.goto(server.url);
    await page.getByLabel("Name").fill(ADMIN.name);
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe("/sign-in");
    await page.reload();
    await expect(page.getByRole("alert")).toHaveCount(0);
    await signIn(page, server);
    await expect(page.locator("tbody tr")).toContainText("john");
    await expect(page.locator(".connection")).toHaveText("as of page load");
    await page.getByRole("searchbox").fill("nobody like that");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByText("No login matches “nobody like that”")).toBeVisible();
    await page.getByRole("button", { name: "한국어" }).click();
    await expect(page.getByRole("heading", { name: "현재 로그인" })).toBeVisible();
    expect(page.url()).toMatch(/find=nobody/);
    await page.getByRole("button", { name: "접속 종료" }).click();
    await expect(page.getByRole("heading", { name: "관리자 접속" })).toBeVisible();
  });
});

test("unknown pages, phones and jobs are answered with 404", async ({ page, server }) => {
  await signIn(page, server);
  const job = "/jobs/00000000-0000-4000-8000-000000000000";
  for (const path of ["/no/such/page", "/phones/SEPNONE", "/users/nobody", job]) {
    expect((await page.goto(server.at(path)))?.status(), path).toBe(404);
  }
  expect((await page.goto(server.at(`/phones/${PHONE_1}`)))?.status()).toBe(200);
});

test("each Related Link leads to the page of its name", async ({ page, server }) => {
  await live(page, server);
  for (const name of ["Login History", "Audit", "Parameter History", "Modified Parameters"]) {
    await page.getByLabel("Related Links").selectOption(name);
    await page.getByRole("button", { name: "Go", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  }
  const away = await page.request.get(server.at("/related?to=https://evil.example/"), { maxRedirects: 0 });
  expect(away.headers().location).toBe("/");
});

/** Words that are the same in every language: names, and data. */
const NAMES = [
  ...["Sojourn", "English", "Cisco", "Extension", "Mobility", "Active", "Voice", "Video", "EMCC", "API", "UTC", "CSV"],
  ...["SEP", "john", "desk", "seoul", "kim", "emproxy", "Tab", "Esc", "Space", "PIN", "HHH", "zzz"],
  // The words of a command.
  ...["sojourn", "admin", "add", "apply"],
  // The trace's level names.
  ...["DEBUG", "INFO", "WARN", "ERROR"],
];
const PAGES = [
  ...["/", "/?find=zzz", `/phones/${PHONE_1}`, `/phones/${PHONES[9]}`, "/phones/SEPNONE", "/users/john", "/log-out", "/log-out?all=1"],
  ...["/login-history", "/login-history?find=zzz", "/audit", "/audit?find=zzz", "/refusals", "/trace?find=zzz", "/administrators", "/no/such/page"],
  ...["/directory/users?find=john", "/directory/phones", "/directory/device-profiles"],
  "/directory/application-users?only=no_proxy",
  ...["/service-parameters", "/service-parameters?advanced=1", "/service-parameters/all-servers"],
  ...["/service-parameters/modified", "/service-parameters/history", "/sign-in"],
];

test("every page is completely in Korean, and declares the language", async ({ page, server }) => {
  test.setTimeout(120_000);
  const heard = complaints(page);
  server.behavior("Auto Logout");
  for (const phone of [PHONES[9]!, PHONE_1]) await server.login("john", phone);
  await live(page, server);
  // Parameter names and values are the same in every language.
  await page.goto(server.at("/service-parameters/all-servers"));
  const parameters = (await page.locator("tbody").innerText()).match(/[A-Za-z]{3,}/g)!;
  const known = new Set([...NAMES, ...parameters, "Not", "Allowed", "Auto", "Logout", "Logins", "True", "False"]);
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "모든 서버의 매개변수" })).toBeVisible();
  await page.goto(server.url);
  await expect(page.locator(".connection")).toHaveText("실시간");
  await accessible(page);
  for (const path of PAGES) {
    if (path === "/sign-in") {
      await page.getByRole("button", { name: "접속 종료" }).click();
      await expect(page).toHaveURL(/sign-in/);
    }
    await page.goto(server.at(path));
    await expect(page.locator("html")).toHaveAttribute("lang", "ko");
    const words = await page.evaluate(() => {
      // The audit shows stored texts: the name of an action is not translated. The texts of errors are the original's.
      const written = "script, style, kbd, table.audit td:nth-child(n + 4), table.refusals td.why, select[name=code]";
      const said = [document.title];
      for (const one of document.querySelectorAll("[aria-label], [placeholder], [title]"))
        for (const name of ["aria-label", "placeholder", "title"]) said.push(one.getAttribute(name) ?? "");
      // Hidden texts count too: dialogs and help are in the page before they open.
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode())
        if (!texts.currentNode.parentElement!.closest(written)) said.push(texts.currentNode.nodeValue!);
      return said.join("\n").match(/[A-Za-z]{3,}/g) ?? [];
    });
    const foreign = words.filter((word) => !known.has(word));
    expect.soft([...new Set(foreign)], `untranslated: ${path}`).toEqual([]);
  }
  expect(heard.filter((line) => !line.includes("404"))).toEqual([]);
});

test("the keyboard reaches every control, and first the link to the content", async ({ page, server }) => {
  await live(page, server);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Related Links")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.locator("#refused").getByRole("link")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("requests without a session or from another site are refused", async ({ server, request }) => {
  const logins = await request.post(server.at("/call/active-logins"), {
    data: { query: "/" },
  });
  expect(logins.status()).toBe(401);
  expect(await logins.text()).toContain("SignedOut");
  const crossSite = await request.post(server.at("/call/sign-out"), { headers: { "Sec-Fetch-Site": "cross-site" } });
  expect(crossSite.status()).toBe(403);
  const rebound = await request.get(server.at("/sign-in"), { headers: { Host: "evil.example" }, maxRedirects: 0 });
  expect(rebound.status()).toBe(307);
  const page = await request.get(server.at("/sign-in"), { headers: { "Accept-Encoding": "gzip" } });
  expect(page.headers()["content-encoding"]).toBe("gzip");
  const policy = page.headers()["content-security-policy"]!;
  expect(policy).toMatch(/script-src 'nonce-[^']+' 'strict-dynamic' 'wasm-unsafe-eval'/);
  expect(policy).not.toContain("unsafe-inline");
  const style = /href="([^"]+\.css)"/.exec(await page.text())![1]!;
  const asset = await request.get(server.at(style));
  expect(asset.headers()["x-content-type-options"]).toBe("nosniff");
  const missing = await request.get(server.at("/assets/0/frame.js"));
  expect([missing.status(), missing.headers()["cache-control"]]).toEqual([404, "no-store"]);
});
