// Two clusters that know each other: `sojourn lab` in a folder of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Page, expect } from "@playwright/test";

const BINARY = new URL("../../target/release/sojourn", import.meta.url).pathname;

export type ClusterName = "seoul" | "busan";

export class Laboratory {
  private urls: Partial<Record<ClusterName, string>> = {};
  private readonly folder = mkdtempSync(join(tmpdir(), "sojourn-lab-"));
  private child?: ChildProcess;

  async start() {
    const any = "127.0.0.1:0";
    const child = spawn(BINARY, ["lab", "--data-dir", this.folder, "--http", any, "--https", any], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "inherit"],
      env: {},
    });
    this.child = child;
    const lines = createInterface({ input: child.stdout! });
    await new Promise<void>((resolve, reject) => {
      lines.on("line", (line) => {
        const [, cluster, url] = /^ {2}(seoul|busan) +(http:\S+)/.exec(line) ?? [];
        if (cluster && url) this.urls[cluster as ClusterName] = url;
        if (this.urls.seoul && this.urls.busan) resolve();
      });
      lines.on("close", () => reject(new Error("the laboratory did not start")));
    });
  }

  /** The URL of a page of a cluster. */
  at(cluster: ClusterName, path: string): string {
    return new URL(path, this.urls[cluster]).href;
  }

  /** Sets Multiple Login Behavior of a cluster. */
  behavior(cluster: ClusterName, value: string) {
    const file = join(this.folder, "behavior.toml");
    writeFileSync(file, `[service_parameters]\n"Multiple Login Behavior" = "${value}"\n`);
    execFileSync(BINARY, ["apply", file, "--data-dir", join(this.folder, cluster)], { stdio: "pipe" });
  }

  /** Logs a user in at a phone of a cluster, as the phone would; the screen's XML. */
  async visit(cluster: ClusterName, phone: string, user: string): Promise<string> {
    const query = `device=${phone}&EMCC=true&userid=${user}&seq=12345`;
    return (await fetch(this.at(cluster, `/emapp/EMAppServlet?${query}`))).text();
  }

  /** Signs in to a cluster's console, and waits until its first page is live. */
  async live(page: Page, cluster: ClusterName) {
    await page.goto(this.at(cluster, "/"));
    await page.getByLabel("Name").fill("admin");
    await page.getByLabel("Password").fill("sojourn-lab");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.locator(".connection")).toHaveText("live");
  }

  async remove() {
    const child = this.child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    rmSync(this.folder, { recursive: true });
  }
}
