/* The bar of acts under a list: it appears with how many rows are ticked, and offers what fits one of them at least. An act that waits for
   no state fits always. What most of the ticked rows wait for stands first, the others under "Lainnya". */
(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const bar = document.querySelector("[data-bulk]"), acts = bar.querySelector(".acts"), count = bar.querySelector("[data-count]");
  const boxes = all('input[name="rowid"]'), whole = document.querySelector("[data-all]"), buttons = all("button", acts);
  const preset = buttons.find((button) => button.matches(".primary"));
  const rest = document.createElement("details"), menu = document.createElement("div"), summary = document.createElement("summary");
  rest.className = "others";
  summary.className = "btn";
  summary.textContent = "Lainnya";
  rest.append(summary, menu);
  menu.append(...acts.children);
  acts.append(rest);
  acts.classList.remove("scroll");
  const everything = bar.querySelector("[value=semua]");
  if (everything && window.matchMedia("(max-width: 900px)").matches) { menu.prepend(everything); }

  const fitting = (button, ticked) => {
    const { main, fits = main } = button.dataset;
    return fits === undefined ? ticked.length : ticked.filter((box) => fits.includes(bar.dataset.bulk[boxes.indexOf(box)])).length;
  };
  const offer = (ticked) => {
    const main = acts.querySelector(":scope > button");
    if (main) { menu.insertBefore(main, buttons.slice(buttons.indexOf(main) + 1).find((one) => one.parentNode === menu) || null); }
    buttons.forEach((button) => { button.hidden = !fitting(button, ticked); });
    const offered = buttons.filter((button) => !button.hidden);
    const awaited = offered.filter((button) => "main" in button.dataset).sort((one, other) => fitting(other, ticked) - fitting(one, ticked));
    const best = awaited[0] || preset, first = best || offered[0];
    buttons.forEach((button) => button.classList.toggle("primary", button === best));
    if (first) { acts.insertBefore(first, rest); }
    rest.hidden = !all("button", menu).some((button) => !button.hidden);
  };
  const show = () => {
    const ticked = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("on", box.checked));
    bar.classList.toggle("on", ticked.length > 0);
    count.textContent = `${ticked.length} dipilih`;
    if (ticked.length) { offer(ticked); }
    if (whole) {
      whole.checked = ticked.length > 0 && ticked.length === boxes.length;
      whole.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
    }
  };
  boxes.forEach((box) => box.addEventListener("change", show));
  if (whole) {
    whole.addEventListener("change", () => {
      boxes.forEach((box) => { box.checked = whole.checked; });
      show();
    });
  }
  document.addEventListener("click", ({ target }) => { if (!rest.contains(target)) { rest.open = false; } });
  rest.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && rest.open) { rest.open = false; summary.focus(); }
  });
  window.addEventListener("pageshow", show); // going back restores ticks
  show();
})();
