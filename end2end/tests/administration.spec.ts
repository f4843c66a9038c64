// An administrator's usual tasks, in each look, and without JavaScript where possible.
import type { Page } from "@playwright/test";
import { ADMIN, PHONE_1, PHONE_2, complaints, expect, follow, live, signIn, test } from "./server.ts";
import { LOOKS, accessible, fits, look } from "./walk.ts";

const CODE_25 = /code="25"/;
const status = (page: Page) => page.locator("#status");
const behavior = (page: Page) => page.getByLabel("Multiple Login Behavior", { exact: true });
const save = (page: Page) => page.getByRole("button", { name: "Save" }).first();

for (const one of LOOKS) {
  test(`usual tasks: ${one.name}`, async ({ page, server }, info) => {
    const heard = complaints(page);
    await look(page, one);
    const seen = async (name: string) => {
      await accessible(page);
      await fits(page);
      await page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true });
    };
    await live(page, server);
    await server.login("john", PHONE_1);

    // Change Multiple Login Behavior; the next EM API login obeys.
    await follow(page, "Service Parameters", "Service Parameter Configuration");
    await expect(status(page)).toHaveText("Status: Ready");
    await seen("parameters");
    await behavior(page).selectOption("Auto Logout");
    await expect(page.getByText("1 unsaved change")).toBeVisible();
    await expect(page.getByText("Nobody is on more than one phone now")).toBeVisible();
    await seen("changed");
    await save(page).click();
    await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
    await expect(page.getByText("unsaved change")).toHaveCount(0);
    expect(await server.login("john", PHONE_2)).toContain("<success/>");
    await behavior(page).selectOption("Multiple Logins Not Allowed");
    await expect(page.getByText("What will this do?")).toBeVisible();
    await save(page).click();
    await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");

    // A refusal is in the feed.
    await follow(page, "Active Logins");
    await expect(page.locator(".connection")).toHaveText("live");
    expect(await server.login("john", PHONE_1)).toMatch(CODE_25);
    await expect(page.locator(".feed li").first()).toContainText("refused, error 25");
    await expect(page.locator(".feed li").first()).toContainText("User logged in elsewhere");
    await expect(page.locator("#refused")).toContainText("1 × code 25");
    await seen("logins");

    // A forced log-out with a reason.
    await page.locator("tbody tr", { hasText: PHONE_2 }).getByRole("link", { name: "Log out" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("left the building");
    await seen("dialog");
    await dialog.getByRole("button", { name: "Log out 1" }).click();
    await expect(dialog.getByText("Done: 1 of 1 logged out.")).toBeVisible();
    await dialog.getByRole("button", { name: "Close" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.locator(".feed li").first()).toContainText("logged out by kim");
    await expect(page.locator(".feed li").first()).toContainText("left the building");
    // The row keeps the focus, and so stays until the focus leaves.
    await page.getByRole("heading", { name: "Active Logins" }).click();
    await expect(page.getByText("Nobody is logged in")).toBeVisible();

    // The log-out is in the history and in the audit.
    await follow(page, "Login History");
    await page.getByRole("searchbox").fill("JOHN");
    await page.getByRole("searchbox").press("Enter");
    await expect(page).toHaveURL(/find=JOHN/);
    await expect(page.locator("#range")).toHaveText("1–2 of 2");
    const forced = page.locator("tbody tr", { hasText: "Forced" });
    await expect(forced).toContainText("left the building");
    await expect(forced).toContainText("kim");
    await seen("history");
    await follow(page, "Audit");
    await expect(page.locator("tbody tr", { hasText: "left the building" }).first()).toContainText("127.0.0.1");
    await seen("audit");

    // A phone's page.
    await server.login("john", PHONE_1);
    await page.goto(server.at(`/phones/${PHONE_1}`));
    await expect(page.locator("#why")).toContainText("john is logged in: the phone shows device profile desk");
    await seen("phone");

    // Return the parameter to its old value.
    await page.goto(server.at("/service-parameters/history"));
    await expect(page.locator("tbody tr")).toHaveCount(2);
    await seen("parameter-history");
    await page.getByRole("button", { name: "Return to Auto Logout" }).click();
    await expect(page.getByText("What will this do?")).toBeVisible();
    await seen("returning");
    await page.locator("#returning").getByRole("button", { name: "Return to Auto Logout" }).click();
    await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
    await expect(page.locator("tbody tr")).toHaveCount(3);
    expect(await server.login("john", PHONE_2)).toContain("<success/>");

    await page.goto(server.at("/administrators"));
    await expect(page.getByText("this one")).toBeVisible();
    await seen("administrators");
    await page.goto(server.at("/service-parameters/modified"));
    await expect(page.locator("tbody tr")).toHaveCount(1);
    await seen("modified");
    expect(heard).toEqual([]);
  });
}

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("usual tasks", async ({ page, server }) => {
    await signIn(page, server);
    await server.login("john", PHONE_1);
    await follow(page, "Service Parameters", "Service Parameter Configuration");
    await behavior(page).selectOption("Auto Logout");
    await save(page).click();
    // The page shows the impact before the save; the choice stays selected.
    await expect(status(page)).toContainText("Not saved yet");
    await expect(page.getByText("What will this do?")).toBeVisible();
    await expect(behavior(page)).toHaveValue("Auto Logout");
    await save(page).click();
    await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
    expect(await server.login("john", PHONE_2)).toContain("<success/>");
    await page.getByLabel("Inter-cluster Maximum Login Time", { exact: true }).fill("8");
    await save(page).click();
    await expect(status(page)).toContainText("Not saved. Look at: Inter-cluster Maximum Login Time");
    await expect(page.getByLabel("Inter-cluster Maximum Login Time", { exact: true })).toHaveValue("8");
    await page.getByRole("button", { name: "Advanced" }).first().click();
    await expect(page.getByLabel("Maximum Concurrent Requests")).toBeVisible();
    expect(new URL(page.url()).search).toBe("?advanced=1");

    await follow(page, "Active Logins");
    await page.getByRole("checkbox", { name: "Select john" }).check();
    await page.getByRole("button", { name: "Log out…" }).click();
    await page.getByLabel("Reason").fill("moved away");
    await page.getByRole("button", { name: "Log out 1" }).click();
    await expect(page.getByText("Done: 1 of 1 logged out.")).toBeVisible();
    await follow(page, "Login History");
    await expect(page.locator("tbody tr", { hasText: "Forced" })).toContainText("moved away");
    await follow(page, "Audit");
    await expect(page.locator("tbody tr", { hasText: "moved away" }).first()).toContainText("kim");
    await page.goto(server.at("/service-parameters/history"));
    await page.getByRole("button", { name: "Return to Multiple Logins Not Allowed" }).click();
    await expect(page.getByText("What will this do?")).toBeVisible();
    await page.locator("#returning").getByRole("button", { name: "Return to Multiple Logins Not Allowed" }).click();
    await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
  });
});

