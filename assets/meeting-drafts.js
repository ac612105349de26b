/* What is typed in a meeting, kept in this tab's own memory until it is saved. Never sends anything. */
(function () {
  "use strict";

  /* The drafts of one person in one meeting: `mine` begins the names of all of hers, `prefix` those of this meeting. */
  function keeper(mine, prefix) {
    function memory() {
      try {
        sessionStorage.setItem(`${mine}try`, "");
        sessionStorage.removeItem(`${mine}try`);
        return sessionStorage;
      } catch { // not allowed here: then it is kept as long as the page is open
        const held = new Map();
        return {get length() { return held.size; }, key: (place) => Array.from(held.keys())[place],
                getItem: (name) => held.has(name) ? held.get(name) : null,
                setItem: (name, value) => held.set(name, value), removeItem: (name) => held.delete(name)};
      }
    }
    const store = memory();

    function drafts() {
      const found = [];
      for (let place = 0; place < store.length; place += 1) {
        const name = store.key(place);
        if (name.startsWith(prefix)) { found.push([name.slice(prefix.length), JSON.parse(store.getItem(name))]); }
      }
      return found.sort((a, b) => a[1].order - b[1].order);
    }

    function draft(of) { return JSON.parse(store.getItem(prefix + of) || "null"); }
    function keep(of, held) { store.setItem(prefix + of, JSON.stringify(held)); }
    function forget(of) { store.removeItem(prefix + of); }

    /* Whatever somebody else who used this tab before has left goes. */
    function tidy() {
      for (let place = store.length - 1; place >= 0; place -= 1) {
        const name = store.key(place);
        if (name.startsWith("meeting:") && !name.startsWith(mine)) { store.removeItem(name); }
      }
    }

    return {drafts, draft, keep, forget, tidy};
  }

  function ownId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const text = Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
  }

  window.dashboard.drafts = {keeper, ownId};
})();
