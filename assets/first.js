/* A public page that came whole: its filters work at once, Dash takes over when it has drawn the same, and from then on a
   choice redraws the page without loading it. Keeps nothing in the browser, and adds no step to go back to. */
(function () {
  "use strict";

  const first = document.getElementById("first");
  const PATIENCE = 5000; // for the charts; the page is taken without them then

  /* --- Until Dash is there, a choice opens its address ---------------------------------------------------------------- */

  first.addEventListener("change", (event) => {
    event.stopPropagation();
    event.target.form.requestSubmit(event.target.form.querySelector("button"));
  });

  /* --- Dash has drawn the page: its drawing takes the place of the one that came --------------------------------------- */

  function drawn(page) {
    const charts = Array.from(page.querySelectorAll(".dash-graph"));
    return charts.every((chart) => chart.querySelector(".js-plotly-plot .plot"));
  }

  function takeOver(page) {
    const held = document.activeElement;
    const inside = first.contains(held) && held.id;
    const scrolled = window.scrollY;
    first.remove();
    window.scrollTo(0, scrolled);
    if (inside) {
      const same = Array.from(page.querySelectorAll("[id]")).find((element) => element.id === inside);
      if (same) { same.focus({preventScroll: true}); }
    }
    settle(page);
  }

  const entry = document.getElementById("react-entry-point");
  let since = 0;
  const watch = new MutationObserver(() => {
    const page = document.getElementById("open-page");
    if (!page || !page.firstElementChild) { return; }
    since = since || Date.now();
    if (first.isConnected && (drawn(page) || Date.now() - since > PATIENCE)) {
      takeOver(page);
    } else if (!first.isConnected) {
      settle(page);
    }
  });
  watch.observe(entry, {childList: true, subtree: true, attributeFilter: ["data-address"]});
  setTimeout(function look() {
    const page = document.getElementById("open-page");
    if (!first.isConnected) { return; }
    if (since && Date.now() - since > PATIENCE) { takeOver(page); } else { setTimeout(look, 500); }
  }, 500);

  /* --- The address says what is shown, and what is chosen is asked for --------------------------------------------------- */

  function settle(page) {
    const shown = page.querySelector("[data-address]");
    if (!shown || shown.dataset.address === settle.last) { return; }
    settle.last = shown.dataset.address;
    document.title = shown.dataset.title;
    history.replaceState(history.state, "", shown.dataset.address);
  }

  function ask(address) {
    history.replaceState(history.state, "", address);
    entry.setAttribute("aria-busy", "true");
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  document.addEventListener("change", (event) => { // dashboard.js has put the choice into the address
    if (!first.isConnected && event.target.closest && event.target.closest(".filters")) { ask(location.href); }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || first.isConnected || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey
        || event.shiftKey || event.altKey || link.hasAttribute("download") || link.hash
        || link.origin !== location.origin || link.pathname !== location.pathname) { return; }
    event.preventDefault();
    moved = true;
    ask(link.href);
  });

  // A link leads to another page of the same address: the heading takes the focus, so that a screen reader says it.
  let moved = false;
  new MutationObserver(() => {
    entry.removeAttribute("aria-busy");
    if (!moved) { return; }
    moved = false;
    const heading = document.querySelector("#open-page h1");
    if (heading) { heading.focus({preventScroll: true}); window.scrollTo(0, 0); }
  }).observe(entry, {subtree: true, attributeFilter: ["data-address"]});
})();
