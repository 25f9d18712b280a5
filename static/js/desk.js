/* Meja Persetujuan, more comfortably: the bar counts, blanks and readers open in place. Without script the same buttons
   ask the panel. A click on `decide:…` is answered by decide.js. */
(() => {
  "use strict";
  const desk = document.querySelector("form.desk");
  if (!desk) { return; }
  const all = (selector, from = desk) => [...from.querySelectorAll(selector)];
  const go = desk.querySelector("[data-go]");
  const whole = desk.querySelector("[data-whole]");
  const boxes = () => all('input[name="case"]');
  const many = () => boxes().filter((box) => !("alone" in box.dataset));
  const cardOf = (element) => element.closest(".desk-cards > li");

  // What the bar says follows the ticks; a case that goes back is not ticked.
  const count = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    const back = all(".laid.back").length;
    boxes().forEach((box) => {
      cardOf(box).classList.toggle("on", box.checked);
      cardOf(box).classList.toggle("back", Boolean(cardOf(box).querySelector(".laid.back")));
    });
    const words = ticked ? [`${desk.dataset.desk} ${ticked}`] : [];
    if (back) { words.push(`${words.length ? "kembalikan" : "Kembalikan"} ${back}`); }
    go.disabled = !ticked && !back;
    go.textContent = go.disabled ? "Centang atau buka berkas" : words.join(" · ");
    whole.textContent = many().length && many().every((box) => box.checked) ? "Hapus pilihan" : "Pilih semua";
    whole.hidden = !many().length;
  };

  // The blanks of an act: a copy of the page's empty ones, filled with what is proposed for this case.
  const rename = (element, id) => {
    ["name", "id", "for", "aria-describedby"].forEach((name) => {
      const said = element.getAttribute(name);
      if (said) { element.setAttribute(name, said.replace(/-0(?=-)/g, `-${id}`)); }
    });
  };
  const fill = (block, act, id, own) => Object.entries(own).forEach(([name, value]) => {
    all("input, select, textarea", block).filter((blank) => blank.name === `${act}-${id}-${name}`).forEach((blank) => {
      if (blank.type === "checkbox") { blank.checked = value === true || [].concat(value).map(String).includes(blank.value); }
      else if (value !== null) { blank.value = value; }
    });
  });
  const toFirstBlank = (block) => block.querySelector("select, textarea, input:not([type=hidden])").focus();
  const open = (card, act) => {
    const already = all(".laid", card).find((block) => block.dataset.act === act);
    if (already) { toFirstBlank(already); return; } // what was typed in it stays
    const [id, version] = card.querySelector('input[name="case"]').value.split(":");
    const made = desk.querySelector(`template[data-blank="${act}"]`).content.cloneNode(true);
    const block = made.querySelector(".laid");
    all("*", block).forEach((element) => rename(element, id));
    block.querySelector('[name="open"]').value = `${act}:${id}:${version}`;
    all('[name="do"]', block).forEach((button) => { button.value = button.value.replace(/:0(:0)?$/, (end) => `:${id}${end === ":0" ? "" : `:${version}`}`); });
    all("a[data-full]", block).forEach((link) => { link.href = link.dataset.full + id; });
    fill(block, act, id, JSON.parse(card.dataset.own || "{}"));
    if (block.classList.contains("back")) { card.querySelector('input[name="case"]').checked = false; }
    card.append(block);
    toFirstBlank(block);
  };

  // What a key or a tap does not do is said: where it is seen, and to a screen reader.
  const hint = desk.querySelector("[data-hint]");
  let hinting = 0;
  const say = (words) => {
    clearTimeout(hinting);
    hint.textContent = words;
    hinting = setTimeout(() => { hint.textContent = ""; }, 4000);
  };

  // A tap is for what was seen: what signs does nothing until its sheet has been there for a while, by hand or by key, and
  // says so meanwhile. What only opens a form answers at once.
  const DEAD = 1000, SIGNS = '[data-go], [value^="only:"], .reader-bar [value^="decide:"], .laid .now';
  const tabs = /[?&]hasil=/.test(location.search) ? all(".desk-tabs a", document) : []; // where the button of before was
  let deaf = 0;
  const rest = () => {
    clearTimeout(deaf);
    [...all(SIGNS), ...tabs].forEach((button) => button.setAttribute("aria-disabled", "true"));
    deaf = setTimeout(() => all("[aria-disabled]", document).forEach((button) => button.removeAttribute("aria-disabled")), DEAD);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[aria-disabled=true]");
    if (!button) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    say("Sebentar: yang Anda lihat baru saja tampil. Baca dahulu, lalu tekan sekali lagi.");
  }, true);

  // Reading: a card is laid open by the address of its title; the panel sends the reader, and notes that it was opened.
  const reading = () => desk.querySelector(".desk-cards > .reading");
  let pushed = false;
  const tell = (card, words) => {
    const said = card.querySelector("[data-said]") || card.insertBefore(document.createElement("p"), card.querySelector("footer"));
    said.dataset.said = "";
    said.setAttribute("role", "status");
    said.textContent = words;
    if (!words) { said.remove(); }
  };
  const fold = () => {
    const card = reading();
    if (!card) { return null; }
    all("[data-reader]", card).forEach((reader) => reader.remove());
    card.classList.remove("reading");
    card.removeAttribute("id");
    card.querySelector("h3 button").setAttribute("aria-expanded", "false");
    desk.classList.remove("reading");
    return card;
  };
  const close = () => {
    const card = fold();
    if (!card) { return; }
    if (pushed) { pushed = false; history.back(); }
    card.scrollIntoView({ block: "nearest" });
    card.querySelector("h3 button").focus();
    desk.dispatchEvent(new Event("folded"));
  };
  // On a phone the pile is a strip that the finger moves: where it comes to rest, that file is laid open. Not before, since
  // what was laid open counts as read.
  const phone = window.matchMedia("(max-width: 720px)"), pile = desk.querySelector(".desk-cards");
  const centre = (card) => { pile.scrollLeft = card.offsetLeft - pile.offsetLeft; };
  const bringUp = (card) => {
    if (!phone.matches) { card.scrollIntoView(); return; }
    centre(card);
    card.scrollTop = 0;
  };
  const prepare = (reader) => { // the matter is folded where the letter is to fill the screen
    if (phone.matches) { all(".background", reader).forEach((matter) => matter.removeAttribute("open")); }
    return reader;
  };
  // Which of those that lay here at first, and how many of them are decided.
  const order = new Map(all(".desk-cards > li").map((card, place) => [card, place]));
  const leaving = new Set();
  const remaining = () => all(".desk-cards > li").filter((card) => !leaving.has(card));
  const showPlace = () => {
    const card = reading(), decided = order.size - remaining().length;
    if (!card || leaving.has(card)) { return; }
    const words = [`${order.get(card) + 1} dari ${order.size}`, ...(decided ? [`${decided} diputuskan`] : [])];
    card.querySelector(".reader-head h4").textContent = words.join(" · ");
    card.querySelector(".reader-bar .place").replaceChildren(...words.map((textContent) => Object.assign(document.createElement("span"), { textContent })));
  };
  const lay = (card, reader) => {
    fold();
    card.querySelector("input[name=case]").value = reader.dataset.reader;
    card.insertBefore(prepare(reader), card.querySelector(".laid"));
    card.classList.add("reading");
    card.id = "lembar";
    desk.classList.add("reading");
    card.querySelector("h3 button").setAttribute("aria-expanded", "true");
    if (location.hash !== "#lembar") { history.pushState(null, "", "#lembar"); pushed = true; }
    bringUp(card);
    reader.querySelector("h4").focus({ preventScroll: true });
    showPlace();
    say("");
    rest();
    count();
  };
  const sent = () => {
    const typed = new URLSearchParams();
    new FormData(desk).forEach((value, name) => { if (typeof value === "string") { typed.append(name, value); } });
    typed.set("lembar", "1");
    return typed;
  };
  let asked = null, coming = null, queued = ""; // `queued`: a key meant for the file that is coming
  const unfold = (card, leave) => {
    const then = leave || (() => {});
    if (asked) { asked.abort(); }
    if (!leave) { queued = ""; }
    coming = card;
    asked = new XMLHttpRequest();
    asked.open("POST", card.querySelector("h3 button").formAction.split("#")[0]);
    asked.responseType = "document";
    tell(card, "Membuka…");
    asked.onabort = () => { tell(card, ""); then(); };
    asked.onload = () => {
      const key = queued;
      coming = null;
      queued = "";
      then();
      const reader = asked.status === 200 && asked.response && asked.response.querySelector("[data-reader]");
      tell(card, reader ? "" : "Tidak dapat dibuka: pengaduan ini sudah berubah atau Anda sudah keluar. Muat ulang halaman ini.");
      if (reader) { lay(card, document.importNode(reader, true)); }
      if (reader && key) { press(key); }
    };
    asked.onerror = () => {
      coming = null;
      queued = "";
      then();
      tell(card, "Tidak dapat dibuka: sambungan terputus. Centang dan isian Anda tetap ada.");
    };
    asked.send(sent());
  };
  // A case whose decision waits lies no longer on the desk: it goes once the next lies open. Undone or refused it comes
  // back to its place.
  const bare = desk.querySelector("[data-bare]");
  const endPile = () => { // once the last decision has arrived the desk itself says what was decided this month
    const desks = new XMLHttpRequest();
    desks.open("GET", desk.getAttribute("action"));
    desks.responseType = "document";
    desks.onload = () => {
      const month = desks.status === 200 && desks.response && desks.response.querySelector("[data-month]");
      if (!month || bare.hidden) { return; }
      bare.replaceChildren(document.importNode(month, true));
      all(".of-tab", document).forEach((badges) => badges.remove()); // of what lay here
    };
    desks.send();
  };
  const tidy = () => {
    const lying = remaining().map((card) => card.querySelector('input[name="case"]').value.split(":")[0]);
    desk.elements.shown.value = lying.join(",");
    bare.hidden = lying.length > 0;
    desk.querySelector(".desk-bar").hidden = !lying.length;
    showPlace();
    count();
  };
  desk.addEventListener("waiting", ({ detail: { card } }) => {
    const next = card === reading() && (card.nextElementSibling || card.previousElementSibling);
    const leave = () => {
      if (!leaving.delete(card)) { return; }
      if (card === reading()) { fold(); }
      card.remove();
      tidy();
      rest();
    };
    leaving.add(card);
    tidy();
    if (next) { unfold(next, leave); return; }
    leave();
    queued = "";
    if (pushed) { pushed = false; history.back(); }
  });
  desk.addEventListener("undecided", ({ detail: { card } }) => {
    if (!leaving.delete(card) && !card.parentElement) {
      const after = all(".desk-cards > li").find((other) => order.get(other) > order.get(card));
      desk.querySelector(".desk-cards").insertBefore(card, after || null);
    }
    all("[aria-disabled]", card).forEach((button) => button.removeAttribute("aria-disabled"));
    tidy();
  });
  desk.addEventListener("decided", () => {
    const figure = document.querySelector(".desk-tabs [aria-current] .figure");
    if (figure && Number(figure.textContent)) { figure.textContent = Number(figure.textContent) - 1; }
    if (!bare.hidden) { endPile(); }
  });
  // From the file that is read, is coming, or has the focus.
  const turn = (way) => {
    const cards = remaining(), here = cards.indexOf(coming || reading() || cardOf(document.activeElement));
    const next = cards[here < 0 ? 0 : here + way];
    if (next) { unfold(next); }
    else { say(way > 0 ? "Ini berkas terakhir pada halaman ini." : "Ini berkas pertama pada halaman ini."); }
  };
  window.addEventListener("popstate", () => { if (pushed) { pushed = false; close(); } });

  // By key: arrows, and letters unless they are switched off; never while something is typed or a box is open. A button
  // with a letter of its own is pressed by it, and does what it does when it is tapped. No key is lost without a word.
  const letters = document.querySelector("[data-letters]");
  const press = (key) => {
    const button = reading() && all(".reader-bar [data-key]").find((one) => one.dataset.key === key);
    if (coming || "asking" in desk.dataset) { queued = key; }
    else if (button) { button.click(); }
    else { say("Buka berkas dahulu."); }
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("select, textarea, input:not([type=checkbox])") || document.querySelector("dialog[open]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) { return; }
    const key = event.key.toLowerCase(), byLetter = letters && letters.checked;
    const way = (byLetter && { j: 1, k: -1 }[key]) || (reading() && { arrowright: 1, arrowleft: -1 }[key]);
    if (way) { turn(way); }
    else if (byLetter && (key === "a" || key === "r") && boxes().length) { press(key); }
    else if (byLetter && key === "u") { document.dispatchEvent(new Event("undo")); }
    else if (key === "escape" && reading()) { close(); }
    else { return; }
    event.preventDefault();
  });

  // By finger: on a phone the strip scrolls, elsewhere one clearly moves sideways over the opened file.
  let resting = 0;
  const rested = () => {
    const card = reading() && phone.matches && all(".desk-cards > li")[Math.round(pile.scrollLeft / pile.clientWidth)];
    if (card && card !== reading() && card !== coming && !leaving.has(reading())) { unfold(card); }
  };
  pile.addEventListener("scroll", () => {
    clearTimeout(resting);
    resting = setTimeout(rested, 100);
  }, { passive: true });
  window.addEventListener("resize", () => { if (reading() && phone.matches) { centre(reading()); } });
  let from = null;
  desk.addEventListener("touchstart", (event) => {
    const { clientX: x, clientY: y } = event.touches[0];
    from = event.touches.length === 1 && !phone.matches && event.target.closest("[data-reader]") ? { x, y } : null;
  }, { passive: true });
  desk.addEventListener("touchend", (event) => {
    if (!from) { return; }
    const { clientX: x, clientY: y } = event.changedTouches[0];
    const [across, down] = [x - from.x, Math.abs(y - from.y)];
    from = null;
    if (Math.abs(across) > 70 && Math.abs(across) > 2 * down) { turn(across < 0 ? 1 : -1); }
  }, { passive: true });

  desk.addEventListener("click", (event) => {
    const opener = event.target.closest("h3 button, [data-turn], [data-fold]");
    const plain = !opener && event.target.closest(".desk-cards > li:not(.reading) > p");
    if (opener || plain) {
      event.preventDefault();
      if (plain) { if (!String(window.getSelection())) { unfold(cardOf(plain)); } }
      else if (opener.dataset.turn) { turn(Number(opener.dataset.turn)); }
      else if ("fold" in opener.dataset || cardOf(opener) === reading()) { close(); }
      else { unfold(cardOf(opener)); }
      return;
    }
    const button = event.target.closest('button[name="do"]');
    if (!button) { return; }
    const [word, act] = button.value.split(":");
    if (word === "open") { open(cardOf(button), act); }
    else if (word === "close") {
      const card = cardOf(button);
      button.closest(".laid").remove();
      all(`button[value^="open:${act}:"]`, card).filter((one) => one.offsetParent)[0].focus();
    } else if (word === "all") {
      const tick = !many().every((box) => box.checked);
      (tick ? many() : boxes()).forEach((box) => { box.checked = tick && !cardOf(box).querySelector(".laid.back"); });
    } else if (word !== "stay") { return; }
    event.preventDefault();
    count();
  });
  desk.addEventListener("change", (event) => {
    if (event.target.name !== "case") { return; }
    if (event.target.checked) { all(".laid.back", cardOf(event.target)).forEach((block) => block.remove()); }
    count();
  });
  if (reading()) {
    prepare(reading());
    if (phone.matches) { bringUp(reading()); }
    reading().querySelector("h4").focus({ preventScroll: true });
  }
  rest();
  window.addEventListener("pageshow", () => setTimeout(count));
  count();
})();
