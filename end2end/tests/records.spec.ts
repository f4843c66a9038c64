// The forms of users, phones, device profiles and application users, and acts on several of them.
import type { Page } from "@playwright/test";
import { another } from "./parameters.ts";
import { heading, started } from "./program.ts";
import { PHONE_1, PHONE_2, type Server, expect, signIn, test } from "./server.ts";
import { LOOKS, accessible, fits, look } from "./walk.ts";

const field = (page: Page, name: string) => page.getByLabel(name, { exact: true });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const status = (page: Page) => page.locator("#status");
const rows = (page: Page) => page.locator("main table.lines tbody tr");

async function open(page: Page, server: Server, path: string) {
  await page.goto(server.at(path));
  await started(page);
}

test("a user is added, logs in, is changed and deleted, and the audit tells the story", async ({ page, server }) => {
  await signIn(page, server);
  await open(page, server, "/directory/users");
  await page.getByRole("link", { name: "Add user" }).click();
  await expect(page.getByRole("heading", { name: "New user" })).toBeVisible();
  await field(page, "User ID").fill("mina.park");
  await button(page, "Add").click();
  await expect(status(page)).toHaveText("Not saved: PIN is not valid.");
  await expect(field(page, "PIN")).toHaveAttribute("aria-invalid", "true");
  await field(page, "PIN").fill("24680");
  await field(page, "Maximum login time").fill("1:30");
  await field(page, "Device Profiles").fill("desk\nnothing");
  await button(page, "Add").click();
  await expect(page.getByText("There is no device profile nothing.")).toBeVisible();
  await expect(field(page, "User ID")).toHaveValue("mina.park");
  await field(page, "Device Profiles").fill("desk");
  await button(page, "Add").click();
  await expect(status(page)).toHaveText("mina.park is added.");
  await expect(page).toHaveURL(/\/directory\/users\?edit=mina\.park$/);
  await expect(field(page, "Maximum login time")).toHaveValue("1:30");
  await expect(field(page, "PIN")).toHaveValue("");
  expect(await server.login("mina.park", PHONE_1)).toContain("<success");

  await field(page, "Primary Extension").fill("2007");
  await button(page, "Save").click();
  await expect(status(page)).toHaveText("Saved.");
  await button(page, "Save").click();
  await expect(status(page)).toHaveText("Nothing was changed.");

  // A PIN is sent once: the next save does not set it again.
  await field(page, "PIN").fill("13570");
  await button(page, "Save").click();
  await expect(status(page)).toHaveText("Saved.");
  await expect(field(page, "PIN")).toHaveValue("");
  await button(page, "Save").click();
  await expect(status(page)).toHaveText("Nothing was changed.");
  expect(await server.login("mina.park", PHONE_1)).toContain("<success");

  await page.getByRole("link", { name: "Delete…" }).click();
  await expect(page.getByText("Logins that end: 1.")).toBeVisible();
  await button(page, "Delete").click();
  await expect(status(page)).toHaveText("Deleted: 1. Logins ended: 1.");
  expect(await server.devicesOf("mina.park")).toContain("doesNotExist");
  await open(page, server, "/audit?find=mina.park");
  await expect(rows(page).first()).toContainText("removed");
  await expect(rows(page).nth(1)).toContainText("changed");
  await expect(rows(page).nth(2)).toContainText("→ 2007");
  await expect(rows(page).nth(3)).toContainText("added");
  await expect(page.locator("main")).not.toContainText("24680");
  await expect(page.locator("main")).not.toContainText("argon2");
  await open(page, server, "/login-history?find=mina.park");
  await expect(rows(page)).toContainText(["User removed"]);
});

