// Remote clusters: their certificates, their state, and log-outs that wait for one.
import type { Page } from "@playwright/test";
import { started } from "./program.ts";
import { PHONE, test, visit } from "./clusters.ts";
import { ADMIN, Server, expect, follow, live, signIn, signInAs } from "./server.ts";
import { LOOKS, accessible, fits, look, withoutScripts } from "./walk.ts";

const status = (page: Page) => page.locator("#status");
const row = (page: Page, text: string) => page.locator("tbody tr", { hasText: text });
const adding = (page: Page) => page.locator("section", { has: page.getByRole("heading", { name: "Add a remote cluster" }) });
const NEXT = "Next: compare the fingerprint";
const ADD = "The fingerprint is the same: add";

async function fill(page: Page, fields: { id: string; url: string; description?: string; pem: string }) {
  const form = adding(page);
  await form.getByLabel("Cluster ID").fill(fields.id);
  await form.getByLabel("Address of its EM service").fill(fields.url);
  await form.getByLabel("Description").fill(fields.description ?? "");
  await form.getByLabel("Certificate (PEM)").fill(fields.pem);
}

/** The fingerprint that a cluster's page shows for its own certificate. */
async function fingerprint(page: Page): Promise<string> {
  const own = page.locator("section", { has: page.getByRole("heading", { name: "This cluster's certificate" }) });
  return (await own.locator("code").first().textContent())!;
}

