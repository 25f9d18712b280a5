/* Of a list with ticks: how many rows are ticked, and how many are left out. */
(() => {
  "use strict";
  const list = document.querySelector("[data-ticks]");
  const rows = list.querySelectorAll("tbody tr").length;
  const show = () => {
    const ticked = list.querySelectorAll("input:checked").length;
    document.querySelector("[data-ticked]").textContent = ticked;
    document.querySelector("[data-left]").textContent = rows - ticked;
  };
  list.addEventListener("change", show);
  window.addEventListener("pageshow", show); // going back restores ticks
})();
