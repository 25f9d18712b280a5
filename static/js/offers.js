/* Whom a select offers may hang on another one: the panel says it, for what is picked there. */
(() => {
  "use strict";
  document.querySelectorAll("select[data-offers]").forEach((pick) => pick.addEventListener("change", () => {
    const [address, value] = [new URL(location.href), pick.value];
    address.searchParams.set(pick.name, value);
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.addEventListener("load", () => {
      const offered = pick.form.elements[pick.dataset.offers];
      const anew = request.response && request.response.querySelector(`select[name="${offered.name}"]`);
      if (!anew || pick.value !== value) { return; } // another was picked meanwhile
      const picked = offered.value;
      [...offered.options].forEach((one) => one.remove());
      offered.append(...document.importNode(anew, true).options);
      offered.value = picked;
      if (offered.selectedIndex < 0) { offered.value = ""; }
    });
    request.send();
  }));
})();