test("a cluster is added after a comparison of fingerprints, and answers once both know each other", async ({
  page,
  seoul,
  busan,
  browser,
}) => {
  const there = await (await browser.newContext()).newPage();
  await signIn(there, busan);
  await there.goto(busan.at("/remote-clusters"));
  const shown = await fingerprint(there);
  await live(page, seoul);
  await follow(page, "Remote Clusters");
  await started(page);
  await expect(page.getByText("No remote cluster is known")).toBeVisible();

  const good = { id: "busan", url: busan.emService(), description: "By the sea", pem: busan.certificate() };
  const next = adding(page).getByRole("button", { name: NEXT });
  const refused = async (fields: Partial<typeof good>, text: string) => {
    await fill(page, { ...good, ...fields });
    await next.click();
    await expect(status(page)).toHaveText(text);
    await expect(status(page)).toBeFocused();
    // The typed values stay.
    await expect(adding(page).getByLabel("Description")).toHaveValue("By the sea");
  };
  const none = "This is not one certificate (PEM), from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
  await refused({ pem: "no certificate" }, none);
  await refused({ id: "daegu" }, "This is the certificate of the cluster busan: it does not go with the ID.");
  await refused({ id: "seoul", pem: seoul.certificate() }, "This is the ID of this cluster itself.");
  await refused({ url: busan.url }, "The address must begin with https:// and hold no password.");

  await fill(page, good);
  await next.click();
  const compare = page.locator("#compare");
  await expect(compare).toBeFocused();
  await expect(compare).toContainText("certificate of the cluster busan");
  await expect(compare.locator("code")).toHaveText(shown);
  await expect(row(page, "busan")).toHaveCount(0);
  // A changed form needs a new comparison.
  await adding(page).getByLabel("Cluster ID").fill("seoul2");
  await adding(page).getByRole("button", { name: ADD }).click();
  await expect(status(page)).toHaveText("This is the certificate of the cluster busan: it does not go with the ID.");
  await adding(page).getByLabel("Cluster ID").fill("busan");
  await next.click();
  await adding(page).getByRole("button", { name: ADD }).click();
  await expect(status(page)).toHaveText("busan was added. Look at it");
  await expect(adding(page).getByLabel("Cluster ID")).toHaveValue("");
  await expect(adding(page).getByLabel("Certificate (PEM)")).toHaveValue("");
  await expect(row(page, "busan")).toContainText("By the sea");
  // The other cluster does not know this one.
  await expect(row(page, "busan")).toContainText("Does not answer");
  await expect(row(page, "busan")).toContainText("It does not know this cluster");
  await status(page).getByRole("link", { name: "Look at it" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "busan", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(status(page)).toContainText("Give it this cluster's certificate");

  busan.knows(seoul);
  await page.getByRole("button", { name: "Update now" }).click();
  await expect(page.locator("dl.facts")).toContainText("Answers");
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(status(page)).toHaveText(/^It answered in \d+ ms: release 12\.5, and it takes part in EMCC\.$/);
  // The other cluster notices without a request of an administrator.
  await there.goto(busan.at("/remote-clusters"));
  await expect(row(there, "seoul")).toContainText("Answers");
  await page.goto(seoul.at("/audit"));
  await expect(row(page, "Tested the connection").first()).toContainText("remote cluster busan");
  await expect(row(page, "Changed").first()).toContainText("remote cluster busan");
});

test("settings change, a disabled cluster is reported to the peer, and concurrent saves conflict", async ({
  page,
  seoul,
  busan,
}) => {
  seoul.knows(busan);
  busan.knows(seoul);
  await signIn(page, seoul);
  await page.goto(seoul.at("/remote-clusters/busan"));
  await started(page);
  const facts = page.locator("dl.facts");
  const save = page.getByRole("button", { name: "Save" });
  await expect(facts).toContainText("Answers");
  await page.getByLabel("Description").fill("By the sea");
  await save.click();
  await expect(status(page)).toHaveText("The change was saved.");
  await expect(page.getByRole("heading", { level: 2, name: "busan", exact: true }).locator("..")).toContainText("By the sea");
  await save.click();
  await expect(status(page)).toHaveText("Nothing to save.");

  // Another administrator changes the same cluster.
  seoul.knows(busan, `description = "At the harbour"\n`);
  await page.getByLabel("Description").fill("On the hill");
  await save.click();
  await expect(status(page)).toContainText("somebody else has changed it meanwhile");
  await expect(page.getByText("At the harbour")).toBeVisible();
  await expect(page.getByLabel("Description")).toHaveValue("On the hill");
  await save.click();
  await expect(status(page)).toHaveText("The change was saved.");
  await expect(page.getByText("On the hill")).toBeVisible();

  await page.getByLabel("Users may log in across both clusters").uncheck();
  await save.click();
  await expect(status(page)).toHaveText("The change was saved.");
  await expect(facts).toContainText("Switched off");
  expect(await visit(seoul, PHONE, "rak")).not.toContain("Login successful");

  // The other cluster's page shows the reason.
  const answer = await page.context().newPage();
  await signIn(answer, busan);
  await answer.goto(busan.at("/remote-clusters/seoul"));
  await started(answer);
  await answer.getByRole("button", { name: "Test connection" }).click();
  await expect(status(answer)).toContainText("It has switched EMCC with this cluster off.");

  await page.getByLabel("Users may log in across both clusters").check();
  await save.click();
  await expect(facts).not.toContainText("Switched off");
  await expect(async () => expect(await visit(seoul, PHONE, "rak")).toContain("Login successful")).toPass();
  const count = (page: Page, name: string) => page.locator("dt", { hasText: name }).locator("+ dd");
  await expect(count(page, "Visitors here")).toHaveText("1");
  await expect(count(answer, "Own users there")).toHaveText("1");
  await expect(count(answer, "Visitors here")).toHaveText("0");

  // A certificate of another cluster is refused; the same one is no change.
  const replace = page.locator("section", { has: page.getByRole("heading", { name: "Replace the certificate" }) });
  await replace.getByLabel("Certificate (PEM)").fill(seoul.certificate());
  await replace.getByRole("button", { name: NEXT }).click();
  await expect(status(page)).toHaveText("This is the certificate of the cluster seoul: it does not go with the ID.");
  await replace.getByLabel("Certificate (PEM)").fill(busan.certificate());
  await replace.getByRole("button", { name: NEXT }).click();
  await replace.getByRole("button", { name: "The fingerprint is the same: replace" }).click();
  await expect(status(page)).toHaveText("Nothing to save.");
});

test("a log-out waits for an unreachable cluster, and is delivered once its address is corrected", async ({
  page,
  seoul,
  busan,
  browser,
}) => {
  seoul.knows(busan);
  busan.knows(seoul);
  await expect(async () => expect(await visit(seoul, PHONE, "rak")).toContain("Login successful")).toPass();
  await live(page, seoul);
  await expect(row(page, PHONE)).toContainText("rak (busan)");

  // The phone's page names the user's cluster and the origin of the lines.
  await row(page, PHONE).getByRole("link", { name: PHONE }).click();
  await expect(page.locator("#why")).toHaveText(
    "rak (busan) is visiting from another cluster: the phone shows device profile rak-desk, with the lines from home.",
  );
  await expect(page.locator("#visit")).toContainText("busan");
  await expect(page.locator("ul.buttons").first()).toContainText("5001");

  await busan.kill();
  await page.getByRole("link", { name: "Log out rak (busan)" }).click();
  await page.getByRole("button", { name: "Log out 1" }).click();
  await expect(page.getByText("Done: 1 of 1 logged out.")).toBeVisible();
  await page.goto(seoul.at("/remote-clusters/busan"));
  await started(page);
  const waiting = page.locator("#waiting");
  await expect(waiting.locator("tbody tr")).toContainText(PHONE);
  await expect(waiting.locator("tbody tr")).toContainText("Forced");
  // The loss is noticed within ten seconds, and the log-out has taken some of them.
  await expect(page.locator("dl.facts")).toContainText("It can't be reached", { timeout: 10_000 });
  await expect(page.locator("dl.facts")).toContainText("next try");
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(status(page)).toContainText("It can't be reached");

  await busan.start();
  const there = await (await browser.newContext()).newPage();
  await live(there, busan);
  await page.getByLabel("Address of its EM service").fill(busan.emService());
  await page.getByRole("button", { name: "Save" }).click();
  await expect(status(page)).toHaveText("The change was saved.");
  await expect(waiting).toContainText("None waits.");
  await expect(row(there, PHONE)).toHaveCount(0);
  await there.goto(busan.at("/login-history"));
  await expect(row(there, PHONE)).toContainText("Elsewhere");
  await expect(row(there, PHONE)).toContainText(`${PHONE} (seoul)`);
  await expect(row(there, PHONE).getByRole("link", { name: PHONE })).toHaveCount(0);
});

test("without JavaScript: a cluster is added, changed and tested, and errors keep the typed values", async ({
  browser,
  seoul,
  busan,
}) => {
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await signIn(page, seoul);
  await page.goto(seoul.at("/remote-clusters"));
  await page.getByText("Show the certificate").click();
  await expect(page.locator("#own-pem")).toHaveValue(seoul.certificate().trim());
  const good = { id: "busan", url: busan.emService(), description: "By the <sea>", pem: busan.certificate() };
  await fill(page, { ...good, id: "daegu" });
  await adding(page).getByRole("button", { name: NEXT }).click();
  await expect(status(page)).toContainText("This is the certificate of the cluster busan");
  await expect(adding(page).getByLabel("Cluster ID")).toHaveValue("daegu");
  await expect(adding(page).getByLabel("Description")).toHaveValue("By the <sea>");
  await expect(adding(page).getByLabel("Certificate (PEM)")).toHaveValue(busan.certificate().trim());
  await adding(page).getByLabel("Cluster ID").fill("busan");
  await adding(page).getByRole("button", { name: NEXT }).click();
  await expect(page.locator("#compare")).toContainText("certificate of the cluster busan");
  await adding(page).getByRole("button", { name: ADD }).click();
  await expect(status(page)).toContainText("busan was added.");
  await expect(adding(page).getByLabel("Cluster ID")).toHaveValue("");
  // The message appears once.
  await page.reload();
  await expect(status(page)).toHaveCount(0);

  await page.getByRole("searchbox").fill("zzz");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("No remote cluster matches")).toBeVisible();
  await page.getByRole("searchbox").fill("SEA");
  await page.getByRole("button", { name: "Find" }).click();
  await row(page, "busan").getByRole("link").click();
  await page.getByLabel("Address of its EM service").fill("http://127.0.0.1/");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(status(page)).toContainText("The address must begin with https://");
  await expect(page.getByLabel("Address of its EM service")).toHaveValue("http://127.0.0.1/");
  await page.getByLabel("Address of its EM service").fill(good.url);
  await page.getByLabel("Users may log in across both clusters").uncheck();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(status(page)).toHaveText("The change was saved.");
  await expect(page.locator("dl.facts")).toContainText("Switched off");
  await expect(page.getByLabel("Users may log in across both clusters")).not.toBeChecked();
  // The server applies the change within a moment.
  await expect(async () => {
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect(status(page)).toContainText("It does not know this cluster", { timeout: 1_000 });
  }).toPass();
  await page.getByRole("button", { name: "Update now" }).click();
  await expect(status(page)).toContainText("It is being asked.");
});

test("a viewer reads, an operator tests the connection, and the server enforces both roles", async ({ browser, seoul, busan }) => {
  seoul.knows(busan);
  busan.knows(seoul);
  for (const [name, role] of [["vera", "viewer"], ["otto", "operator"]] as const) {
    seoul.admin(["add", name, "--role", role], `${ADMIN.password}\n`);
  }
  const as = async (name: string) => {
    const page = await (await browser.newContext()).newPage();
    await signInAs(page, seoul, name, ADMIN.password);
    await page.goto(seoul.at("/remote-clusters"));
    await expect(row(page, "busan")).toContainText("Answers");
    await expect(adding(page)).toHaveCount(0);
    await page.goto(seoul.at("/remote-clusters/busan"));
    await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
    return page;
  };
  const tried = async (page: Page, form: Record<string, string>) =>
    (await page.request.post(seoul.at("/call/change-remote-cluster"), { form })).text();
  const viewer = await as("vera");
  await expect(viewer.getByRole("button", { name: "Test connection" })).toHaveCount(0);
  await accessible(viewer);
  expect(await tried(viewer, { intent: "test", id: "busan" })).toContain("NotAllowed");
  expect(await tried(viewer, { intent: "ask", id: "busan" })).toContain("NotAllowed");

  const operator = await as("otto");
  await operator.getByRole("button", { name: "Test connection" }).click();
  await expect(status(operator)).toContainText("It answered in");
  for (const intent of ["add", "change", "certificate"]) {
    expect(await tried(operator, { intent, id: "busan", certificate: busan.certificate() })).toContain("NotAllowed");
  }
});

for (const how of LOOKS) {
  test(`pages of remote clusters: ${how.name}`, async ({ page, seoul, busan }, info) => {
    await look(page, how);
    const seen = async (name: string) => {
      await accessible(page, name);
      await fits(page, name);
      await page.screenshot({ path: info.outputPath(`${name.replace(/\W+/g, "-")}.png`), fullPage: true });
    };
    await signIn(page, seoul);
    await page.goto(seoul.at("/remote-clusters"));
    await started(page);
    await seen("none");
    await page.getByText("Show the certificate").click();
    await fill(page, { id: "daegu", url: busan.emService(), pem: busan.certificate() });
    await adding(page).getByRole("button", { name: NEXT }).click();
    await expect(status(page)).toContainText("This is the certificate of the cluster busan");
    await seen("wrong");
    await adding(page).getByLabel("Cluster ID").fill("busan");
    await adding(page).getByRole("button", { name: NEXT }).click();
    await expect(page.locator("#compare")).toBeVisible();
    await seen("compare");
    await adding(page).getByRole("button", { name: ADD }).click();
    await expect(row(page, "busan")).toContainText("Does not answer");
    await seen("does not answer");
    await page.goto(seoul.at("/remote-clusters/busan"));
    await started(page);
    await expect(page.locator("dl.facts")).toContainText("Does not answer");
    await seen("one, does not answer");
    busan.knows(seoul);
    await expect(page.locator("dl.facts").locator(".kind").first()).toHaveText("Answers");
    await expect(async () => expect(await visit(seoul, PHONE, "rak")).toContain("Login successful")).toPass();
    await busan.kill();
    await page.goto(seoul.at(`/phones/${PHONE}`));
    await started(page);
    await seen("a phone during a visit");
    const id = await page.getByRole("link", { name: "Log out rak (busan)" }).getAttribute("href");
    await page.request.post(seoul.at("/call/log-out"), { form: { ids: new URL(id!, seoul.url).searchParams.get("id")!, reason: "" } });
    await page.goto(seoul.at("/remote-clusters/busan"));
    await expect(page.locator("#waiting tbody tr")).toContainText(PHONE);
    await seen("one, with a log-out that waits");
    await page.context().addCookies([{ name: "sojourn-language", value: "ko", url: seoul.url }]);
    await page.goto(seoul.at("/remote-clusters/busan"));
    await seen("one, Korean");
    await page.goto(seoul.at("/remote-clusters"));
    await seen("all, Korean");
  });
}

test("pages of remote clusters without JavaScript are accessible", async ({ page, seoul, busan }) => {
  await withoutScripts(page);
  seoul.knows(busan);
  await signIn(page, seoul);
  for (const path of ["/remote-clusters", "/remote-clusters/busan", "/remote-clusters/none"]) {
    await page.goto(seoul.at(path));
    await accessible(page);
    await fits(page);
  }
});
