/* The menu stays as it was on the page before: scrolled as far, the same groups open. It runs before the page is first drawn, so that nothing jumps. */
(() => {
  "use strict";
  const menu = document.querySelector(".side nav");
  const groups = [...menu.querySelectorAll("details")];
  const here = menu.querySelector("[aria-current]");
  let before = { top: 0, open: [] };
  try { before = JSON.parse(window.sessionStorage.getItem("menu")) || before; } catch (shut) { /* it starts at the top */ }
  const store = () => {
    const now = { top: menu.scrollTop, open: groups.map((group) => group.open) };
    try { window.sessionStorage.setItem("menu", JSON.stringify(now)); } catch (shut) { /* nothing is stored */ }
  };
  groups.forEach((group, at) => { group.open = group.open || Boolean(before.open[at]); });
  menu.scrollTop = before.top;
  const reach = () => { // no further than it takes to see the page's entry, and a part of the next one
    const [entry, frame] = [here.getBoundingClientRect(), menu.getBoundingClientRect()];
    menu.scrollTop += Math.min(0, entry.top - 20 - frame.top) + Math.max(0, entry.bottom + 20 - frame.bottom);
  };
  if (here) {
    reach();
    document.addEventListener("DOMContentLoaded", reach); // what is below the menu was not there before, and takes from its height
  }
  menu.addEventListener("toggle", store, true);
  menu.addEventListener("scroll", store);
})();
