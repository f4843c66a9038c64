// Starts the console's program in the browser. Every page works without the program: if this script fails, the
// page stays without the program. The server removes lines that hold only a comment.
(() => {
  const { assets, build, plain } = document.currentScript.dataset;
  const root = document.documentElement;
  const MINUTE = 60_000;

  // Values that this tab remembers across loads.
  const read = (name) => {
    try { return JSON.parse(sessionStorage.getItem(name)) } catch { return null }
  };
  const write = (name, value) => {
    try { sessionStorage.setItem(name, JSON.stringify(value)); return true } catch { return false }
  };

  // Whether the named action was not done within the last minute; if so, records that the action is done now.
  const notLately = (name) => Date.now() - (read(name) ?? 0) > MINUTE && write(name, Date.now());

  // The number of the program's failures within the last minute. After the first failure the page is rendered
  // anew, after the second it does without the program: this bounds the reloads.
  const DIED = "sojourn-died";
  const [count, at] = read(DIED) ?? [0, 0];
  const deaths = Date.now() - at < MINUTE ? count : 0;

  // Shows one of the notices that stand below the page.
  const say = (name) => {
    for (const one of document.querySelectorAll("[data-notice]")) one.hidden = one.dataset.notice !== name;
  };

  // The administrator whom the page shows as signed in.
  const viewer = () => document.querySelector("[data-viewer]")?.dataset.viewer;

  // Each form names that administrator too: a form that the program has rendered has an empty field.
  addEventListener("submit", ({ target }) => {
    const field = target.querySelector("[name=shown-to]");
    if (field && viewer()) field.value = viewer();
  }, true);

  // Each call of the program names its build: a server of another build does not answer.
  // Each call has a deadline, because a connection can be lost without notice; the server gives up after 30 s. A
  // periodic read is sent again when its answer is late: a browser may keep six lost connections. Deadlines are in
  // seconds.
  const deadlines = (path) => (path.endsWith("-anew") ? [5, 5, 5, 5, 5, 5, 15] : [35]);
  let asking = 0;
  const ask = window.fetch;
  window.fetch = async (request, options) => {
    const path = request.url && new URL(request.url).pathname;
    if (!path?.startsWith("/call/")) return ask(request, options);
    request.headers.set("sojourn-build", build);
    // The server refuses a call if another administrator has signed in since, in another tab.
    if (viewer()) request.headers.set("sojourn-viewer", encodeURIComponent(viewer()));
    asking++;
    try {
      let answer;
      for (const seconds of deadlines(path)) {
        const late = AbortSignal.timeout(seconds * 1000);
        const signal = AbortSignal.any?.([request.signal, late]) ?? late;
        answer = ask(request.clone(), { ...options, signal });
        if (await answer.then(() => true, () => !late.aborted)) break;
        dispatchEvent(new Event("sojourn-late"));
      }
      if ((await answer).status === 409) outdated();
      return await answer;
    } finally {
      asking--;
    }
  };

  // The target of the last clicked link, with the address and time of the click; used until the address changes.
  let wanted;
  let old = false;
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || link.rel === "external" || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    wanted = { to: link.href, from: location.href, at: Date.now() };
    document.querySelector("[data-notice=signed-in-since]")?.remove();
    // The browser itself loads the target: the server has a new build, or the program has not started, and
    // hydrates the page only as the server rendered it for this address.
    if (old || !root.dataset.start) event.stopImmediatePropagation();
  }, true);

  // Loads the current page, or the page of a navigation in progress, as soon as the server answers and no call is
  // open.
  const answers = () => ask("/healthz", { cache: "no-store" }).then((answer) => answer.status < 500, () => false);
  let leaving = false;
  // Whether this script loads a page. The page restores the typed values, so no listener may ask about leaving.
  let going = false;
  for (const name of ["beforeunload", "pagehide"]) {
    addEventListener(name, (event) => going && event.stopImmediatePropagation(), true);
  }
  const load = async () => {
    if (leaving) return;
    leaving = true;
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    for (let waits = 0; asking && waits < 50; waits++) await wait(200);
    while (!(await answers())) {
      say("away");
      await wait(2_000);
    }
    leaving = false;
    going = true;
    carry();
    const fresh = wanted && wanted.from === location.href && Date.now() - wanted.at < MINUTE;
    if (fresh && wanted.to !== location.href) location.assign(wanted.to);
    else location.reload();
  };

  // A page that is being left stops loading the program: that is no failure. Whoever acts has stayed.
  let isLeft = false;
  addEventListener("beforeunload", ({ isTrusted }) => (isLeft ||= isTrusted));
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => (isLeft = false), true);

  let over = false;
  const die = (next = deaths + 1) => {
    if (over || isLeft) return;
    over = true;
    root.dataset.start = "died";
    const app = document.getElementById("app");
    if (app) app.inert = true;
    if (write(DIED, [next, Date.now()])) load();
    else say("plain");
  };

  // The server has another build than this page. The page loads the new build while no input is in progress, and at
  // most once a minute: servers behind one address may differ in their build for a while.
  const LOADED = "sojourn-loaded-new";
  const loadNew = () => {
    const works = document.querySelector("dialog[open]")
      || [...document.querySelectorAll("main :is([type=password], [data-shown])")].some((field) => field.value)
      || document.activeElement?.matches("input, select, textarea")
      || !dispatchEvent(new Event("beforeunload", { cancelable: true }));
    if (!works && notLately(LOADED)) load();
  };
  const outdated = () => {
    if (old) return;
    old = true;
    say("outdated");
    loadNew();
    for (const name of ["focusout", "close"]) addEventListener(name, () => setTimeout(loadNew), true);
  };

  // Replays values that were typed or chosen before hydration, in the fields that the program has rendered. Parts of
  // the program arrive one after the other, and each sets its fields to the values of the address: the replay
  // happens a few times, and whenever a field has lost its value.
  const TELLS = 3;
  const typed = new Map();
  const key = (field) => `${field.id} ${field.name} ${field.type === "checkbox" ? field.value : ""}`;
  // A checkbox without a name selects other checkboxes, and is left out.
  const fields = () => document.querySelectorAll("main input[name]:not([type=hidden]), main select, main textarea");
  const isChanged = (field) => {
    const chosen = [...(field.options ?? [])].findIndex((one) => one.defaultSelected);
    // A checkbox is compared by `checked`: without a value attribute its value is "on", and its default is empty.
    if (field.options) return field.selectedIndex !== Math.max(chosen, 0);
    return field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  };
  const entry = (field) => [key(field), { value: field.value, checked: field.checked, focused: field.matches(":focus") }];
  const keep = (field) => isChanged(field) && typed.set(...entry(field));
  const keepTyped = () => fields().forEach(keep);

  // Typed values for the reloaded page, which restores them. Passwords are not stored, and the program stores the
  // parameters itself.
  const CARRIED = "sojourn-typed";
  const carry = () => {
    const plainly = root.dataset.start === "plain";
    const carried = [...fields()].filter((one) => isChanged(one) && !isPassword(one) && (plainly || !one.closest(".parameters")));
    write(CARRIED, [location.href, viewer(), carried.map(entry)]);
  };
  addEventListener("sojourn-signed-out", carry);
  const carried = () => {
    const [address, who, entries] = read(CARRIED) ?? [];
    write(CARRIED, null);
    return address === location.href && who === viewer() ? entries : [];
  };
  // Opens the part that can be closed around a typed value.
  const unfold = (field) => field.closest("details")?.setAttribute("open", "");
  // Restores typed values in a page that runs without the program.
  const typePlainly = () => {
    const entries = new Map(carried());
    for (const field of fields()) {
      const was = entries.get(key(field));
      if (was) unfold(Object.assign(field, was));
    }
    const kept = "sojourn-unsaved-parameters-" + viewer();
    const [typed, seen] = read(kept) ?? [];
    const named = typed ? document.querySelectorAll(".parameters [name^='value[']") : [];
    const unsaved = new Set(Object.keys(typed ?? {}).filter((name) => typed[name] !== seen[name]));
    for (const field of named) {
      const name = field.name.slice(6, -1);
      if (!unsaved.delete(name)) continue;
      field.value = typed[name];
      // The seen value lets the server detect that another administrator has saved the parameter since.
      for (const one of document.getElementsByName(`seen[${name}]`)) one.value = seen[name];
    }
    // A value without a field on this page stays stored until a page has the field.
    if (named.length && !unsaved.size) write(kept, null);
  };

  // Shows the passwords of a form.
  const isPassword = ({ type, dataset }) => type === "password" || "shown" in dataset;
  addEventListener("change", ({ target }) => {
    if (!target.matches?.("[data-show-passwords]")) return;
    for (const field of [...target.form.elements].filter(isPassword)) {
      field.type = target.checked ? "text" : "password";
      field.dataset.shown = "";
    }
  });

  let tells = false;
  const keepEarly = ({ target }) => tells || keep(target) || typed.delete(key(target));
  for (const name of ["input", "change"]) addEventListener(name, keepEarly, true);
  const tellTyped = () => {
    for (const field of typed.size ? fields() : []) {
      const was = typed.get(key(field));
      if (!was || (was.told >= TELLS && field.value === was.value && field.checked === was.checked)) continue;
      was.told = (was.told ?? 0) + 1;
      if (was.told === 1) unfold(field);
      if (field.value !== was.value) field.value = was.value;
      field.checked = was.checked;
      if (was.focused && document.activeElement === document.body) field.focus();
      tells = true;
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
      tells = false;
    }
  };
  addEventListener("sojourn-live", () => {
    root.dataset.start = "live";
    if (root.dataset.by === "hydrate") keepTyped();
    tellTyped();
    // The replay ends at the user's next action, so that it does not overwrite a change by that action.
    const telling = setInterval(tellTyped, 100);
    const GOES_ON = ["pointerdown", "click", "keydown", "popstate"];
    const told = () => {
      clearInterval(telling);
      for (const name of ["input", "change"]) removeEventListener(name, keepEarly, true);
      for (const name of GOES_ON) removeEventListener(name, goesOn, true);
    };
    const goesOn = ({ type, key, target }) => {
      const writes = key !== "Enter" && target.matches?.("input:not([type=checkbox]), textarea");
      if (writes) return;
      if (type !== "popstate") tellTyped();
      told();
    };
    setTimeout(told, 10_000);
    for (const name of GOES_ON) addEventListener(name, goesOn, true);
    // Another script may replace the page by a copy without event handlers: this counts as a failure.
    const app = document.getElementById("app");
    const replaced = new MutationObserver(() => app.isConnected || die());
    for (const node of [root, document.body]) replaced.observe(node, { childList: true });
    watchTexts(app);
  });

  // A translator replaces text nodes by elements, and the program then updates text nodes that are no longer on the
  // page. The first such update means that the page shows an old state.
  const watchTexts = (app) => {
    const lost = new MutationObserver((changes) => {
      // The translator would do so again after a reload, so the page runs without the program.
      if (changes.some(({ target }) => !target.isConnected)) die(2);
    });
    const isText = (node) => node.nodeType === Node.TEXT_NODE && !node.isConnected;
    new MutationObserver((changes) => {
      const added = new Map();
      for (const { target, addedNodes } of changes) {
        added.set(target, [...(added.get(target) ?? []), ...addedNodes]);
      }
      for (const { target, removedNodes } of changes) {
        for (const text of [...removedNodes].filter(isText)) {
          const stranger = (node) => node.nodeName === "FONT" || (node.localName && node.textContent === text.data);
          if (added.get(target).some(stranger)) lost.observe(text, { characterData: true });
        }
      }
    }).observe(app, { childList: true, subtree: true });
  };
  // The page's content could not be read: load the page, but at most once a minute while the server answers.
  const AWAY = "sojourn-loaded-after-away";
  addEventListener("sojourn-without-server", async () => {
    if (!old && (!(await answers()) || notLately(AWAY))) load();
  });
  addEventListener("sojourn-outdated", outdated);
  // A part of the program could not be loaded. A running program is used until another page is loaded.
  addEventListener("sojourn-part-missing", () => root.dataset.start === "live" ? load() : die());
  // A failed request is no failure of the program.
  const isDeath = (error) => error instanceof WebAssembly.RuntimeError;
  addEventListener("error", ({ error }) => isDeath(error) && die());
  addEventListener("unhandledrejection", ({ reason }) => isDeath(reason) && die());
  addEventListener("DOMContentLoaded", () => {
    document.querySelector("[data-notice=plain] a").onclick = () => {
      write(DIED, [0, 0]);
      carry();
    };
  });

  const parsed = new Promise((done) => addEventListener("DOMContentLoaded", done));
  const nodes = (parent) => {
    const walk = document.createTreeWalker(parent);
    let count = 0;
    while (walk.nextNode()) count++;
    return count;
  };

  // Hydrates the HTML of the server if it is unchanged. An extension of the browser may have changed it: then, or
  // after a failure, the program renders the page anew.
  const start = async (script, code) => {
    const { default: init, hydrate, mount } = await script;
    await init({ module_or_path: code });
    await parsed;
    const app = document.getElementById("app");
    const untouched = nodes(app) === Number(app.dataset.nodes);
    root.dataset.by = untouched && !deaths ? "hydrate" : "mount";
    for (const one of carried()) typed.set(...one);
    keepTyped();
    if (root.dataset.by === "hydrate") return hydrate();
    app.replaceChildren();
    mount();
  };

  if (deaths > 1) {
    root.dataset.start = "plain";
    parsed.then(() => {
      typePlainly();
      say("plain");
    });
    return;
  }
  const script = import(`${assets}/pkg/sojourn.js`);
  const code = ask(`${assets}/pkg/sojourn.wasm`);
  // A page outside of the console only fetches the program for the next one.
  const fetched = () => Promise.all([script, code.then((answer) => answer.arrayBuffer())]);
  (plain ? fetched() : start(script, code)).catch((error) => {
    if (isDeath(error)) die();
    else root.dataset.start = "plain";
  });
})();
