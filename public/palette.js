// The palette: a dialog that goes to a page, a user or a phone, or does an action. `frame.js` loads this script at the
// first use.
const FIND_MS = 150;

/** Calls a server function; the answer, or nothing if it fails. `start.js` adds what each call of a page names. */
const call = async (path, body, signal) => {
  const headers = { "content-type": "application/json", accept: "application/json" };
  const method = "POST";
  const answer = await fetch(new Request(`/call/${path}`, { method, headers, body: JSON.stringify(body), signal }));
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
};

/** A text as it is compared: without case, in one form of characters. */
const fold = (text) => text.normalize("NFKC").toLowerCase();

let words, mayEnd;
let dialog, input, list, status;
// The names that were found for a text; the actions that need a phone show phones alone.
let found = { users: [], phones: [] };
let onlyPhones = false;
let asked = new AbortController();
let later;
// Whether the server has not answered for the typed text, and whether Enter waits for the answer.
let isPending = false;
let chooses;
// Whether somebody has gone to another option than the first.
let isMoved = false;

/** The pages of the menu, as links: the menu has those that the viewer may see. */
const pages = () =>
  [...document.querySelectorAll("nav.menu a")].map((link) => ({ text: link.textContent.trim(), to: link.getAttribute("href") }));

const press = (button) => () => button.click();

/** The actions for a typed text. */
const actions = (typed) => {
  const all = [];
  const view = document.querySelector("[popovertarget=view]");
  if (view) all.push({ text: words.view, act: press(view) });
  if (mayEnd) all.push({ text: words.log_in, act: choosePhone, stays: true });
  const language = document.querySelector(".language [aria-pressed=false]");
  if (language) all.push({ text: `${words.language}: ${language.textContent.trim()}`, act: press(language) });
  const signOut = document.querySelector(".brand form:not(.language) button");
  if (signOut) all.push({ text: words.sign_out, act: press(signOut) });
  const some = all.filter(({ text }) => has(text, typed));
  const matching = { text: words.matching.replace("{}", () => typed), to: `/?find=${encodeURIComponent(typed)}` };
  return typed ? [...some, matching] : some;
};

/** Whether a text has all the words that are typed. */
const has = (text, typed) => {
  const folded = fold(text);
  return fold(typed).split(/\s+/).every((word) => folded.includes(word));
};

const choosePhone = () => {
  onlyPhones = true;
  input.value = "";
  input.placeholder = words.log_in_hint;
  input.setAttribute("aria-label", words.log_in_hint);
  found = { users: [], phones: [] };
  show();
};

const groups = (typed) => {
  const names = (rows) => rows.map(({ name, note, to }) => ({ text: name, note, to }));
  if (onlyPhones) return [[words.phones, names(found.phones)]];
  return [
    [words.users, names(found.users)],
    [words.phones, names(found.phones)],
    [words.pages, pages().filter(({ text }) => has(text, typed))],
    [words.actions, actions(typed)],
  ];
};

let number = 0;
const option = ({ text, note, to, act, stays }) => {
  // The router would decode an encoded `%` twice.
  const rel = to?.includes("%25") ? "external" : undefined;
  const one = make(to ? "a" : "div", { role: "option", id: `palette-${number++}`, href: to, rel, tabindex: "-1" }, text);
  if (note) one.append(" ", make("small", {}, note));
  one.addEventListener("click", (event) => {
    // With one of these keys the browser opens the link elsewhere.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!stays) dialog.close();
    act?.();
  });
  one.addEventListener("pointermove", () => mark(one));
  return one;
};

const options = () => [...list.querySelectorAll("[role=option]")];
const marked = () => list.querySelector("[aria-selected=true]");

/** Marks an option as the one that Enter chooses. The focus stays in the field. */
const mark = (one) => {
  marked()?.setAttribute("aria-selected", "false");
  one?.setAttribute("aria-selected", "true");
  if (one) input.setAttribute("aria-activedescendant", one.id);
  else input.removeAttribute("aria-activedescendant");
};

/** Shows what fits the typed text. */
const show = () => {
  const typed = input.value.trim();
  const before = isMoved && marked()?.textContent;
  const filled = groups(typed).filter(([, items]) => items.length);
  list.replaceChildren(
    ...filled.map(([name, items], index) => {
      const id = `palette-group-${index}`;
      const head = make("div", { id, class: "head", role: "presentation" }, name);
      return make("div", { role: "group", "aria-labelledby": id }, head, ...items.map(option));
    }),
  );
  const count = options().length;
  list.hidden = !count;
  input.setAttribute("aria-expanded", String(count > 0));
  mark(options().find((one) => one.textContent === before) ?? options()[0]);
  if (!isPending) status.textContent = count ? words.count.replace("{}", count) : typed ? words.nothing : "";
};

