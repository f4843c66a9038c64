// Phones in the browser: locators of their parts, and a log-in at one.
import { type Locator, type Page, expect } from "@playwright/test";

export const phone = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
export const display = (at: Locator) => at.getByRole("region", { name: /Display/ });
export const lines = (at: Locator) => at.getByRole("button", { name: /^Line / });

/** Waits for the answer to a phone's request; until then the phone takes no key. */
export const answered = (at: Locator) => expect(display(at)).toHaveAttribute("aria-busy", "false");

export async function logIn(at: Locator, user: string, pin = "12345") {
  await at.getByRole("button", { name: "Services" }).first().click();
  await display(at).getByLabel("User ID").fill(user);
  await display(at).getByLabel("PIN").fill(pin);
  await at.getByRole("button", { name: "Submit" }).click();
}
