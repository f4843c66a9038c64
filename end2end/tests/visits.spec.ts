// Users of one cluster at phones of another, in the laboratory.
import { type Browser, type Page, expect, test as base } from "@playwright/test";
import { answered, display, lines, logIn, phone } from "./keys.ts";
import { Laboratory, type ClusterName } from "./laboratory.ts";
import { ALLOWED, NOT_ALLOWED } from "./parameters.ts";

const test = base.extend<{ laboratory: Laboratory }>({
  laboratory: async ({}, use) => {
    const laboratory = new Laboratory();
    await laboratory.start();
    await use(laboratory);
    await laboratory.remove();
  },
});

const row = (page: Page, text: string) => page.locator("tbody tr", { hasText: text });
const VISITED = "SEPF8A5C59E1126";
const OTHER = "SEPB000B4BA01F1";

/** Both consoles of the laboratory, each on its first page. */
async function consoles(browser: Browser, laboratory: Laboratory) {
  const page = async (cluster: ClusterName) => {
    const page = await (await browser.newContext()).newPage();
    await laboratory.live(page, cluster);
    return page;
  };
  return { seoul: await page("seoul"), busan: await page("busan") };
}

for (const from of ["seoul", "busan"] as const) {
  test(`a visit is live in both consoles, and a forced log-out in ${from} ends the stay in both`, async ({
    browser,
    laboratory,
  }) => {
    const { seoul, busan } = await consoles(browser, laboratory);
    await expect(async () => expect(await laboratory.visit("seoul", VISITED, "rak")).toContain("Login successful")).toPass();
    await expect(row(seoul, VISITED)).toContainText("rak (busan)");
    await expect(row(seoul, VISITED).locator(".kind")).toHaveText("Visiting");
    await expect(row(seoul, VISITED).getByRole("link", { name: VISITED })).toBeVisible();
    await expect(row(busan, VISITED)).toContainText(`${VISITED} (seoul)`);
    await expect(row(busan, VISITED).locator(".kind")).toHaveText("Elsewhere");
    // A phone of another cluster has no page here.
    await expect(row(busan, VISITED).getByRole("link", { name: VISITED })).toHaveCount(0);

    // At the visiting cluster, a user's page says where the user belongs.
    const visitor = await seoul.context().newPage();
    await visitor.goto(laboratory.at("seoul", `/users/${encodeURIComponent("rak (busan)")}`));
    await expect(visitor.locator("#user-home")).toContainText("busan");
    await expect(visitor.locator("#user-logins tbody tr")).toContainText([VISITED]);
    await visitor.goto(laboratory.at("seoul", "/users/rak"));
    await expect(visitor.locator("#user-home")).toContainText("This cluster has no user of this id.");
    await visitor.getByRole("link", { name: "rak (busan)" }).first().click();
    await expect(visitor.locator("#user-name")).toHaveText("rak (busan)");
    await visitor.close();

    // Filtered by type.
    const chip = (page: Page, name: string) => page.getByRole("group", { name: "Type" }).getByRole("link", { name });
    await chip(busan, "Elsewhere").click();
    await expect(busan).toHaveURL(/only=elsewhere/);
    await expect(row(busan, VISITED)).toContainText("rak");
    await expect(busan.locator("tbody tr .kind.em")).toHaveCount(0);
    await chip(seoul, "Visiting").click();
    await expect(seoul).toHaveURL(/only=visiting/);
    await expect(row(seoul, VISITED)).toContainText("rak (busan)");

    const page = { seoul, busan }[from];
    await row(page, VISITED).getByRole("link", { name: /^Log out rak/ }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("listitem")).toHaveText(from === "seoul" ? `rak (busan) ${VISITED}` : `rak ${VISITED} (seoul)`);
    await dialog.getByLabel("Reason").fill("end of the test");
    await dialog.getByRole("button", { name: "Log out 1" }).click();
    await expect(dialog.getByText("Done: 1 of 1 logged out.")).toBeVisible();
    await dialog.getByRole("button", { name: "Close" }).click();
    for (const one of [seoul, busan]) await expect(row(one, VISITED)).toHaveCount(0);

    // The history of each cluster has the end.
    await seoul.goto(laboratory.at("seoul", `/login-history?find=${VISITED}`));
    await expect(row(seoul, VISITED).first()).toContainText("rak (busan)");
    await expect(row(seoul, VISITED).first()).toContainText("Visiting");
    await busan.goto(laboratory.at("busan", `/login-history?find=${VISITED}`));
    await expect(row(busan, VISITED).first()).toContainText("Elsewhere");
    await seoul.goto(laboratory.at("seoul", "/remote-clusters"));
    await expect(row(seoul, "busan")).toContainText("Answers");
  });
}

test("a user of busan moves between phones of seoul under the home cluster's behavior", async ({ browser, laboratory }) => {
  const { seoul, busan } = await consoles(browser, laboratory);
  const page = await seoul.context().newPage();
  await page.goto(laboratory.at("seoul", "/remote-clusters"));
  await expect(row(page, "busan")).toContainText("Answers");
  await page.goto(laboratory.at("seoul", `/phone-simulator?phone=${VISITED}&phone=${OTHER}`));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  const [first, second] = [phone(page, VISITED), phone(page, OTHER)];
  const isAt = async (...phones: string[]) => {
    for (const name of [VISITED, OTHER]) {
      const open = phones.includes(name) ? 1 : 0;
      await expect(row(seoul, name).filter({ hasText: "rak (busan)" })).toHaveCount(open);
      await expect(row(busan, `${name} (seoul)`).filter({ hasText: "rak" })).toHaveCount(open);
    }
  };
  await expect(lines(first)).toHaveText(/1004.*Laboratory 1/);
  laboratory.behavior("busan", NOT_ALLOWED);
  laboratory.behavior("seoul", ALLOWED);
  await logIn(first, "rak");
  await expect(lines(first)).toHaveText(/5001.*Rak/);
  await expect(first.getByRole("button", { name: "Speed dial 5002 (Bora)" })).toBeVisible();
  await isAt(VISITED);
  await logIn(second, "rak");
  await expect(display(second)).toContainText("Multi-Login Not Allowed (25)");
  await second.getByRole("button", { name: "Exit" }).click();
  await isAt(VISITED);

  laboratory.behavior("busan", ALLOWED);
  laboratory.behavior("seoul", NOT_ALLOWED);
  await logIn(second, "rak");
  await expect(lines(second)).toHaveText(/5001.*Rak/);
  await expect(lines(first)).toHaveText(/5001.*Rak/);
  await isAt(VISITED, OTHER);

  // A log-out at the phone itself.
  await answered(second);
  await second.getByRole("button", { name: "Services" }).first().click();
  await expect(display(second)).toContainText("rak is logged in");
  await second.getByRole("button", { name: "Yes" }).click();
  await expect(lines(second)).toHaveText(/1005.*Laboratory 2/);
  await isAt(VISITED);

  laboratory.behavior("busan", "Auto Logout");
  await answered(second);
  await logIn(second, "rak");
  await expect(lines(second)).toHaveText(/5001.*Rak/);
  await expect(lines(first)).toHaveText(/1004.*Laboratory 1/);
  await isAt(OTHER);

  // A forced log-out at home, for which the phone is elsewhere.
  await row(busan, OTHER).getByRole("link", { name: /^Log out rak/ }).click();
  await busan.getByRole("dialog").getByRole("button", { name: "Log out 1" }).click();
  await expect(lines(second)).toHaveText(/1005.*Laboratory 2/);
  await busan.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await isAt();
});
