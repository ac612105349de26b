/* What pages do beyond plain HTML. Never needed: without it links, forms and "Leave this page" work, only plainer.
   Fetches nothing but our own addresses, keeps nothing in the browser. upload.js adds what sending a file needs,
   draft.js what a form needs whose text must outlive a lost session. */
(function () {
  "use strict";

  const body = document.body;
  const words = JSON.parse(body.dataset.words || "{}");
  const main = document.getElementById("main");
  const drawn = Boolean(main && main.classList.contains("drawn"));

  function say(sentence, values) {
    return Object.entries(values || {}).reduce((said, [name, value]) => said.replace(`{${name}}`, value), sentence || "");
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* --- Leave this page: at once, and without a step back to here ------------------------------------------------- */

  const leave = document.querySelector("[data-leave]");
  if (leave) {
    const go = () => {
      body.hidden = true; // a slow line must not leave the page on the screen
      document.title = "…";
      location.replace(leave.href);
    };
    leave.addEventListener("click", (event) => {
      event.preventDefault();
      go();
    });
    let presses = [];
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.repeat) { return; }
      presses = presses.filter((pressed) => event.timeStamp - pressed < 2000).concat(event.timeStamp);
      if (presses.length >= 3) { go(); }
    });
  }

  /* --- A session that ended: to the sign-in, and back here afterwards ---------------------------------------------- */

  function signIn() {
    location.assign("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
  }

  const fetched = window.fetch;
  window.fetch = function () {
    return fetched.apply(this, arguments).then((answer) => {
      if (answer.status === 401 && new URL(answer.url, location.href).origin === location.origin) {
        signIn();
        return new Promise(() => {}); // never settles: Dash would try to read the answer
      }
      return answer;
    });
  };

  /* --- Signing out: what was typed and not saved goes too (meeting.js keeps it in this tab) ------------------------- */

  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") { sessionStorage.clear(); }
  });

  /* --- The record moved: tell the page; the line went: tell the reader ---------------------------------------------- */

  const STEP = 3000;
  const LONGEST = 30000;
  const QUIET = 15000;
  const line = document.getElementById("connection");
  let version = null;
  let known = Date.now();
  let pause = STEP;
  let timer = 0;

  function time(moment) {
    const form = {hour: "2-digit", minute: "2-digit", hourCycle: "h23"};
    return new Intl.DateTimeFormat(document.documentElement.lang || "en", form).format(moment);
  }

  function connection(sentence, kind) {
    if (line && line.textContent !== sentence) {
      line.textContent = sentence;
      line.className = "connection" + (kind ? " " + kind : "");
    }
  }

  function moved(head) {
    if (version !== null && head.version !== version && window.dash_clientside) {
      window.dash_clientside.set_props("head", {data: head});
    }
    version = head.version;
  }

  async function poll() {
    clearTimeout(timer);
    if (document.hidden) { return; } // `visibilitychange` takes it up again
    try {
      const answer = await fetch("/version", {
        headers: {Accept: "application/json"}, cache: "no-store", signal: AbortSignal.timeout(8000),
      });
      if (!answer.ok) { throw new Error(String(answer.status)); }
      moved(await answer.json());
      if (line && line.classList.contains("lost")) {
        connection(words.found, "found");
        setTimeout(() => line.classList.contains("found") && connection("", ""), 5000);
      }
      known = Date.now();
      pause = STEP;
    } catch {
      pause = Math.min(pause * 2, LONGEST);
      const silent = Date.now() - known;
      if (silent > QUIET) {
        connection(say(words.lost, {time: time(known)}), "lost");
      } else {
        pause = Math.min(pause, QUIET - silent + 100);
      }
    }
    timer = setTimeout(poll, pause);
  }

  if (drawn && "signedIn" in body.dataset) {
    document.addEventListener("visibilitychange", poll);
    window.addEventListener("online", poll);
    poll();
  }

  /* --- Filters: each stands in the address, and an address sets them ------------------------------------------------ */

  function filters() {
    return Array.from(document.querySelectorAll('[id*=\'"type":"filter"\']')).map((element) => {
      return {element: element, id: JSON.parse(element.id)};
    });
  }

  // Boxes that are one filter together: what is ticked is written into it, "" for what is ticked usually.
  function ticked(boxes) {
    const names = Array.from(boxes.querySelectorAll("input:checked")).map((box) => box.value).join(",");
    return names.split(",").sort().join() === boxes.dataset.usual.split(",").sort().join() ? "" : names;
  }

  function tick(boxes, value) {
    const shown = (value || boxes.dataset.usual).split(",");
    for (const box of boxes.querySelectorAll("input")) { box.checked = box.disabled || shown.includes(box.value); }
  }

  document.addEventListener("change", (event) => {
    const all = filters();
    const boxes = event.target.closest && event.target.closest("[data-boxes]");
    if (!boxes && !all.some((filter) => filter.element === event.target)) { return; }
    const values = new Map(all.map((filter) => [filter, filter.element.value]));
    chosenAnew(event.target);
    for (const filter of all) {
      if (boxes && filter.id.name === boxes.dataset.boxes) { values.set(filter, ticked(boxes)); }
      if (!boxes && filter.id.name === "page") { values.set(filter, ""); } // what fits now begins on the first page
    }
    const query = new URLSearchParams(location.search);
    for (const [filter, value] of values) {
      if (value) { query.set(filter.id.name, value); } else { query.delete(filter.id.name); }
    }
    const search = query.toString();
    history.replaceState(history.state, "", location.pathname + (search ? "?" + search : ""));
    // Hidden ones follow once the browser has told Dash of the one that somebody changed.
    setTimeout(() => {
      for (const [filter, value] of values) {
        if (filter.element.type === "hidden" && filter.element.value !== value) {
          window.dash_clientside.set_props(filter.id, {value: value});
        }
      }
    });
  });

  // What the address asked for in vain is told until something else is chosen.
  function chosenAnew(element) {
    const told = element.parentElement.querySelector(".filter-instead");
    if (told) { told.hidden = true; }
  }

  function setFilters(search) {
    const query = new URLSearchParams(search);
    for (const filter of filters()) {
      const place = filter.element.closest("[data-default]"); // the first of a list may be no choice at all
      const value = query.get(filter.id.name) || (place ? place.dataset.default : "");
      chosenAnew(filter.element);
      if (value !== filter.element.value) { window.dash_clientside.set_props(filter.id, {value: value}); }
      const boxes = document.querySelector(`[data-boxes="${filter.id.name}"]`);
      if (boxes) { tick(boxes, value); }
    }
  }

  function arriveAt(hash) {
    if (!hash) { return; }
    const name = decodeURIComponent(hash.slice(1));
    const found = () => {
      const element = document.getElementById(name);
      if (element) {
        element.scrollIntoView({block: "start"});
        element.setAttribute("tabindex", "-1");
        element.focus({preventScroll: true});
      }
    };
    const watch = new MutationObserver(found);
    watch.observe(main, {childList: true, subtree: true});
    setTimeout(() => watch.disconnect(), 2500);
    found();
  }

  /* --- From one of Dash's pages to another without loading everything again ------------------------------------------ */

  const links = Array.from(document.querySelectorAll(".nav a[data-dash]"));
  const KEPT = ["country", "period", "dataset", "as_of"]; // what was chosen stays while one moves about
  let path = location.pathname;

  function drawnByDash(pathname) {
    return links.some((link) => link.pathname === pathname) || /^\/((submission|indicator|corridor)\/[^/]+|register\/[^/.]+(\/entry)?)$/.test(pathname);
  }

  function keeping(link) {
    const here = new URLSearchParams(location.search);
    const there = new URLSearchParams(link.search);
    if (link.pathname !== location.pathname && !link.pathname.startsWith("/submission/")) {
      for (const name of KEPT) {
        if (here.get(name) && !there.has(name)) { there.set(name, here.get(name)); }
      }
    }
    const search = there.toString();
    return link.pathname + (search ? "?" + search : "") + link.hash;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!drawn || !link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey
        || event.altKey || link.target || link.hasAttribute("download") || link.origin !== location.origin
        || !drawnByDash(link.pathname) || !window.dash_clientside) { return; }
    if (link.pathname === location.pathname && link.search === location.search && link.hash) { return; }
    event.preventDefault();
    const same = link.pathname === location.pathname;
    history.pushState({}, "", keeping(link));
    if (same) { setFilters(link.search); } else { window.dispatchEvent(new CustomEvent("_dashprivate_pushstate")); }
    path = location.pathname;
    arriveAt(link.hash);
  });

  window.addEventListener("popstate", () => {
    if (drawn && location.pathname === path && window.dash_clientside) { setFilters(location.search); }
    path = location.pathname;
  });

  const menu = document.querySelector(".nav .menu");
  document.addEventListener("dashboard:arrived", (event) => {
    if (menu) { menu.open = false; }
    if (event.detail && event.detail.title) { document.title = `${event.detail.title} · ${words.site}`; }
    path = location.pathname;
    for (const link of document.querySelectorAll(".nav a")) {
      // Of /indicators, which lists it, /indicator/P-CAP-1 is a part.
      const part = [link.pathname, link.pathname.slice(0, -1)].some((list) => path.startsWith(list + "/"));
      const here = link.pathname === path ? "page" : part ? "true" : "";
      if (here) { link.setAttribute("aria-current", here); } else { link.removeAttribute("aria-current"); }
    }
  });

  /* --- A table is one component with its HTML as text: of a thousand components each would ask for every change ------- */

  function unfold() {
    for (const place of main.querySelectorAll("[data-html]")) {
      if (place.unfolded !== place.dataset.html) {
        place.unfolded = place.dataset.html;
        place.innerHTML = place.dataset.html;
      }
    }
  }
  if (drawn) {
    new MutationObserver(unfold).observe(main, {childList: true, subtree: true, attributeFilter: ["data-html"]});
  }

  /* --- Choose several files of a list at once ------------------------------------------------------------------------ */

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-choose]");
    if (!button) { return; }
    for (const box of button.form.querySelectorAll("input[type=checkbox]")) {
      box.checked = button.dataset.choose === "clean" && "clean" in box.dataset;
    }
  });

  /* --- Save a table; show it when the page is printed ---------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-download]");
    if (button) {
      // The mark at the beginning tells spreadsheets that the letters are UTF-8.
      const type = button.dataset.download.endsWith(".txt") ? "text/plain" : "text/csv";
      save(new Blob(["\ufeff", button.dataset.content], {type: `${type};charset=utf-8`}), button.dataset.download);
    }
  });

  /* --- Copy a text: where the browser does not let us, it is selected, ready for the keys ----------------------------- */

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-copy]");
    if (!button) { return; }
    const text = document.getElementById(button.dataset.copy);
    const said = document.getElementById(`${button.dataset.copy}-said`);
    text.focus();
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      said.textContent = button.dataset.copied;
    } catch {
      said.textContent = button.dataset.selected;
    }
  });

  const PAPER = 660;
  const TALL = 480; // what is taller is made lower, so that it finds room below what is said above it
  const LOWER = .8;
  const printed = document.querySelector(".printed");
  let opened = [];
  window.addEventListener("beforeprint", () => {
    if (printed) {
      const language = document.documentElement.lang || "en";
      const form = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {dateStyle: "long"});
      const today = form.format();
      printed.textContent = say(words.printed, {day: today, address: location.href});
    }
    opened = Array.from(document.querySelectorAll(".as-table:not([open])"));
    for (const table of opened) { table.open = true; }
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      plot.asked = plot.layout.height || null;
      const tall = plot.asked || plot.clientHeight;
      window.Plotly.relayout(plot, {width: PAPER, height: tall > TALL ? LOWER * tall : tall});
    }
  });
  window.addEventListener("afterprint", () => {
    for (const table of opened) { table.open = false; }
    for (const plot of document.querySelectorAll(".js-plotly-plot")) {
      window.Plotly.relayout(plot, {width: null, height: plot.asked, autosize: true});
    }
  });

  window.dashboard = {words, say, save, signIn};
})();
