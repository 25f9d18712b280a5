/* How an input for days reads what it holds, whatever order the browser shows it in; without script the panel says it. */
(() => {
  "use strict";
  const MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split(" ");
  const written = (input) => {
    const place = document.getElementById(`${input.id}-tanggal`);
    const [, year, month, day, hour, minute] = /^(\d{4,})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?/.exec(input.value) || [];
    if (!place) { return; }
    place.dataset.written ??= place.textContent;
    place.textContent = year ? `${Number(day)} ${MONTHS[month - 1]} ${year}${hour ? ` pukul ${hour}.${minute}` : ""}` : place.dataset.written;
  };
  const DATED = "input[type=date], input[type=datetime-local]";
  const reread = () => document.querySelectorAll(DATED).forEach(written);
  ["input", "change"].forEach((kind) => document.addEventListener(kind, ({ target }) => { if (target.matches(DATED)) { written(target); } }));
  document.addEventListener("reset", () => setTimeout(reread));
  window.addEventListener("pageshow", reread);
})();
