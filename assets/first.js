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
    if (inside) { refocus(page, inside); }
    settle(page);
  }

  const entry = document.getElementById("react-entry-point");
  let since = 0;

  function look() {
    const page = document.getElementById("open-page");
    if (!page || !page.firstElementChild) { return; }
    since = since || Date.now();
    if (!first.isConnected) { settle(page); }
    else if (drawn(page) || Date.now() - since > PATIENCE) { takeOver(page); }
  }

  new MutationObserver(look).observe(entry, {childList: true, subtree: true, attributeFilter: ["data-address"]});
  const late = setInterval(() => { if (first.isConnected) { look(); } else { clearInterval(late); } }, 500);

  /* --- The address says what is shown, and what is chosen is asked for --------------------------------------------------- */

  let asked = null; // what has the focus when a choice is made, and the page that it is made on

  function settle(page) {
    const shown = page.querySelector("[data-address]");
    if (!shown) { return; }
    const address = shown.dataset.address;
    if (address !== settle.last) {
      settle.last = address;
      document.title = shown.dataset.title;
      history.replaceState(history.state, "", address);
    }
    if (asked && (asked.shown !== shown || asked.address !== address)) {
      const focused = asked.focus;
      asked = null;
      entry.removeAttribute("aria-busy");
      refocus(page, focused);
    }
  }

  // Dash draws a changed page with new elements. A choice keeps the focus; after a link it goes to the heading, so that a
  // screen reader says what is shown now.
  function refocus(page, id) {
    const same = Array.from(page.querySelectorAll("[id]")).find((element) => id && element.id === id);
    const target = same || (id === null && page.querySelector("h1"));
    if (!target || target.contains(document.activeElement)) { return; }
    target.focus({preventScroll: true});
    if (!same) { window.scrollTo(0, 0); }
  }

  function ask(address, focus) {
    const shown = document.querySelector("#open-page [data-address]");
    asked = {shown: shown, address: shown && shown.dataset.address, focus: focus};
    entry.setAttribute("aria-busy", "true");
    history.replaceState(history.state, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  document.addEventListener("change", (event) => { // dashboard.js has put the choice into the address
    if (!first.isConnected && event.target.closest && event.target.closest(".filters")) {
      ask(location.href, event.target === document.activeElement ? event.target.id : "");
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || first.isConnected || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey
        || event.shiftKey || event.altKey || link.hasAttribute("download") || link.hash
        || link.origin !== location.origin || link.pathname !== location.pathname) { return; }
    event.preventDefault();
    ask(link.href, null);
  });
})();
