// Administrators: roles, sessions, and the first one.
import type { Page } from "@playwright/test";
import { ADMIN, PHONE_1, Server, expect, follow, live, signIn, signInAs, test } from "./server.ts";
import { accessible } from "./walk.ts";

/** The card of an administrator. */
const person = (page: Page, name: string) =>
  page.locator("section.person", { has: page.getByRole("heading", { name, exact: true }) });

test("a viewer reads, an operator ends logins, and the server enforces both roles", async ({ page, server, browser }) => {
  await server.login("john", PHONE_1);
  await signIn(page, server);
  await page.goto(server.at("/administrators"));
  // Before hydration the browser itself sends the form.
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  for (const [name, role] of [["vera", "Viewer"], ["otto", "Operator"]] as const) {
    const add = page.locator("section", { hasText: "Add an administrator" });
    await add.getByLabel("Name").fill(name);
    await add.getByLabel("Role").selectOption({ label: role });
    await add.getByLabel("Password").fill("correct horse");
    await add.getByLabel("Once more").fill("correct horse");
    await add.getByRole("button", { name: "Add" }).click();
    await expect(page.getByRole("heading", { name })).toBeVisible();
    // The answer has the focus, and the next administrator begins with the fewest rights.
    await expect(page.locator("#status")).toBeFocused();
    await expect(page.locator("#status")).toBeInViewport();
    await expect(add.getByLabel("Role")).toHaveValue("viewer");
  }
  const viewer = await (await browser.newContext()).newPage();
  await signInAs(viewer, server, "vera", "correct horse");
  await expect(viewer.locator("tbody tr")).toContainText("john");
  await expect(viewer.getByRole("link", { name: "Log out" })).toHaveCount(0);
  await viewer.goto(server.at("/service-parameters"));
  await expect(viewer.getByLabel("Multiple Login Behavior", { exact: true })).toBeDisabled();
  await expect(viewer.getByRole("button", { name: "Save" })).toHaveCount(0);
  await viewer.goto(server.at("/administrators"));
  await expect(viewer.getByRole("heading", { name: "kim" })).toHaveCount(0);
  await accessible(viewer);
  const tried = await viewer.request.post(server.at("/call/log-out"), { form: { reason: "x" } });
  expect(await tried.text()).toContain("NotAllowed");

  const operator = await (await browser.newContext()).newPage();
  await signInAs(operator, server, "otto", "correct horse");
  const saved = await operator.request.post(server.at("/call/save-parameters"), {
    form: { "value[Alphanumeric User ID]": "False", "seen[Alphanumeric User ID]": "True", intent: "save" },
  });
  expect(await saved.text()).toContain("NotAllowed");
  await operator.getByRole("link", { name: "Log out" }).click();
  await operator.getByRole("dialog").getByRole("button", { name: "Log out 1" }).click();
  await expect(operator.getByText("Done: 1 of 1 logged out.")).toBeVisible();

  // A change of role ends that administrator's sessions, on open pages too.
  const vera = person(page, "vera");
  await vera.getByLabel("Role").selectOption({ label: "Operator" });
  await viewer.goto(server.url);
  await expect(viewer.locator(".connection")).toHaveText("live");
  await vera.getByRole("button", { name: "Set role" }).click();
  await expect(viewer).toHaveURL(/sign-in/);
});

test("a password typed during hydration stays in its own field", async ({ page, server }) => {
  server.admin(["add", "lee"], "correct horse\n");
  await signIn(page, server);
  await page.goto(server.at("/administrators"));
  await person(page, "lee").getByLabel("New password").pressSequentially("battery staple");
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await page.locator("#new-name").pressSequentially("mo");
  await expect(person(page, "lee").getByLabel("New password")).toHaveValue("battery staple");
  await expect(person(page, "kim").getByLabel("New password")).toHaveValue("");
  await expect(page.locator("#new-password")).toHaveValue("");
});