/** Drops the question and its answer, if one is on its way. */
const drop = () => {
  clearTimeout(later);
  asked.abort();
  isPending = isMoved = false;
  chooses = undefined;
};

/** Looks for names soon, and shows what needs no answer at once. */
const typed = () => {
  drop();
  const find = input.value.trim();
  // Names for the text before are shown as long as they fit.
  const fits = ({ name, note }) => find && has(`${name} ${note}`, find);
  found = { users: found.users.filter(fits), phones: found.phones.filter(fits) };
  isPending = Boolean(find);
  show();
  if (find) later = setTimeout(ask, FIND_MS);
};

const ask = async () => {
  clearTimeout(later);
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const answer = await call("find", { find: input.value.trim() }, signal).catch((error) => error);
  // The answer to an earlier text is dropped.
  if (signal.aborted) return;
  isPending = false;
  const failed = answer instanceof Error;
  if (failed) signedOut(answer);
  found = failed ? { users: [], phones: [] } : answer;
  show();
  if (failed) status.textContent = words.failed;
  else if (chooses) choose(chooses);
};

/** The page of somebody whose session has ended leads to the sign-in page. */
const signedOut = ({ message }) => message === "401" && location.reload();

/** Chooses the marked option, as a click with the keys of the event would. */
const choose = ({ ctrlKey, metaKey, shiftKey }) => {
  if (isPending) {
    // What is typed quickly goes to the name that the server finds, and not to what happens to be first until then.
    chooses = { ctrlKey, metaKey, shiftKey };
    ask();
    return;
  }
  const keys = { ctrlKey, metaKey, shiftKey };
  marked()?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, ...keys }));
};

const step = (by) => {
  const all = options();
  if (!all.length) return;
  const at = all.indexOf(marked());
  const next = all[(at + by + all.length) % all.length];
  // Somebody who goes through the options chooses among those that are shown.
  isPending = false;
  isMoved = true;
  mark(next);
  next.scrollIntoView({ block: "nearest" });
};

const KEYS = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: choose,
};

const build = () => {
  list = make("div", { id: "palette-list", role: "listbox", "aria-label": words.title });
  input = make("input", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    maxlength: "128",
    "aria-controls": "palette-list",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
  });
  status = make("p", { class: "soft", role: "status" });
  dialog = make("dialog", { id: "palette", "aria-label": words.title }, input, list, status);
  document.body.append(dialog);
  input.addEventListener("input", typed);
  input.addEventListener("keydown", (event) => {
    // Enter ends the composition of a Hangul syllable.
    if (event.isComposing || event.altKey) return;
    const key = KEYS[event.key];
    if (!key) return;
    event.preventDefault();
    key(event);
  });
  // A click beside the dialog closes it. The field keeps the focus while the pointer chooses.
  dialog.addEventListener("mousedown", (event) => {
    if (event.target === dialog) dialog.close();
    else if (event.target !== input) event.preventDefault();
  });
  dialog.addEventListener("close", drop);
};

/** Loads the style sheet; without it the palette is shown as it is. */
const style = () =>
  new Promise((done) => {
    const link = make("link", { rel: "stylesheet", href: import.meta.url.replace(/js$/, "css") });
    link.onload = link.onerror = done;
    document.head.append(link);
  });

let loading;
const load = async () => {
  const [palette] = await Promise.all([call("palette", {}), style()]);
  ({ words, may_end: mayEnd } = palette);
  build();
};

/** Opens the palette, or closes it. */
export const toggle = async () => {
  if (dialog?.open) return dialog.close();
  // A failed load is tried again at the next use.
  loading ??= load().catch((error) => {
    loading = undefined;
    signedOut(error);
    throw error;
  });
  await loading;
  // Another dialog may have opened meanwhile.
  if (document.querySelector("dialog[open]")) return;
  onlyPhones = false;
  found = { users: [], phones: [] };
  input.value = "";
  input.placeholder = words.hint;
  input.setAttribute("aria-label", words.hint);
  dialog.showModal();
  show();
};
