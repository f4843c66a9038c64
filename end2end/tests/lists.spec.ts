// Lists: how much of them is in sight, what a browser remembers of their look, and their keys.
import type { Page } from "@playwright/test";
import { PHONES, PHONE_1, PHONE_2, type Server, expect, live, signIn, test } from "./server.ts";

const rows = (page: Page) => page.locator("main tbody tr");
const view = (page: Page) => page.getByRole("button", { name: "View", exact: true });

/** The rows that are whole between the column names and the lower edge of the window or what covers it. */
const inSight = (page: Page) =>
  page.evaluate(() => {
    const head = document.querySelector("main thead th")!.getBoundingClientRect().bottom;
    const foot = document.querySelector(".select-more")?.getBoundingClientRect().top ?? innerHeight;
    const boxes = [...document.querySelectorAll("main tbody tr")].map((row) => row.getBoundingClientRect());
    return boxes.filter(({ top, bottom }) => top >= head - 1 && bottom <= Math.min(foot, innerHeight) + 1).length;
  });

async function filled(server: Server) {
  server.behavior("Multiple Logins Allowed");
  for (const phone of PHONES) await server.login("john", phone);
}

test("Active Logins shows 14 rows at 1280×800 and 22 at 1920×1080, and its head stays in sight", async ({ page, server }) => {
  await filled(server);
  await page.setViewportSize({ width: 1280, height: 800 });
  await live(page, server);
  const low = await inSight(page);
  await page.setViewportSize({ width: 1920, height: 1080 });
  const high = await inSight(page);
  console.log(`rows of Active Logins: ${low} at 1280×800, ${high} at 1920×1080`);
  expect(low).toBeGreaterThanOrEqual(14);
  expect(high).toBeGreaterThanOrEqual(22);
  await rows(page).nth(40).scrollIntoViewIfNeeded();
  for (const part of [page.getByRole("searchbox"), page.getByRole("columnheader", { name: "User" }), page.getByRole("button", { name: /^Log out all/ })]) {
    await expect(part).toBeInViewport();
  }
});

test("the view is remembered: rows, columns and events", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  const source = page.getByRole("columnheader", { name: "Source" });
  await expect(source).toBeHidden();
  const low = (await rows(page).first().boundingBox())!.height;
  await view(page).click();
  const kept = page.waitForResponse((answer) => answer.url().endsWith("/view") && answer.request().method() === "POST");
  await page.getByRole("checkbox", { name: "Source" }).check();
  await kept;
  await expect(source).toBeVisible();
  const higher = page.waitForResponse((answer) => answer.url().endsWith("/view") && answer.request().method() === "POST");
  await page.getByRole("radio", { name: /^Comfortable/ }).check();
  await higher;
  await page.keyboard.press("Escape");
  await expect(view(page)).toBeFocused();
  expect((await rows(page).first().boundingBox())!.height).toBeGreaterThan(low);
  const hidden = page.waitForResponse((answer) => answer.url().endsWith("/view") && answer.request().postData()?.includes("events") === false);
  await page.getByRole("button", { name: "Hide the events" }).click();
  await hidden;
  await expect(page.getByRole("heading", { name: "Events" })).toBeHidden();
  await page.reload();
  await expect(source).toBeVisible();
  await expect(page.getByRole("heading", { name: "Events" })).toBeHidden();
  expect((await rows(page).first().boundingBox())!.height).toBeGreaterThan(low);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the view is remembered", async ({ page, server }) => {
    await server.login("john", PHONE_1);
    await signIn(page, server);
    await view(page).click();
    await page.getByRole("checkbox", { name: "Profile" }).uncheck();
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page).toHaveURL(server.at("/"));
    await expect(page.getByRole("columnheader", { name: "Profile" })).toBeHidden();
    await expect(page.getByRole("columnheader", { name: "Time left" })).toBeVisible();
  });
});

test("a cut cell shows its whole text under the pointer and at the focused row", async ({ page, server }) => {
  const description = "Building A, floor 3, beside the window that looks to the river, desk 12 of 40";
  server.apply(`[[phones]]\nname = "${PHONE_1}"\ndescription = "${description}"\n`);
  await server.login("john", PHONE_1);
  await live(page, server);
  const whole = page.locator("#whole");
  await page.locator("td.dev").hover();
  await expect(whole).toContainText(description);
  await page.getByRole("heading", { level: 1 }).hover();
  await expect(whole).toBeHidden();
  await page.keyboard.press("j");
  await expect(rows(page)).toBeFocused();
  await expect(whole).toContainText(description);
  await page.keyboard.press("Escape");
  await expect(whole).toBeHidden();
});

