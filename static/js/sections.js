/* The intake section by section: each is one line that says what is in it and what is wanted; the one with the focus is
   open. Folded blanks keep their place, so that Tab, a phone's next key, a link or a find in the page opens where it comes. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-intake]");
  if (!form) { return; }
  const all = (selector, from = form) => [...from.querySelectorAll(selector)];
  const parts = all(".form-sections > .card"), blanks = "input:not([type=hidden]), select, textarea";
  const made = (name, kind, words = "") => Object.assign(document.createElement(name), { className: kind, textContent: words });
  const label = (input) => input.labels[0].firstChild.textContent;

  // A line says what was typed, but of a NIK, a telephone or a day only that it is there: somebody may look on.
  const guarded = (input) => /^(tel|date)/.test(input.type) || input.inputMode === "numeric";
  const typed = (input) => (input.type === "checkbox" ? input.checked : input.value.trim());
  const said = (input) => {
    if (!typed(input)) { return ""; }
    if (input.type === "checkbox" || guarded(input)) { return label(input); }
    if (input.type === "file") { return [...input.files].map((file) => file.name).join(", "); }
    return (input.options ? input.options[input.selectedIndex].text : typed(input)).slice(0, 120);
  };
  const gist = (inputs) => inputs.map(said).filter(Boolean).join(" · ");
  const lacks = (part) => all("[data-wants].lacks").filter((line) => part.contains(form.elements[line.dataset.wants])).length;
  const owes = (part) => all(".must:not([hidden])", part).some((mark) => !typed(mark.parentElement.control));
  const standing = (part, words) => {
    if (part.querySelector(".field.wrong")) { return ["wrong", "perlu diperbaiki", "bad"]; }
    if (owes(part)) { return ["", "wajib diisi", "wait"]; }
    if (lacks(part)) { return ["", `${lacks(part)} perlu dilengkapi`, "warn"]; }
    return words ? ["done", "lengkap", "good"] : ["", "boleh dikosongkan", "neutral"];
  };
  const tell = (part) => {
    const inputs = all(blanks, part), safe = gist(inputs.filter((one) => one.closest(".safe") && !guarded(one)));
    const words = gist(inputs.filter((one) => guarded(one) || !one.closest(".safe, .alarm")));
    const [kind, state, tone] = standing(part, words || safe), line = part.querySelector(".gist");
    part.classList.toggle("done", kind === "done");
    part.classList.toggle("wrong", kind === "wrong");
    line.replaceChildren(made("span", "", words), made("span", `badge ${tone}`, state));
    if (safe) { line.append(made("strong", "", `Cara menghubungi yang aman: ${safe}`)); }
  };
  const tellAll = () => parts.forEach(tell);

  // As much as can be of what was opened comes into sight, and in any case what has the focus.
  const show = (part) => {
    const tall = part.offsetHeight > window.innerHeight - 200, here = document.activeElement;
    part.scrollIntoView({ block: tall ? "start" : "nearest", behavior: "instant" });
    if (part.contains(here)) { here.scrollIntoView({ block: "nearest", behavior: "instant" }); }
  };
  const open = (part, stays) => {
    if (part.classList.contains("open")) { return; }
    parts.forEach((one) => {
      one.classList.toggle("open", one === part);
      one.querySelector(".opener").setAttribute("aria-expanded", one === part);
    });
    if (!stays) { show(part); }
  };
  let pointing = false; // what is pressed stays under the pointer until it is let go
  ["pointerdown", "pointerup", "pointercancel"].forEach((kind) => document.addEventListener(kind, () => { pointing = kind === "pointerdown"; }, true));
  form.addEventListener("focusin", ({ target }) => {
    const part = target.closest(".stage");
    if (part && !target.closest(".alarm") && !(pointing && target.matches(".opener"))) { open(part); }
  });
  form.addEventListener("scroll", ({ target }) => { // a find in the page scrolls what is folded to the word that it found
    if (parts.includes(target.parentElement)) { open(target.parentElement); }
  }, true);

  parts.forEach((part, n) => {
    const head = part.querySelector("h2"), button = made("button", "opener", head.textContent), line = made("p", "gist");
    Object.assign(button, { type: "button", tabIndex: -1 }); // Tab opens what it comes to, so a stop here would only cost a key
    button.setAttribute("aria-describedby", line.id = `bagian-${n}`);
    head.replaceChildren(button);
    head.after(line);
    const only = part.querySelector(".gist + details:last-child"); // what else could one want who opens a section by its line
    button.addEventListener("click", () => {
      open(part);
      if (only) { only.open = true; }
    });
    part.classList.add("stage");
  });
  form.classList.add("stepped");
  ["input", "change", "click"].forEach((kind) => form.addEventListener(kind, tellAll));
  form.addEventListener("reset", () => setTimeout(tellAll));
  window.addEventListener("pageshow", tellAll); // anyone who comes back finds what was typed put back
  tellAll();

  // What was refused is opened first, else where one begins; what the page has to say stays in sight.
  const wrong = form.querySelector("[aria-invalid=true]"), fold = wrong && wrong.closest("details");
  if (fold) { fold.open = true; }
  const notice = document.querySelector("[data-focus]");
  open((wrong && wrong.closest(".stage")) || parts[0], !wrong);
  if (wrong) { wrong.focus(); } else if (notice) { notice.scrollIntoView({ block: "center", behavior: "instant" }); }
})();
