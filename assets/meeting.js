/* Meeting mode: turns the lines of an agenda into screens, shows what others changed, and loses nothing that is typed.
   Asks for the version every second and fetches only what it does not have. What is typed lies in this tab's own memory
   until it is saved, and goes with the tab. */
(function () {
  "use strict";

  const run = document.getElementById("run");
  if (!run) { return; }
  const told = JSON.parse(run.dataset.told);
  const base = `/meeting/${run.dataset.meeting}`;
  const mine = `meeting:${run.dataset.me}:`;
  const prefix = `${mine}${run.dataset.meeting}:`;
  const say = window.dashboard.say;

  const PAUSE = 1000;
  const LONGEST = 5000;
  const QUIET = 3000;

  /* --- What is shown: the parts of each line, as they came -------------------------------------------------------- */

  const screens = new Map();
  let item = run.dataset.item;
  let wanted = item;
  let seen = "";

  function part(name) { return run.querySelector(`[data-part="${name}"]`); }

  function remember() {
    const parts = {};
    for (const place of run.querySelectorAll("[data-part]")) {
      parts[place.dataset.part] = {digest: place.dataset.digest, html: place.innerHTML};
    }
    screens.set(item, parts);
  }

  function put(name, found) {
    const place = part(name);
    if (!place || (found.digest && place.dataset.digest === found.digest)) { return; }
    const focus = where(place);
    const opened = Array.from(place.querySelectorAll("details[open]")).map((one) => key(one));
    place.innerHTML = found.html;
    place.dataset.digest = found.digest;
    for (const one of place.querySelectorAll("details")) { if (opened.includes(key(one))) { one.open = true; } }
    for (const form of place.querySelectorAll("form[data-do]")) { restore(form); }
    back(place, focus);
  }

  function key(details) {
    const form = details.querySelector("form[data-key]");
    return form ? form.dataset.key : (details.querySelector("summary") || details).textContent;
  }

  function where(place) {
    const field = document.activeElement;
    if (!field || !place.contains(field) || !field.form || !field.name) { return null; }
    return {form: field.form.dataset.key, name: field.name, value: field.type === "checkbox" ? field.value : "",
            start: field.selectionStart, end: field.selectionEnd};
  }

  function back(place, focus) {
    if (!focus) { return; }
    const form = place.querySelector(`form[data-key="${CSS.escape(focus.form)}"]`);
    const field = form && Array.from(form.elements).find((one) => {
      return one.name === focus.name && (!focus.value || one.value === focus.value);
    });
    if (field) {
      field.focus({preventScroll: true});
      if (field.setSelectionRange && focus.start !== null && focus.start !== undefined) {
        try { field.setSelectionRange(focus.start, focus.end); } catch { /* a date has no place in it */ }
      }
    }
  }

  function draw(of) {
    item = of;
    run.dataset.item = of;
    for (const [name, found] of Object.entries(screens.get(of) || {})) { put(name, found); }
  }

  async function refresh(of) {
    const had = screens.get(of) || {};
    const known = Object.entries(had).map(([name, found]) => `${name}-${found.digest}`).join(",");
    const answer = await fetch(`${base}/parts?${new URLSearchParams({item: of, known: known})}`, {
      headers: {Accept: "application/json"}, cache: "no-store", signal: AbortSignal.timeout(15000),
    });
    if (!answer.ok) { throw new Error(String(answer.status)); }
    const came = await answer.json();
    screens.set(came.item, {...(screens.get(came.item) || had), ...came.parts});
    if (came.item !== of) { // the line was left out: another one stands in its place
      screens.delete(of);
      if (wanted === of) { wanted = came.item; }
    }
    if (item === of) { draw(came.item); }
    return came;
  }

  /* --- Who moved what: the version, every second ------------------------------------------------------------------- */

  const line = document.getElementById("run-connection");
  let known = Date.now();
  let pause = PAUSE;
  let timer = 0;

  function time(moment) {
    const form = {hour: "2-digit", minute: "2-digit", hourCycle: "h23"};
    return new Intl.DateTimeFormat(document.documentElement.lang || "en", form).format(moment);
  }

  function connection(sentence, kind) {
    if (line.textContent !== sentence) { line.textContent = sentence; }
    line.className = "run-connection" + (kind ? " " + kind : "");
  }

  async function poll() {
    clearTimeout(timer);
    if (document.hidden) { return; } // `visibilitychange` takes it up again
    try {
      const answer = await fetch("/version", {
        headers: {Accept: "application/json"}, cache: "no-store", signal: AbortSignal.timeout(6000),
      });
      if (!answer.ok) { throw new Error(String(answer.status)); }
      const head = await answer.json();
      const now = [head.coordination, head.figures, head.intake, head.published].join();
      const whole = Object.values(screens.get(item) || {}).every((found) => found.digest);
      if (now !== seen || !whole) {
        await refresh(item);
        if (seen && now !== seen) { stale(); }
        seen = now;
      }
      known = Date.now();
      pause = PAUSE;
      if (line.classList.contains("lost")) {
        connection(told.found, "found");
        setTimeout(() => line.classList.contains("found") && connection("", ""), 5000);
      }
      await resend();
      ahead();
    } catch {
      pause = Math.min(pause * 1.5, LONGEST);
      if (Date.now() - known > QUIET) { connection(say(told.lost, {time: time(known)}), "lost"); }
    }
    clearTimeout(timer);
    timer = setTimeout(poll, pause + Math.random() * 150);
  }

  /* --- The other lines, one after another, so that the pages turn without a connection ------------------------------ */

  let old = new Set();

  function stale() { old = new Set(screens.keys()); old.delete(item); }

  function lines() {
    return Array.from(part("bar").querySelectorAll("a[data-item]")).map((link) => link.dataset.item);
  }

  async function ahead() {
    const at = lines().indexOf(item);
    const next = lines().map((of, place) => [Math.abs(place - at), of]).sort((a, b) => a[0] - b[0]).map((pair) => pair[1])
      .find((of) => !screens.has(of) || old.has(of));
    if (!next) { return; }
    old.delete(next);
    try { await refresh(next); } catch { old.add(next); }
  }

  function go(to) {
    const all = lines();
    const found = typeof to === "number" ? all[all.indexOf(wanted) + to] : to;
    if (!found || (found === item && found === wanted)) { return; }
    wanted = found;
    history.replaceState(history.state, "", `?item=${found}`);
    if (screens.has(found)) { draw(found); arrived(); }
    // An answer that comes late must not turn the page back for somebody who has gone on meanwhile.
    refresh(found).then(() => { if (wanted === found && item !== found) { draw(found); arrived(); } }, () => poll());
  }

  function arrived() {
    window.scrollTo(0, 0);
    const heading = run.querySelector("h1");
    if (heading) { heading.focus({preventScroll: true}); }
  }

  /* --- What is typed: kept until it is saved ------------------------------------------------------------------------ */

  const {drafts, draft, keep, forget, tidy} = window.dashboard.drafts.keeper(mine, prefix);
  const ownId = window.dashboard.drafts.ownId;

  function fields(form) {
    const own = form.querySelector("[data-own-id]");
    if (own && !own.value) { own.value = ownId(); } // sent twice, it is kept once
    return Array.from(new FormData(form).entries());
  }

  function restore(form) {
    const held = draft(form.dataset.key);
    open(form);
    if (!held) {
      if (Date.now() - (lately.get(form.dataset.key) || 0) < 6000) { tell(form, told.saved, "", false); }
      return;
    }
    const stood = seenText(form);
    for (const field of form.elements) {
      if (!field.name) { continue; }
      const values = held.fields.filter((pair) => pair[0] === field.name).map((pair) => pair[1]);
      if (field.type === "checkbox") { field.checked = values.includes(field.value); }
      else if (values.length) { field.value = values[0]; }
    }
    open(form);
    form.classList.add("unsaved");
    if (held.waiting) { tell(form, told.waiting, "", true); return; }
    if (held.conflict) { tell(form, held.conflict.error, held.conflict.theirs, true); return; }
    if (stood !== null && held.stood !== undefined && held.stood !== stood) { tell(form, told.changed, stood, true); }
    else { tell(form, told.kept, "", false); }
  }

  /* The text that the record has for the field that a form changes; what a conflict is seen by. */
  function seenText(form) {
    const mark = form.querySelector("[data-saw]");
    return mark ? form.elements[mark.dataset.saw].defaultValue : null;
  }

  function tell(form, sentence, theirs, wrong) {
    const place = form.querySelector(".form-said");
    if (!place) { return; }
    place.textContent = sentence;
    place.classList.toggle("wrong", Boolean(wrong));
    if (theirs) {
      const quote = document.createElement("blockquote");
      quote.textContent = theirs;
      place.append(quote);
    }
  }

  function open(form) {
    for (const select of form.querySelectorAll("[data-opens]")) {
      document.getElementById(select.dataset.opens).hidden = select.value !== "new";
    }
  }

  function typed(event) {
    const form = event.target.form;
    if (!form || !form.matches("[data-do][data-key]") || !run.contains(form)) { return; }
    open(form);
    const before = draft(form.dataset.key);
    keep(form.dataset.key, {
      action: form.getAttribute("action"), fields: fields(form), order: before ? before.order : Date.now(),
      stood: before && before.stood !== undefined ? before.stood : seenText(form) === null ? undefined : seenText(form),
      conflict: before ? before.conflict : undefined,
    });
    form.classList.add("unsaved");
    if (!before) { tell(form, "", "", false); }
    if (before && before.waiting) { tell(form, told.kept, "", false); } // half a sentence is not sent by itself
  }
  run.addEventListener("input", typed);
  run.addEventListener("change", typed);

  /* --- Saving: at once where there is a connection, else as soon as there is one ------------------------------------- */

  function token() {
    const found = document.cookie.split("; ").find((one) => one.startsWith("_csrf_token="));
    return found ? decodeURIComponent(found.slice(12)) : "";
  }

  async function post(action, values) {
    return fetch(action, {
      method: "POST", body: new URLSearchParams(values), signal: AbortSignal.timeout(15000),
      headers: {Accept: "application/json", "X-CSRFToken": token()},
    });
  }

  /* What may be sent later without her: sent twice it is kept once, and it takes nothing back and ends nothing. */
  const LATER = ["note", "decide", "amend", "attend"];
  const BUTTONS = ["start", "close", "take-back"]; // nothing is typed in them
  const under = new Set();
  const lately = new Map();

  /* Sends a draft; true when it was answered, whatever the answer said. */
  async function send(of) {
    const held = draft(of);
    if (!held || under.has(of)) { return true; }
    under.add(of);
    try {
      const answer = await post(held.action, held.fields);
      const said = await answer.json().catch(() => ({}));
      settle(of, held, answer, said);
      return true;
    } catch {
      const what = held.action.split("/").pop();
      const later = LATER.includes(what);
      if (BUTTONS.includes(what)) { forget(of); } else { keep(of, {...(draft(of) || held), waiting: later}); }
      const form = formOf(of);
      if (form) { tell(form, later ? told.waiting : told.undone, "", true); }
      return false;
    } finally {
      under.delete(of);
    }
  }

  function formOf(of) { return run.querySelector(`form[data-key="${CSS.escape(of)}"]`); }

  function settle(of, held, answer, said) {
    const form = formOf(of);
    const now = draft(of);
    const more = now && JSON.stringify(now.fields) !== JSON.stringify(held.fields); // typed on while it was under way
    if (answer.ok) {
      lately.set(of, Date.now());
      if (!more) {
        forget(of);
        if (form) {
          form.classList.remove("unsaved");
          if (form.querySelector("[data-own-id]")) {
            form.reset(); // which leaves hidden fields as they are
            for (const field of form.querySelectorAll("[data-own-id], [name=knowing]")) { field.value = ""; }
            open(form);
          }
          tell(form, told.saved, "", false);
        }
        return;
      }
      const next = {saw: said.saw, knowing: said.knowing};
      if (held.action.endsWith("/decide")) { Object.assign(next, {decision: ownId(), knowing: ""}); } // one more decision
      const kept = {...now, waiting: false, conflict: undefined, fields: stands(now.fields, form, next)};
      if (kept.stood !== undefined) { kept.stood = said.saw !== undefined ? said.saw : new Map(held.fields).get("text"); }
      keep(of, kept);
      if (form) { tell(form, told.kept, "", false); }
      return;
    }
    const kept = {...(now || held), waiting: false};
    if (said.theirs !== undefined) {
      kept.fields = stands(kept.fields, form, {saw: said.theirs, knowing: String(said.knowing)});
      kept.conflict = {error: said.error, theirs: said.theirs};
    }
    keep(of, kept);
    if (form) { tell(form, said.error || told.refused, said.theirs, true); }
  }

  /* The fields of a draft with what its next sending is compared with, which its form on the screen gets too. */
  function stands(typedIn, form, put) {
    const given = Object.entries(put).filter((pair) => pair[1] !== undefined);
    for (const [name, value] of given) { if (form && form.elements[name]) { form.elements[name].value = value; } }
    return typedIn.map(([name, value]) => [name, put[name] !== undefined ? put[name] : value]);
  }

  async function resend() {
    for (const [of, held] of drafts()) {
      if (held.waiting && !(await send(of))) { return; }
      if (held.waiting) { await refresh(item); }
    }
  }

  run.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-do]")) { return; }
    event.preventDefault();
    const of = form.dataset.key;
    const before = draft(of);
    keep(of, {action: form.getAttribute("action"), fields: fields(form), order: before ? before.order : Date.now(),
              stood: before ? before.stood : undefined, conflict: before ? before.conflict : undefined});
    if (await send(of)) { poll(); }
  });

  /* --- Keys, and the buttons that do the same ------------------------------------------------------------------------ */

  const help = document.getElementById("run-help");
  const KEYS = {ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1};

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) { return; }
    const field = event.target.closest && event.target.closest("input, select, textarea, [contenteditable]");
    if (field) {
      if (event.key === "Escape") { field.blur(); }
      return;
    }
    if (event.target.closest && event.target.closest(".scroll") && event.key.startsWith("Arrow")) { return; }
    if (event.key in KEYS) { event.preventDefault(); go(KEYS[event.key]); }
    else if (event.key === "Home") { event.preventDefault(); go(lines()[0]); }
    else if (event.key === "End") { event.preventDefault(); go(lines().at(-1)); }
    else if (event.key === "?") { event.preventDefault(); help.showModal(); }
  });

  run.addEventListener("click", (event) => {
    const button = event.target.closest("[data-go], [data-help], a[data-item]");
    if (!button || event.metaKey || event.ctrlKey || event.shiftKey) { return; }
    event.preventDefault();
    if ("help" in button.dataset) { help.showModal(); }
    else { go(button.dataset.item || Number(button.dataset.go)); }
  });

  /* --- Begin ---------------------------------------------------------------------------------------------------------- */

  tidy();
  remember();
  for (const form of run.querySelectorAll("form[data-do]")) { restore(form); }
  document.addEventListener("visibilitychange", poll);
  window.addEventListener("online", poll);
  if ("chair" in run.dataset) { setInterval(() => fetch(`${base}/chair`, {cache: "no-store"}).catch(() => {}), 240000); }
  poll();
})();
