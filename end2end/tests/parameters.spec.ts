// Service parameters: the impact of a save, concurrent saves, and unsaved changes.
import type { Page } from "@playwright/test";
import {
  ALLOWED,
  NOT_ALLOWED,
  advanced,
  another,
  behavior,
  field,
  inter,
  intra,
  longLoggedIn,
  openHistory,
  parameters,
  requests,
  save,
  set,
  setToDefault,
  status,
} from "./parameters.ts";
import { PHONE_1, PHONE_2, expect, follow, signIn, test } from "./server.ts";
import { accessible, fits } from "./walk.ts";

test("concurrent saves: the second administrator sees both values and chooses one", async ({ page, browser, server }) => {
  await parameters(page, server);
  const other = await another(browser, server, "lee", "administrator");
  await behavior(page).selectOption("Auto Logout");
  await inter(page).fill("9:00");
  await behavior(other).selectOption(ALLOWED);
  await expect(other.getByText("Users may be on several phones")).toBeVisible();
  await save(other).click();
  await expect(status(other)).toContainText("Update successful");
  // The row says so before the save does.
  await expect(page.getByText(`lee set this to ${ALLOWED} meanwhile`)).toBeVisible();
  await expect(page.getByText(`was: ${NOT_ALLOWED}`)).toBeVisible();
  await expect(page.getByText("What will this do?")).toBeVisible();
  await save(page).click();
  await expect(status(page)).toContainText("somebody else changed a value meanwhile");
  await expect(page.getByText(`lee set this to ${ALLOWED} meanwhile`)).toBeVisible();
  await expect(behavior(page)).toHaveValue("Auto Logout");
  await expect(behavior(page)).toBeFocused();
  await expect(page.getByText("2 unsaved changes")).toBeVisible();
  await accessible(page);
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(page);
  // Saving again does not resolve the conflict.
  await save(page).click();
  await expect(page.getByRole("button", { name: `Take theirs: ${ALLOWED}` })).toBeVisible();
  await page.getByRole("button", { name: "Keep mine: Auto Logout" }).click();
  await expect(status(page)).toContainText("you have seen both values");
  await expect(behavior(page)).toBeFocused();
  await behavior(other).selectOption(NOT_ALLOWED);
  await save(page).click();
  await expect(status(page)).toContainText("Update successful");
  await expect(behavior(page)).toHaveValue("Auto Logout");
  // The other choice: take the other value.
  await expect(other.getByText("kim set this to Auto Logout meanwhile")).toBeVisible();
  await save(other).click();
  await expect(status(other)).toContainText("somebody else changed a value meanwhile");
  await other.getByRole("button", { name: "Take theirs: Auto Logout" }).click();
  await expect(behavior(other)).toHaveValue("Auto Logout");
  await expect(other.getByText("unsaved change")).toHaveCount(0);
  await save(other).click();
  await expect(status(other)).toHaveText("Status: Nothing to save");
});

test("a login time turns Enforce on, and Set to Default shows its changes first", async ({ page, server }) => {
  await parameters(page, server);
  await intra(page).fill("9:00");
  await expect(page.getByText("Turns True with the login time below")).toBeVisible();
  await expect(page.getByText("No open login has lasted longer than this")).toBeVisible();
  await save(page).click();
  await expect(status(page)).toHaveText(
    "Update successful: Enforce Intra-cluster Maximum Login Time, Intra-cluster Maximum Login Time",
  );
  await expect(save(page)).toBeFocused();
  await expect(field(page, "Enforce Intra-cluster Maximum Login Time")).toHaveValue("True");
  await intra(page).fill("7");
  await save(page).click();
  await expect(status(page)).toContainText("Not saved. Look at: Intra-cluster Maximum Login Time");
  await expect(intra(page)).toBeFocused();
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(intra(page)).toHaveValue("9:00");
  await setToDefault(page).click();
  await expect(status(page)).toContainText("2 parameters would change");
  const card = page.locator("#to-default");
  await expect(card).toContainText("Intra-cluster Maximum Login Time: 9:00 → 8:00");
  await expect(card).toContainText("Enforce Intra-cluster Maximum Login Time: True → False");
  await expect(card).toContainText("Logins within this cluster will have no time limit");
  await accessible(page);
  await card.getByRole("button", { name: "Set to Default" }).click();
  await expect(status(page)).toContainText("Update successful: Enforce Intra-cluster Maximum Login Time");
  await expect(field(page, "Enforce Intra-cluster Maximum Login Time")).toHaveValue("False");
  await expect(intra(page)).toHaveValue("8:00");
  await expect(page.getByText("Modified; the default is")).toHaveCount(0);
});