test("without JavaScript a refused administrator's name and role stay typed", async ({ browser, server }) => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(page, server);
  await page.goto(server.at("/administrators"));
  const add = page.locator("section", { hasText: "Add an administrator" });
  await add.getByLabel("Name").fill(ADMIN.name);
  await add.getByLabel("Role").selectOption({ label: "Operator" });
  await add.getByLabel("Password").fill("correct horse");
  await add.getByLabel("Once more").fill("correct horse");
  await add.getByRole("button", { name: "Add" }).click();
  await expect(page.locator("#status")).toContainText("Another administrator has this name.");
  await expect(add.getByLabel("Name")).toHaveValue(ADMIN.name);
  await expect(add.getByLabel("Role")).toHaveValue("operator");
  await expect(add.getByLabel("Password")).toHaveValue("");
});

test("many logins: a typed count, progress, and the history as CSV", async ({ page, server }) => {
  server.behavior("Multiple Logins Allowed");
  server.apply("[cluster]\nlog_outs_per_second = 10\n");
  for (const phone of server.phones) await server.login("john", phone);
  await live(page, server);
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await page.getByRole("button", { name: "Log out all 60 that match…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type 60 to confirm").fill("50");
  await dialog.getByRole("button", { name: "Log out 60" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The number is not right");
  await dialog.getByLabel("Type 60 to confirm").fill("60");
  await dialog.getByRole("button", { name: "Log out 60" }).click();
  await expect(dialog.getByRole("button", { name: "Stop" })).toBeVisible();
  await dialog.getByRole("button", { name: "Stop" }).click();
  await expect(dialog.locator("#job-state")).toContainText("Stopped:");
  const stopped = Number(/Stopped: (\d+) of 60/.exec(await dialog.locator("#job-state").innerText())![1]);
  expect(stopped).toBeLessThan(60);
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.locator("#open-now")).toHaveText(String(60 - stopped));
  const csv = await page.request.get(server.at("/login-history.csv"));
  expect((await csv.text()).trim().split("\r\n")).toHaveLength(stopped + 1);
});
