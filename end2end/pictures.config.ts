import config from "./playwright.config.ts";

export default { ...config, testDir: "bench", testMatch: "pictures.ts" };
