/* While one types, below each blank what papers will print otherwise: asked of the panel, which alone knows their letters.
   What was typed is only read. */
(() => {
  "use strict";
  const PAUSE = 1000, PLAIN = /^[\n -~]*$/; // what every keyboard has is printed as it is
  const texts = (form) => [...form.querySelectorAll("input:not([type]), input[type=text], input[type=tel], textarea")].filter((one) => one.name);
  const show = (input, words) => {
    const id = `${input.id}-huruf`, described = (input.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    let note = document.getElementById(id);
    if (note && !words) { note.remove(); }
    if (!note && words) {
      note = Object.assign(document.createElement("p"), { className: "stored", id });
      note.setAttribute("role", "status");
      input.after(note);
    }
    if (words && note.textContent !== words) { note.textContent = words; }
    if (words) { described.push(id); }
    if (described.length) { input.setAttribute("aria-describedby", described.join(" ")); } else { input.removeAttribute("aria-describedby"); }
  };
  document.querySelectorAll("form[data-printed]").forEach((form) => {
    const known = new Map();
    let waiting = 0;
    const ask = () => {
      const strange = texts(form).filter((one) => !PLAIN.test(one.value) && known.get(one) !== one.value), typed = new URLSearchParams();
      texts(form).filter((one) => PLAIN.test(one.value)).forEach((one) => { known.delete(one); show(one, ""); });
      if (!strange.length) { return; }
      strange.forEach((one) => { known.set(one, one.value); typed.append(one.name, one.value); });
      ["csrf_token", "do"].forEach((one) => typed.append(one, one === "do" ? "letters" : form.elements[one].value));
      window.fetch(form.dataset.printed, { method: "POST", body: typed, redirect: "error" }).then((answer) => (answer.ok ? answer.json() : null)).then((notes) => {
        if (notes) { strange.forEach((one) => { if (known.get(one) === one.value) { show(one, notes[one.name] || ""); } }); }
      }).catch(() => {});
    };
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
    form.addEventListener("change", () => { clearTimeout(waiting); ask(); });
    ask();
  });
})();
