/* The papers beside a step's form follow the typing: drawn by the panel from the paper's own template, never by script. */
(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const tabs = all('[name="tampil"]');
  // The tab in use stays in sight in a row that is wider than its strip.
  tabs.forEach((tab) => tab.addEventListener("change", () => tab.labels[0].scrollIntoView({ block: "nearest", inline: "nearest" })));
  // The left column ends within the window, also while the page's head is above it; CSS only knows the window's height.
  const column = document.querySelector(".bench:not(.decide) > .views"), gap = 16;
  if (column) {
    const fit = () => {
      const top = Math.max(gap, column.parentElement.getBoundingClientRect().top);
      column.style.maxHeight = matchMedia("(min-width: 1024px)").matches ? `${Math.max(320, innerHeight - top - gap)}px` : "";
    };
    addEventListener("scroll", fit, { passive: true });
    addEventListener("resize", fit);
    fit();
  }
  const form = document.querySelector("form[data-bench]");
  if (!form) { return; }
  const tell = (words) => all("[data-sheets-note]").forEach((note) => { note.textContent = words; });
  const follows = form.dataset.follows || "Naskah mengikuti yang Anda ketik.";
  let asked = null, waiting = 0, stale = false;

  const drawn = all("[data-drawn]");
  const watched = () => !drawn.length || drawn.some((tab) => tab.checked);
  const typed = () => {
    const sent = new URLSearchParams();
    new FormData(form).forEach((value, name) => { if (typeof value === "string") { sent.append(name, value); } });
    return sent;
  };
  const show = (page) => all("[data-sheet]", page).forEach((fresh) => {
    const shown = document.querySelector(`[data-sheet="${fresh.dataset.sheet}"]`);
    if (shown) { shown.replaceChildren ? shown.replaceChildren(...document.importNode(fresh, true).childNodes) : shown.replaceWith(document.importNode(fresh, true)); }
  });
  const draw = () => {
    stale = false;
    if (asked) { asked.abort(); }
    asked = new XMLHttpRequest();
    asked.open("POST", form.dataset.bench);
    asked.responseType = "document";
    asked.onload = () => {
      const drawn = asked.status === 200 && asked.response && asked.response.querySelector("[data-sheet]");
      if (drawn) { show(asked.response); }
      const why = asked.response && asked.response.querySelector("[data-why]");
      tell(drawn ? follows : why ? why.textContent : "Naskah tidak dapat digambar sekarang; isian Anda tetap ada. Simpan dahulu, lalu coba lagi.");
    };
    asked.onerror = () => tell("Naskah tidak dapat digambar: sambungan terputus. Isian Anda tetap ada.");
    asked.send(typed());
  };
  const soon = () => {
    stale = true;
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (stale && watched()) { draw(); } }, 500);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  tabs.forEach((tab) => tab.addEventListener("change", () => { if (stale && watched()) { draw(); } }));
  tell(follows);
})();
