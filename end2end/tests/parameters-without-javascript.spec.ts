// Service parameters without JavaScript: the form alone shows and asks the same.
import {
  ALLOWED,
  NOT_ALLOWED,
  another,
  behavior,
  inter,
  parameters,
  save,
  set,
  setToDefault,
  status,
} from "./parameters.ts";
import { expect, signIn, test } from "./server.ts";

test.use({ javaScriptEnabled: false });

test("concurrent saves overwrite no unseen value", async ({ page, browser, server }) => {
  await parameters(page, server, { javaScriptEnabled: false });
  const other = await another(browser, server, "lee", "administrator", false);
  await behavior(other).selectOption(ALLOWED);
  await inter(other).fill("9:00");
  await save(other).click();
  await expect(status(other)).toContainText("Not saved yet");
  await save(other).click();
  await expect(status(other)).toContainText("Update successful");

  await behavior(page).selectOption("Auto Logout");
  for (let time = 0; time < 2; time++) {
    await save(page).click();
    await expect(status(page)).toContainText("somebody else changed a value meanwhile");
    await expect(page.getByText(`lee set this to ${ALLOWED} meanwhile`)).toBeVisible();
    await expect(behavior(page)).toHaveValue("Auto Logout");
    await expect(inter(page)).toHaveValue("9:00");
  }
  await page.getByRole("button", { name: `Take theirs: ${ALLOWED}` }).click();
  await expect(status(page)).toHaveText("Status: Ready");
  await expect(behavior(page)).toHaveValue(ALLOWED);

  await behavior(page).selectOption("Auto Logout");
  await save(page).click();
  await expect(page.getByText("What will this do?")).toBeVisible();
  // During the question another administrator saves once more.
  await behavior(other).selectOption(NOT_ALLOWED);
  await save(other).click();
  await expect(status(other)).toContainText("Not saved yet");
  await save(other).click();
  await expect(status(other)).toContainText("Update successful");
  await save(page).click();
  await expect(page.getByText(`lee set this to ${NOT_ALLOWED} meanwhile`)).toBeVisible();
  await page.getByRole("button", { name: "Keep mine: Auto Logout" }).click();
  await expect(behavior(page)).toHaveValue("Auto Logout");
  await save(page).click();
  await expect(page.getByText("What will this do?")).toBeVisible();
  await save(page).click();
  await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
  await expect(inter(page)).toHaveValue("9:00");
});

test("Set to Default shows its changes first, keeps other typed values, and can be cancelled", async ({ page, server }) => {
  set(server, "Maximum Concurrent Requests", "40");
  await parameters(page, server, { javaScriptEnabled: false });
  await inter(page).fill("9:00");
  await setToDefault(page).click();
  await expect(page.locator("#to-default")).toContainText("Maximum Concurrent Requests: 40 → 15");
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(status(page)).toHaveText("Status: Ready");
  await expect(inter(page)).toHaveValue("9:00");
  await setToDefault(page).click();
  await page.locator("#to-default").getByRole("button", { name: "Set to Default" }).click();
  await expect(status(page)).toHaveText("Update successful: Maximum Concurrent Requests");
  await expect(inter(page)).toHaveValue("9:00");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(inter(page)).toHaveValue("10:00");
});

test("the page of a save shows its log-outs, beside the complete form", async ({ page, server }) => {
  server.behavior(ALLOWED);
  server.apply("[cluster]\nlog_outs_per_second = 1\n");
  for (const phone of server.phones) await server.login("john", phone);
  await parameters(page, server, { javaScriptEnabled: false });
  await behavior(page).selectOption(NOT_ALLOWED);
  await save(page).click();
  await page.getByLabel("End the 59 extra logins now").check();
  await save(page).click();
  await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
  await expect(page.getByText("of 59 logged out…")).toBeVisible();
  await expect(page.locator("form form")).toHaveCount(0);
  await expect(page.locator("form.parameters").getByRole("button", { name: "Save" })).toHaveCount(2);
  await page.locator(".job").getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("of 59 logged out…")).toHaveCount(0);
});

test("returning a value from the history shows the impact first", async ({ page, server }) => {
  server.behavior("Auto Logout");
  await signIn(page, server);
  await page.goto(server.at("/service-parameters/history"));
  await page.getByRole("button", { name: `Return to ${NOT_ALLOWED}` }).click();
  await expect(status(page)).toContainText("Not saved yet");
  await page.locator("#returning").getByLabel("Note").fill("Ticket 4712");
  await page.locator("#returning").getByRole("button", { name: `Return to ${NOT_ALLOWED}` }).click();
  await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
  await expect(page.locator("tbody tr").first()).toContainText("Ticket 4712");
});

test("a note stays typed through a question, and what was is shown beside each change", async ({ page, server }) => {
  await parameters(page, server, { javaScriptEnabled: false });
  await page.locator("summary", { hasText: "Alphanumeric User ID" }).click();
  await expect(page.getByText("Whether user ids hold letters")).toBeVisible();
  await behavior(page).selectOption("Auto Logout");
  await page.getByLabel("Note", { exact: true }).fill("Ticket 4711");
  await save(page).click();
  await expect(status(page)).toContainText("Not saved yet");
  await expect(page.getByText(`was: ${NOT_ALLOWED}`)).toBeVisible();
  await expect(page.getByRole("button", { name: "Undo" })).toHaveCount(0);
  await expect(page.getByLabel("Note", { exact: true })).toHaveValue("Ticket 4711");
  await save(page).click();
  await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
  await expect(page.locator(".hint.last")).toContainText("Ticket 4711");
  await expect(page.getByLabel("Note", { exact: true })).toHaveValue("");
});
