// Requests to a phone's URLs from a page of another site. Browsers send Sec-Fetch-Site only to HTTPS
// and loopback, so the test reaches the server by another host name.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import config from "../playwright.config.ts";
import { PHONE_1, expect, test } from "./server.ts";

const options = config.use!.launchOptions!;
const names = "--host-resolver-rules=MAP em.example 127.0.0.1, MAP evil.example 127.0.0.1";
test.use({ launchOptions: { ...options, args: [...options.args!, names] } });

test("a page of another site can't log a user out", async ({ page, server }) => {
  await server.login("john", PHONE_1);
  const { port } = new URL(server.url);
  const logOut = `http://em.example:${port}/emapp/EMAppServlet?device=${PHONE_1}&doLogout=true`;
  const evil = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><title>evil</title>
      <img src="${logOut}"><img referrerpolicy="no-referrer" src="${logOut}&b">
      <script src="${logOut}&c"></script><script referrerpolicy="no-referrer" src="${logOut}&d"></script>
      <link rel="stylesheet" referrerpolicy="no-referrer" href="${logOut}&e">
      <iframe src="${logOut}&f"></iframe><iframe name="inner"></iframe><iframe referrerpolicy="no-referrer" src="${logOut}&g"></iframe>
      <video referrerpolicy="no-referrer" src="${logOut}&h"></video>
      <form method="post" action="${logOut}&i" target="inner"></form>
      <script>
        const options = { mode: "no-cors", referrerPolicy: "no-referrer" };
        fetch("${logOut}&j", options).catch(() => 0);
        fetch("${logOut}&k", { ...options, method: "POST", body: "x" }).catch(() => 0);
        navigator.sendBeacon("${logOut}&l");
        document.forms[0].submit();
      </script>`);
  });
  await new Promise<void>((listening) => evil.listen(0, "127.0.0.1", listening));
  await page.goto(`http://evil.example:${(evil.address() as AddressInfo).port}/`);
  // The browser hides the answers from the page, so the server's counter proves the arrival of the
  // requests.
  const count = async (name: string) => {
    const text = await (await fetch(server.at("/metrics"))).text();
    return Number(new RegExp(`^sojourn_${name}_total (\\d+)`, "m").exec(text)?.[1]);
  };
  await expect.poll(() => count("em_app_requests_handled")).toBeGreaterThanOrEqual(12);
  // An address that is typed or clicked is a page's request as well.
  expect((await page.goto(logOut))?.status()).toBe(403);
  evil.close();
  const answer = await server.post(
    `<query><appInfo><appID>emproxy</appID><appCertificate>emproxy</appCertificate></appInfo>` +
      `<deviceUserQuery><deviceName>${PHONE_1}</deviceName></deviceUserQuery></query>`,
  );
  expect(answer).toContain("<userID>john</userID>");
});
