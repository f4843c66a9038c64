// Signing in, the looks, and who may not see anything.
import { ADMIN, PHONES, USERS, PHONE_1, complaints, expect, live, signIn, test } from "./server.ts";
import { accessible, fits } from "./walk.ts";

test("a wrong password is refused in words, a right one signs in, and out", async ({ page, server }) => {
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

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1280, 360]) {
    test(`is accessible and fits: ${scheme}, ${width} px`, async ({ page, server }, info) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      const shot = async (name: string) => {
        await accessible(page);
        await fits(page);
        await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
      };
      await page.goto(server.url);
      await shot("sign-in");
      await live(page, server);
      await shot("empty");
      await server.login("john", PHONE_1);
      await server.login("jane", PHONES[1]!);
      await server.login(encodeURIComponent(USERS[2]!), PHONES[2]!);
      await expect(page.locator("tbody tr")).toHaveCount(3);
      await shot("logins");
      await page.goto(new URL("/?find=zzz", server.url).href);
      await expect(page.getByText("No login matches")).toBeVisible();
      await shot("nothing-found");
      const lost = await page.goto(new URL("/no/such/page", server.url).href);
      expect(lost?.status()).toBe(404);
      await shot("not-found");
    });
  }
}

test("Korean is whole, and the page says so", async ({ page, server }) => {
  const heard = complaints(page);
  await server.login("john", PHONE_1);
  await live(page, server);
  await page.getByRole("button", { name: "한국어" }).click();
  await expect(page.locator(".connection")).toHaveText("실시간");
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
  const text = await page.locator("body").innerText();
  const words = text.match(/[A-Za-z]{3,}/g) ?? [];
  expect(words.filter((word) => !["Sojourn", "English", "Cisco", "SEP", "john", "desk", "seoul", "kim", "emproxy"].includes(word))).toEqual([]);
  await accessible(page);
  expect(heard).toEqual([]);
});

test("the keyboard reaches everything, and first of all the content", async ({ page, server }) => {
  await live(page, server);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Related Links")).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("searchbox")).toBeFocused();
});

test("nobody sees or does anything without signing in, or from another site", async ({ server, request }) => {
  const at = (path: string) => new URL(path, server.url).href;
  const logins = await request.post(at("/call/active-logins"), {
    data: { query: { filter: { find: "", login_type: null }, sort: "Newest", page: 0 } },
  });
  expect(logins.status()).toBe(500);
  expect(await logins.text()).toContain("SignedOut");
  const crossSite = await request.post(at("/call/sign-out"), { headers: { "Sec-Fetch-Site": "cross-site" } });
  expect(crossSite.status()).toBe(403);
  const rebound = await request.get(at("/sign-in"), { headers: { Host: "evil.example" }, maxRedirects: 0 });
  expect(rebound.status()).toBe(307);
  const page = await request.get(at("/sign-in"));
  const policy = page.headers()["content-security-policy"]!;
  expect(policy).toMatch(/script-src 'nonce-[^']+' 'strict-dynamic' 'wasm-unsafe-eval'/);
  expect(policy).not.toContain("unsafe-inline");
});
