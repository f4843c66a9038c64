// One file is the whole product: nothing that it was built from is needed to serve the console.
import { existsSync, renameSync } from "node:fs";
import { complaints, expect, follow, live, test } from "./server.ts";

const SITE = new URL("../../target/site", import.meta.url).pathname;
const AWAY = `${SITE}-away`;

test("the program serves the console when what it was built from is gone", async ({ page, server }) => {
  const heard = complaints(page);
  renameSync(SITE, AWAY);
  try {
    await live(page, server);
    // Also a page that comes in a part of its own.
    await follow(page, "Service Parameters", "Service Parameter Configuration");
    await expect(page.locator("#status")).toHaveText("Status: Ready");
  } finally {
    if (existsSync(AWAY)) renameSync(AWAY, SITE);
  }
  expect(heard).toEqual([]);
});
