/* Leave the public pages at once: by the button, or by Escape pressed three times. The page that was left goes out of
   the browser's history; the pages before it stay there, so whoever steps back onto one is led away again. The page
   reads the same without this script; the button is then a plain link. */
(() => {
  "use strict";
  const link = document.querySelector("a.leave");
  if (!link) { return; }
  const LEFT = "left"; // of this tab alone, and gone with it
  const whole = document.documentElement;
  const remember = (left) => {
    try { left ? sessionStorage.setItem(LEFT, "1") : sessionStorage.removeItem(LEFT); } catch { /* not allowed here */ }
  };
  const gone = () => {
    try { return sessionStorage.getItem(LEFT) === "1"; } catch { return false; }
  };
  let presses = 0;
  let last = 0;
  const leave = () => {
    whole.hidden = true; // a slow line must not leave the page on the screen
    remember(true);
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { return; }
    presses = Date.now() - last < 2000 ? presses + 1 : 1;
    last = Date.now();
    if (presses === 3) { leave(); }
  });
  // A page that is kept for stepping back is kept unseen, until it is known that nobody left.
  addEventListener("pagehide", () => { whole.hidden = true; });
  addEventListener("pageshow", (event) => {
    const [came] = performance.getEntriesByType("navigation");
    const back = event.persisted || (came && came.type === "back_forward");
    if (gone() && back) { leave(); return; }
    if (!back) { remember(false); } // she came again by herself
    whole.hidden = false;
  });
})();