test("a new cluster has the suggested values: Set to Default changes nothing, and nothing is modified", async ({ page, server }) => {
  await parameters(page, server);
  await expect(intra(page)).toHaveValue("8:00");
  await expect(field(page, "Enforce Intra-cluster Maximum Login Time")).toHaveValue("False");
  await setToDefault(page).click();
  await expect(status(page)).toHaveText("Status: Nothing to save");
  await expect(page.getByText("Modified; the default is")).toHaveCount(0);
  await page.goto(server.at("/service-parameters/modified"));
  await expect(page.getByText("Every parameter has its default.")).toBeVisible();
  // A file that names the value in force enforces it.
  set(server, "Intra-cluster Maximum Login Time", "8:00");
  await page.reload();
  await expect(page.getByRole("link", { name: "Enforce Intra-cluster Maximum Login Time" })).toBeVisible();
});

/** The heights of the rows that are whole between the buttons that stay in sight and the lower edge of the window. */
const inSight = (page: Page) =>
  page.evaluate(() => {
    const head = document.querySelector("form.parameters .sticky")!.getBoundingClientRect().bottom;
    const rows = [...document.querySelectorAll("table.parameters tbody tr:not(.group)")];
    const boxes = rows.map((row) => row.getBoundingClientRect());
    return boxes.filter(({ top, bottom }) => top >= head - 1 && bottom <= innerHeight).map(({ height }) => height);
  });

test("all seven visible parameters are in sight at 1280×800, also when each was changed with a note", async ({ page, server }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await parameters(page, server);
  expect(await inSight(page)).toHaveLength(7);
  await field(page, "Enforce Intra-cluster Maximum Login Time").selectOption("True");
  await intra(page).fill("9:00");
  await inter(page).fill("9:00");
  await behavior(page).selectOption("Auto Logout");
  await field(page, "Alphanumeric User ID").selectOption("False");
  await field(page, "Remember the Last User Logged In").selectOption("True");
  await field(page, "Clear Call Logs on Intra-Cluster EM").selectOption("True");
  await page.getByLabel("Note", { exact: true }).fill("All of them at once, since the manager of the building has asked for it");
  await expect(page.getByText("What will this do?")).toBeVisible();
  await save(page).click();
  await expect(status(page)).toContainText("Update successful");
  await expect(page.getByText("Modified; the default is")).toHaveCount(7);
  await page.goto(server.at("/service-parameters"));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  const heights = await inSight(page);
  expect(heights).toHaveLength(7);
  expect(Math.max(...heights)).toBeLessThanOrEqual(56);
  await accessible(page);
  // Help stands in the row once it is asked for.
  await page.locator("summary", { hasText: "Alphanumeric User ID" }).click();
  await expect(page.getByText("Whether user ids hold letters")).toBeVisible();
  await page.setViewportSize({ width: 360, height: 800 });
  await fits(page);
});

test("a changed row shows what it was, and takes the change back", async ({ page, server }) => {
  await parameters(page, server);
  const row = page.locator("tr", { has: behavior(page) });
  await behavior(page).selectOption(ALLOWED);
  await inter(page).fill("9:00");
  await expect(row.getByText(`was: ${NOT_ALLOWED}`)).toBeVisible();
  await expect(page.getByText("was: 10:00")).toBeVisible();
  await accessible(page);
  await row.getByRole("button", { name: "Undo" }).click();
  await expect(behavior(page)).toHaveValue(NOT_ALLOWED);
  await expect(behavior(page)).toBeFocused();
  await expect(row.getByText("was:")).toHaveCount(0);
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  await expect(inter(page)).toHaveValue("9:00");
});

test("a note goes with a save, and stands in the row, in the history and in the audit", async ({ page, server }) => {
  await parameters(page, server);
  await inter(page).fill("9:00");
  await page.getByLabel("Note", { exact: true }).fill("Ticket 4711");
  await save(page).click();
  await expect(status(page)).toContainText("Update successful");
  await expect(page.getByLabel("Note", { exact: true })).toHaveValue("");
  await expect(page.locator("tr", { has: inter(page) }).locator(".last")).toContainText("Set by kim");
  await expect(page.locator("tr", { has: inter(page) }).locator(".last")).toContainText("Ticket 4711");
  await openHistory(page, server);
  await expect(page.locator("tbody tr")).toContainText("Ticket 4711");
  await page.getByRole("button", { name: "Return to 10:00" }).click();
  const card = page.locator("#returning");
  await expect(card).toContainText("Inter-cluster Maximum Login Time: 9:00 → 10:00");
  await card.getByLabel("Note").fill("Ticket 4712");
  await accessible(page);
  await card.getByRole("button", { name: "Return to 10:00" }).click();
  await expect(status(page)).toHaveText("Update successful: Inter-cluster Maximum Login Time");
  await expect(page.locator("tbody tr").first()).toContainText("Ticket 4712");
  await page.goto(server.at("/audit?find=4712"));
  await expect(page.locator("tbody tr")).toContainText("9:00 → 10:00, note: Ticket 4712");
});

