// After signing in the requested page opens, on this host alone, and unsaved values are kept.
import type { BrowserContext, Page } from "@playwright/test";
import { ADMIN, PHONE_1, type Server, expect, follow, live, signIn, test } from "./server.ts";

const reason = (page: Page) => page.locator(".sign-in .status");

async function fillIn(page: Page, password = ADMIN.password) {
  await page.getByLabel("Name").fill(ADMIN.name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Ends all sessions of the administrator, as another administrator would. */
const endSessions = (server: Server) => server.admin(["set-password", ADMIN.name], `${ADMIN.password}\n`);

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with JavaScript" : "without JavaScript", () => {
    test.use({ javaScriptEnabled });

    test("a link to a page survives signing in, a wrong password too", async ({ page, server }) => {
      await server.login("john", PHONE_1);
      await server.logout(PHONE_1);
      const path = "/login-history?find=john%20%26%20co&cause=logout";
      await page.goto(server.at(path));
      await expect(reason(page)).toHaveText("Sign in to see this page.");
      await fillIn(page, "wrong password");
      await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
      await expect(page.getByLabel("Name")).toHaveValue(ADMIN.name);
      await fillIn(page);
      await expect(page.getByRole("heading", { level: 1, name: "Login History" })).toBeVisible();
      await expect(page.getByRole("searchbox")).toHaveValue("john & co");
      const here = new URL(page.url());
      expect(here.pathname + here.search).toBe(path);
    });

    test("an ended session is reported at sign-in, and the page comes back", async ({ page, server }) => {
      await signIn(page, server);
      // An open page would go to the sign-in page by itself.
      await page.goto("about:blank");
      endSessions(server);
      await page.goto(server.at("/audit"));
      await expect(reason(page)).toHaveText("Your session has ended. Sign in again to go on.");
      await fillIn(page);
      await expect(page.getByRole("heading", { level: 1, name: "Audit" })).toBeVisible();
    });

    test("a sign-in never redirects to another host", async ({ page, server }) => {
      for (const to of ["//evil.example", "/%5Cevil.example", "https://evil.example/", "/%09/evil.example", "javascript:alert(1)"]) {
        await page.goto(server.at(`/sign-in?to=${to}`));
        await fillIn(page);
        await expect(page.getByRole("heading", { level: 1, name: "Active Logins" })).toBeVisible();
        expect(page.url()).toBe(server.at("/"));
        // A signed-in administrator is redirected at once, to the same pages.
        await page.goto(server.at(`/sign-in?to=${to}`));
        expect(page.url()).toBe(server.at("/"));
        await page.getByRole("button", { name: "Sign out" }).click();
        await expect(page.getByLabel("Password")).toBeVisible();
      }
      await page.goto(server.at("/sign-in?to=%2Faudit"));
      await expect(reason(page)).toHaveText("Sign in to see this page.");
    });
  });
}

test("an open page whose session ends leads to the sign-in page, and back", async ({ page, server }) => {
  await live(page, server);
  await page.goto(server.at(`/phones/${PHONE_1}`));
  await expect(page.locator(".connection")).toHaveText("live");
  endSessions(server);
  await expect(reason(page)).toHaveText("Your session has ended. Sign in again to go on.");
  await fillIn(page);
  await expect(page.locator("#phone-name")).toHaveText(PHONE_1);
});

test("unsaved parameters survive a session that ends elsewhere", async ({ page, server }) => {
  await live(page, server);
  await follow(page, "Service Parameters", "Service Parameter Configuration");
  const field = page.getByLabel("Inter-cluster Maximum Login Time", { exact: true });
  await field.fill("9:30");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  endSessions(server);
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(reason(page)).toHaveText("Your session has ended. Sign in again to go on.");
  await fillIn(page);
  await expect(page.getByRole("heading", { level: 1, name: "Service Parameter Configuration" })).toBeVisible();
  await expect(field).toHaveValue("9:30");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.locator("#status")).toContainText("Update successful");
  // Saved and discarded values are no longer stored.
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await expect(field).toHaveValue("9:30");
  await expect(page.getByText("unsaved change")).toHaveCount(0);
  expect(await page.evaluate(() => sessionStorage.getItem("sojourn-unsaved-parameters-kim"))).toBeNull();
});

