/* A page that lies unused locks itself: all of it is hidden, nothing of it is lost. The panel holds the clock and asks for
   the password in any case; the script only keeps the page, and what was typed and chosen in it, where it is. */
(() => {
  "use strict";
  const { lock, who } = document.body.dataset, title = document.title;
  if (!Number(lock) || !window.fetch) { return; }
  const PASSWORD = "sandi_kunci", AT_SHORTEST = 60000;
  const made = (name, more, ...inside) => {
    const one = Object.assign(document.createElement(name), more);
    one.append(...inside);
    return one;
  };
  let until = Date.now() + Number(lock) * 1000, cover = null, covered = [], back = null, token = "", used = false, next = 0;

  const ask = (words) => {
    const body = words && new FormData();
    if (body) { Object.entries({ ...words, csrf_token: token }).forEach(([name, value]) => body.append(name, value)); }
    const asked = { method: body ? "POST" : "GET", body, headers: { Accept: "application/json" }, cache: "no-store" };
    return window.fetch("/buka", asked).then((answer) => answer.json());
  };
  const sessionOpen = (session) => {
    if (session.csrf_token) { token = session.csrf_token; }
    if (!session.left || session.who !== who) { return false; }
    until = Date.now() + session.left * 1000;
    document.querySelectorAll('[name="csrf_token"]').forEach((input) => { input.value = token; });
    return true;
  };

  const tell = (words) => {
    if (!cover) { return; }
    const said = cover.querySelector("[role=alert]");
    said.textContent = words || "";
    said.hidden = !words;
  };
  const uncover = () => {
    if (!cover) { return; }
    cover.remove();
    covered.forEach((one) => { one.hidden = false; });
    cover = null;
    document.title = title;
    if (back && back.focus) { back.focus(); }
  };
  const open = (event) => {
    event.preventDefault();
    const input = cover.querySelector("[type=password]"), typed = input.value;
    input.value = "";
    input.focus();
    // First the token in force: somebody may have signed in anew in another tab.
    ask().then((session) => sessionOpen(session) || session.sentence || ask({ [PASSWORD]: typed }).then((answer) => sessionOpen(answer) || answer.sentence))
      .then((done) => { if (done === true) { uncover(); } else { tell(done || "Sesi di peramban ini sekarang milik orang lain."); } })
      .catch(() => tell("Sambungan terputus. Coba lagi."));
  };
  const leave = () => {
    const out = document.querySelector('form[action="/keluar"]');
    if (out) { out.requestSubmit ? out.requestSubmit() : out.submit(); } else { location.assign("/masuk"); }
  };
  const shut = () => {
    if (cover) { return; }
    document.dispatchEvent(new Event("locked")); // what waits in the tab is sent at once
    back = document.activeElement;
    covered = [...document.body.children].filter((one) => !one.hidden);
    covered.forEach((one) => { one.hidden = true; });
    document.title = `Terkunci – ${title.split(" – ").pop()}`;
    const name = document.querySelector(".who strong");
    const input = made("input", { type: "password", id: "kunci-sandi", autocomplete: "current-password", required: true });
    const said = made("p", { className: "error", hidden: true });
    said.setAttribute("role", "alert");
    const buttons = made("div", { className: "form-buttons" },
      made("button", { type: "button", className: "btn quiet", textContent: "Bukan Anda? Keluar", onclick: leave }),
      made("button", { className: "btn primary", textContent: "Buka" }));
    const form = made("form", { onsubmit: open, method: "dialog" }, // no form of the panel's: it is not sent, nor marked as sent
      made("h2", { id: "kunci-judul", textContent: "Terkunci" }),
      made("p", { textContent: `${name ? `${name.textContent}, panel` : "Panel"} lama tidak dipakai. Yang Anda ketik dan berkas yang Anda pilih tetap ada di halaman ini.` }),
      said, made("label", { htmlFor: "kunci-sandi", textContent: "Kata sandi" }), input, buttons);
    cover = made("dialog", {}, form);
    cover.setAttribute("aria-labelledby", "kunci-judul");
    cover.addEventListener("cancel", (event) => event.preventDefault());
    cover.addEventListener("close", () => { if (cover) { cover.showModal(); } });
    document.body.append(cover);
    if (cover.showModal) { cover.showModal(); } else { cover.setAttribute("open", ""); }
    input.focus();
  };

  // Whether it has locked is asked of the panel: another tab may have been in use all the while.
  const look = () => {
    clearTimeout(next);
    if (!cover && Date.now() < until) { next = setTimeout(look, Math.min(until - Date.now(), 2000000000)); return; }
    shut();
    ask().then((session) => { if (sessionOpen(session)) { uncover(); look(); } else { tell(session.sentence); } }).catch(() => {});
  };
  ["visibilitychange", "pageshow", "focus"].forEach((kind) => window.addEventListener(kind, () => {
    if (!document.hidden && (cover || Date.now() >= until)) { look(); }
  }));

  // Typing is use, though nothing is sent: while a hand is at work the panel hears of it now and then.
  ["keydown", "pointerdown", "input"].forEach((kind) => document.addEventListener(kind, (event) => {
    if (event.isTrusted && !cover) { used = true; }
  }, true));
  setInterval(() => {
    if (!used || cover || Date.now() >= until) { return; }
    used = false;
    (token ? Promise.resolve() : ask().then(sessionOpen)).then(() => ask({ masih: "1" })).then(sessionOpen).then(look).catch(() => {});
  }, Math.max(AT_SHORTEST, Number(lock) * 1000 / 6));
  look();
})();