test("a conflict shows both values, and the second save keeps the typed one", async ({ page, server, browser }) => {
  await signIn(page, server);
  await open(page, server, `/directory/phones?edit=${PHONE_1}`);
  await field(page, "Description").fill("mine");
  server.apply(`[[phones]]\nname = "${PHONE_1}"\ndescription = "theirs"\naddress = "192.0.2.9"\n`);
  await button(page, "Save").click();
  await expect(status(page)).toContainText("somebody else has changed this meanwhile");
  await expect(page.getByText("Somebody else has set: theirs")).toBeVisible();
  await expect(field(page, "Description")).toHaveValue("mine");
  await button(page, "Save").click();
  await expect(status(page)).toHaveText("Saved.");
  await expect(field(page, "Description")).toHaveValue("mine");
  // What the other administrator changed besides is kept.
  await expect(field(page, "Address")).toHaveValue("192.0.2.9");
  const viewer = await another(browser, server, "viewer", "viewer");
  await viewer.goto(server.at(`/directory/phones?edit=${PHONE_1}`));
  await expect(field(viewer, "Description")).toBeDisabled();
  await expect(viewer.getByRole("button", { name: "Save" })).toHaveCount(0);
  await viewer.goto(server.at("/directory/phones"));
  await expect(rows(viewer).first()).toBeVisible();
  await expect(viewer.getByRole("checkbox", { name: /Select/ })).toHaveCount(0);
  await viewer.goto(server.at(`/directory/phones?act=remove&name=${PHONE_1}`));
  await expect(viewer.getByRole("alert")).toHaveText("Your role does not allow this. Ask an administrator.");
});

test("lines and speed dials come back as they were typed", async ({ page, server }) => {
  await signIn(page, server);
  await open(page, server, "/directory/device-profiles?new=1");
  await field(page, "Name").fill("50%25 a/b 회의");
  await field(page, "Lines").fill('2001 John\n\n"+82 2 123" Front desk\n');
  await field(page, "Speed dials").fill("2002");
  await button(page, "Add").click();
  await expect(status(page)).toHaveText("50%25 a/b 회의 is added.");
  await expect(page.getByRole("heading", { name: "50%25 a/b 회의" })).toBeVisible();
  await expect(field(page, "Lines")).toHaveValue('2001 John\n"+82 2 123" Front desk');
  await field(page, "Lines").fill('"');
  await button(page, "Save").click();
  await expect(page.getByText("Line 1 has no number.")).toBeVisible();
  await open(page, server, "/directory/device-profiles?find=회의");
  await rows(page).getByRole("link", { name: "50%25 a/b 회의" }).click();
  await expect(field(page, "Speed dials")).toHaveValue("2002");
});

test("users who are selected are disabled, after a question that names them", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.login("jane", PHONE_2);
  await signIn(page, server);
  await open(page, server, "/directory/users");
  await page.getByRole("checkbox", { name: "Select john" }).check();
  await button(page, "Disable").click();
  await expect(page.getByRole("listitem").filter({ hasText: /^john$/ })).toBeVisible();
  await expect(page.getByText("Logins that end: 1.")).toBeVisible();
  await started(page);
  await button(page, "Disable").click();
  await expect(status(page)).toHaveText("Changed: 1. Logins ended: 1.");
  await open(page, server, "/directory/users?only=disabled");
  await expect(rows(page).locator("td.who")).toHaveText(["john"]);
  expect(await server.login("john", PHONE_1)).not.toContain("<success");
  await open(page, server, "/login-history");
  await expect(rows(page)).toContainText(["User disabled"]);
});

test("all that match are deleted once their number is typed, and none that came meanwhile in use", async ({
  page,
  server,
}) => {
  await signIn(page, server);
  await open(page, server, "/directory/phones?find=SEP00000000001");
  await expect(page.locator("#range")).toHaveText("1–10 of 10");
  await page.getByRole("checkbox", { name: "all 10 that match" }).check();
  await button(page, "Delete").click();
  await expect(page.getByText("No login ends.")).toBeVisible();
  await started(page);
  await server.login("john", "SEP000000000015");
  await field(page, "Type 10 to confirm").fill("10");
  await button(page, "Delete").click();
  await expect(status(page)).toContainText("Nothing is done: more depends on it now.");
  await expect(page.getByText("Logins that end: 1.")).toBeVisible();
  await field(page, "Type 10 to confirm").fill("9");
  await button(page, "Delete").click();
  await expect(status(page)).toContainText("the number is not the one above");
  await field(page, "Type 10 to confirm").fill("10");
  await button(page, "Delete").click();
  await expect(status(page)).toHaveText("Deleted: 10. Logins ended: 1.");
  await open(page, server, "/directory/phones");
  await expect(page.locator("#range")).toHaveText("1–50 of 50");
});

test("an act without a selection asks for nothing", async ({ page, server }) => {
  await signIn(page, server);
  await open(page, server, "/directory/users");
  await button(page, "Delete").click();
  await expect(page.getByText("Nothing to do: nothing is selected, or it is gone already.")).toBeVisible();
  await expect(button(page, "Delete")).toHaveCount(0);
});