test("what was typed in a form survives a session that ends elsewhere, without its passwords", async ({ page, server }) => {
  await live(page, server);
  await follow(page, "Administrators");
  await page.locator("#new-name").fill("mo");
  await page.locator("#new-role").selectOption({ label: "Operator" });
  await page.locator("#new-password").fill("battery staple");
  await page.locator("#new-password-again").fill("battery staple");
  endSessions(server);
  await page.getByRole("button", { name: "Add" }).click();
  await expect(reason(page)).toHaveText("Your session has ended. Sign in again to go on.");
  await fillIn(page);
  await expect(page.getByRole("heading", { level: 1, name: "Administrators" })).toBeVisible();
  await expect(page.locator("#new-name")).toHaveValue("mo");
  await expect(page.locator("#new-role")).toHaveValue("operator");
  await expect(page.locator("#new-password")).toHaveValue("");
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("battery");
});

test("another administrator does not get the typed values", async ({ page, server }) => {
  server.admin(["add", "lee"], "correct horse\n");
  await live(page, server);
  await follow(page, "Service Parameters", "Service Parameter Configuration");
  await page.getByLabel("Inter-cluster Maximum Login Time", { exact: true }).fill("9:30");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  endSessions(server);
  await page.getByRole("button", { name: "Save" }).first().click();
  await page.getByLabel("Name").fill("lee");
  await page.getByLabel("Password").fill("correct horse");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Service Parameter Configuration" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await expect(page.locator("#status")).toHaveText("Status: Ready");
  await expect(page.getByText("unsaved change")).toHaveCount(0);
});

/** Signs another administrator in, in another tab. */
async function leeSignsIn(context: BrowserContext, server: Server) {
  server.admin(["add", "lee"], "correct horse\n");
  const other = await context.newPage();
  await other.goto(server.url);
  await other.getByRole("button", { name: "Sign out" }).click();
  await other.getByLabel("Name").fill("lee");
  await other.getByLabel("Password").fill("correct horse");
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Active Logins" })).toBeVisible();
  return other;
}

const SIGNED_IN_SINCE = "Nothing was done: lee has signed in since.";

test("a tab of a former session changes nothing in the new session", async ({ page, context, server }) => {
  await live(page, server);
  await follow(page, "Service Parameters", "Service Parameter Configuration");
  await page.getByLabel("Inter-cluster Maximum Login Time", { exact: true }).fill("9:30");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  await leeSignsIn(context, server);
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.locator("[data-viewer]")).toHaveText("lee");
  await expect(page.getByText(SIGNED_IN_SINCE)).toBeVisible();
  await expect(page.locator("#status")).toHaveText("Status: Ready");
  await page.goto(server.at("/service-parameters/history"));
  await expect(page.getByText("No parameter was ever changed.")).toBeVisible();
  // kim's typed values are restored at kim's next sign-in.
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  await fillIn(page);
  await page.goto(server.at("/service-parameters"));
  await expect(page.getByLabel("Inter-cluster Maximum Login Time", { exact: true })).toHaveValue("9:30");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
});

test("an automatic read of a former session's page shows no message", async ({ page, context, server }) => {
  await live(page, server);
  await page.goto(server.at(`/phones/${PHONE_1}`));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await leeSignsIn(context, server);
  await server.login("john", PHONE_1);
  await expect(page.locator("[data-viewer]")).toHaveText("lee");
  await expect(page.getByText(SIGNED_IN_SINCE)).toHaveCount(0);
});

