// Administrators: roles, sessions, the first one.
import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { ADMIN, PHONE_1, Server, expect, live, signIn, test } from "./server.ts";
import { accessible } from "./walk.ts";

async function enter(page: Page, server: Server, name: string, password: string) {
  await page.goto(server.url);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Active Logins" })).toBeVisible();
}

test("a viewer reads, an operator ends logins, and the server holds both to it", async ({ page, server, browser }) => {
  await server.login("john", PHONE_1);
  await signIn(page, server);
  await page.goto(new URL("/administrators", server.url).href);
  for (const [name, role] of [["vera", "Viewer"], ["otto", "Operator"]] as const) {
    const add = page.locator("section", { hasText: "Add an administrator" });
    await add.getByLabel("Name").fill(name);
    await add.getByLabel("Role").selectOption({ label: role });
    await add.getByLabel("Password").fill("correct horse");
    await add.getByRole("button", { name: "Add" }).click();
    await expect(page.getByRole("heading", { name })).toBeVisible();
  }
  const viewer = await (await browser.newContext()).newPage();
  await enter(viewer, server, "vera", "correct horse");
  await expect(viewer.locator("tbody tr")).toContainText("john");
  await expect(viewer.getByRole("link", { name: "Log out" })).toHaveCount(0);
  await viewer.goto(new URL("/service-parameters", server.url).href);
  await expect(viewer.getByLabel("Multiple Login Behavior", { exact: true })).toBeDisabled();
  await expect(viewer.getByRole("button", { name: "Save" })).toHaveCount(0);
  await viewer.goto(new URL("/administrators", server.url).href);
  await expect(viewer.getByRole("heading", { name: "kim" })).toHaveCount(0);
  await accessible(viewer);
  const tried = await viewer.request.post(new URL("/call/log-out", server.url).href, { form: { reason: "x" } });
  expect(await tried.text()).toContain("NotAllowed");

  const operator = await (await browser.newContext()).newPage();
  await enter(operator, server, "otto", "correct horse");
  const saved = await operator.request.post(new URL("/call/save-parameters", server.url).href, {
    form: { "value[Alphanumeric User ID]": "False", "seen[Alphanumeric User ID]": "True", intent: "save" },
  });
  expect(await saved.text()).toContain("NotAllowed");
  await operator.getByRole("link", { name: "Log out" }).click();
  await operator.getByRole("dialog").getByRole("button", { name: "Log out 1" }).click();
  await expect(operator.getByText("Done: 1 of 1 logged out.")).toBeVisible();

  // A change of role ends the other's sessions, and open pages with them.
  const vera = page.locator("section.person", { has: page.getByRole("heading", { name: "vera" }) });
  await vera.getByLabel("Role").selectOption({ label: "Operator" });
  await viewer.goto(server.url);
  await expect(viewer.locator(".connection")).toHaveText("live");
  await vera.getByRole("button", { name: "Set role" }).click();
  await expect(viewer).toHaveURL(/sign-in/);
});

test("the last administrator stays", async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(new URL("/administrators", server.url).href);
  await page.getByText("Remove…").click();
  await page.getByRole("button", { name: "Yes, remove" }).click();
  await expect(page.locator("#status")).toContainText("This is the last administrator");
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.locator("#status")).toContainText("This is the last administrator");
  await expect(page.getByRole("heading", { name: ADMIN.name })).toBeVisible();
});

test("failures make the next try wait", async ({ page, server }) => {
  await page.goto(server.url);
  for (let failure = 0; failure < 4; failure++) {
    const answered = page.waitForResponse(/call\/sign-in/);
    await page.getByLabel("Name").fill(ADMIN.name);
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await answered;
  }
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("Too many failures. Try again in");
});

test("the first administrator comes by a link that is good once", async ({ page }) => {
  const server = new Server({ administrator: false });
  try {
    await server.start();
    const link = await server.invitation();
    await page.goto(server.url);
    await expect(page).toHaveURL(/sign-in/);
    await page.goto(link.replace(/[0-9a-f]{32}$/, "0".repeat(32)));
    await page.getByLabel("Name").fill("mallory");
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: "Begin" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await page.goto(link);
    await accessible(page);
    await page.getByLabel("Name").fill("kim");
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: "Begin" }).click();
    await expect(page.getByRole("heading", { name: "Active Logins" })).toBeVisible();
    const again = await page.request.post(new URL("/call/first-administrator", server.url).href, {
      form: { code: link.slice(-32), name: "mallory", password: "correct horse" },
    });
    expect(await again.text()).toContain("NotFound");
  } finally {
    await server.remove();
  }
});

test("the command line sets passwords, disables and lists", async ({ page, server }) => {
  await live(page, server);
  const admin = (args: string[], input = "") =>
    execFileSync(server.binary, ["admin", ...args, "--data-dir", server.data], { encoding: "utf8", input });
  admin(["add", "otto", "--role", "operator"], "correct horse\n");
  expect(admin(["list"])).toMatch(/administrator\s+kim\noperator\s+otto\n/);
  admin(["disable", "otto"]);
  expect(admin(["list"])).toContain("otto  disabled");
  admin(["set-password", "kim"], "another horse\n");
  await expect(page).toHaveURL(/sign-in/);
  await enter(page, server, "kim", "another horse");
});

test("keys: / finds, ? lists, a dialog gives the focus back", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("searchbox").fill("");
  await page.getByRole("link", { name: "Log out" }).focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Log out" })).toBeVisible();
  await expect(page.getByLabel("Reason")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: "Log out" })).toBeFocused();
});
