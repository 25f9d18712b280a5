/* A sheet is handed to the phone's own share dialogue where there is one for files; elsewhere the link downloads it. */
(() => {
  "use strict";
  const TYPE = "application/pdf";
  const can = () => {
    try { return Boolean(navigator.canShare && window.fetch) && navigator.canShare({ files: [new File([""], "lembar.pdf", { type: TYPE })] }); }
    catch (old) { return false; }
  };
  const fetched = new Map(); // by address: a second tap shares at once what the first had to wait for
  const say = (link, words) => {
    const place = link.closest("section").querySelector("[data-shared]");
    if (place) { place.textContent = words; }
  };
  const share = (link, file) => navigator.share({ files: [file], title: file.name }).catch((fault) => {
    if (fault.name === "AbortError") { return; } // closed by the person
    if (fault.name === "NotAllowedError") { say(link, "Lembar sudah siap. Ketuk Bagikan sekali lagi."); return; }
    say(link, "Ponsel ini tidak dapat membagikannya. Lembar diunduh saja.");
    location.assign(link.href);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-share]");
    if (!link || event.defaultPrevented || !can()) { return; }
    event.preventDefault();
    event.stopPropagation();
    if (fetched.has(link.href)) { share(link, fetched.get(link.href)); return; }
    say(link, "Lembar disiapkan…");
    window.fetch(link.href, { cache: "no-store" })
      .then((answer) => { if (!answer.ok) { throw new Error(String(answer.status)); } return answer.blob(); })
      .then((pdf) => {
        const file = new File([pdf], link.getAttribute("download"), { type: TYPE });
        fetched.set(link.href, file);
        say(link, "Lembar sudah siap.");
        return share(link, file);
      })
      .catch(() => say(link, "Lembar belum dapat disiapkan. Periksa sambungan, lalu ketuk sekali lagi."));
  });
})();
