// Records out as CSV, and in again.
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { another } from "./parameters.ts";
import { started } from "./program.ts";
import { PHONE_1, type Server, expect, signIn, test } from "./server.ts";
import { LOOKS, accessible, fits, look } from "./walk.ts";

const status = (page: Page) => page.locator("#status");
const rows = (page: Page) => page.locator("main table tbody tr");
const show = (page: Page, name: string) =>
  page.getByRole("group", { name: "Show only" }).getByRole("link", { name: new RegExp(`^${name}`) });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function open(page: Page, server: Server, path: string) {
  await page.goto(server.at(path));
  await started(page);
}

/** Reads a file on the page of an import, and waits for its judged rows. */
async function read(page: Page, server: Server, kind: string, text: string | Buffer, name = "list.csv") {
  await open(page, server, `/directory/${kind}?import=1`);
  const buffer = Buffer.isBuffer(text) ? text : Buffer.from(text);
  await page.getByLabel("File", { exact: true }).setInputFiles({ name, mimeType: "text/csv", buffer });
  await page.locator("form.import-file").getByRole("button", { name: "Read" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await started(page);
}

async function downloaded(page: Page, link: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: link }).click()]);
  return readFileSync(await download.path(), "utf8");
}

test("a thousand users come from a file, three wrong rows are told, and the file comes out unchanged", async ({
  page,
  server,
}) => {
  test.setTimeout(180_000);
  await signIn(page, server);
  const line = (number: number) => `user${number},,TRUE,0${number % 9}:30,DESK,3${number},`;
  const numbers = Array.from({ length: 1000 }, (_, index) => index + 1);
  const head = "id,pin,enabled,max_login_time,profiles,primary_extension,self_service_id";
  const withPins = (lines: string[]) => lines.map((one) => one.replace(",,", ",24680,"));
  const lines = withPins(numbers.map(line));
  lines[10] = "user11,12x,TRUE,,desk,,";
  lines[20] = "user21,24680,TRUE,25,desk,,";
  lines[30] = "user31,24680,TRUE,,nothing,,";
  await read(page, server, "users", [head, ...lines].join("\r\n"));
  await expect(status(page)).toHaveText("Nothing is changed yet.");
  await expect(rows(page)).toHaveText([
    /^12\s*user11\s*PIN: Digits only\.$/,
    /^22\s*user21\s*Maximum login time: Hours:minutes/,
    /^32\s*user31\s*Device Profiles: There is no device profile nothing\.$/,
  ]);
  await expect(show(page, "New")).toHaveText("New 997");
  // Mended, the file is whole.
  for (const number of [11, 21, 31]) lines[number - 1] = withPins([line(number)])[0]!;
  await read(page, server, "users", [head, ...lines].join("\r\n"));
  await expect(show(page, "Wrong")).toHaveText("Wrong 0");
  await button(page, "Apply 1,000 rows").click();
  await expect(status(page)).toHaveText("Done: 1,000 of 1,000 rows.", { timeout: 120_000 });
  expect(await downloaded(page, "Download a report of all rows")).toContain("user1000,added");
  expect(await server.login("user77", PHONE_1)).toContain("<success");

  await open(page, server, "/directory/users?find=user");
  await expect(page.locator("#range")).toHaveText("1–50 of 1,001");
  const csv = await downloaded(page, "Download as CSV");
  expect(csv.startsWith("\u{feff}id,pin,pin_must_change,enabled,emcc,max_login_time,profiles,")).toBe(true);
  expect(csv).toContain("\r\nuser77,,false,true,false,5:30,desk,377,\r\n");
  expect(csv).not.toContain("argon2");
  await read(page, server, "users", csv);
  await expect(status(page)).toHaveText("Nothing to change.");
  await expect(show(page, "The same")).toHaveText("The same 1,001");
  await expect(page.getByRole("button", { name: /^Apply/ })).toHaveCount(0);

  // Their default profile is changed while one of them is logged in.
  server.apply('[[device_profiles]]\nname = "second"\n');
  await read(page, server, "users", csv.replaceAll(",desk,", ',"second\ndesk",'));
  await show(page, "Changed").click();
  await expect(rows(page).first()).toContainText("Device Profiles: desk → second, desk");
  await started(page);
  await button(page, "Apply 1,001 rows").click();
  await expect(status(page)).toHaveText("Done: 1,001 of 1,001 rows.", { timeout: 120_000 });
  expect(await server.devicesOf("user77")).toContain(PHONE_1);
  await open(page, server, "/audit?find=user77");
  await expect(page.locator("main tbody tr").first()).toContainText("second");
});

