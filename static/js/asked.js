/* A blank that only some choices of another ask for is out of sight for the others, unless something is typed in it, and is
   named as the choice asks; without script all stand there. With mouse and keyboard, typing begins in the first blank: a phone
   would open its keys over the page. */
(() => {
  "use strict";
  document.querySelectorAll("[data-asked-by]").forEach((field) => {
    const choice = document.getElementById(field.dataset.askedBy);
    const label = field.querySelector("label"), input = document.getElementById(label.htmlFor);
    const [labels, usual, must] = [JSON.parse(field.dataset.labels), label.textContent, document.createElement("span")];
    must.className = "must";
    must.textContent = " *";
    const follow = () => {
      const asked = labels[choice.value];
      field.hidden = !asked && !input.value && !field.classList.contains("wrong");
      label.textContent = asked || usual;
      if (asked) { label.append(must); }
      input.setAttribute("aria-required", Boolean(asked));
    };
    choice.addEventListener("change", follow);
    input.addEventListener("change", follow);
    window.addEventListener("pageshow", follow);
    follow();
  });
  const blanks = document.querySelectorAll("form.sheet input:not([type=hidden]), form.sheet select, form.sheet textarea");
  const first = [...blanks].find((one) => !one.disabled && one.offsetParent);
  const typed = window.matchMedia("(min-width: 1100px) and (hover: hover) and (pointer: fine)").matches;
  if (first && typed && !location.hash && document.activeElement === document.body) { first.focus({ preventScroll: true }); }
})();
