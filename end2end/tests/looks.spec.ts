// Every page, in each of its states, in each look.
import type { Page } from "@playwright/test";
import { ADMIN, PHONES, PHONE_1, PHONE_2, PHONE_3, Server, USERS, expect, follow, signIn, signInAs, test } from "./server.ts";
import { LOOKS, accessible, fits, look, withoutScripts } from "./walk.ts";

/** The time-out of a test over all pages. */
const WALK_MS = 300_000;

type Walk = {
  page: Page;
  server: Server;
  /** Goes to a path. */
  open: (path: string) => Promise<void>;
};

/** Pages with an address of their own. */
const ADDRESSES: [name: string, path: string][] = [
  ["active logins", "/"],
  ["active logins, second page, sorted", "/?sort=user&page=2"],
  ["active logins, nothing found", "/?find=zzz"],
  ["log out, nothing selected", "/log-out"],
  ["log out, a typed count", "/log-out?all=1"],
  ["a job that is not there", "/jobs/00000000-0000-4000-8000-000000000000"],
  ["a phone with its login", `/phones/${PHONE_1}`],
  ["a phone that nobody is on", `/phones/${PHONES.at(-1)}`],
  ["a phone that is not there", "/phones/SEPNONE"],
  ["login history", "/login-history"],
  ["login history, days", "/login-history?find=john&since=2020-01-01&since_zone=540&before=2090-01-01"],
  ["login history, nothing found", "/login-history?find=zzz"],
  ["audit", "/audit"],
  ["audit, nothing found", "/audit?find=zzz"],
  ["refusals", "/refusals"],
  ["refusals, nothing found", "/refusals?find=zzz&hours=1"],
  ["service parameters", "/service-parameters"],
  ["service parameters, advanced", "/service-parameters?advanced=1"],
  ["parameters for all servers", "/service-parameters/all-servers"],
  ["modified parameters", "/service-parameters/modified"],
  ["parameter history", "/service-parameters/history"],
  ["administrators", "/administrators"],
  ["settings", "/settings"],
  ["remote clusters", "/remote-clusters"],
  ["a remote cluster that is not there", "/remote-clusters/none"],
  ["trace", "/trace"],
  ["trace, nothing found", "/trace?find=zzz"],
  ["not found", "/no/such/page"],
];

const status = (page: Page) => page.locator("#status");
const behavior = (page: Page) => page.getByLabel("Multiple Login Behavior", { exact: true });
const button = (page: Page, name: string) => page.getByRole("button", { name }).first();

/** Active Logins, hydrated. */
async function logins({ page, open }: Walk) {
  await open("/");
  await expect(page.locator(".connection")).toHaveText("live");
}

/** Service parameters, hydrated: reached by a link from a hydrated page. */
async function parameters(walk: Walk) {
  await logins(walk);
  await follow(walk.page, "Service Parameters", "Service Parameter Configuration");
  await expect(status(walk.page)).toHaveText("Status: Ready");
}

