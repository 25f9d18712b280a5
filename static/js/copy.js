/* "Salin": puts the text of the element that the button names on the clipboard. Without script the text can be selected. */
(() => {
  "use strict";
  if (!navigator.clipboard) { return; }
  document.querySelectorAll("[data-copy]").forEach((button) => {
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText.trim());
      button.textContent = "Tersalin";
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  });
})();
