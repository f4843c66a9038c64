// Every page of the console, for the tests that visit all of them. A new page needs one line here.
import { PHONES, PHONE_1 } from "./server.ts";

export const PAGES: { path: string; title: string; live?: true }[] = [
  { path: "/", title: "Active Logins", live: true },
  { path: "/?find=john&sort=user", title: "Active Logins", live: true },
  { path: `/phones/${PHONE_1}`, title: "Phone", live: true },
  { path: `/phones/${PHONES.at(-1)}`, title: "Phone", live: true },
  { path: "/users/john", title: "User", live: true },
  { path: "/log-out?all=1", title: "Log out" },
  { path: "/login-history", title: "Login History" },
  { path: "/login-history?find=john&cause=forced", title: "Login History" },
  { path: "/audit", title: "Audit" },
  { path: "/directory/users", title: "Users" },
  { path: "/directory/phones?find=sep&only=no_address", title: "Phones" },
  { path: "/service-parameters", title: "Service Parameter Configuration", live: true },
  { path: "/service-parameters/all-servers", title: "Parameters for All Servers" },
  { path: "/service-parameters/modified", title: "Modified Parameters" },
  { path: "/service-parameters/history", title: "Parameter History" },
  { path: "/administrators", title: "Administrators" },
  { path: "/remote-clusters", title: "Remote Clusters" },
  { path: "/settings", title: "Settings" },
  { path: "/trace", title: "Trace" },
];
