import config from "./playwright.config.ts";

export default { ...config, testDir: "bench", testMatch: "*.bench.ts", timeout: 300_000 };
