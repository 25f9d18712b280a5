/* Long works: the page asks how far they are, and says when one has ended. The panel holds all of it; a page loaded anew
   reads the same. */
(() => {
  "use strict";
  const ADDRESS = "/pekerjaan/keadaan/", SOON = 1500, LATER = 5000, MOST = 5;
  const shown = [...document.querySelectorAll("[data-work]")].filter((one) => one.querySelector("progress"));
  if (!shown.length || !window.fetch || document.documentElement.dataset.looking) { return; }
  document.documentElement.dataset.looking = "1"; // the script stands on a page for the line and for the page's own bar
  const title = document.title;
  let failed = 0, ended = new Set();

  const show = (one, work) => {
    one.querySelector("[data-words]").textContent = work.words;
    const bar = one.querySelector("progress");
    if (!work.over) {
      if (work.total) { Object.assign(bar, { max: work.total, value: work.done }); }
      return;
    }
    ended.add(work.id);
    const close = one.querySelector("[data-close]"), look = one.querySelector("[data-look]");
    bar.remove();
    if (close) { close.hidden = false; }
    if (look) { Object.assign(look, { href: work.link }).firstChild.data = work.file ? "Unduh" : "Lihat"; }
    one.classList.remove("runs");
    one.classList.add(work.failed ? "stopped" : "done");
    one.querySelector("[data-said]").textContent = work.failed ? "Tidak selesai." : "Selesai.";
    document.title = `${work.failed ? "Tidak selesai" : "Selesai"} – ${title}`;
    if ("reload" in one.dataset) { setTimeout(() => location.reload(), 800); }
  };
  const look = () => {
    window.fetch(ADDRESS, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error" })
      .then((answer) => answer.ok ? answer.json() : Promise.reject(new Error(answer.status)))
      .then(({ works }) => {
        failed = 0;
        shown.filter((one) => !ended.has(one.dataset.work)).forEach((one) => {
          const work = works.find(({ id }) => id === one.dataset.work);
          if (work) { show(one, work); } else if ("reload" in one.dataset) { location.reload(); } else { one.hidden = true; ended.add(one.dataset.work); }
        });
        return works;
      })
      .catch(() => { failed += 1; })
      .then(() => {
        const running = shown.some((one) => !ended.has(one.dataset.work));
        if (running && failed < MOST) { setTimeout(look, document.hidden ? LATER : SOON); }
      });
  };
  setTimeout(look, SOON);
})();