test("each column has a width at which its name can be read, and nothing covers the names", async ({ page, server }) => {
  await filled(server);
  await server.login("jane", PHONE_1);
  for (const phone of PHONES) await server.logout(phone);
  await filled(server);
  await signIn(page, server);
  for (const path of ["/", "/login-history", "/audit", "/refusals"]) {
    await page.goto(server.at(path));
    await expect(page.locator("html")).toHaveAttribute("data-start", "live");
    for (const width of [700, 1000, 1101, 1280, 1920]) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate(() => scrollTo(0, 400));
      // A scroll ends in a frame, in which the script measures.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      const bad = await page.locator("main thead th").evaluateAll((heads) =>
        heads
          .filter((head) => head.checkVisibility() && head.textContent)
          .filter((head) => {
            const { left, top, height, width } = head.getBoundingClientRect();
            const isSeen = top + height / 2 < 0 || head.contains(document.elementFromPoint(left + 12, top + height / 2));
            return head.scrollWidth > head.clientWidth + 1 || width < 40 || !isSeen;
          })
          .map((head) => head.textContent),
      );
      expect.soft(bad, `${path} at ${width}`).toEqual([]);
    }
  }
});

test("the whole text of a row stays when the keys scroll the list", async ({ page, server }) => {
  const description = "Building A, floor 3, beside the window that looks to the river, desk 12 of 40";
  server.apply(PHONES.map((name) => `[[phones]]\nname = "${name}"\ndescription = "${description}"\n`).join(""));
  await filled(server);
  await page.setViewportSize({ width: 1280, height: 800 });
  await live(page, server);
  for (let row = 0; row < 25; row++) await page.keyboard.press("j");
  await expect(rows(page).nth(24)).toBeFocused();
  await expect(page.locator("#whole")).toContainText(description);
});

test("keys go through the rows, select them, log them out, and go to pages", async ({ page, server }) => {
  await filled(server);
  await live(page, server);
  await page.keyboard.press("j");
  await expect(rows(page).nth(0)).toBeFocused();
  for (const _ of [1, 2, 3]) await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(rows(page).nth(2)).toBeFocused();
  await page.keyboard.press("x");
  await expect(page.getByRole("button", { name: "Log out 1…", exact: true })).toBeVisible();
  for (const _ of [1, 2]) await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  await expect(page.getByRole("button", { name: "Log out 3…", exact: true })).toBeVisible();
  await page.keyboard.press("e");
  await expect(page.getByRole("dialog").getByText("3 logins end.")).toBeVisible();
  await page.keyboard.press("Escape");
  // A click with Shift selects the rows up to it.
  await rows(page).nth(7).getByRole("checkbox").click({ modifiers: ["Shift"] });
  await expect(page.getByRole("button", { name: "Log out 6…", exact: true })).toBeVisible();
  // In a field the keys are letters.
  await page.keyboard.press("/");
  await page.keyboard.type("jx");
  await expect(page.getByRole("searchbox")).toHaveValue("jx");
  await page.goto(server.at("/?sort=phone"));
  await expect(page.locator("html")).toHaveAttribute("data-start", "live");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "john" })).toContainText(PHONE_1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/login-history$/);
  await expect(page.locator("nav.menu [aria-current=page]")).toHaveText("Login History");
});

test("the keys can be switched off", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await live(page, server);
  await view(page).click();
  await page.getByRole("checkbox", { name: /^Keys without a modifier/ }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("?");
  await expect(view(page)).toBeFocused();
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeHidden();
});

test("words are found in any order, in each list", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await server.login("jane", PHONE_2);
  await server.login("jane", PHONE_1);
  await live(page, server);
  await page.getByRole("searchbox").fill(`desk ${PHONE_1.toLowerCase()} JOHN`);
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("john");
  await server.logout(PHONE_1);
  await page.goto(server.at(`/login-history?find=${PHONE_1}+john`));
  await expect(rows(page)).toHaveCount(1);
  await page.goto(server.at("/audit?find=kim+sign_in"));
  await expect(rows(page)).toHaveCount(1);
  await page.goto(server.at(`/refusals?find=${PHONE_1}+jane`));
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("john was logged in");
});
