/* The intake, more comfortably: what the category decides, what a NIK tells, what is still wanted. All of it is a
   convenience: the form works without. */
(() => {
  "use strict";
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = document.querySelector("form[data-intake]");
  if (!form) { return; }
  const field = (name) => form.elements[name];
  const filled = (name) => Boolean(field(name) && (field(name).type === "checkbox" ? field(name).checked : field(name).value.trim()));
  const picked = (name) => field(name).options[field(name).selectedIndex];
  const label = (name) => form.querySelector(`label[for="${name}"]`).firstChild;

  // What is still wanted; of an anonymous pengadu nothing is.
  const want = () => all("[data-wants]").forEach((line) => {
    const sorting = line.dataset.wants === "category"; // required, so it may only come later as what was chosen
    const lacks = sorting ? Boolean(picked("category").dataset.unsorted) : !filled(line.dataset.wants) && !(filled("anonymous") && line.dataset.wants.startsWith("pengadu-"));
    line.hidden = sorting && !lacks;
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

  // Ctrl+Enter saves from wherever one types.
  form.addEventListener("keydown", (event) => {
    const saves = event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.querySelector("[data-saves]");
    if (saves) { event.preventDefault(); saves.click(); }
  });

  // A medium has its own name for its reference; somebody anonymous has no name.
  const example = document.getElementById("medium_ref-bantuan");
  const rename = () => {
    const { reference } = picked("medium").dataset;
    label("medium_ref").textContent = reference || "Rujukan media";
    if (example) { example.hidden = Boolean(reference) && !/\bsurat\b/i.test(reference); }
  };
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
    const fromNik = /^\d{16}$/.test(nik) ? born(nik) : null, kind = input.name.replace(/-nik$/, "");
    if (fromNik) {
      put(`${kind}-birth`, fromNik.birth);
      put(`${kind}-sex`, fromNik.sex);
      words.textContent = `Menurut NIK: ${fromNik.sex === "P" ? "perempuan" : "laki-laki"}, lahir ${fromNik.birth}. Cocokkan dengan KTP.`;
    } else {
      words.textContent = /^\d{16}$/.test(nik) ? "Tanggal lahir pada NIK ini tidak dikenal. Cocokkan dengan KTP."
        : `${nik.length} angka, NIK seharusnya 16. Tetap disimpan dengan catatan.`;
    }
    words.hidden = !nik || (!fromNik && document.activeElement === input);
  };
  const same = form.querySelector("[data-same]");
  const offer = () => { same.hidden = !filled(same.dataset.same) || field(same.dataset.same).value === field("kelurahan").value; };
  same.addEventListener("click", () => {
    field("kelurahan").value = field(same.dataset.same).value;
    field("kelurahan").focus();
    field("kelurahan").dispatchEvent(new Event("input", { bubbles: true }));
  });

  const look = () => { want(); decide(); alarm(); rename(); hush(); offer(); };
  form.addEventListener("input", look);
  form.addEventListener("change", () => { look(); name(); });
  all('[name$="-nik"]', form).forEach((one) => ["input", "change", "blur"].forEach((kind) => one.addEventListener(kind, () => tell(one))));
  all("[data-decided]").forEach((place) => { place.dataset.first = place.textContent; });
  look();
  name();
})();