/** States that need actions. */
const STATES: [name: string, reach: (walk: Walk) => Promise<void>][] = [
  [
    "the keys",
    async (walk) => {
      await logins(walk);
      await walk.page.keyboard.press("?");
      await expect(walk.page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    },
  ],
  [
    "log out, the dialog",
    async (walk) => {
      await logins(walk);
      await walk.page.getByRole("link", { name: "Log out" }).first().click();
      await expect(walk.page.getByRole("dialog")).toBeVisible();
    },
  ],
  [
    "log out, the dialog for many",
    async (walk) => {
      await logins(walk);
      await walk.page.getByRole("checkbox", { name: "Select all on this page" }).check();
      await walk.page.getByRole("button", { name: /^Log out all/ }).click();
      await expect(walk.page.getByLabel(/^Type \d+ to confirm/)).toBeVisible();
    },
  ],
  [
    "log out, one login",
    async ({ page, open }) => {
      await open("/");
      await open((await page.getByRole("link", { name: "Log out" }).first().getAttribute("href"))!);
      await expect(page.getByLabel("Reason")).toBeVisible();
    },
  ],
  ["a job", ({ page, server, open }) => job(page, server, "the walk").then(open)],
  [
    "service parameters, help",
    async (walk) => {
      await parameters(walk);
      await walk.page.locator("summary", { hasText: "Multiple Login Behavior" }).click();
      await expect(walk.page.locator("details[open] .help")).toBeVisible();
    },
  ],
  [
    "service parameters, what it will do",
    async (walk) => {
      await parameters(walk);
      await behavior(walk.page).selectOption("Multiple Logins Not Allowed");
      await expect(walk.page.getByText("What will this do?")).toBeVisible();
    },
  ],
  [
    "service parameters, a value that does not do",
    async (walk) => {
      await parameters(walk);
      await walk.page.getByLabel("Inter-cluster Maximum Login Time", { exact: true }).fill("9");
      await button(walk.page, "Save").click();
      await expect(status(walk.page)).toContainText("Not saved. Look at:");
    },
  ],
  [
    "service parameters, what Set to Default changes",
    async (walk) => {
      walk.server.apply(`[service_parameters]\n"Inter-cluster Maximum Login Time" = "9:00"\n`);
      await parameters(walk);
      await button(walk.page, "Set to Default").click();
      await expect(status(walk.page)).toContainText("would change");
    },
  ],
  [
    "service parameters, a conflict",
    async (walk) => {
      await parameters(walk);
      await behavior(walk.page).selectOption("Multiple Logins Not Allowed");
      await expect(walk.page.getByText("What will this do?")).toBeVisible();
      walk.server.behavior("Auto Logout");
      await expect(walk.page.getByText("set this to Auto Logout meanwhile")).toBeVisible();
      await button(walk.page, "Save").click();
      await expect(status(walk.page)).toContainText("somebody else changed a value meanwhile");
      walk.server.behavior("Multiple Logins Allowed");
    },
  ],
  [
    "service parameters, saved",
    async (walk) => {
      await parameters(walk);
      await walk.page.getByLabel("Inter-cluster Maximum Login Time", { exact: true }).fill("10:00");
      await button(walk.page, "Save").click();
      await expect(status(walk.page)).toContainText("Update successful");
    },
  ],
  [
    "settings, what a shorter retention deletes",
    async ({ page, open }) => {
      await open("/settings");
      await expect(page.locator("html")).toHaveAttribute("data-start", "live");
      await page.getByLabel("Ended logins", { exact: true }).fill("1");
      await button(page, "Save").click();
      await expect(page.getByRole("group", { name: "Delete these rows?" })).toBeFocused();
    },
  ],
  [
    "administrators, before one is removed",
    async ({ page, open }) => {
      await open("/administrators");
      await page.getByText("Remove…").first().click();
      await expect(page.getByRole("button", { name: "Yes, remove" })).toBeVisible();
    },
  ],
  [
    "administrators, the last one",
    async ({ page, open }) => {
      await open("/administrators");
      await page.getByRole("button", { name: "Disable" }).click();
      await expect(status(page)).toContainText("This is the last administrator");
    },
  ],
  [
    "the connection is lost",
    async (walk) => {
      await logins(walk);
      await walk.server.kill();
      await expect(walk.page.locator(".connection")).toHaveText("not connected, trying again…");
    },
  ],
];

/** Ends a login by the API; the path of the job's page. */
async function job(page: Page, server: Server, reason: string): Promise<string> {
  const [ids] = await page.evaluate(async () => {
    const html = await (await fetch("/")).text();
    return [...html.matchAll(/data-login="([^"]+)"/g)].map((match) => match[1]!);
  });
  const begun = await page.request.post(server.at("/call/log-out"), { form: { ids: ids!, reason } });
  return `/jobs/${(await begun.json()).Begun.id}`;
}

/** More than a page of logins, some ended logins, a refusal, and changes. */
async function filled(server: Server) {
  server.behavior("Multiple Logins Allowed");
  for (const phone of PHONES.slice(0, 56)) await server.login("john", phone);
  await server.login(encodeURIComponent(USERS[2]!), PHONES[57]!);
  await server.logout(PHONE_2);
  await server.logout(PHONE_3);
  await server.login("jane", PHONE_1);
}

for (const how of LOOKS.slice(0, 3)) {
  test(`every page and state: ${how.name}`, async ({ page, server }, info) => {
    test.setTimeout(WALK_MS);
    await look(page, how);
    // The walk leaves pages with unsaved changes.
    page.on("dialog", (dialog) => void dialog.accept());
    const seen = async (name: string) => {
      await accessible(page, name);
      await fits(page, name);
      await page.screenshot({ path: info.outputPath(`${name.replace(/\W+/g, "-")}.png`), fullPage: true });
    };
    const open = async (path: string) => void (await page.goto(server.at(path)));
    await open("/sign-in");
    await seen("sign in");
    await signIn(page, server);
    await seen("nobody is logged in");
    await filled(server);
    for (const [name, path] of ADDRESSES) {
      await open(path);
      await seen(name);
    }
    for (const [name, reach] of STATES) {
      await reach({ page, server, open });
      await seen(name);
    }
  });

  test(`a viewer's pages, and the first administrator: ${how.name}`, async ({ page, server, browser }) => {
    await look(page, how);
    await server.login("john", PHONE_1);
    server.admin(["add", "vera", "--role", "viewer"], "correct horse\n");
    await signInAs(page, server, "vera", "correct horse");
    for (const path of ["/", "/service-parameters", "/administrators", "/audit", "/settings"]) {
      await page.goto(server.at(path));
      await accessible(page);
      await fits(page);
    }
    await page.goto(server.at("/log-out?all=1"));
    await expect(page.getByRole("alert")).toHaveText("Your role does not allow this. Ask an administrator.");
    await accessible(page, "not allowed");
    await fits(page, "not allowed");

    const fresh = new Server({ administrator: false });
    try {
      await fresh.start();
      const first = await (await browser.newContext()).newPage();
      await look(first, how);
      await first.goto(await fresh.invitation());
      await accessible(first, "the first administrator");
      await fits(first, "the first administrator");
    } finally {
      await fresh.remove();
    }
  });
}

for (const how of [LOOKS[0], LOOKS[3]]) {
  test(`every page without JavaScript: ${how.name}`, async ({ page, server }) => {
    test.setTimeout(WALK_MS);
    await look(page, how);
    await withoutScripts(page);
    const seen = async (name: string) => {
      await accessible(page, `without JavaScript: ${name}`);
      await fits(page, `without JavaScript: ${name}`);
    };
    const open = async (path: string) => void (await page.goto(server.at(path)));
    await open("/sign-in");
    await seen("sign in");
    await page.getByLabel("Name").fill(ADMIN.name);
    await page.getByLabel("Password").fill("wrong password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await seen("sign in, refused");
    await signIn(page, server);
    await filled(server);
    for (const [name, path] of ADDRESSES) {
      await open(path);
      await seen(name);
    }
    await open(await job(page, server, "the walk"));
    await seen("a job");
    await open("/service-parameters");
    await behavior(page).selectOption("Multiple Logins Not Allowed");
    await button(page, "Save").click();
    await expect(status(page)).toContainText("Not saved yet");
    await seen("service parameters, what it will do");
    await page.getByLabel("Inter-cluster Maximum Login Time", { exact: true }).fill("9");
    await button(page, "Save").click();
    await expect(status(page)).toContainText("Not saved. Look at:");
    await seen("service parameters, a value that does not do");
    await open("/log-out?all=1");
    await page.getByLabel(/^Type \d+ to confirm/).fill("1");
    await page.getByRole("button", { name: /^Log out/ }).last().click();
    await expect(page.getByRole("alert")).toBeVisible();
    await seen("log out, a wrong count");
  });
}
