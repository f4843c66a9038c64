// The built program in an empty folder of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test as base, expect, type Page } from "@playwright/test";

const BINARY = new URL("../../target/release/sojourn", import.meta.url).pathname;
export const ADMIN = { name: "kim", password: "correct horse" };

export class Server {
  url = "";
  /** The address of the HTTPS listener. */
  https = "";
  readonly id: string;
  readonly folder = mkdtempSync(join(tmpdir(), "sojourn-"));
  readonly binary = join(this.folder, "sojourn");
  readonly data = join(this.folder, "data");
  readonly phones = PHONES;
  private child?: ChildProcess;
  private said: string[] = [];

  constructor({ administrator = true, people = PEOPLE, id = "seoul" } = {}) {
    this.id = id;
    copyFileSync(BINARY, this.binary);
    this.apply(people);
    if (administrator) this.admin(["add", ADMIN.name], `${ADMIN.password}\n`);
  }

  async start(http = "127.0.0.1:0", more: string[] = []) {
    const child = spawn(
      this.binary,
      ["serve", "--cluster-id", this.id, "--data-dir", this.data, "--http", http, "--https", "127.0.0.1:0", ...more],
      { cwd: this.folder, stdio: ["ignore", "pipe", "inherit"], env: {} },
    );
    this.child = child;
    this.said = [];
    const lines = createInterface({ input: child.stdout! });
    await new Promise<void>((resolve, reject) => {
      lines.on("line", (line) => {
        this.said.push(line);
        const [, url, https] = /serves .*(http:\S+) and (https:\S+)/.exec(line) ?? [];
        if (url && https) {
          [this.url, this.https] = [url, https];
          resolve();
        }
      });
      lines.on("close", () => reject(new Error("the server did not start")));
    });
  }

  /** The URL of a page. */
  at(path: string): string {
    return new URL(path, this.url).href;
  }

  /** The link for the first administrator, once the program has printed it. */
  async invitation(): Promise<string> {
    const link = () => this.said.map((line) => /good once: (\S+)/.exec(line)?.[1]).find(Boolean);
    await expect.poll(link).toBeTruthy();
    return link()!;
  }

  async kill() {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async remove() {
    await this.kill();
    rmSync(this.folder, { recursive: true });
  }

  apply(toml: string): string {
    const file = join(this.folder, "apply.toml");
    writeFileSync(file, toml);
    // The error holds the output of a failed `apply`; notes on a successful one would only fill the
    // report.
    return execFileSync(this.binary, ["apply", file, "--data-dir", this.data], { encoding: "utf8", stdio: "pipe" });
  }

  /** `sojourn admin`; its output. */
  admin(args: string[], input = ""): string {
    return execFileSync(this.binary, ["admin", ...args, "--data-dir", this.data], { encoding: "utf8", input });
  }

  /** The EMCC certificate (PEM), which other clusters pin. */
  certificate(): string {
    const show = ["certificate", "show", "--data-dir", this.data];
    return execFileSync(this.binary, show, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  }

  /** The URL at which other clusters reach this one. */
  emService(): string {
    return new URL("/emservice/EMServiceServlet", this.https).href;
  }

  /** Adds another cluster to this one's remote clusters. */
  knows(other: Server, more = "") {
    writeFileSync(join(this.folder, `${other.id}.pem`), other.certificate());
    this.apply(
      `[[remote_clusters]]\nid = "${other.id}"\nurl = "${other.emService()}"\ncertificate = "${other.id}.pem"\n${more}`,
    );
  }

  behavior(value: string) {
    this.apply(`[service_parameters]\n"Multiple Login Behavior" = "${value}"\n`);
  }

  /** An EM API request; the answer's body. */
  async em(operation: string): Promise<string> {
    return this.post(
      `<request><appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate></appInfo>${operation}</request>`,
    );
  }

  /** Posts this XML; the answer's body. */
  async post(xml: string): Promise<string> {
    const answer = await fetch(this.at("/emservice/EMServiceServlet"), {
      method: "POST",
      body: new URLSearchParams({ xml }),
    });
    expect(answer.status).toBe(200);
    return answer.text();
  }

  /** The answer to a query of the EM API: the phones at which a user is logged in. */
  devicesOf(user: string): Promise<string> {
    return this.post(
      `<query><appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate></appInfo><userDevicesQuery><userID>${user}</userID></userDevicesQuery></query>`,
    );
  }

  login(user: string, phone: string) {
    return this.em(`<login><deviceName>${phone}</deviceName><userID>${user}</userID></login>`);
  }

  logout(phone: string) {
    return this.em(`<logout><deviceName>${phone}</deviceName></logout>`);
  }
}

const PHONES = Array.from({ length: 60 }, (_, index) => `SEP${String(index + 1).padStart(12, "0")}`);
const LONG = "a.very.long.user.id.that.somebody.chose.when.nobody.was.looking@subsidiary.example.com";
export const USERS = ["john", "jane", LONG];
export const [PHONE_1, PHONE_2, PHONE_3] = PHONES as [string, string, string];

const PEOPLE = [
  `[[app_users]]\nid = "emproxy"\npassword = "emproxy"`,
  `[[device_profiles]]\nname = "desk"\nmodel = "Cisco 8861"`,
  ...USERS.map((user) => `[[users]]\nid = "${user}"\npin = "12345"\nprofiles = ["desk"]\nmax_login_minutes = 600`),
  ...PHONES.map((phone) => `[[phones]]\nname = "${phone}"\nmodel = "Cisco 8861"`),
].join("\n");

export { PHONES, expect };

/** A test with a running server of its own. */
export const test = base.extend<{ server: Server }>({
  server: async ({}, use) => {
    const server = new Server();
    await server.start();
    await use(server);
    await server.remove();
  },
});

export const signIn = (page: Page, server: Server) => signInAs(page, server, ADMIN.name, ADMIN.password);

export async function signInAs(page: Page, server: Server, name: string, password: string) {
  await page.goto(server.url);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { name: "Active Logins" })).toBeVisible();
}

/** Signs in and waits until the page is live. */
export async function live(page: Page, server: Server) {
  await signIn(page, server);
  await expect(page.locator(".connection")).toHaveText("live");
}

/** Follows a navigation link, and waits for the new page's title. */
export async function follow(page: Page, link: string, title = link) {
  await page.getByRole("navigation").getByRole("link", { name: link, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: title, exact: true })).toBeVisible();
}

/** The errors and warnings on a page's console. */
export function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) heard.push(message.text());
  });
  page.on("pageerror", (error) => heard.push(String(error)));
  return heard;
}
