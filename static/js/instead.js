/* A page that asks once more about what was sent: whoever goes back to it from what came of it, or loads it anew, gets the
   page of before and is asked for no second sending. */
(() => {
  "use strict";
  const asking = document.querySelector("[data-instead]");
  if (asking) { window.history.replaceState(null, "", asking.dataset.instead); }
})();
