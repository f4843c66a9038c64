// Typed values survive a reload of the page, each in its own field.
import type { Page } from "@playwright/test";
import { die, notice, started } from "./program.ts";
import { PHONES, PHONE_1, type Server, expect, follow, live, signIn, test } from "./server.ts";

/** The field of a parameter, on its hydrated page. */
async function parameter(page: Page, server: Server) {
  await signIn(page, server);
  await follow(page, "Service Parameters", "Service Parameter Configuration");
  await started(page);
  return page.getByLabel("Inter-cluster Maximum Login Time", { exact: true });
}

test("a typed value survives a panic, without a question of the browser", async ({ page, server }) => {
  const field = await parameter(page, server);
  await field.fill("9:30");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.dismiss();
  });
  // The page begins to store typed values a frame after it has restored older ones.
  await page.waitForFunction(() => sessionStorage.getItem("sojourn-unsaved-parameters-kim")?.includes("9:30"));
  const loaded = page.waitForRequest((request) => request.isNavigationRequest());
  await die(page);
  await loaded;
  await started(page);
  await expect(field).toHaveValue("9:30");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  expect(asked).toEqual([]);
});

test("a typed value survives a second panic, on the page without the program", async ({ page, server }) => {
  const field = await parameter(page, server);
  await field.fill("9:30");
  await page.waitForFunction(() => sessionStorage.getItem("sojourn-unsaved-parameters-kim")?.includes("9:30"));
  await die(page);
  await expect(page.locator("html")).toHaveAttribute("data-by", "mount");
  await started(page);
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  await die(page);
  await started(page, "plain");
  await expect(field).toHaveValue("9:30");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.locator("#status")).toContainText("Update successful");
  // The saved value is no unsaved change in the program.
  await notice(page, "plain").getByRole("link").click();
  await started(page);
  await expect(field).toHaveValue("9:30");
  await expect(page.getByText("unsaved change")).toHaveCount(0);
});

test("after a second panic another administrator's save is still a conflict", async ({ page, server }) => {
  const field = await parameter(page, server);
  await field.fill("9:30");
  await page.waitForFunction(() => sessionStorage.getItem("sojourn-unsaved-parameters-kim")?.includes("9:30"));
  server.apply(`[service_parameters]\n"Inter-cluster Maximum Login Time" = "7:15"\n`);
  for (const how of ["live", "plain"] as const) {
    const loaded = page.waitForRequest((request) => request.isNavigationRequest());
    await die(page);
    await loaded;
    await started(page, how);
  }
  await expect(field).toHaveValue("9:30");
  await page.getByRole("button", { name: "Save" }).first().click();
  await expect(page.getByText("7:15").first()).toBeVisible();
  await expect(page.locator("#status")).not.toContainText("Update successful");
});

test("a typed retention survives a panic, with the program and without it", async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(server.at("/settings"));
  await started(page);
  for (const how of ["live", "plain"] as const) {
    await page.locator("input[name='days[events]']").fill("29");
    const loaded = page.waitForRequest((request) => request.isNavigationRequest());
    await die(page);
    await loaded;
    await started(page, how);
    await expect(page.locator("input[name='days[events]']")).toHaveValue("29");
    await expect(page.locator("input[name='days[events]']")).toBeVisible();
  }
});

test("the box for all rows is not ticked again by a reload", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  await page.locator("thead input[type=checkbox]").check();
  await expect(page.locator("tbody input[type=checkbox]")).toBeChecked();
  const loaded = page.waitForRequest((request) => request.isNavigationRequest());
  await page.route("**/healthz", async (route) => {
    // A login begins while the page reloads.
    await server.login("jane", PHONES[1]!);
    await route.continue();
  });
  await die(page);
  await loaded;
  await started(page);
  await expect(page.locator("tbody tr")).toHaveCount(2);
  await expect(page.locator("tr", { hasText: "john" }).getByRole("checkbox")).toBeChecked();
  await expect(page.locator("tr", { hasText: "jane" }).getByRole("checkbox")).not.toBeChecked();
});

test("a half-filled form is restored with the page, without its password", async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(server.at("/administrators"));
  await started(page);
  const [name, role, password] = [page.locator("#new-name"), page.locator("#new-role"), page.locator("#new-password")];
  await name.fill("mo");
  await role.selectOption({ label: "Operator" });
  await password.fill("battery staple");
  await page.getByRole("heading", { level: 1 }).click();
  // The notice of a new build does not reload the page while a password is typed.
  let loads = 0;
  page.on("request", (request) => {
    if (request.isNavigationRequest()) loads += 1;
  });
  await page.evaluate(() => dispatchEvent(new Event("sojourn-outdated")));
  await expect(notice(page, "outdated")).toBeVisible();
  await password.fill("");
  expect(loads).toBe(0);
  await page.getByRole("heading", { level: 1 }).click();
  await expect.poll(() => loads).toBe(1);
  await started(page);
  await expect(name).toHaveValue("mo");
  await expect(role).toHaveValue("operator");
  await password.fill("battery staple");
  for (const how of ["live", "plain"] as const) {
    const loaded = page.waitForRequest((request) => request.isNavigationRequest());
    await die(page);
    await loaded;
    await started(page, how);
    await expect(name).toHaveValue("mo");
    await expect(role).toHaveValue("operator");
    await expect(password).toHaveValue("");
  }
});