test("a page rendered in the browser does not sign another administrator out", async ({ page, context, server }) => {
  await live(page, server);
  await follow(page, "Audit");
  const other = await leeSignsIn(context, server);
  await expect(page.locator("[data-viewer]")).toHaveText("kim");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.locator("[data-viewer]")).toHaveText("lee");
  await expect(page.getByText(SIGNED_IN_SINCE)).toBeVisible();
  // The message appears once.
  await page.getByRole("link", { name: "Go on" }).click();
  await expect(page.locator("[data-viewer]")).toHaveText("lee");
  await expect(page.getByText(SIGNED_IN_SINCE)).toHaveCount(0);
  await other.goto(server.at("/audit"));
  await expect(other.locator("[data-viewer]")).toHaveText("lee");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  /** Types a parameter, and saves after the session has ended. */
  async function lose(page: Page, server: Server) {
    await signIn(page, server);
    await page.goto(server.at("/service-parameters"));
    await page.getByLabel("Inter-cluster Maximum Login Time", { exact: true }).fill("9:30");
    endSessions(server);
    await page.getByRole("button", { name: "Save" }).first().click();
    await expect(reason(page)).toHaveText("Your session has ended. Sign in again to go on.");
  }

  test("unsaved parameters survive a session that ends elsewhere", async ({ page, server }) => {
    await lose(page, server);
    await fillIn(page);
    const field = page.getByLabel("Inter-cluster Maximum Login Time", { exact: true });
    await expect(page.locator("#status")).toContainText("Not saved: the session had ended.");
    await expect(field).toHaveValue("9:30");
    await page.getByRole("button", { name: "Save" }).first().click();
    await expect(page.locator("#status")).toContainText("Update successful");
    // The message appears once.
    await page.goto(server.at("/service-parameters"));
    await expect(page.locator("#status")).toHaveText("Status: Ready");
  });

  test("a form of a former session's page shows why it was refused", async ({ page, context, server }) => {
    await signIn(page, server);
    await page.goto(server.at("/administrators"));
    await leeSignsIn(context, server);
    await page.locator("#new-name").fill("max");
    await page.locator("#new-password").fill("correct horse");
    await page.locator("#new-password-again").fill("correct horse");
    await page.getByRole("button", { name: "Add" }).click();
    await expect(page.getByText(SIGNED_IN_SINCE)).toBeVisible();
    await expect(page.locator("[data-viewer]")).toHaveText("lee");
    await page.goto(server.at("/administrators"));
    await expect(page.getByText(SIGNED_IN_SINCE)).toHaveCount(0);
    await expect(page.getByRole("heading", { name: "max" })).toHaveCount(0);
  });

  test("parameters of a former session's page are not saved, and are kept for their author", async ({ page, context, server }) => {
    await signIn(page, server);
    await page.goto(server.at("/service-parameters"));
    const field = page.getByLabel("Inter-cluster Maximum Login Time", { exact: true });
    await field.fill("9:30");
    const other = await leeSignsIn(context, server);
    await page.getByRole("button", { name: "Save" }).first().click();
    await expect(page.getByText(SIGNED_IN_SINCE)).toBeVisible();
    await expect(field).toHaveValue("10:00");
    await other.getByRole("button", { name: "Sign out" }).click();
    await page.goto(server.at("/service-parameters"));
    await fillIn(page);
    await expect(field).toHaveValue("9:30");
  });

  test("another administrator does not get the typed values", async ({ page, server }) => {
    server.admin(["add", "lee"], "correct horse\n");
    await lose(page, server);
    await page.getByLabel("Name").fill("lee");
    await page.getByLabel("Password").fill("correct horse");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator("#status")).toHaveText("Status: Ready");
    await expect(page.getByLabel("Inter-cluster Maximum Login Time", { exact: true })).not.toHaveValue("9:30");
  });
});

test("values discarded on purpose are not restored", async ({ page, server }) => {
  await live(page, server);
  await follow(page, "Service Parameters", "Service Parameter Configuration");
  const field = page.getByLabel("Inter-cluster Maximum Login Time", { exact: true });
  const before = await field.inputValue();
  await field.fill("9:30");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  page.once("dialog", (dialog) => void dialog.accept());
  await follow(page, "Audit");
  await follow(page, "Service Parameters", "Service Parameter Configuration");
  await expect(page.locator("#status")).toHaveText("Status: Ready");
  await expect(field).toHaveValue(before);
  // The browser asks before it reloads the page.
  await field.fill("9:45");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  page.once("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await expect(page.getByText("unsaved change")).toHaveCount(0);
  await expect(field).toHaveValue(before);
});
