/* While a file is on its way its page looks again by itself. */
(() => {
  "use strict";
  if (document.querySelector("[data-working]")) { setTimeout(() => location.reload(), 3000); }
})();