test("Set to Default restores hidden parameters, and ends logins only if ticked", async ({ page, server }) => {
  set(server, "Maximum Concurrent Requests", "40");
  server.behavior(ALLOWED);
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await parameters(page, server);
  await expect(page.locator(`[name="seen[Maximum Concurrent Requests]"]`)).toHaveValue("40");
  await inter(page).fill("9:00");
  await setToDefault(page).click();
  const card = page.locator("#to-default");
  await expect(card).toContainText("Maximum Concurrent Requests: 40 → 15");
  await expect(card).toContainText("Users on more than one phone now: 1");
  await expect(card).toContainText("john (2)");
  await card.getByLabel("End the 1 extra login now").check();
  await card.getByRole("button", { name: "Set to Default" }).click();
  await expect(status(page)).toHaveText(
    "Update successful: Multiple Login Behavior, Maximum Concurrent Requests",
  );
  await expect(page.getByText("Done: 1 of 1 logged out.")).toBeVisible();
  // Other typed values stay.
  await expect(inter(page)).toHaveValue("9:00");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  await advanced(page).click();
  await expect(requests(page)).toHaveValue("15");
});

test("a changed parameter is saved and checked after being hidden again", async ({ page, server }) => {
  await parameters(page, server);
  await advanced(page).click();
  await requests(page).fill("40");
  await advanced(page).click();
  await expect(requests(page)).toHaveCount(0);
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  await save(page).click();
  await expect(status(page)).toHaveText("Update successful: Maximum Concurrent Requests");
  await advanced(page).click();
  await expect(requests(page)).toHaveValue("40");
  await requests(page).fill("0");
  await advanced(page).click();
  await save(page).click();
  await expect(status(page)).toHaveText("Not saved. Look at: Maximum Concurrent Requests");
  await expect(requests(page)).toBeFocused();
});

test("unsaved changes are not lost by a link, by the history or by signing out", async ({ page, server }) => {
  await parameters(page, server);
  await inter(page).fill("9:00");
  await expect(page.getByText("1 unsaved change")).toBeVisible();
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.message());
    void dialog.dismiss();
  });
  const leave = [
    () => page.getByRole("link", { name: "Audit" }).click(),
    () => page.evaluate(() => history.back()),
    () => page.getByRole("button", { name: "Sign out" }).click(),
  ];
  for (const [index, go] of leave.entries()) {
    await go();
    await expect.poll(() => asked.length).toBe(index + 1);
    await expect(page).toHaveURL(/\/service-parameters$/);
    await expect(inter(page)).toHaveValue("9:00");
  }
  expect(new Set(asked)).toEqual(new Set(["What you changed here is not saved. Leave without saving?"]));
  await save(page).click();
  await expect(status(page)).toHaveText("Update successful: Inter-cluster Maximum Login Time");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  expect(asked).toHaveLength(3);
});

test("extra logins end only if ticked, with a cause of their own", async ({ page, server }) => {
  server.behavior(ALLOWED);
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await parameters(page, server);
  await behavior(page).selectOption(NOT_ALLOWED);
  await expect(page.getByText("Users on more than one phone now: 1")).toBeVisible();
  await expect(page.getByText("john (2)")).toBeVisible();
  const end = page.getByLabel("End the 1 extra login now");
  await end.check();
  // The box stays ticked while another parameter changes, and is cleared when its own question changes.
  await inter(page).fill("9:00");
  await expect(end).toBeChecked();
  await behavior(page).selectOption("Auto Logout");
  await expect(page.getByText("their next login ends the others")).toBeVisible();
  await expect(end).not.toBeChecked();
  await end.check();
  await save(page).click();
  await expect(page.getByText("Done: 1 of 1 logged out.")).toBeVisible();
  await follow(page, "Login History");
  await expect(page.locator("tbody tr")).toContainText(["Policy"]);
  await expect(page.locator("tbody tr")).toContainText([PHONE_1]);
});

