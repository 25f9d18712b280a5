/* Keys: Ctrl+K or "/" opens the search box of all pages, "?" lists the keys of this page, J, K and X go through a list.
   Single letters do nothing while one types, in a dialog, with a modifier, or once they are switched off. */
(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (name, attributes, ...children) => {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...children);
    return made;
  };

  // The switch of the letters; each page that mentions them has one.
  const OFF = "meja_huruf=mati";
  const silent = () => document.cookie.split("; ").includes(OFF);
  const offer = (letters) => {
    letters.checked = !silent();
    letters.addEventListener("change", () => {
      document.cookie = `${OFF}; Path=/; SameSite=Lax; Max-Age=${letters.checked ? 0 : 31536000}`;
      all("[data-letters]").forEach((other) => { other.checked = letters.checked; });
    });
  };
  all("[data-letters]").forEach(offer);

  const finder = document.querySelector("[data-finder]"), form = document.querySelector("[data-seek]");
  const isMac = /^Mac|^iP/.test(navigator.platform);
  const dialog = (label, name, ...children) => {
    const box = make("dialog", { class: name, "aria-label": label }, ...children);
    box.addEventListener("click", (event) => { if (event.target === box) { box.close(); } }); // beside it
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    return box;
  };
  const closer = () => {
    const button = make("button", { class: "btn quiet", type: "button" }, "Tutup");
    button.addEventListener("click", () => button.closest("dialog").close());
    return button;
  };

  // The list of keys: the general ones, those of lists, and those that elements of the page name.
  const rows = () => all(".list tbody tr, .hits > li").filter((row) => row.offsetParent);
  const named = () => all("[data-key][data-key-label]").map((one) => [one.dataset.key, one.dataset.keyLabel]);
  const has = (key) => named().some(([own]) => own.toLowerCase() === key);
  const listed = () => {
    const keys = [[isMac ? "⌘ K" : "Ctrl K", "Mencari pengaduan, halaman, dan pengaturan"], ["/", "Mencari juga, di luar isian"]];
    if (rows().length) {
      if (!has("j")) { keys.push(["J", "Baris berikutnya"], ["K", "Baris sebelumnya"], ["Enter", "Membuka baris itu"]); }
      if (document.querySelector("input[name=rowid]")) { keys.push(["X", "Mencentang baris itu"]); }
    }
    return [...keys, ...named(), ["?", "Pintasan papan ketik"], ["Esc", "Menutup kotak"]];
  };
  const showKeys = () => {
    const lines = [...new Map(listed().map((line) => [line.join(), line])).values()];
    const table = make("dl", { class: "keys" }, ...lines.map(([key, label]) => make("div", {},
      make("dt", {}, ...key.split(" ").map((part) => make("kbd", {}, part.length > 1 ? part : part.toUpperCase()))), make("dd", {}, label))));
    const letters = make("input", { type: "checkbox", "data-letters": "" });
    offer(letters);
    const shut = closer();
    dialog("Pintasan papan ketik", "keys-box", make("h2", {}, "Pintasan papan ketik"), table,
      make("label", {}, letters, " Tombol satu huruf dipakai"), make("div", { class: "form-buttons" }, shut));
    shut.focus();
  };

  // The box. Enter opens the marked line; before the answer to the last letter has come, it waits for it.
  const openBox = () => {
    const input = make("input", { type: "search", maxlength: "100", role: "combobox", "aria-label": "Cari pengaduan, halaman, atau pengaturan",
      "aria-expanded": "true", "aria-controls": "kotak-hasil", "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false",
      placeholder: form ? "Cari nomor, nama, kata, atau halaman" : "Cari halaman atau pengaturan" });
    const list = make("div", { id: "kotak-hasil", role: "listbox", "aria-label": "Hasil" });
    const said = make("p", { class: "unseen", role: "status" }), keys = make("button", { class: "act", type: "button" }, "Pintasan papan ketik");
    const foot = make("p", { class: "muted small" }, make("span", {}, make("kbd", {}, "↑"), make("kbd", {}, "↓"), " pilih ", make("kbd", {}, "Enter"), " buka ", make("kbd", {}, "Esc"), " tutup"), keys);
    const box = dialog("Cari di panel", "finder-box", make("div", {}, input, closer()), list, said, foot);
    let waiting = 0, asked = null, answered = null, opens = false;
    const lines = () => all("[role=option]", list);
    const marked = () => list.querySelector("[aria-selected=true]");
    const mark = (line) => {
      lines().forEach((one) => one.setAttribute("aria-selected", String(one === line)));
      if (line) { input.setAttribute("aria-activedescendant", line.id); line.scrollIntoView({ block: "nearest" }); } else { input.removeAttribute("aria-activedescendant"); }
    };
    const show = (nodes, words) => {
      list.replaceChildren(...nodes);
      mark(lines()[0]);
      said.textContent = words || `${lines().length} baris`;
      if (opens && marked()) { marked().click(); }
      opens = false;
    };
    const fail = () => show([make("p", {}, "Pencarian belum dapat dijalankan. Tunggu sebentar, lalu ketik lagi; bila tetap begini, muat ulang halaman ini.")], "Pencarian belum dapat dijalankan.");
    const ask = () => {
      const typed = input.value.trim();
      if (asked) { asked.abort(); }
      asked = new XMLHttpRequest();
      asked.open("GET", `${finder.dataset.finder}?${new URLSearchParams({ q: typed })}`);
      asked.responseType = "document"; // parsed by the browser, without a sink for markup
      asked.addEventListener("load", (event) => {
        const body = event.target.status === 200 && event.target.response && event.target.response.querySelector("[data-hits]");
        answered = typed;
        if (body) { show([...body.children]); } else { fail(); }
      });
      asked.addEventListener("error", fail);
      asked.send();
    };
    const later = () => { opens = false; clearTimeout(waiting); waiting = setTimeout(ask, 200); };
    input.addEventListener("input", later);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        const now = lines(), place = now.indexOf(marked()) + step;
        mark(now[(place + now.length) % now.length]);
      } else if (event.key === "Enter" && !event.isComposing) {
        if (answered === input.value.trim()) { if (marked()) { marked().click(); } } else { opens = true; clearTimeout(waiting); ask(); }
      } else { return; }
      event.preventDefault();
    });
    list.addEventListener("pointermove", (event) => {
      const line = event.target.closest("[role=option]");
      if (line && line !== marked()) { mark(line); }
    });
    list.addEventListener("click", (event) => {
      if (event.target.closest("[role=option]") && !event.ctrlKey && !event.metaKey) { box.close(); }
    });
    keys.addEventListener("click", () => { box.close(); showKeys(); });
    input.value = (form && form.value) || "";
    input.focus();
    input.select();
    ask();
  };

  if (finder && window.HTMLDialogElement) {
    document.documentElement.classList.add("finds");
    finder.hidden = false;
    if (isMac) { finder.querySelector("kbd").textContent = "⌘ K"; }
    finder.addEventListener("click", openBox);
  }
  const search = () => {
    if (!finder.hidden) { openBox(); } else if (form) { form.focus(); form.select(); }
  };

  // Rows of a list: the focus goes to the link of the row, so that Enter opens it.
  const ROW = ".list tbody tr, .hits > li";
  const current = () => document.activeElement.closest(ROW) || document.querySelector(".at");
  const leave = () => all(".at").forEach((row) => row.classList.remove("at"));
  const go = (step) => {
    const now = rows(), row = now[Math.min(now.length - 1, Math.max(0, now.indexOf(current()) + step))];
    if (!row) { return; }
    leave();
    row.classList.add("at");
    const link = row.querySelector("th a, h2 a, a, button") || row;
    if (link === row) { row.tabIndex = -1; }
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("pointerdown", leave);
  const tick = () => {
    const row = current(), box = row && row.querySelector("input[name=rowid]");
    if (box) { box.click(); }
  };

  // A menu of acts closes as menus do.
  const menus = () => all("details.more[open]");
  document.addEventListener("click", (event) => menus().forEach((menu) => { if (!menu.contains(event.target)) { menu.open = false; } }));

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { menus().forEach((menu) => { menu.open = false; menu.firstElementChild.focus(); }); }
    const key = event.key.toLowerCase(), open = document.querySelector("dialog[open]");
    if (event.defaultPrevented || open || !finder) { return; }
    const control = (isMac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey;
    if (control && key === "k") {
      event.preventDefault();
      search();
      return;
    }
    const typing = event.target.closest("select, textarea, [contenteditable], input:not([type=checkbox]):not([type=radio])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || silent()) { return; }
    const own = { j: () => go(1), k: () => go(-1), x: tick }[key];
    if (key === "/") { search(); } else if (key === "?" && window.HTMLDialogElement) { showKeys(); } else if (own && rows().length && !has(key)) { own(); } else { return; }
    event.preventDefault();
  });
})();
