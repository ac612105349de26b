/* Keep what is being typed into a form while a laptop sleeps, a session ends or a page is loaded anew: in this tab's own
   memory, for the person who typed it, until it is saved or the tab is closed; signing out forgets it (dashboard.js).
   Fetches nothing, saves nothing itself. */
(function () {
  "use strict";

  const PREFIX = "draft:";
  const SETTLED = 500; // milliseconds after which a form that was drawn anew shows what it holds
  let shown = ""; // which form the page shows: it gets its text back when it comes, and never while it is there
  let heard = ""; // the last event after which the page said that something is saved

  function memory(task) {
    try { return task(window.sessionStorage); } catch { return null; } // not allowed here: then nothing is kept
  }

  function key(form) { return PREFIX + form.dataset.account + ":" + form.dataset.draft; }

  function fields(form) {
    return Array.from(form.querySelectorAll("input:not([type=hidden]), select, textarea")).filter((field) => field.id);
  }

  function value(field) { return field.type === "checkbox" ? field.checked : field.value; }

  function first(form, field) {
    if (form.dataset.initial) { return JSON.parse(form.dataset.initial)[field.id] || ""; }
    if (field.type === "checkbox") { return field.defaultChecked; }
    if (field.options) { return (Array.from(field.options).find((one) => one.defaultSelected) || field.options[0]).value; }
    return field.defaultValue;
  }

  function keep(form) {
    const typed = {};
    for (const field of fields(form)) {
      if (value(field) !== first(form, field)) { typed[field.id] = value(field); }
    }
    memory((held) => {
      if (Object.keys(typed).length) {
        held.setItem(key(form), JSON.stringify({event: form.dataset.event || "", typed: typed}));
      } else {
        held.removeItem(key(form));
      }
    });
  }

  function give(form, field, said) {
    if (form.dataset.initial) { window.dash_clientside.set_props(field.id, {value: said}); return; }
    if (field.type === "checkbox") { field.checked = said; } else { field.value = said; }
  }

  function restore(form) {
    const mine = PREFIX + form.dataset.account + ":";
    memory((there) => forget(there, (name) => !name.startsWith(mine))); // of somebody else who used this tab before
    const held = memory((there) => JSON.parse(there.getItem(key(form)) || "null"));
    if (!held || !held.typed) { return; }
    let given = 0;
    for (const field of fields(form)) {
      const untouched = value(field) === first(form, field);
      if (field.id in held.typed && untouched && value(field) !== held.typed[field.id]) {
        give(form, field, held.typed[field.id]);
        given += 1;
      }
    }
    const said = form.querySelector(".draft-said");
    const newer = form.querySelector(".draft-newer");
    if (said) { said.hidden = !given; }
    if (newer) { newer.hidden = !given || held.event === (form.dataset.event || ""); }
  }

  function look() {
    const done = document.querySelector("[data-draft-done]");
    const form = document.querySelector("[data-draft]");
    const saved = document.querySelector("#action-said .notice.success");
    if (done) { memory((held) => forget(held, (name) => name.endsWith(":" + done.dataset.draftDone))); }
    if (form && saved && form.dataset.event !== heard) {
      heard = form.dataset.event;
      memory((held) => held.removeItem(key(form)));
      setTimeout(() => { // a change that was taken back leaves in the form what was typed besides
        const now = document.querySelector("[data-draft]");
        if (now) { keep(now); }
      }, SETTLED);
    }
    const name = form ? key(form) : "";
    if (name === shown) { return; }
    shown = name;
    if (form && !saved) { restore(form); }
  }

  function forget(held, wanted) {
    for (const name of Object.keys(held)) {
      if (name.startsWith(PREFIX) && wanted(name)) { held.removeItem(name); }
    }
  }

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest && event.target.closest("[data-draft]");
      if (form) { keep(form); }
    });
  }
  document.addEventListener("click", (event) => { // buttons that choose boxes
    const form = event.target.closest && event.target.closest("[data-draft]");
    if (form && event.target.closest("[data-choose]")) { setTimeout(() => keep(form)); }
  });
  new MutationObserver(look).observe(document.getElementById("main"), {childList: true, subtree: true});
  look();
})();
