/* Leave the public summary at once and leave no step back: by the button, or by Escape pressed three times. The page
   reads the same without this script; the button is then a plain link. */
(() => {
  "use strict";
  const link = document.querySelector("a.leave");
  if (!link) { return; }
  let presses = 0;
  let last = 0;
  const leave = () => {
    document.body.hidden = true; // a slow line must not leave the page on the screen
    location.replace(link.href);
  };
  link.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") { return; }
    presses = Date.now() - last < 2000 ? presses + 1 : 1;
    last = Date.now();
    if (presses === 3) { leave(); }
  });
})();