test("logins past a new limit are named, and end only if ticked", async ({ page, server }) => {
  await longLoggedIn(server, PHONE_1, 3);
  await server.login("john", PHONE_2);
  await parameters(page, server);
  await intra(page).fill("4:00");
  await expect(page.getByText("No open login has lasted longer than this")).toBeVisible();
  await intra(page).fill("2:00");
  await expect(page.getByText("Open logins that have lasted longer: 1")).toBeVisible();
  // A user with a maximum of their own is not named.
  await expect(page.locator(".impact .names")).toHaveText(`walt (${PHONE_1})`);
  await page.getByLabel("End this login now").check();
  await save(page).click();
  await expect(page.getByText("Done: 1 of 1 logged out.")).toBeVisible();
  await follow(page, "Login History");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.locator("tbody tr")).toContainText("walt");
  await expect(page.locator("tbody tr")).toContainText("Policy");
});

test("a late answer about earlier values is discarded", async ({ page, server }) => {
  await parameters(page, server);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let asked = 0;
  await page.route("**/call/impact", async (route) => {
    asked += 1;
    if (asked === 1) await held;
    await route.continue();
  });
  await behavior(page).selectOption(ALLOWED);
  await expect.poll(() => asked).toBe(1);
  await behavior(page).selectOption("Auto Logout");
  await expect(page.getByText("Nobody is on more than one phone now")).toBeVisible();
  const late = page.waitForResponse("**/call/impact");
  release();
  await (await late).finished();
  await page.evaluate(() => new Promise(requestAnimationFrame));
  await expect(page.getByText("Nobody is on more than one phone now")).toBeVisible();
  await expect(page.getByText("Users may be on several phones")).toHaveCount(0);
  // The page saves the values whose impact it has shown, without another question.
  await save(page).click();
  await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
});

test("returning a value from the history shows the impact, and detects a conflict", async ({ page, server }) => {
  server.behavior(ALLOWED);
  await server.login("john", PHONE_1);
  await server.login("john", PHONE_2);
  await signIn(page, server);
  await openHistory(page, server);
  await page.getByRole("button", { name: `Return to ${NOT_ALLOWED}` }).click();
  await expect(status(page)).toContainText("Not saved yet");
  const card = page.locator("#returning");
  await expect(card).toContainText("Users on more than one phone now: 1");
  await accessible(page);
  await card.getByLabel("End the 1 extra login now").check();
  await card.getByRole("button", { name: `Return to ${NOT_ALLOWED}` }).click();
  await expect(status(page)).toHaveText("Update successful: Multiple Login Behavior");
  await expect(page.getByText("Done: 1 of 1 logged out.")).toBeVisible();

  set(server, "Inter-cluster Maximum Login Time", "9:00");
  await openHistory(page, server);
  set(server, "Inter-cluster Maximum Login Time", "8:00");
  await page.getByRole("button", { name: "Return to 10:00" }).click();
  await expect(status(page)).toContainText("set Inter-cluster Maximum Login Time to 8:00 meanwhile");
  await expect(status(page)).toContainText("you saw 9:00 and wanted 10:00 back");
  // The rows now have the other administrator's value.
  await expect(page.getByRole("button", { name: "Return to 9:00" })).toBeVisible();
  await page.getByRole("button", { name: "Return to 10:00" }).click();
  // A return asks first, also where it has no impact.
  await expect(status(page)).toContainText("Not saved yet");
  await card.getByRole("button", { name: "Return to 10:00" }).click();
  await expect(status(page)).toHaveText("Update successful: Inter-cluster Maximum Login Time");
});

test("a viewer reads the parameters, and that only administrators can change them", async ({ browser, server }) => {
  const viewer = await another(browser, server, "vera", "viewer");
  await expect(viewer.getByText("Only administrators can change them.")).toBeVisible();
  await expect(behavior(viewer)).toBeDisabled();
  await expect(inter(viewer)).not.toBeEditable();
  await inter(viewer).focus();
  await expect(inter(viewer)).toBeFocused();
  await expect(setToDefault(viewer)).toHaveCount(0);
  await advanced(viewer).click();
  await expect(requests(viewer)).not.toBeEditable();
  await viewer.locator("summary", { hasText: "Maximum Concurrent Requests" }).click();
  await expect(viewer.getByText("is then answered with error 26.")).toBeVisible();
  await accessible(viewer);
});

test("in Korean, parameters and values have Korean names with the English ones beside them", async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(server.at("/service-parameters"));
  await page.getByRole("button", { name: "한국어" }).click();
  const row = page.locator("table.parameters tr", { hasText: "Multiple Login Behavior" });
  await expect(row.locator("summary")).toHaveText(/^다중 로그인 동작 Multiple Login Behavior/);
  await expect(row.getByRole("option")).toHaveText([
    "여러 로그인 허용 (Multiple Logins Allowed)",
    "다중 로그인 허용 안 함 (Multiple Logins Not Allowed)",
    "자동 로그아웃 (Auto Logout)",
  ]);
});
