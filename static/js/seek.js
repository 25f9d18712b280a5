/* The key "/" leads to the search, unless keys of letters are switched off; never while something is typed. */
(() => {
  "use strict";
  const seek = document.querySelector("[data-seek]");
  const off = "meja_huruf=mati";
  const silent = () => document.cookie.split("; ").includes(off);
  document.querySelectorAll("[data-letters]").forEach((letters) => {
    letters.checked = !silent();
    letters.addEventListener("change", () => {
      document.cookie = `${off}; Path=/; SameSite=Lax; Max-Age=${letters.checked ? 0 : 31536000}`;
    });
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("select, textarea, input:not([type=checkbox]):not([type=radio]), dialog");
    if (event.key !== "/" || !seek || typing || event.ctrlKey || event.metaKey || event.altKey || silent()) { return; }
    event.preventDefault();
    seek.focus();
    seek.select();
  });
})();
