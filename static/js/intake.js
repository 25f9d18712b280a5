/* The intake, more comfortably: what the category decides, what a NIK tells, what is still wanted, and a draft that
   lives as long as the tab. All of it is a convenience: the form works without. */
(() => {
  "use strict";
  const KEY = "pengaduan-baru", KEPT = 12 * 60 * 60 * 1000, NOT_KEPT = ["csrf_token", "do"];
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const store = (() => { try { return window.sessionStorage; } catch (shut) { return null; } })();
  const forget = () => { if (store) { store.removeItem(KEY); } };
  if (document.querySelector("[data-intake-done]")) { forget(); }
  const form = document.querySelector("form[data-intake]");
  if (!form) { return; }
  const field = (name) => form.elements[name];
  const filled = (name) => Boolean(field(name) && (field(name).type === "checkbox" ? field(name).checked : field(name).value.trim()));
  const picked = (name) => field(name).options[field(name).selectedIndex];
  const label = (name) => form.querySelector(`label[for="${name}"]`).firstChild;

  // What is still wanted; of an anonymous pengadu nothing is.
  const want = () => all("[data-wants]").forEach((line) => {
    const lacks = !filled(line.dataset.wants) && !(filled("anonymous") && line.dataset.wants.startsWith("pengadu-"));
    line.className = lacks ? "lacks" : "there";
    line.querySelector("[data-word]").textContent = lacks ? "belum ada:" : "sudah ada:";
  });

  // What the category decides stands in each select's blank choice and in the summary.
  const decide = () => {
    const category = picked("category");
    all("[data-decided]").forEach((place) => {
      const name = place.dataset.decided, input = field(name), usual = usually(name, category.dataset);
      if (input.options) {
        const own = [...input.options].find((one) => one.value && one.value === usual);
        input.options[0].textContent = category.value ? `${own ? own.text : "Tidak ada"} – menurut kategori` : "– mengikuti kategori –";
        place.textContent = input.value ? picked(name).text : category.value ? (own ? own.text : "–") : place.dataset.first;
      } else {
        const known = category.value || named.title;
        input.placeholder = known ? usual : "";
        place.textContent = input.value.trim() || (known ? usual : place.dataset.first);
      }
    });
    const secrecy = field("secrecy").value || category.dataset.secrecy;
    form.querySelector("[data-secret]").hidden = secrecy !== "rahasia";
  };
  const usually = (name, category) => {
    if (name !== "title") { return category[name.replace(/_(.)/g, (_, letter) => letter.toUpperCase())]; }
    const place = field("kelurahan").value ? picked("kelurahan").text.split(",")[0] : "";
    return named.title || (category.title || "").replace(place ? "{kelurahan}" : " ({kelurahan})", place);
  };

  // Unless one is typed, the title is what the story says first of its matter: the panel reads it, not the script.
  const FOLLOWED = ["story", "category", "kelurahan", "secrecy"], named = { by: "", title: "" };
  const name = () => {
    const by = FOLLOWED.map((one) => field(one).value), asks = new FormData();
    if (by.join("\n") === named.by) { return; }
    Object.assign(named, { by: by.join("\n"), title: "" });
    decide();
    if (!by[0].trim()) { return; }
    FOLLOWED.forEach((one, n) => asks.append(one, by[n]));
    ["csrf_token", "do"].forEach((one) => asks.append(one, one === "do" ? "title" : field(one).value));
    window.fetch(field("title").dataset.titles, { method: "POST", body: asks }).then((answer) => (answer.ok ? answer.text() : "")).then((title) => {
      if (by.join("\n") === named.by) { named.title = title; decide(); }
    }).catch(() => {});
  };

  // Whom to call when someone is in danger.
  const call = form.querySelector(".call"), unit = call.querySelector("[data-unit]");
  const alarm = () => {
    const { call: name, dial } = picked("category").dataset;
    call.hidden = !filled("emergency");
    unit.hidden = !name;
    unit.textContent = name || "";
    if (dial) { unit.href = `tel:${dial}`; } else { unit.removeAttribute("href"); }
  };

  // A medium has its own name for its reference; somebody anonymous has no name.
  const rename = () => { label("medium_ref").textContent = picked("medium").dataset.reference || "Rujukan media"; };
  const hush = () => {
    field("pengadu-name").disabled = filled("anonymous");
    form.querySelector('label[for="pengadu-name"] .must').hidden = filled("anonymous");
  };

  // What a NIK tells fills blanks only, and what it filled itself.
  const own = {};
  const born = (nik) => {
    const [, day, month, year] = /^\d{6}(\d\d)(\d\d)(\d\d)\d{4}$/.exec(nik).map(Number);
    const real = day > 40 ? day - 40 : day, now = new Date();
    const on = (century) => new Date(Date.UTC(century + year, month - 1, real));
    const date = year <= now.getFullYear() % 100 && on(2000) <= now ? on(2000) : on(1900);
    const fits = real > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === real;
    return fits ? { sex: day > 40 ? "P" : "L", birth: date.toLocaleDateString("id-ID", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }) } : null;
  };
  const put = (name, value) => {
    const input = field(name);
    if (input && (!input.value || input.value === own[name])) { input.value = own[name] = value; }
  };
  const tell = (input) => {
    const words = form.querySelector(`[data-nik="${input.id}"]`), nik = input.value.replace(/[ .]/g, "");
    if (!words) { return; }
    const told = /^\d{16}$/.test(nik) ? born(nik) : null, kind = input.name.replace(/-nik$/, "");
    if (told) {
      put(`${kind}-birth`, told.birth);
      put(`${kind}-sex`, told.sex);
      words.textContent = `Menurut NIK: ${told.sex === "P" ? "perempuan" : "laki-laki"}, lahir ${told.birth}. Cocokkan dengan KTP.`;
    } else {
      words.textContent = /^\d{16}$/.test(nik) ? "Tanggal lahir pada NIK ini tidak dikenal. Cocokkan dengan KTP."
        : `${nik.length} angka, NIK seharusnya 16. Tetap disimpan dengan catatan.`;
    }
    words.hidden = !nik || (!told && document.activeElement === input);
  };
  const same = form.querySelector("[data-same]");
  const offer = () => { same.hidden = !filled(same.dataset.same) || field(same.dataset.same).value === field("kelurahan").value; };
  same.addEventListener("click", () => {
    field("kelurahan").value = field(same.dataset.same).value;
    field("kelurahan").focus();
    look();
  });

  const look = () => { want(); decide(); alarm(); rename(); hush(); offer(); };

  // The draft: in this tab alone, for its owner, twelve hours at most.
  const note = form.querySelector("[data-draft]");
  const kept = () => all("input, select, textarea", form).filter((one) => one.name && one.type !== "file" && !NOT_KEPT.includes(one.name));
  const clock = (at) => new Date(at).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" });
  const keep = () => {
    if (!store || form.dataset.sent || form.dataset.intake === "correct") { return; } // a correction is of what is kept
    const typed = kept().map((one) => [one.name, one.type === "checkbox" ? one.checked : one.value]);
    store.setItem(KEY, JSON.stringify({ owner: form.dataset.owner, at: Date.now(), here: form.dataset.at, typed }));
    note.textContent = `Konsep tersimpan di tab ini pukul ${clock(Date.now())}.`;
    note.hidden = false;
  };
  const restore = () => {
    const draft = store && JSON.parse(store.getItem(KEY) || "null");
    if (!draft) { return; }
    const gone = draft.handed && performance.getEntriesByType("navigation")[0].type !== "back_forward";
    if (draft.owner !== form.dataset.owner || Date.now() - draft.at > KEPT || gone) { forget(); return; }
    draft.typed.forEach(([name, value]) => {
      const input = field(name);
      if (input) { input[input.type === "checkbox" ? "checked" : "value"] = value; }
    });
    all("details", form).forEach((one) => { one.open = one.open || all("[name]", one).some((input) => input.type !== "file" && filled(input.name)); });
    form.dataset.at = draft.here || "";
    const banner = document.querySelector("[data-restored]");
    banner.querySelector("span").textContent = `Isian pukul ${clock(draft.at)} yang belum disimpan ada di bawah; berkas bukti perlu dipilih lagi.`;
    banner.querySelector("button").addEventListener("click", () => { forget(); form.reset(); banner.hidden = true; note.hidden = true; look(); field("medium").focus(); });
    banner.hidden = false;
  };

  let waiting = 0;
  form.addEventListener("input", () => { look(); clearTimeout(waiting); waiting = setTimeout(keep, 400); });
  form.addEventListener("change", () => { look(); name(); });
  form.addEventListener("submit", (event) => { // what goes to an earlier case is no draft of the next, except for who turns back
    const draft = store && JSON.parse(store.getItem(KEY) || "null");
    if (!draft || !event.submitter || !event.submitter.value.startsWith("add:")) { return; }
    clearTimeout(waiting);
    waiting = 0;
    store.setItem(KEY, JSON.stringify({ ...draft, handed: true }));
  });
  all('[name$="-nik"]', form).forEach((one) => ["input", "change", "blur"].forEach((kind) => one.addEventListener(kind, () => tell(one))));
  all("[data-decided]").forEach((place) => { place.dataset.first = place.textContent; });
  window.addEventListener("pagehide", () => { if (waiting) { keep(); } });
  if (form.dataset.intake === "new") { restore(); }
  look();
  name();
})();
