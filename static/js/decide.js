/* A decision on one opened case waits in the tab before it goes, and is undone with one tap; the next case is read
   meanwhile. Leaving, locking and signing out send it at once. What did not arrive is said at the next opening, and never
   sent by itself: the tab keeps numbers only, bound to the person. What is ticked and decided together is a
   plain form, which desk.js makes more comfortable. */
(() => {
  "use strict";
  const WAIT = 8000; // milliseconds that a decision waits in the tab, and that the word of its being done stays
  const AGAIN = 2000; // until the panel is asked once more whether what was sent while leaving has arrived
  const KEY = "keputusan", UNSENT = "Belum terkirim", REFUSED = "Tidak diproses", LOST = "Sambungan terputus.";
  const SHUT = "Panel terkunci atau Anda sudah keluar."; // a page came instead of an answer: it asks who one is
  const place = document.querySelector("[data-decisions]"), said = document.querySelector("[data-spoken]");
  const desk = document.querySelector("form.desk"), { who } = document.body.dataset;
  if (!place || !window.fetch || !window.URLSearchParams) { return; }

  // What the tab remembers until the panel has said what came of it, or the person has read that nothing did.
  const memory = () => { try { return JSON.parse(window.sessionStorage.getItem(KEY)) || []; } catch (shut) { return []; } };
  const remember = (list) => { try { window.sessionStorage.setItem(KEY, JSON.stringify(list)); } catch (shut) { /* nothing is remembered */ } };
  const unknown = memory().filter((one) => one.who === who); // of before this page
  const forget = (one) => remember(memory().filter((entry) => entry.who !== one.who || entry.value !== one.value));

  // One line a decision: what will come of it, what came of it, or that nothing did.
  const made = (name, more, ...inside) => {
    const element = Object.assign(document.createElement(name), more);
    element.append(...inside);
    return element;
  };
  const clear = (one) => {
    if (!one.line) { return; }
    const focused = one.line.contains(document.activeElement);
    one.line.remove();
    one.line = null;
    const next = focused && (document.querySelector(".reader-head h4") || document.querySelector("main"));
    if (next) { next.focus({ preventScroll: true }); }
  };
  const write = (one, tone, words, ...ways) => {
    clear(one);
    one.line = made("div", { className: `banner ${tone}` }, made("p", { textContent: words }), made("p", { className: "ways" }, ...ways));
    place.append(one.line);
    said.textContent = words;
  };
  const inStrip = () => desk && desk.matches(".reading") && window.matchMedia("(max-width: 720px)").matches;
  const button = (textContent, className, onclick) => made("button", { type: "button", className, textContent, onclick });
  const close = (one) => button("Tutup", "btn quiet", () => { forget(one); clear(one); });
  const link = ({ words, url }) => made("a", { className: "btn quiet", textContent: words, href: url });
  const isPrint = ({ url }) => /\.pdf$/.test(url); // printed from the list of what waits for a signature, not over the next case

  // What the panel is asked: whether a decision would go, to take it, whether it has been taken.
  const token = () => document.querySelector('[name="csrf_token"]').value;
  const ask = (one, word, more) => {
    const body = new URLSearchParams(word === "was" ? "" : one.body);
    body.set("csrf_token", token());
    body.set("do", one.value.replace("decide", word));
    return window.fetch(one.path, { method: "POST", body, headers: { Accept: "application/json" }, cache: "no-store", ...more })
      .then((answer) => answer.json().then((result) => ({ ok: answer.ok, code: answer.status, ...result })));
  };

  const waiting = new Set(), going = new Set(), finished = new Set();
  const tellDesk = (what, one) => { if (one.card) { desk.dispatchEvent(new CustomEvent(what, { detail: one })); } };
  const done = (one, result) => {
    forget(one);
    finished.forEach(clear);
    finished.add(one);
    write(one, "success", result.brief || result.done, ...result.ways.filter((way) => !isPrint(way)).map(link), close(one));
    said.textContent = result.done;
    // Over the strip of a phone the line has its own room: it stays until the next decision, or the letter would jump.
    setTimeout(() => { if (one.line && !inStrip() && !one.line.matches(":hover, :focus-within")) { clear(one); } }, WAIT);
    tellDesk("decided", one);
    return true;
  };
  const failed = (one, what, why) => {
    const open = made("a", { className: "btn", textContent: "Buka berkas", href: `${one.path}${one.value.split(":")[2]}/#lembar` });
    open.addEventListener("click", (event) => {
      forget(one);
      if (!one.card) { return; }
      event.preventDefault();
      clear(one);
      one.card.querySelector("h3 button").click();
    });
    write(one, "warning", `${what}: ${one.label} ${one.number}.${why ? ` ${why}` : ""}`, open, close(one));
    tellDesk("undecided", one);
    return false;
  };

  // Whether it arrived is asked of the panel; while it may still be on its way a second time.
  const check = (one, times) => ask(one, "was").then((result) => {
    if (result.ok && result.done) {
      const box = !one.card && desk && desk.querySelector(`input[name="case"][value="${one.value.split(":").slice(2).join(":")}"]`);
      if (box) { one.card = box.closest(".desk-cards > li"); tellDesk("waiting", one); } // the page was drawn before it arrived
      return done(one, result);
    }
    if (result.ok && times) { return new Promise((ready) => { setTimeout(ready, AGAIN); }).then(() => check(one, times - 1)); }
    return failed(one, one.refused ? REFUSED : UNSENT, result.ok ? "" : result.sentence);
  }).catch((fault) => failed(one, one.refused ? REFUSED : UNSENT, fault instanceof SyntaxError ? SHUT : LOST));

  const send = (one) => {
    clearTimeout(one.timer);
    waiting.delete(one);
    write(one, "info", `Mengirim: ${one.label} ${one.number}`);
    const sent = ask(one, "decide", { keepalive: true }).then((result) => {
      if (result.ok && result.done) { return done(one, result); }
      if (result.refused) { remember(memory().map((entry) => (entry.who === who && entry.value === one.value ? { ...entry, refused: true } : entry))); }
      return failed(one, result.refused ? REFUSED : UNSENT, result.refused || result.sentence);
    }).catch(() => check(one, 0)).then((arrived) => { going.delete(sent); return arrived; });
    going.add(sent);
  };
  const sendAll = () => [...waiting].forEach(send);

  const undo = (one) => {
    clearTimeout(one.timer);
    waiting.delete(one);
    forget(one);
    clear(one);
    said.textContent = `Diurungkan: ${one.number}`;
    tellDesk("undecided", one);
  };
  const wait = (one) => {
    waiting.add(one);
    finished.forEach(clear);
    write(one, "info", `Akan ${one.soon}: ${one.number}`, button("Urungkan", "btn", () => undo(one)));
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const left = one.line.appendChild(made("span", { className: "left" }));
    if (!still && left.animate) { left.animate([{ transform: "scaleX(1)" }, { transform: "scaleX(0)" }], { duration: WAIT, fill: "forwards" }); }
    one.timer = setTimeout(() => send(one), WAIT);
    tellDesk("waiting", one);
    if (document.hidden) { send(one); } // the phone was locked meanwhile
  };

  // The button asks first: what lacks a blank, changed meanwhile or wants a proof of self is shown before anything waits,
  // by the page that the panel answers with.
  let asking = null;
  const whole = (pressed) => {
    pressed.value = pressed.value.replace("decide", "ready");
    pressed.removeAttribute("aria-disabled");
    pressed.click();
  };
  const decide = (pressed) => {
    const card = pressed.closest(".desk-cards > li"), [, act, id] = pressed.value.split(":");
    const body = new URLSearchParams(), own = `${act}-${id}-`;
    const ofAll = [...desk.querySelectorAll(".shared-fields [name]")].map((input) => input.name); // asked once for the whole sheet
    new FormData(desk).forEach((value, name) => {
      if (name.startsWith(own) || ofAll.includes(name) || (name === "open" && value.startsWith(`${act}:${id}:`))) { body.append(name, value); }
    });
    const one = {
      who, card, body: body.toString(), value: pressed.value, path: desk.getAttribute("action"), soon: pressed.dataset.soon,
      label: pressed.textContent.trim(), number: card.querySelector("label").textContent.trim(),
    };
    if ([...waiting].some((other) => other.value === one.value)) { return; }
    remember([...memory(), { who, path: one.path, value: one.value, number: one.number, label: one.label }]);
    pressed.setAttribute("aria-disabled", "true");
    desk.dataset.asking = "";
    asking = ask(one, "ready").then((result) => {
      if (!result.ok) { forget(one); whole(pressed); }
      else if (result.done) { tellDesk("waiting", one); done(one, result); } // a second tab was faster
      else { wait(one); }
      return result.ok;
    }).catch((fault) => {
      forget(one);
      if (fault instanceof SyntaxError) { whole(pressed); return false; } // a page: it asks who one is
      pressed.removeAttribute("aria-disabled");
      write(one, "warning", `Belum diputuskan: ${one.number}. ${LOST}`, close(one));
      return false;
    }).then((asked) => {
      going.delete(asking);
      asking = null;
      delete desk.dataset.asking;
      return asked;
    });
    going.add(asking);
  };
  if (desk) {
    desk.addEventListener("click", (event) => {
      const pressed = event.target.closest('button[value^="decide:"]');
      if (!pressed || event.defaultPrevented) { return; }
      event.preventDefault();
      if (!asking) { decide(pressed); }
    });
    desk.addEventListener("folded", () => finished.forEach(clear));
    document.addEventListener("undo", () => { const last = [...waiting].pop(); if (last) { undo(last); } });
    const ready = desk.dataset.ready && desk.querySelector(`button[value="${desk.dataset.ready}"]`);
    if (ready) { decide(ready); }
  }

  // Anyone who leaves, locks or signs out has decided.
  document.addEventListener("visibilitychange", () => { if (document.hidden) { sendAll(); } });
  window.addEventListener("pagehide", sendAll);
  document.addEventListener("locked", sendAll);
  const signOut = (form) => {
    sendAll();
    Promise.all(going).then((all) => {
      if (waiting.size + going.size) { signOut(form); }
      else if (all.every(Boolean)) { form.requestSubmit ? form.requestSubmit() : form.submit(); }
    });
  };
  document.addEventListener("submit", (event) => {
    if (!(event.target.getAttribute("action") || "").endsWith("/keluar") || !(waiting.size + going.size)) { return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    signOut(event.target);
  }, true);

  // The next opening says what is not known to have arrived.
  unknown.forEach((one) => check(one, one.refused ? 0 : 2));
})();
