// The README's pictures, taken from the running program:
//   npx playwright test --config pictures.config.ts
import type { Page } from "@playwright/test";
import { Server, expect, live, test as base } from "../tests/server.ts";

const docs = (name: string) => new URL(`../../docs/${name}`, import.meta.url).pathname;

/** Users, with their maximum login time in minutes; without one the service parameter applies. */
const USERS: [id: string, minutes?: number][] = [
  ["amelia.wright", 480],
  ["choi.jiwoo"],
  ["hana.sato", 60],
  ["jdoe"],
  ["lee.haneul", 480],
  ["minsu.kim"],
  ["omar.haddad", 600],
  ["priya.nair"],
  ["soyeon.park", 480],
  ["tomas.novak"],
];
/** Phones: name, model and location. */
const PHONES: [name: string, model: string, place: string][] = [
  ["SEP0C75BD110A01", "Cisco 8861", "Lobby"],
  ["SEP0C75BD110A02", "Cisco 8845", "Desk 2.14"],
  ["SEP0C75BD110A03", "Cisco 8845", "Desk 2.15"],
  ["SEP0C75BD110A04", "Cisco 7841", "Warehouse gate"],
  ["SEP0C75BD110A05", "Cisco 8861", "Meeting room Han"],
  ["SEP0C75BD110A06", "Cisco 8851", "Desk 3.02"],
  ["SEP0C75BD110A07", "Cisco 8851", "Desk 3.03"],
  ["SEP0C75BD110A08", "Cisco 7841", "Reception"],
  ["SEP0C75BD110A09", "Cisco 8865", "Meeting room Namsan"],
  ["SEP0C75BD110A10", "Cisco 8845", "Desk 3.07"],
  ["SEP0C75BD110A11", "Cisco 8861", "Night desk"],
  ["SEP0C75BD110A12", "Cisco 8851", "Desk 3.09"],
];

const people = [
  `[[app_users]]\nid = "emproxy"\npassword = "emproxy"`,
  `[service_parameters]\n"Multiple Login Behavior" = "Multiple Logins Allowed"`,
  ...USERS.map(([id, minutes]) => {
    const limit = minutes ? `\nmax_login_minutes = ${minutes}` : "";
    return `[[device_profiles]]\nname = "${id}-UDP"\nmodel = "Cisco 8861"
[[users]]\nid = "${id}"\npin = "12345"\nprofiles = ["${id}-UDP"]${limit}`;
  }),
  ...PHONES.map(([name, model, place]) => `[[phones]]\nname = "${name}"\nmodel = "${model}"\ndescription = "${place}"`),
].join("\n");

const test = base.extend<{ sample: Server }>({
  sample: async ({}, use) => {
    const server = new Server({ people });
    await server.start();
    await use(server);
    await server.remove();
  },
});
test.use({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1, colorScheme: "light" });

const user = (index: number) => USERS[index]![0];
const phone = (index: number) => PHONES[index]![0];

/** Sample data: logins, refusals, and a forced log-out. */
async function morning(page: Page, server: Server) {
  for (let index = 0; index < 9; index++) await server.login(user(index), phone(index));
  await server.login(user(2), phone(9));
  await server.login(user(2), phone(10));
  await server.login(user(5), phone(11));
  await live(page, server);
  // An unknown phone, a taken phone, and a user without the right.
  await server.login(user(9), "SEP0C75BD110A99");
  await server.login(user(9), phone(3));
  await server.login("visitor", phone(3));
  await page.locator("tbody tr", { hasText: phone(10) }).getByRole("link", { name: "Log out" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("left at the night desk");
  await dialog.getByRole("button", { name: "Log out 1" }).click();
  await expect(dialog.getByText("Done: 1 of 1 logged out.")).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  await server.logout(phone(7));
  await server.login(user(9), phone(7));
}

test("active logins", async ({ page, sample }) => {
  await morning(page, sample);
  // Focus and pointer are off the table, so no row waits and ended rows are gone.
  await page.getByRole("heading", { name: "Active Logins" }).click();
  await expect(page.locator("tr.ended")).toHaveCount(0);
  await expect(page.locator(".feed li").first()).toContainText("logged in");
  await page.screenshot({ path: docs("active-logins.png") });
});

test("service parameters", async ({ page, sample }) => {
  await morning(page, sample);
  await page.getByRole("link", { name: "Service Parameters" }).click();
  await expect(page.locator("#status")).toHaveText("Status: Ready");
  const behavior = page.getByLabel("Multiple Login Behavior", { exact: true });
  await behavior.selectOption("Auto Logout");
  await expect(page.getByText("What will this do?")).toBeVisible();
  await page.screenshot({ path: docs("service-parameters.png"), fullPage: true });
});

test("phone simulator", async ({ page }) => {
  const keys = [
    `[site]\npush_user = "phonepush"\npush_password = "phonepush"`,
    `[[device_profiles]]\nname = "amelia.wright-UDP"\nmodel = "Cisco 8861"\nlines = [{ dn = "2001", label = "Amelia Wright" }]
speed_dials = [{ number = "2005", label = "Hana" }, { number = "2006", label = "Support" }]`,
    ...[0, 4].map((index) => {
      const [name, model, place] = PHONES[index]!;
      return `[[phones]]\nname = "${name}"\nmodel = "${model}"\ndescription = "${place}"\nlines = [{ dn = "100${index}", label = "${place}" }]`;
    }),
  ].join("\n");
  const server = new Server({ people });
  server.apply(keys);
  await server.start("127.0.0.1:0", ["--phone-simulator"]);
  await live(page, server);
  await page.goto(server.at(`/phone-simulator?phone=${phone(0)}&phone=${phone(4)}`));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  const [left, right] = [phone(0), phone(4)].map((name) => page.getByRole("region", { name, exact: true }));
  const open = (at: typeof left) => at!.getByRole("button", { name: "Services" }).first().click();
  await open(left);
  await left!.getByLabel("User ID").fill(user(0));
  await left!.getByLabel("PIN").fill("12345");
  await left!.getByRole("button", { name: "Submit" }).click();
  await expect(left!).toContainText("Login successful");
  await left!.getByRole("button", { name: "Exit" }).click();
  await open(right);
  await right!.getByLabel("User ID").fill(user(4));
  await page.screenshot({ path: docs("phone-simulator.png"), fullPage: true, animations: "disabled" });
  await server.remove();
});