test("typed values stay at their administrator, and a second click removes no other one", async ({ page, server }) => {
  for (const name of ["aaa", "bbb", "lee"]) server.admin(["add", name], "correct horse\n");
  await signIn(page, server);
  await page.goto(server.at("/administrators"));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  const password = (name: string) => person(page, name).getByLabel("New password");
  await password("lee").fill("battery staple");
  await person(page, "lee").getByText("Remove…").click();
  // The new administrator comes first in the list.
  await page.locator("#new-name").fill("a");
  await page.locator("#new-password").fill("correct horse");
  await page.locator("#new-password-again").fill("correct horse");
  await page.getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("heading", { name: "a", exact: true })).toBeVisible();
  for (const name of ["a", "aaa", "bbb", "kim"]) await expect(password(name)).toHaveValue("");
  // The fields of a completed action are empty.
  await expect(page.locator("#new-name")).toHaveValue("");
  await expect(page.locator("#new-password")).toHaveValue("");
  for (const name of ["a", "aaa", "bbb", "kim"]) {
    await expect(person(page, name).getByRole("button", { name: "Yes, remove" })).toBeHidden();
  }
  // The second click hits the card that moves up.
  await person(page, "aaa").getByText("Remove…").click();
  await person(page, "aaa").getByRole("button", { name: "Yes, remove" }).scrollIntoViewIfNeeded();
  const box = (await person(page, "aaa").getByRole("button", { name: "Yes, remove" }).boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await expect(page.getByRole("heading", { name: "aaa", exact: true })).toHaveCount(0);
  await page.mouse.click(x, y);
  await expect(person(page, "bbb").getByRole("button", { name: "Yes, remove" })).toBeHidden();
  await page.reload();
  await expect(page.getByRole("heading", { name: "bbb", exact: true })).toBeVisible();
  // A password is cleared from its field after it was set.
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await password("lee").fill("battery staple");
  await person(page, "lee").getByLabel("Once more").fill("battery staple");
  await person(page, "lee").getByRole("button", { name: "Set password" }).click();
  await expect(page.locator("#status")).toContainText("lee was changed");
  await expect(password("lee")).toHaveValue("");
});

test("the last administrator can't be removed or disabled", async ({ page, server }) => {
  await signIn(page, server);
  await page.goto(server.at("/administrators"));
  await page.getByText("Remove…").click();
  await page.getByRole("button", { name: "Yes, remove" }).click();
  await expect(page.locator("#status")).toContainText("This is the last administrator");
  await page.getByRole("button", { name: "Disable" }).click();
  await expect(page.locator("#status")).toContainText("This is the last administrator");
  await expect(page.getByRole("heading", { name: ADMIN.name })).toBeVisible();
});

test("changing one's own password needs the current one, and keeps this session", async ({ page, server, browser }) => {
  server.admin(["add", "vera", "--role", "viewer"], "correct horse\n");
  const elsewhere = await (await browser.newContext()).newPage();
  await live(elsewhere, server);
  await live(page, server);
  await follow(page, "Administrators");
  const own = person(page, ADMIN.name);
  await expect(own.getByText("this one")).toHaveCount(1);
  await expect(own.getByRole("listitem")).toHaveCount(2);
  // Another administrator's password needs no current one.
  await expect(person(page, "vera").getByLabel("Current password")).toHaveCount(0);
  await own.getByLabel("Current password").fill("wrong password");
  await own.getByLabel("New password").fill("another horse");
  await own.getByLabel("Once more").fill("another horse");
  await own.getByRole("button", { name: "Set password" }).click();
  await expect(page.locator("#status")).toHaveText("The current password is wrong.");
  // The typed values stay.
  await expect(own.getByLabel("New password")).toHaveValue("another horse");
  await own.getByLabel("Current password").fill(ADMIN.password);
  await own.getByLabel("New password").fill("another horse");
  await own.getByRole("button", { name: "Set password" }).click();
  await expect(page.locator("#status")).toContainText("kim was changed");
  // All other sessions have ended; this one has a new id.
  await expect(elsewhere).toHaveURL(/sign-in/);
  await expect(own.getByRole("listitem")).toHaveCount(1);
  await expect(own.getByText("this one")).toBeVisible();
  // The request of a client that omits the field.
  const tried = await page.request.post(server.at("/call/change-administrator"), {
    form: { intent: "password", name: "KIM", password: "a third horse" },
  });
  expect(await tried.text()).toContain("CurrentPasswordWrong");
  await signInAs(elsewhere, server, ADMIN.name, "another horse");
});

test("guessing the current password from an open session makes the next try wait", async ({ page, server }) => {
  await signIn(page, server);
  const guess = async () => {
    const form = { intent: "password", name: ADMIN.name, current: "wrong password", password: "another horse" };
    return (await page.request.post(server.at("/call/change-administrator"), { form })).text();
  };
  for (let failure = 0; failure < 4; failure++) expect(await guess()).toContain("CurrentPasswordWrong");
  expect(await guess()).toContain("Wait");
});

