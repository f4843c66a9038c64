// The settings of EMCC that hold for all remote clusters.
import type { Page } from "@playwright/test";
import { PHONE, test, visit } from "./clusters.ts";
import { started } from "./program.ts";
import { expect, follow, live, signIn } from "./server.ts";

const status = (page: Page) => page.locator("#status");
const row = (page: Page, text: string) => page.locator("tbody tr", { hasText: text });

test("EMCC is switched off as a whole, and the page lists what is missing", async ({ page, seoul, busan, browser }) => {
  await live(page, seoul);
  await follow(page, "Remote Clusters");
  await started(page);
  const profile = page.locator("section", { has: page.getByRole("heading", { name: "EMCC Intercluster Service Profile" }) });
  await expect(profile.getByRole("listitem")).toHaveText([
    "No remote cluster is added.",
    "Users of this cluster log in elsewhere once they have emcc = true (sojourn apply).",
  ]);
  seoul.knows(busan);
  await expect(profile.getByRole("listitem").first()).toContainText("No remote cluster that is switched on answers");
  busan.knows(seoul);
  await expect(profile).toContainText("Users of other clusters log in here.");
  seoul.apply(`[[users]]\nid = "mina"\npin = "12345"\nemcc = true\n`);
  await expect(profile).toContainText("Nothing is missing: users log in across clusters.");

  const active = profile.getByLabel("EMCC is active");
  await active.uncheck();
  await profile.getByRole("button", { name: "Save" }).click();
  await expect(status(page)).toHaveText("The change was saved.");
  await expect(status(page)).toBeFocused();
  await expect(profile.getByRole("listitem")).toHaveText(["EMCC is switched off."]);
  await expect(row(page, "busan")).toContainText("EMCC is off");
  expect(await visit(seoul, PHONE, "rak")).not.toContain("Login successful");
  // Another administrator switches it on again, without JavaScript.
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(plain, seoul);
  await plain.goto(seoul.at("/remote-clusters"));
  await expect(plain.getByLabel("EMCC is active")).not.toBeChecked();
  await plain.getByLabel("EMCC is active").check();
  await plain.getByLabel("A remote cluster is switched on when it is added").uncheck();
  await plain.getByRole("button", { name: "Save" }).click();
  await expect(status(plain)).toHaveText("The change was saved.");
  await expect(plain.getByLabel("EMCC is active")).toBeChecked();
  await expect(active).toBeChecked();
  await expect(profile).toContainText("Nothing is missing");
  await expect(async () => expect(await visit(seoul, PHONE, "rak")).toContain("Login successful")).toPass();
  // The other cluster switches EMCC off: nobody logs in across, and the page says so.
  busan.apply("[emcc]\nactive = false\n");
  await expect(profile.getByRole("listitem")).toHaveText([
    "The remote clusters that answer have switched EMCC with this cluster off.",
  ]);
  await page.goto(seoul.at("/audit"));
  await expect(row(page, "enable_new_remote_clusters").first()).toContainText("emcc");
});
