/* A password that can be read while it is typed. Before the form is sent it is hidden again, so that browsers and password
   managers save it as a password and never offer it as text. */
(() => {
  "use strict";
  document.querySelectorAll("input[data-reveal]").forEach((input) => {
    const line = document.createElement("p");
    const button = document.createElement("button");
    line.className = "ways";
    button.type = "button";
    button.className = "btn quiet";
    button.setAttribute("aria-controls", input.id);
    const show = (readable) => {
      input.type = readable ? "text" : "password";
      button.textContent = readable ? "Sembunyikan kata sandi" : "Tampilkan kata sandi";
    };
    button.addEventListener("click", () => { show(input.type === "password"); });
    input.form.addEventListener("submit", () => { show(false); });
    window.addEventListener("pagehide", () => { show(false); });
    show(false);
    line.append(button);
    input.after(line);
  });
})();
