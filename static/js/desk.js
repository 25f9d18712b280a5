/* Meja Persetujuan, more comfortably: the bar counts, blanks open in place. Without script the same buttons ask the panel. */
(() => {
  "use strict";
  const desk = document.querySelector("form.desk");
  if (!desk) { return; }
  const all = (selector, from = desk) => [...from.querySelectorAll(selector)];
  const go = desk.querySelector("[data-go]");
  const whole = desk.querySelector("[data-whole]");
  const boxes = all('input[name="case"]');
  const many = boxes.filter((box) => !("alone" in box.dataset));
  const slipOf = (element) => element.closest(".slips > li");

  // What the bar says follows the ticks; a case that goes back is not ticked.
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    const back = all(".laid.back").length;
    boxes.forEach((box) => {
      slipOf(box).classList.toggle("on", box.checked);
      slipOf(box).classList.toggle("back", Boolean(slipOf(box).querySelector(".laid.back")));
    });
    const words = ticked || !back ? [`${desk.dataset.desk}${ticked ? ` ${ticked}` : ""}`] : [];
    if (back) { words.push(`${words.length ? "kembalikan" : "Kembalikan"} ${back}`); }
    go.textContent = words.join(" · ");
    go.disabled = !ticked && !back;
    whole.textContent = many.length && many.every((box) => box.checked) ? "Hapus pilihan" : "Pilih semua";
    whole.hidden = !many.length;
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
  const open = (slip, act) => {
    const already = all(".laid", slip).find((block) => block.dataset.act === act);
    if (already) { already.remove(); return; }
    const [id, version] = slip.querySelector('input[name="case"]').value.split(":");
    const made = desk.querySelector(`template[data-blank="${act}"]`).content.cloneNode(true);
    const block = made.querySelector(".laid");
    all("*", block).forEach((element) => rename(element, id));
    block.querySelector('[name="open"]').value = `${act}:${id}:${version}`;
    block.querySelector('[name="do"]').value = `close:${act}:${id}`;
    all("a[data-full]", block).forEach((link) => { link.href = link.dataset.full + id; });
    fill(block, act, id, JSON.parse(slip.dataset.own || "{}"));
    if (block.classList.contains("back")) { slip.querySelector('input[name="case"]').checked = false; }
    slip.append(block);
    block.querySelector("select, textarea, input:not([type=hidden])").focus();
  };

  desk.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="do"]');
    if (!button) { return; }
    const [word, act] = button.value.split(":");
    if (word === "open") { open(slipOf(button), act); }
    else if (word === "close") {
      const slip = slipOf(button);
      button.closest(".laid").remove();
      slip.querySelector(`button[value^="open:${act}:"]`).focus();
    } else if (word === "all") {
      const tick = !many.every((box) => box.checked);
      (tick ? many : boxes).forEach((box) => { box.checked = tick && !slipOf(box).querySelector(".laid.back"); });
    } else if (word !== "stay") { return; }
    event.preventDefault();
    count();
  });
  desk.addEventListener("change", (event) => {
    if (event.target.name !== "case") { return; }
    if (event.target.checked) { all(".laid.back", slipOf(event.target)).forEach((block) => block.remove()); }
    count();
  });
  window.addEventListener("pageshow", () => setTimeout(count));
  count();
})();
