/* The intake asks while one types whether the same has come before, and shows it below the story: no letter is lost and the
   focus stays. What is shown depends on the panel alone, which asks once more before it registers. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-intake]"), places = document.querySelectorAll("[data-likely]");
  if (!form || !places.length) { return; }
  const PAUSE = 1500, OF_NUMBERS = /-(phone|nik|safe_contact)$/, OF_TEXT = ["story", "medium", "medium_ref"];
  const named = (test) => [...form.elements].filter((one) => one.name && test(one.name));
  const groups = [
    { place: places[0], inputs: named((name) => OF_TEXT.includes(name)), main: (name) => name === "story" || name === "medium_ref" },
    { place: places[1], inputs: named((name) => OF_NUMBERS.test(name)), main: () => true },
  ];
  const show = (group, nodes) => {
    const texts = [...nodes].map((one) => one.textContent).join("");
    if (texts !== group.place.textContent) { group.place.replaceChildren(...nodes); }
    const listed = [...places[0].querySelectorAll("[data-case]")].map((one) => one.dataset.case);
    places[1].querySelectorAll("[data-case]").forEach((line) => { line.hidden = listed.includes(line.dataset.case); });
    places[1].hidden = !places[1].querySelector("li:not([hidden])");
  };
  const ask = (group) => {
    const typed = group.inputs.map((one) => [one.name, one.value]), said = JSON.stringify(typed), asks = new FormData();
    if (said === group.said) { return; }
    group.said = said;
    if (!typed.some(([name, value]) => group.main(name) && value.trim().length > 2)) { show(group, []); return; }
    typed.forEach(([name, value]) => asks.append(name, value));
    asks.append("do", "likely");
    asks.append("csrf_token", form.elements.csrf_token.value);
    if (form.elements.emergency.checked) { asks.append("emergency", "y"); }
    if (group.asked) { group.asked.abort(); }
    const asked = group.asked = new XMLHttpRequest();
    asked.open("POST", form.action);
    asked.responseType = "document"; // parsed by the browser, without a sink for markup
    asked.addEventListener("load", () => {
      if (asked.status === 200 && asked.response && said === group.said) { show(group, asked.response.body.children); }
    });
    asked.send(asks);
  };
  groups.forEach((group) => {
    let waiting = 0;
    const later = () => { clearTimeout(waiting); waiting = setTimeout(() => ask(group), PAUSE); };
    group.inputs.forEach((one) => {
      one.addEventListener("change", () => { clearTimeout(waiting); ask(group); });
      if (!OF_NUMBERS.test(one.name)) { one.addEventListener("input", later); } // a number is asked for once it is whole
    });
  });
})();
