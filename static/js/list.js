/* Lists with script: columns change places without a reload, and the card of a case stands beside the list. */
(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const made = (name, kind, words = "") => Object.assign(document.createElement(name), { className: kind, textContent: words });

  const columns = document.querySelector("[data-columns]");
  if (columns) {
    columns.addEventListener("click", (event) => {
      const button = event.target.closest("button"), line = button && button.closest("li");
      if (!line) { return; }
      event.preventDefault();
      const up = button.name === "naik", other = up ? line.previousElementSibling : line.nextElementSibling;
      if (other) { other[up ? "before" : "after"](line); }
      button.focus();
    });
  }

  const list = document.querySelector("[data-preview]");
  if (!list) { return; }
  const wide = window.matchMedia("(min-width: 1100px)"), rows = all("tbody tr", list);
  const frame = made("div", "beside"), pane = made("aside", "preview"), card = made("div", ""), shut = made("button", "btn quiet", "Tutup");
  let here = null, asked = null, waiting = 0, byKeys = false;
  Object.assign(pane, { id: "pratinjau", hidden: true });
  Object.assign(shut, { type: "button" });
  pane.setAttribute("aria-label", "Pratinjau pengaduan");
  pane.append(shut, card);
  list.replaceWith(frame);
  frame.append(list, pane);

  const link = (row) => row.querySelector("th a[href]");
  const mark = (row) => rows.forEach((one) => {
    const button = one.querySelector(".peek");
    one.classList.toggle("peeked", one === row);
    if (button) { button.setAttribute("aria-expanded", one === row); }
  });
  const fill = (...nodes) => { // browsers of 2018 have no replaceChildren
    card.textContent = "";
    card.append(...nodes);
  };
  const say = (words) => fill(made("p", "muted", words));
  const close = () => {
    clearTimeout(waiting);
    const row = here, inside = pane.contains(document.activeElement);
    if (asked) { asked.abort(); }
    here = null;
    pane.hidden = true;
    frame.classList.remove("open");
    mark(null);
    if (row && inside) { link(row).focus(); }
  };
  const open = (row) => {
    clearTimeout(waiting);
    if (row === here || !link(row)) { return; }
    if (asked) { asked.abort(); }
    if (pane.hidden) { say("Memuat …"); }
    here = row;
    pane.hidden = false;
    frame.classList.add("open");
    pane.scrollTop = 0;
    mark(row);
    asked = new XMLHttpRequest();
    asked.open("GET", `${list.dataset.preview}${new URL(link(row).href).searchParams.get("id")}/`);
    asked.responseType = "document";
    asked.onload = () => {
      const fresh = asked.status === 200 && asked.response && asked.response.querySelector("[data-card]");
      if (fresh) { fill(...document.importNode(fresh, true).childNodes); } else { say("Pratinjau tidak dapat dibuka. Buka halaman pengaduannya."); }
    };
    asked.onerror = () => say("Sambungan terputus. Coba sekali lagi.");
    asked.send();
  };

  rows.filter(link).forEach((row) => {
    const button = made("button", "peek"), name = link(row).textContent.trim();
    Object.assign(button, { type: "button", title: "Pratinjau" });
    button.setAttribute("aria-label", `Pratinjau ${name}`);
    button.setAttribute("aria-controls", pane.id);
    button.setAttribute("aria-expanded", false);
    button.addEventListener("click", () => { if (row === here) { close(); } else { open(row); } });
    link(row).after(button);
  });
  shut.addEventListener("click", close);

  // A card follows the focus that keys move from row to row, once it rests; opening it leaves a note of who looked.
  document.addEventListener("pointerdown", () => { byKeys = false; }, true);
  document.addEventListener("keydown", (event) => {
    byKeys = /^(Arrow(Up|Down)|[jk])$/i.test(event.key);
    if (event.key === "Escape" && here && !document.querySelector("dialog[open]")) { close(); }
  }, true);
  list.addEventListener("focusin", ({ target }) => {
    const row = target.closest("tbody tr");
    clearTimeout(waiting);
    if (row && wide.matches && (byKeys || here) && !target.closest(".tick, .peek")) { waiting = setTimeout(() => open(row), 250); }
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], row = event.target.closest("tbody tr");
    if (!step || !row || event.altKey || event.ctrlKey || event.metaKey) { return; }
    const next = rows[rows.indexOf(row) + step];
    event.preventDefault();
    if (next && link(next)) { link(next).focus(); }
  });
})();
