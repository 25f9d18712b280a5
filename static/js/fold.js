/* What is folded opens when its address calls it, and for the printer; browsers of today do both by themselves. What stands
   beside a form on a wide screen is folded beneath it on a narrow one. */
(() => {
  "use strict";
  const unfold = () => {
    const called = document.getElementById(location.hash.slice(1)), fold = called && called.closest("details.fold");
    if (fold && !fold.open) { fold.open = true; called.scrollIntoView(); }
  };
  if (window.matchMedia("(max-width: 1099px)").matches) {
    document.querySelectorAll(".beside > details.fold").forEach((one) => { one.open = false; });
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  let shut = [];
  window.addEventListener("beforeprint", () => {
    shut = [...document.querySelectorAll("details:is(.fold, .record):not([open])")];
    shut.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => shut.forEach((one) => { one.open = false; }));
})();
