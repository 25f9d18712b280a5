/* What the panel does more comfortably with script: asking first, sending once. All of it works without. */
(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Of a row that scrolls sideways the chosen one is in sight.
  all("[data-row]").forEach((row) => {
    const chosen = row.querySelector("[aria-current]");
    if (chosen) { row.scrollLeft += chosen.getBoundingClientRect().left - row.getBoundingClientRect().left - 16; }
  });

  // A question before an act that says so: data-confirm on the button or its form.
  const ask = (question, label, yes) => {
    if (!window.HTMLDialogElement) {
      if (window.confirm(question)) { setTimeout(yes); } // a form that is just being sent cannot be sent again
      return;
    }
    const box = document.createElement("dialog");
    const words = document.createElement("p");
    const buttons = document.createElement("div");
    const button = (text, tone, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = `btn ${tone}`;
      made.textContent = text;
      made.addEventListener("click", () => { box.close(); act(); });
      buttons.append(made);
    };
    words.textContent = question;
    words.id = "tanya";
    box.setAttribute("aria-labelledby", "tanya");
    buttons.className = "form-buttons";
    button("Batal", "quiet", () => {});
    button(label || "Ya, lanjutkan", "primary", yes);
    box.append(words, buttons);
    box.addEventListener("close", () => box.remove());
    document.body.append(box);
    box.showModal();
    buttons.lastChild.focus();
  };

  // {} in a question stands for how many rows are ticked.
  const counted = (question, form) => {
    const ticked = [...form.elements].filter((one) => one.checked && /^(baris|rowid)$/.test(one.name));
    const whole = [...form.elements].find((one) => one.checked && one.dataset.whole);
    const sum = whole ? Number(whole.dataset.whole) : ticked.reduce((rows, one) => rows + Number(one.dataset.rows || 1), 0);
    return question.replace("{}", sum.toLocaleString("id-ID"));
  };

  // Anyone who signs out leaves nothing typed behind in this tab.
  const forget = () => { try { window.sessionStorage.clear(); } catch (shut) { /* nothing was stored either */ } };

  // What takes longer than one notices shows a line at the top; a page that comes has none of its own.
  const root = document.documentElement;
  let soon = 0;
  const slow = () => { clearTimeout(soon); soon = setTimeout(() => root.classList.add("busy"), 400); };
  const calm = () => { clearTimeout(soon); root.classList.remove("busy"); };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const here = link && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.button;
    if (!here || link.origin !== location.origin || link.pathname + link.search === location.pathname + location.search) { return; }
    if (/\/export\//.test(link.pathname)) { return; } // a list as a file begins to come at once, and this page stays
    slow();
    setTimeout(calm, 10000); // a file that the browser keeps instead of showing it
  });
  window.addEventListener("pageshow", calm);

  // A file for a form leaves the page where it is: a cookie of the form's own name says that it has come.
  const awaitFile = (form) => {
    const ticket = Math.random().toString(36).slice(2, 12);
    const blank = form.querySelector("[name=unduhan]") || form.appendChild(document.createElement("input"));
    Object.assign(blank, { type: "hidden", name: "unduhan", value: ticket });
    const until = Date.now() + 300000;
    const look = setInterval(() => {
      const here = document.cookie.split("; ").includes(`unduhan=${ticket}`);
      if (!here && Date.now() < until) { return; }
      clearInterval(look);
      document.cookie = "unduhan=; Max-Age=0; Path=/";
      calm();
      release(form);
    }, 300);
  };

  // A form is sent once; while the answer is on its way the button says so.
  const release = (form) => {
    delete form.dataset.sent;
    all("[aria-busy]", form.ownerDocument).forEach((button) => {
      button.removeAttribute("aria-busy");
      button.textContent = button.dataset.words;
    });
  };
  let pressed = null; // browsers of 2018 do not tell which button sent a form
  document.addEventListener("click", (event) => { pressed = event.target.closest("button, input[type=submit]"); }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter || (pressed && pressed.form === form ? pressed : null);
    const question = (button && button.dataset.confirm) || form.dataset.confirm;
    if (question && !form.dataset.agreed) {
      event.preventDefault();
      ask(counted(question, form), button && button.textContent.trim(), () => {
        form.dataset.agreed = "1";
        if (form.requestSubmit) { form.requestSubmit(button); } else { button.click(); }
        delete form.dataset.agreed;
      });
      return;
    }
    if (form.method !== "post" || (button && button.formTarget === "_blank")) { return; } // what opens in a new tab leaves the page as it is
    if ((form.getAttribute("action") || "").endsWith("/keluar")) { forget(); }
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    if (button) {
      button.dataset.words = button.textContent;
      button.setAttribute("aria-busy", "true");
      button.textContent = "Sedang diproses…";
    }
    slow();
    if (form.matches("[data-bulk], [data-download]")) { awaitFile(form); }
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach(release));

  // Files: the browser's own button speaks its own language, so one of ours lies under it.
  all("input[type=file]").forEach((input) => {
    const row = document.createElement("div");
    const [button, chosen] = [document.createElement("span"), document.createElement("span")];
    const show = () => { chosen.textContent = [...input.files].map((file) => file.name).join(", ") || "Belum ada berkas dipilih"; };
    row.className = "files";
    button.className = "btn";
    button.textContent = "Pilih berkas";
    input.replaceWith(row);
    row.append(input, button, chosen);
    input.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  });

  // Blank filters stay out of the address.
  all("form.find").forEach((form) => form.addEventListener("formdata", (event) => {
    [...event.formData.entries()].forEach(([name, value]) => { if (!value) { event.formData.delete(name); } });
  }));

  // Printing is the browser's; the button only spares looking for it.
  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });

  // A form that came back shows what is wrong first; the drawer closes on Escape.
  const wrong = document.querySelector("[data-focus]");
  if (wrong) { wrong.focus(); }
  document.addEventListener("keydown", (event) => {
    const drawer = document.querySelector(".drawer[open]");
    if (event.key === "Escape" && drawer) {
      drawer.open = false;
      drawer.firstElementChild.focus();
    }
  });
})();
