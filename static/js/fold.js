/* What is folded opens when its address calls it, and for the printer; browsers of today do both by themselves. */
(() => {
  "use strict";
  const unfold = () => {
    const called = document.getElementById(location.hash.slice(1)), fold = called && called.closest("details.fold");
    if (fold && !fold.open) { fold.open = true; called.scrollIntoView(); }
  };
  window.addEventListener("hashchange", unfold);
  unfold();
  let shut = [];
  window.addEventListener("beforeprint", () => {
    shut = [...document.querySelectorAll("details:is(.fold, .record):not([open])")];
    shut.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => shut.forEach((one) => { one.open = false; }));
})();