test("a form and a question are accessible, and fit, in all looks", async ({ page, server }) => {
  test.setTimeout(120_000);
  await signIn(page, server);
  for (const path of ["users?edit=john", "phones?new=1", `phones?edit=${PHONE_1}`, "users?act=remove&name=john"]) {
    await open(page, server, `/directory/${path}`);
    for (const one of LOOKS) {
      await look(page, one);
      await accessible(page, `${path}, ${one.name}`);
      await fits(page, `${path}, ${one.name}`);
    }
  }
});

test("strangers and viewers read no record and change none", async ({ page, server, browser }) => {
  const call = (name: string, body: object) =>
    page.request.post(server.at(`/call/${name}`), { data: body, headers: { "content-type": "application/json" } });
  const stranger = await call("record", { kind: "users", name: "john" });
  expect(stranger.status()).toBe(401);
  expect((await call("directory", { query: "/directory/users" })).status()).toBe(401);
  const viewer = await another(browser, server, "viewer", "viewer");
  const act = await viewer.request.post(server.at("/call/act-on-records"), {
    form: { kind: "users", act: "remove", names: "john" },
    headers: { accept: "application/json", "sec-fetch-site": "same-origin" },
  });
  expect(act.status()).toBe(403);
  const edit = await viewer.request.post(server.at("/call/edit-record"), {
    form: { kind: "users", name: "john", "values[enabled]": "false", "seen[enabled]": "true" },
    headers: { accept: "application/json" },
  });
  expect(edit.status()).toBe(403);
  await signIn(page, server);
  await page.goto(server.at("/directory/users?find=john"));
  await expect(rows(page).locator("td.who")).toHaveText(["john"]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a user is added, changed and deleted", async ({ page, server }) => {
    await signIn(page, server);
    await page.goto(server.at("/directory/users?new=1"));
    await field(page, "User ID").fill("mina");
    await field(page, "PIN").fill("12a45");
    await field(page, "Self-Service User ID").fill("77");
    await button(page, "Add").click();
    await expect(status(page)).toHaveText("Not saved: PIN is not valid.");
    await expect(field(page, "Self-Service User ID")).toHaveValue("77");
    await expect(field(page, "PIN")).toHaveValue("");
    await field(page, "PIN").fill("12345");
    await button(page, "Add").click();
    await expect(status(page)).toHaveText("mina is added.");
    await expect(heading(page, "User")).toBeVisible();
    await page.getByLabel("May log in", { exact: true }).uncheck();
    await button(page, "Save").click();
    await expect(status(page)).toHaveText("Saved.");
    await expect(page.getByLabel("May log in", { exact: true })).not.toBeChecked();
    await page.goto(server.at("/directory/users?find=mina"));
    await page.getByRole("checkbox", { name: "Select mina" }).check();
    await button(page, "Delete").click();
    await button(page, "Delete").click();
    await expect(status(page)).toHaveText("Deleted: 1.");
    await page.goto(server.at("/directory/users?find=mina"));
    await expect(page.getByText("Nothing matches")).toBeVisible();
  });

  test("a refused form keeps what was typed, and loses nothing that others have changed", async ({ page, server }) => {
    await signIn(page, server);
    await page.goto(server.at("/directory/phones?edit=sep000000000001"));
    await field(page, "Description").fill("mine");
    await field(page, "Log out after minutes without use").fill("soon");
    server.apply(`[[phones]]\nname = "${PHONE_1}"\ndescription = "theirs"\nmodel = "Cisco 7841"\n`);
    await button(page, "Save").click();
    await expect(page.getByText("A number from 0 to 10080, or empty.")).toBeVisible();
    await expect(field(page, "Description")).toHaveValue("mine");
    await expect(field(page, "Model")).toHaveValue("Cisco 7841");
    await field(page, "Log out after minutes without use").fill("15");
    await button(page, "Save").click();
    await expect(page.getByText("Somebody else has set: theirs")).toBeVisible();
    await button(page, "Save").click();
    await expect(status(page)).toHaveText("Saved.");
    await expect(field(page, "Description")).toHaveValue("mine");
    await expect(field(page, "Model")).toHaveValue("Cisco 7841");
    await expect(field(page, "Log out after minutes without use")).toHaveValue("15");
  });
});
