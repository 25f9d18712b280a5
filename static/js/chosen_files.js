/* Files that were chosen stand below their input: a picture small, each with a button that leaves it out. A picture is drawn
   on a canvas, since the policy of the panel lets no page show an image from elsewhere than the panel. */
(() => {
  "use strict";
  const SIDE = 72;
  const made = (name, className, textContent = "") => Object.assign(document.createElement(name), { className, textContent });
  const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`);
  const draw = (file, place) => {
    if (!window.createImageBitmap || !file.type.startsWith("image/")) { return; }
    window.createImageBitmap(file).then((picture) => {
      const canvas = Object.assign(made("canvas", "picture"), { width: SIDE * 2, height: SIDE * 2 });
      const side = Math.min(picture.width, picture.height);
      canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIDE * 2, SIDE * 2);
      picture.close();
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `Gambar ${file.name}`);
      place.replaceWith(canvas);
    }).catch(() => {}); // no picture that this browser can read: its kind stands there
  };
  const leaveOut = (input, file) => {
    const rest = new DataTransfer();
    [...input.files].filter((one) => one !== file).forEach((one) => rest.items.add(one));
    input.files = rest.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  };
  const canLeaveOut = (() => { try { return Boolean(new DataTransfer().items); } catch (old) { return false; } })();
  const line = (input, file) => {
    const item = made("li", ""), kind = made("span", "picture", (file.name.split(".").pop() || "").slice(0, 4).toUpperCase());
    item.append(kind, made("span", "name", file.name));
    item.lastChild.title = file.name;
    const under = made("span", "size", `${size(file.size)} `);
    if (canLeaveOut) {
      const button = Object.assign(made("button", "btn quiet", "Hapus"), { type: "button", onclick: () => leaveOut(input, file) });
      button.setAttribute("aria-label", `Hapus ${file.name}`);
      under.append(button);
    }
    item.append(under);
    draw(file, kind);
    return item;
  };
  document.querySelectorAll("input[type=file][name=evidence_files]").forEach((input) => {
    const list = made("ul", "chosen");
    list.setAttribute("aria-label", "Berkas yang dipilih");
    const field = input.closest(".field");
    field.append(list);
    const show = () => {
      list.replaceChildren(...[...input.files].map((file) => line(input, file)));
      field.classList.toggle("has-chosen", input.files.length > 0);
    };
    input.addEventListener("change", show);
    show();
  });
})();
