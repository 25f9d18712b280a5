/* The intake asks which categories the story suggests, and shows them above the list of all; nothing is picked by itself. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-intake]"), place = form && form.querySelector("[data-proposals]");
  if (!place) { return; }
  const PAUSE = 900, story = form.elements.story, category = form.elements.category;
  let waiting = 0, said = "", asking = null;
  const mark = () => place.querySelectorAll("[data-pick]").forEach((one) => {
    one.setAttribute("aria-pressed", one.dataset.pick === category.value);
  });
  const show = (nodes) => {
    if ([...nodes].map((one) => one.textContent).join("") !== place.textContent) {
      const held = place.contains(document.activeElement); // nothing moves under a finger or the focus
      if (!held) { place.replaceChildren(...nodes); }
    }
    place.querySelectorAll("[data-pick]").forEach((one) => { one.type = "button"; });
    mark();
  };
  const ask = () => {
    clearTimeout(waiting);
    const text = story.value.trim(), asks = new FormData();
    if (text === said) { return; }
    said = text;
    if (asking) { asking.abort(); }
    if (!text) { show([]); return; }
    [["story", text], ["do", "proposals"], ["csrf_token", form.elements.csrf_token.value]].forEach(([name, value]) => asks.append(name, value));
    const asked = asking = new XMLHttpRequest();
    asked.open("POST", form.action);
    asked.responseType = "document"; // parsed by the browser, without a sink for markup
    asked.addEventListener("load", () => {
      if (asked.status === 200 && asked.response && text === said) { show(asked.response.body.children); }
    });
    asked.send(asks);
  };
  story.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
  story.addEventListener("change", ask);
  place.addEventListener("click", ({ target }) => {
    const picked = target.closest("[data-pick]");
    if (!picked) { return; }
    category.value = picked.dataset.pick;
    ["input", "change"].forEach((kind) => category.dispatchEvent(new Event(kind, { bubbles: true })));
  });
  category.addEventListener("change", mark);
  show([...place.children]);
  ask();
})();
