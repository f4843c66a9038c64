// The frame of a page: the current page in the menu, the view options, keys, and the scripts that come on demand.
// Every page works without this script.
(() => {
  const root = document.documentElement;
  const { src } = document.currentScript;
  const script = (name) => src.replace("frame.js", `${name}.js`);

  // The program changes the address without loading a page.
  const links = document.querySelectorAll("nav.menu a");
  const mark = () => {
    const here = location.pathname.split("/")[1];
    for (const link of links) {
      const to = new URL(link.href).pathname.split("/")[1];
      const isHere = to ? here === to : ["", "phones", "users"].includes(here);
      link.ariaCurrent = isHere ? "page" : null;
    }
  };
  for (const name of ["pushState", "replaceState"]) {
    const change = history[name];
    history[name] = function (...to) {
      change.apply(this, to);
      mark();
    };
  }
  addEventListener("popstate", mark);
  const view = document.getElementById("view");
  const keys = document.getElementById("keys");

  // View options: the document names what is switched on, and the server keeps it in a cookie.
  const form = view.querySelector("form");
  let sent = Promise.resolve();
  const choose = () => {
    const chosen = new URLSearchParams(new FormData(form));
    root.dataset.view = [...chosen.values()].join(" ");
    // One request after the other, so that the last choice stays; a page that is left completes it.
    const send = () => fetch(form.action, { method: "POST", body: chosen, redirect: "manual", keepalive: true });
    sent = sent.then(send).catch(() => {});
  };
  form.addEventListener("change", choose);
  addEventListener("click", ({ target }) => {
    const switchOff = target.closest?.("[data-switch-off]");
    if (!switchOff) return;
    form.querySelector(`[value=${switchOff.dataset.switchOff}]`).checked = false;
    choose();
    document.querySelector("[popovertarget=view]")?.focus();
  });

  // A saved view is a link within the page: the list of views closes.
  const views = document.getElementById("views");
  views?.addEventListener("click", ({ target }) => target.closest("a") && views.hidePopover());

  // The height of the filters, below which the column names of the list stay.
  const measure = () => {
    const filters = document.querySelector("main .card > .filters:not(.chips)");
    if (filters) root.style.setProperty("--filters", `${filters.offsetHeight}px`);
  };
  for (const name of ["scroll", "resize"]) addEventListener(name, measure, { passive: true });
  document.fonts.ready.then(measure);

  // The rows of the page's list. The current row has the focus, or had it last.
  const rows = () => [...document.querySelectorAll("main table.lines tbody tr")];
  let last;
  addEventListener("focusin", ({ target }) => (last = target.closest("table.lines tbody tr") ?? last));
  const current = () => (last?.isConnected ? last : undefined);
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1);
    if (!all[next]) return false;
    all[next].tabIndex = -1;
    all[next].scrollIntoView({ block: "nearest" });
    all[next].focus({ preventScroll: true });
    return true;
  };
  const click = (element) => {
    element?.click();
    return Boolean(element);
  };

  // Selects or deselects all rows between the row that was clicked last and this one.
  const box = (row) => row?.querySelector("td.select input:enabled");
  let anchor;
  const range = (to) => {
    const all = rows();
    const ends = [all.indexOf(anchor), all.indexOf(to)].sort((one, other) => one - other);
    const { checked } = box(to);
    if (ends[0] < 0) return;
    for (const one of all.slice(ends[0], ends[1] + 1).map(box)) if (one && one.checked !== checked) one.click();
  };
  addEventListener("click", ({ target, shiftKey, isTrusted }) => {
    const row = isTrusted && target.closest?.("td.select input")?.closest("tr");
    if (!row) return;
    // The browser changes the box after its click.
    setTimeout(() => {
      if (shiftKey) range(row);
      anchor = row;
    });
  });
  const select = (withRange) => {
    const row = current();
    if (!box(row)) return false;
    box(row).click();
    if (withRange) range(row);
    anchor = row;
    return true;
  };

  const KEYS = {
    "/": () => {
      const field = document.querySelector("main input[type=search]");
      field?.focus();
      return Boolean(field);
    },
    "?": () => !keys.showModal(),
    j: () => step(1),
    k: () => step(-1),
    x: () => select(false),
    X: () => select(true),
    // The selection, or else the current row.
    e: () => click(document.querySelector("[form=selection]:not([aria-disabled])") ?? current()?.querySelector(".logins td.action a")),
    // Only on a row: elsewhere Enter is the browser's.
    Enter: () => document.activeElement.matches("table.lines tbody tr") && click(current().closest(".logins tbody tr") ?? current().querySelector(".directory a[href]") ?? current().querySelector("td.dev a[href]")),
    v: () => click(document.querySelector("[popovertarget=view]")),
  };
  // From the search field the list is one key away.
  addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.isComposing || !event.target.matches?.("main input[type=search]")) return;
    last = undefined;
    if (step(1)) event.preventDefault();
  });
  const TYPED = "dialog, [popover], select, textarea, input:not([type=checkbox])";
  const GO_MS = 1_500;
  // The letter of the key, also where the keyboard writes Hangul.
  const typed = ({ key, code, shiftKey }) => {
    if (!/^[^\0-~]/.test(key) || !code.startsWith("Key")) return key;
    return shiftKey ? code.slice(3) : code.slice(3).toLowerCase();
  };
  // The palette, whose script comes at its first use. The key has a modifier: it works with the other keys off.
  const go = () => import(script("palette")).then(({ toggle }) => toggle()).catch(() => {});
  document.querySelector("[data-palette]").onclick = go;
  addEventListener("keydown", (event) => {
    const { ctrlKey, metaKey, altKey, shiftKey } = event;
    if (ctrlKey === metaKey || altKey || shiftKey || typed(event).toLowerCase() !== "k") return;
    event.preventDefault();
    go();
  });
  let gone = 0;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.target.closest?.(TYPED)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key !== "Enter" && !root.dataset.view.split(" ").includes("keys")) return;
    const key = typed(event);
    const goes = Date.now() - gone < GO_MS && keys.querySelector(`[data-key="${CSS.escape(key)}"]`);
    gone = key === "g" && !goes ? Date.now() : 0;
    const done = goes ? click(document.querySelector(`nav.menu a[href="${goes.dataset.to}"]`)) : KEYS[key]?.();
    if (done) event.preventDefault();
  });

  // The whole text of cut cells, whose script comes when the pointer or the focus enters the first row.
  const ENTERS = ["pointerover", "focusin"];
  const enter = (event) => {
    if (!event.target.closest?.("table.lines tbody tr")) return;
    for (const name of ENTERS) removeEventListener(name, enter);
    import(script("whole")).then(({ start }) => start(event)).catch(() => {});
  };
  for (const name of ENTERS) addEventListener(name, enter);
})();
