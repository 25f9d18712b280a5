/* What is typed and not yet saved is a draft of its tab: of one person, one form, one day. Nothing of it is filled in before
   somebody has asked for it, and it is gone once the panel says that it has saved the form. */
(() => {
  "use strict";
  const { who } = document.body.dataset;
  const store = (() => { try { return window.sessionStorage; } catch (shut) { return null; } })();
  if (!store || !who) { return; }
  const OURS = "konsep ", A_TAP = 600, LOOKS = ["stay", "fill", "review"]; // what those buttons send is drawn once more, not saved
  const TYPED = "input:not([type=hidden]):not([type=file]):not([type=password]):not([autocomplete=one-time-code]), select, textarea";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const made = (name, more, ...inside) => {
    const one = Object.assign(document.createElement(name), more);
    one.append(...inside);
    return one;
  };
  const zone = document.documentElement.dataset.zona || "Asia/Jakarta";
  const today = () => new Date().toLocaleDateString("id-ID", { timeZone: zone });
  const clock = (at) => new Date(at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: zone });
  const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch (broken) { return null; } };

  // No one is offered another person's draft, one of another day, or one that has been saved since.
  const saved = all("[data-saved]").map((one) => one.dataset.saved);
  Object.keys(store).filter((key) => key.startsWith(OURS)).forEach((key) => {
    const draft = read(key), done = draft && [key.slice(OURS.length), draft.into].some((name) => saved.includes(name));
    if (!draft || draft.owner !== who || draft.day !== today() || done) { store.removeItem(key); }
  });

  const form = document.querySelector("form[data-draft-of]");
  if (!form) { return; }
  form.autocomplete = "off"; // or the browser fills it in by itself for anyone who comes back
  const KEY = OURS + form.dataset.draftOf, note = form.querySelector("[data-draft]");
  const controls = () => [...form.elements].filter((one) => one.name && one.matches(TYPED));
  const ticked = (one) => /^(checkbox|radio)$/.test(one.type);
  const called = (one) => (ticked(one) ? `${one.name} ${one.value}` : one.name);
  const valueOf = (one) => (ticked(one) ? one.checked : one.multiple ? [...one.selectedOptions].map((each) => each.value) : one.value);
  const same = (one, value) => JSON.stringify(valueOf(one)) === JSON.stringify(value);
  const put = (one, value) => {
    if (ticked(one)) { one.checked = value; }
    else if (one.multiple) { [...one.options].forEach((each) => { each.selected = value.includes(each.value); }); }
    else if (!one.options || [...one.options].some((each) => each.value === value)) { one.value = value; }
  };

  // A draft holds what was changed of the page as the panel gave it, so that it takes back nothing that others wrote since.
  const given = new Map(controls().map((one) => [called(one), valueOf(one)]));
  const again = "again" in form.dataset, left = read(KEY), back = again && left && left.sent; // shown once more, as it was sent
  const changed = new Set(back ? left.typed.map(([name]) => name) : []);
  const seen = () => (form.elements.cases ? form.elements.cases.value : "");
  const said = (name) => (form.elements[name] ? form.elements[name].value || form.elements[name].placeholder || "" : "").trim();
  const shortened = (words) => (words.length > 60 ? `${words.slice(0, 59).trim()}…` : words);
  const subject = () => shortened(form.dataset.subject || said("title") || said("story") || "tanpa judul");
  let waiting = 0, here = left ? left.here : "", over = false;
  const keep = (more) => {
    clearTimeout(waiting);
    waiting = 0;
    if (over) { return; }
    const typed = controls().filter((one) => changed.has(called(one)) || !same(one, given.get(called(one))));
    const draft = { owner: who, day: today(), at: Date.now(), subject: subject(), seen: seen(), here, ...more };
    let words = `Konsep tersimpan di tab ini pukul ${clock(draft.at)}.`;
    try {
      store.removeItem(KEY);
      draft.typed = typed.map((one) => [called(one), valueOf(one)]);
      if (typed.some((one) => one.type !== "radio")) { store.setItem(KEY, JSON.stringify(draft)); } else { words = ""; }
    } catch (full) { words = "Terlalu panjang untuk dijaga sebagai konsep."; }
    if (note) { Object.assign(note, { textContent: words, hidden: !words }); }
  };

  const startAnew = () => { // a form of its own: its clock begins now
    store.removeItem(KEY);
    if (again) { return; }
    over = true;
    location.reload();
  };
  const goOn = () => {
    const places = new Map(controls().map((one) => [called(one), one]));
    const filled = left.typed.filter(([name]) => places.has(name)).map(([name, value]) => [places.get(name), value]);
    filled.forEach(([one, value]) => put(one, value));
    filled.forEach(([one]) => ["input", "change"].forEach((kind) => one.dispatchEvent(new Event(kind, { bubbles: true }))));
    const button = made("button", { type: "button", className: "btn quiet", textContent: "Mulai baru", onclick: startAnew });
    const message = made("span", { textContent: `Konsep pukul ${clock(left.at)} dilanjutkan.` });
    const banner = made("div", { className: "banner info" }, made("p", {}, message, button));
    banner.dataset.restored = "";
    form.before(banner);
    const place = form.querySelector(`[name="${left.here}"]`), come = filled.map(([one]) => one);
    [place, ...come].forEach((one) => { const fold = one && one.closest("details"); if (fold) { fold.open = true; } });
    (place || come[0] || form.elements[0]).focus();
    keep();
  };
  const ask = () => {
    const words = [`Diketik di tab ini pukul ${clock(left.at)}; belum ada yang diisikan. Mulai baru menghapusnya.`];
    if (form.querySelector("[type=file]")) { words.push("Berkas bukti perlu dipilih lagi."); }
    if (left.sent === "save") { words.push("Konsep ini pernah dikirim: periksa dahulu apakah sudah tersimpan."); }
    if (left.seen !== seen()) { words.push("Pengaduannya berubah sesudah itu; isian yang Anda ubah menggantikan yang sekarang."); }
    const head = made("h2", { id: "konsep-judul", tabIndex: -1, textContent: "Ada konsep yang belum disimpan" });
    const box = made("dialog", { className: "draft-question" }, head, made("p", { textContent: words.join(" ") }));
    const way = (text, tone, act) => made("button", {
      type: "button", className: `btn ${tone}`, textContent: text, disabled: true, onclick: () => { box.remove(); act(); },
    });
    const ways = [way("Mulai baru", "", startAnew), way(`Lanjutkan konsep pukul ${clock(left.at)} – ${left.subject}`, "primary", goOn)];
    setTimeout(() => ways.forEach((one) => { one.disabled = false; }), A_TAP); // a second tap of what opened the page takes neither
    box.append(made("div", { className: "form-buttons" }, ...ways));
    box.setAttribute("aria-labelledby", "konsep-judul");
    box.addEventListener("cancel", (event) => event.preventDefault());
    box.addEventListener("close", () => { if (box.isConnected) { box.showModal(); } });
    document.querySelector("main").append(box);
    if (box.showModal) { box.showModal(); } else { box.setAttribute("open", ""); }
    head.focus(); // neither way is taken by the next key of a hand that still types
  };

  form.addEventListener("focusin", ({ target }) => { if (target.name && target.matches(TYPED)) { here = target.name; } });
  ["input", "change"].forEach((kind) => document.addEventListener(kind, ({ target }) => {
    if (target.form !== form || !target.matches(TYPED)) { return; }
    clearTimeout(waiting);
    waiting = setTimeout(keep, 400);
  }));
  document.addEventListener("submit", (event) => {
    if ((event.target.getAttribute("action") || "").endsWith("/keluar")) { over = true; } // and the tab is cleared: static/js/panel.js
    if (event.target !== form || event.defaultPrevented) { return; }
    const { value, dataset } = event.submitter || { dataset: {} };
    keep({ sent: LOOKS.includes(value) || dataset.into ? "look" : "save", into: dataset.into });
  });
  window.addEventListener("pagehide", () => { if (waiting) { keep(); } });
  window.addEventListener("pageshow", ({ persisted }) => { if (persisted && !again) { location.reload(); } });
  const stands = ([name, value]) => controls().some((one) => called(one) === name && same(one, value));
  if (back || (left && left.typed.every(stands))) { keep(); } else if (left) { ask(); }
})();