test("failures make the next try wait", async ({ page, server }) => {
  await page.goto(server.url);
  for (let failure = 0; failure < 4; failure++) {
    const answered = page.waitForEvent("load");
    await page.getByLabel("Name").fill(ADMIN.name);
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await answered;
  }
  await page.getByLabel("Password").fill("wrong password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("Too many failures. Try again in");
});

test("the first administrator is created by a link that is valid once", async ({ page }) => {
  const server = new Server({ administrator: false });
  try {
    await server.start();
    const link = await server.invitation();
    await page.goto(server.url);
    await expect(page).toHaveURL(/sign-in/);
    await page.goto(link.replace(/[0-9a-f]{32}$/, "0".repeat(32)));
    await expect(page.getByRole("heading", { name: "This link was used" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Begin" })).toHaveCount(0);
    await accessible(page);
    await page.goto(link);
    await accessible(page);
    await page.getByLabel("Name").fill("kim");
    await page.getByLabel("Password").fill("correct horse");
    await page.getByLabel("Once more").fill("correct house");
    await page.getByLabel("Show").check();
    await expect(page.getByLabel("Password")).toHaveAttribute("type", "text");
    await page.getByRole("button", { name: "Begin" }).click();
    await expect(page.locator("#status")).toHaveText("The two passwords differ.");
    await page.getByLabel("Name").fill("<b>kim</b>");
    await page.getByLabel("Password").fill("correct horse");
    await page.getByLabel("Once more").fill("correct horse");
    await page.getByRole("button", { name: "Begin" }).click();
    await expect(page.locator("#status")).toContainText("A name has letters, digits");
    await page.getByLabel("Name").fill("kim");
    await page.getByLabel("Password").fill("correct horse");
    await page.getByLabel("Once more").fill("correct horse");
    await page.getByRole("button", { name: "Begin" }).click();
    await expect(page.getByRole("heading", { name: "Active Logins" })).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "This link was used" })).toBeVisible();
    await page.getByRole("link", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/sign-in/);
    const again = await page.request.post(server.at("/call/first-administrator"), {
      form: { code: link.slice(-32), name: "mallory", password: "correct horse" },
    });
    expect(await again.text()).toContain("NotFound");
  } finally {
    await server.remove();
  }
});

test("the command line sets passwords, disables and lists", async ({ page, server }) => {
  await live(page, server);
  server.admin(["add", "otto", "--role", "operator"], "correct horse\n");
  expect(server.admin(["list"])).toMatch(/administrator\s+kim\noperator\s+otto\n/);
  server.admin(["disable", "otto"]);
  expect(server.admin(["list"])).toContain("otto  disabled");
  server.admin(["set-password", "kim"], "another horse\n");
  await expect(page).toHaveURL(/sign-in/);
  await signInAs(page, server, "kim", "another horse");
});

test("keys: / focuses the search, ? lists the keys, and a dialog returns the focus", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  // The page is live shortly before it handles keys.
  await expect(async () => {
    await page.keyboard.press("/");
    await expect(page.getByRole("searchbox")).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeHidden();
  await page.getByRole("searchbox").fill("");
  const row = page.getByRole("link", { name: "Log out" });
  await row.focus();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" });
  await expect(keys).toBeVisible();
  await staysIn(page, "dialog.keys");
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await expect(row).toBeFocused();
  // The Close button returns the focus as well.
  await page.keyboard.press("?");
  await keys.getByRole("button", { name: "Close" }).click();
  await expect(keys).toBeHidden();
  await expect(row).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Log out" })).toBeVisible();
  await expect(page.getByLabel("Reason")).toBeFocused();
  await staysIn(page, "dialog.log-out");
  await page.keyboard.press("Escape");
  await expect(row).toBeFocused();
});

/** Tab and Shift+Tab cycle within a dialog, and never reach the page behind it. */
async function staysIn(page: Page, dialog: string) {
  const reached = new Set<string>();
  for (const key of [...Array<string>(8).fill("Tab"), ...Array<string>(8).fill("Shift+Tab")]) {
    await page.keyboard.press(key);
    // Between the last and the first control the focus is in the browser's own controls.
    const at = await page.evaluate((dialog) => {
      const { activeElement: focused, body } = document;
      if (!focused || focused === body) return "browser";
      return focused.closest(dialog) ? `in: ${focused.textContent}` : `out: ${focused.outerHTML}`;
    }, dialog);
    expect(at).toMatch(/^(in|browser)/);
    reached.add(at);
  }
  expect([...reached].filter((one) => one.startsWith("in")).length).toBeGreaterThan(0);
  await page.locator(dialog).getByRole("button").last().focus();
}