test("phones come in the encodings of spreadsheets, and formulas stay texts", async ({ page, server }) => {
  await signIn(page, server);
  const text = 'name\tdescription\tlines\r\nSEP0000000000AA\t3층 회의실\t"\'+82 2 Front"\r\n';
  await read(page, server, "phones", Buffer.from(`\u{feff}${text}`, "utf16le"), "phones.txt");
  await show(page, "New").click();
  await expect(rows(page)).toHaveText([/^2\s*SEP0000000000AA\s*is added$/]);
  await started(page);
  await button(page, "Apply 1 rows").click();
  await expect(status(page)).toHaveText("Done: 1 of 1 rows.");
  await open(page, server, "/directory/phones?edit=SEP0000000000AA");
  await expect(page.getByLabel("Description", { exact: true })).toHaveValue("3층 회의실");
  await expect(page.getByLabel("Lines", { exact: true })).toHaveValue("+82 2 Front");
  await open(page, server, "/directory/phones?find=회의실");
  const csv = await downloaded(page, "Download as CSV");
  expect(csv).toContain("SEP0000000000AA,3층 회의실,,,true,'+82 2 Front,,,\r\n");
});

test("a file that is no such list is refused with its reason, and a second spelling in it is wrong", async ({
  page,
  server,
}) => {
  await signIn(page, server);
  await open(page, server, "/directory/phones?import=1");
  await page.getByText("Paste rows instead").click();
  await page.getByLabel("Rows, the first one").fill("name,colour\nSEP1,red");
  await page.locator("form[action$=paste] button").click();
  await expect(page.getByRole("alert").filter({ hasText: "there is no column colour here" })).toBeVisible();
  await page.getByText("Paste rows instead").click();
  await page.getByLabel("Rows, the first one").fill("name;model\nSEP0000000000AA;x\nsep00:00:00:00:00:aa;y\nSEPB;1;2;3");
  await page.locator("form[action$=paste] button").click();
  await expect(rows(page)).toHaveText([/^3.*Line 2 names it already\.$/, /^4.*More cells than the first row\.$/]);
});

test("viewers import nothing, and no administrator sees another's file", async ({ page, server, browser }) => {
  await signIn(page, server);
  await read(page, server, "users", "id,pin\nmina,12345\n");
  const viewer = await another(browser, server, "viewer", "viewer");
  await viewer.goto(server.at("/directory/users?import=1"));
  await expect(viewer.getByRole("alert")).toHaveText("Your role does not allow this. Ask an administrator.");
  const sent = await viewer.request.post(server.at("/records/users/pieces?file=x&number=0&last=true"), {
    data: "id,pin\nvera,12345\n",
    headers: { "content-type": "application/octet-stream" },
  });
  expect(sent.status()).toBe(403);
  const other = await another(browser, server, "second", "administrator");
  await other.goto(server.at("/directory/users?import=1"));
  await expect(other.getByRole("heading", { name: "Import Users from a file" })).toBeVisible();
  await expect(other.getByText("mina")).toHaveCount(0);
  const begun = await other.request.post(server.at("/call/change-import"), { form: { kind: "users", intent: "begin" } });
  expect(begun.status()).toBe(404);
});

test("the page of an import is accessible, and fits, in all looks", async ({ page, server }) => {
  test.setTimeout(120_000);
  await signIn(page, server);
  await open(page, server, "/directory/users?import=1");
  for (const one of LOOKS) {
    await look(page, one);
    await accessible(page, `upload, ${one.name}`);
    await fits(page, `upload, ${one.name}`);
  }
  await look(page, LOOKS[0]!);
  await read(page, server, "users", "id,pin,enabled\nmina,1x,\njohn,,false\n");
  for (const one of LOOKS) {
    await look(page, one);
    await accessible(page, `judged, ${one.name}`);
    await fits(page, `judged, ${one.name}`);
  }
});

test("open logins come as CSV with the filter of the list", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  await signIn(page, server);
  await open(page, server, "/?find=john");
  await page.getByRole("button", { name: "Views" }).click();
  const csv = await downloaded(page, "Download this list as CSV");
  expect(csv).toMatch(/^\u{feff}user,phone,description,model,profile,type,since,until,/u);
  expect(csv).toMatch(new RegExp(`\r\njohn,${PHONE_1},,Cisco 8861,desk,em,20\\d\\d-`));
  const none = await page.request.get(server.at("/active-logins.csv?find=jane"));
  expect((await none.text()).trim().split("\r\n")).toHaveLength(1);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("pasted rows are judged and applied", async ({ page, server }) => {
    await signIn(page, server);
    await page.goto(server.at("/directory/users?import=1"));
    await page.getByText("Paste rows instead").click();
    await page.getByLabel("Rows, the first one").fill("id\tpin\tprofiles\nmina\t24680\tdesk\n");
    await page.locator("form[action$=paste] button").click();
    await show(page, "New").click();
    await expect(rows(page)).toHaveText([/mina/]);
    await page.getByRole("button", { name: "Apply 1 rows" }).click();
    await expect(async () => {
      await page.reload();
      await expect(status(page)).toHaveText("Done: 1 of 1 rows.", { timeout: 500 });
    }).toPass();
    expect(await server.login("mina", PHONE_1)).toContain("<success");
  });
});
