// The program is one file: it serves the console without the files of its build.
import { existsSync, renameSync } from "node:fs";
import { complaints, expect, follow, live, test } from "./server.ts";

const SITE = new URL("../../target/site", import.meta.url).pathname;
const AWAY = `${SITE}-away`;

test("the program serves the console without the files of its build", async ({ page, server }) => {
  const heard = complaints(page);
  renameSync(SITE, AWAY);
  try {
    await live(page, server);
    // This page loads a WASM part of its own.
    await follow(page, "Service Parameters", "Service Parameter Configuration");
    await expect(page.locator("#status")).toHaveText("Status: Ready");
  } finally {
    if (existsSync(AWAY)) renameSync(AWAY, SITE);
  }
  expect(heard).toEqual([]);
});
