/* The intake finds numbers of persons in the text while one types, and moves them into the sealed blanks with one tap:
   the panel says which blanks change, everything else stays as it is. What is found depends on the panel alone, which asks
   once more before it registers. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-intake]"), place = document.querySelector("[data-numbers]");
  if (!form || !place) { return; }
  const PAUSE = 1200, LIKELY = /\d(?:[ ().-]?\d){8}|@\S+\./;
  const inputs = place.dataset.numbers.split(" ").map((name) => form.elements[name]).filter(Boolean);
  const stood = form.querySelector("[data-numbers-found]:not([role=alert])"); // when the page was drawn
  const refusal = () => form.querySelector("[data-numbers-found][role=alert]"); // drawn by the panel, which did not save the form
  let said = "", moved = "";
  const show = (...sections) => {
    if (stood) { stood.remove(); }
    const line = Object.assign(document.createElement("p"), { className: "hint", textContent: moved, tabIndex: -1 });
    line.setAttribute("role", "status");
    place.replaceChildren(...(moved ? [line] : []), ...sections);
    if (moved && !inputs.includes(document.activeElement)) { line.focus({ preventScroll: true }); } // who types on, types on
    moved = "";
  };
  const sent = (word) => {
    const body = new FormData();
    [...form.elements].forEach((one) => {
      if (one.name && one.type !== "file" && one.type !== "submit" && (one.checked || !["checkbox", "radio"].includes(one.type))) { body.append(one.name, one.value); }
    });
    body.set("do", word);
    return body;
  };
  const posted = (word, type, then) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", form.action);
    asked.responseType = type; // parsed by the browser, without a sink for markup
    if (type === "json") { asked.setRequestHeader("Accept", "application/json"); }
    asked.addEventListener("load", () => { if (asked.status === 200 && asked.response) { then(asked.response); } });
    asked.send(sent(word));
  };
  const look = () => {
    const now = inputs.map((one) => one.value).join("\n");
    if (now === said) { return; }
    said = now;
    if (!LIKELY.test(now)) { show(); return; }
    posted("numbers", "document", (page) => { if (now === said && !refusal()) { show(...page.body.children); } });
  };
  const lift = (word, label) => {
    const before = new Map([...form.elements].map((one) => [one.name, one.value]));
    posted(word, "json", (values) => {
      if (Object.keys(values).some((name) => form.elements[name] && form.elements[name].value !== before.get(name))) {
        setTimeout(() => lift(word, label), PAUSE); // typed on meanwhile: nothing of that is written over
      } else if (Object.keys(values).length) { put(values, label.replace("Pindahkan", "Dipindahkan")); } else { tell("Tidak dipindahkan: isiannya sudah memuat nomor lain."); }
    });
  };
  const tell = (words) => form.querySelectorAll("[data-numbers-found]").forEach((section) => {
    const line = section.querySelector("[data-said]") || section.appendChild(document.createElement("p"));
    line.dataset.said = "";
    line.textContent = words;
  });
  const put = (values, words) => {
    Object.entries(values).forEach(([name, value]) => {
      const blank = form.elements[name];
      if (!blank) { return; }
      const typed = blank.value, caret = blank === document.activeElement ? blank.selectionEnd : null;
      blank.value = value;
      if (Number.isInteger(caret)) { // it stays between the letters where it stood
        const at = value.startsWith(typed.slice(0, caret)) ? caret : Math.max(0, caret + value.length - typed.length);
        blank.setSelectionRange(at, at);
      }
      const fold = blank.closest("details");
      if (fold) { fold.open = true; }
      blank.dispatchEvent(new Event("input", { bubbles: true }));
      blank.dispatchEvent(new Event("change", { bubbles: true }));
    });
    document.querySelectorAll("[data-numbers-found]").forEach((one) => one.remove());
    moved = `${words}.`;
    said = "";
    look();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[value^='lift:']");
    if (button) { event.preventDefault(); lift(button.value, button.textContent.trim()); }
  });
  let waiting = 0;
  const lookBelow = (one) => { // what is found in a blank is shown where one types
    if (LIKELY.test(one.value)) { (one.closest(".pair") || one.closest(".field")).after(place); }
    look();
  };
  inputs.forEach((one) => {
    one.addEventListener("change", () => { clearTimeout(waiting); look(); }); // nothing moves away from beneath a tap
    one.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => lookBelow(one), PAUSE); });
  });
})();
