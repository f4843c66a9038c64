// Two clusters, each in a process of its own.
import { Server, test as base } from "./server.ts";

/** A phone of seoul. */
export const PHONE = "SEP0000000000A1";
const BUSAN = `
[[device_profiles]]
name = "rak-desk"
model = "Cisco 8861"
lines = [{ dn = "5001", label = "Rak" }]
[[users]]
id = "rak"
pin = "12345"
emcc = true
profiles = ["rak-desk"]
[[phones]]
name = "SEP0000000000B1"
model = "Cisco 8861"
`;
const SEOUL = `[[phones]]\nname = "${PHONE}"\nmodel = "Cisco 8861"\nlines = [{ dn = "1001", label = "Lobby" }]\n`;

/** Two clusters that don't know each other, each in a process of its own. */
export const test = base.extend<{ seoul: Server; busan: Server }>({
  seoul: async ({}, use) => running(new Server({ people: SEOUL }), use),
  busan: async ({}, use) => running(new Server({ people: BUSAN, id: "busan" }), use),
});

async function running(server: Server, use: (server: Server) => Promise<void>) {
  await server.start();
  await use(server);
  await server.remove();
}

/** The answer to a log-in at a phone's screen. */
export const visit = async (server: Server, phone: string, user: string) =>
  (await fetch(server.at(`/emapp/EMAppServlet?device=${phone}&EMCC=true&userid=${user}&seq=12345`))).text();
