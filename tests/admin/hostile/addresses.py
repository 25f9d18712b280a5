"""Hostile addresses: ids, pages, sorts, searches, filters, paths, and where to go next."""

from itertools import product
from urllib.parse import quote

from tests.admin.hostile.asked import EVIL, LONG, MARKUP, NUMBERS, ODD, Ask, post

# What belongs to a case that is not his: the number of the case, of its records, papers and files.
FOREIGN = [
    Ask("another's", path)
    for path in (
        "/pengaduan/details/?id=$foreign",
        "/pengaduan/edit/?id=$foreign",
        "/disposisi/details/?id=$foreign_disposition",
        "/asesmen/details/?id=$foreign_assessment",
        "/nota-dinas/details/?id=$foreign_nota_dinas",
        "/berita-acara/details/?id=$foreign_berita_acara",
        "/dokumen/$foreign_paper.pdf",
        "/lampiran/$foreign_file",
        "/berkas/$foreign.pdf",
        "/dokumen/konsep/$foreign/nota_dinas.pdf",
        "/dokumen/konsep/$foreign/berkas_asesmen.pdf",
        "/pengaduan/langkah/raise/?id=$foreign",
        "/pengaduan/langkah/correct/?id=$foreign",
        "/pengaduan/langkah/hold/?id=$foreign&id=$mine",
        "/pengaduan/langkah/supplement/?id=$foreign",
        "/pengaduan/?search=$foreign_mark",
        "/pengaduan/?flt0_0=$foreign_state&page_size=200",
        "/pengaduan/export/csv/?search=$foreign_mark",
        "/riwayat/?search=$foreign_number",
        "/dokumen/?search=$foreign_number",
        "/pengaduan/details/?id=$mine&id=$foreign",
        "/pengaduan/details/?id=$foreign&url=/pengaduan/",
        "/pengguna/details/?id=1",
        "/plt/surat/?id=1",
    )
]
FOREIGN += [
    post("another's", "/pengaduan/action/", {"action": name, "rowid": ["$foreign", "$mine"]})
    for name in ("merge", "zip", "raise")
]
FOREIGN += [
    post("another's", f"/pengaduan/langkah/{step}/", {"cases": "$foreign:1", "do": "perform"})
    for step in ("raise", "approve", "correct", "hold", "void")
]

BY_ID = (
    "/pengaduan/details/?id={}",
    "/pengguna/edit/?id={}",
    "/disposisi/details/?id={}",
    "/plt/surat/?id={}",
    "/pengaduan/langkah/raise/?id={}",
    "/lampiran/{}",
    "/dokumen/{}.pdf",
    "/dokumen/konsep/{}/form_pengaduan.pdf",
)
EACH = [*NUMBERS.items(), *ODD.items()]
IDS = [Ask(name, BY_ID[place % len(BY_ID)].format(value)) for place, (name, value) in enumerate([*EACH, *EACH[:20]])]
IDS += [
    Ask("twice", "/pengaduan/details/?id=1&id=2"),
    Ask("as a list", "/pengaduan/details/?id[]=1"),
    Ask("as a path", "/pengaduan/details/?id=1/../2"),
    Ask("without", "/pengaduan/details/"),
    Ask("without", "/pengaduan/langkah/approve/"),
    Ask("many", "/pengaduan/langkah/raise/?" + "&".join(f"id={n}" for n in range(1, 1_500))),
    Ask("the same many times", "/pengaduan/langkah/raise/?" + "&".join(["id=1"] * 600)),
    Ask("an unknown step", "/pengaduan/langkah/__class__/?id=1"),
    Ask("the first step", "/pengaduan/langkah/receive/?id=1"),
    Ask("an unknown paper", "/dokumen/konsep/1/__init__.pdf"),
]

LISTS = ("pengaduan", "disposisi", "nota-dinas", "dokumen", "riwayat", "pengguna", "jam-kerja", "kategori")
PAGING = [
    Ask(f"{arg} {name}", f"/{LISTS[place % len(LISTS)]}/?{arg}={value}")
    for place, (arg, (name, value)) in enumerate(
        [*product(("page",), NUMBERS.items()), *product(("sort", "page_size"), list(NUMBERS.items())[:8])]
    )
]
PAGING += [
    Ask("sorted by what is not there", "/pengaduan/?sort=password_hash&desc=abc"),
    Ask("everything wrong at once", "/dokumen/?page=x&sort=-1&desc=%00&page_size=1e9&search=%ff&flt0_0=%00"),
    Ask("an export of page so and so", "/pengaduan/export/csv/?page=1" + "0" * 22 + "&sort=99&desc=9"),
    Ask("another kind of export", "/pengaduan/export/ods/"),
    Ask("another kind of export", "/pengaduan/export/..%2f..%2fetc/"),
    Ask("an export that does not exist", "/pengguna/export/csv/"),
]

SEARCHES = [
    Ask(name, f"/{LISTS[place % len(LISTS)]}/?search={value}")
    for place, (name, value) in enumerate([*ODD.items(), *LONG.items(), *list(ODD.items())[14:]])
]
SEARCHES += [Ask(name, f"/pengaduan/export/csv/?search={value}") for name, value in list(ODD.items())[::3]]
SEARCHES += [Ask("as many words as there is room for", "/pengaduan/?search=" + "+".join(["%25_%5C"] * 700))]
SEARCHES += [Ask("markup", f"{path}?search={ODD['markup']}") for path in ("/asesmen/", "/pengaduan/")]
SEARCHES += [post("markup as a name", "/masuk", {"username": MARKUP, "password": MARKUP, "next": f"/{MARKUP}"})]

WRONG = {
    **{name: ODD[name] for name in ("NUL", "no UTF-8", "markup", "SQL", "wildcards", "path")},
    "huge": "9" * 30,
    "early": "0000-00-00",
    "late": "9999-12-31",
    "later": "99999-01-01",
    "thirtieth": "2026-02-30",
    "a moment": "2026-10-05T09:00:00%2B07:00",
    "long": "x" * 300,
}
FILTERS = [
    Ask(f"every filter {name}", f"/{LISTS[place % len(LISTS)]}/?" + "&".join(f"flt{n}_{n}={value}" for n in range(9)))
    for place, (name, value) in enumerate(list(WRONG.items()) * 2)
]
FILTERS += [
    Ask("of no such number", "/pengaduan/?flt0_99=x&flt99_0=x&flt_=x&flt0_-1=x&flt0_1e3=x"),
    Ask("a hundred times", "/pengaduan/?" + "&".join(f"flt{n}_0=raise" for n in range(100))),
    Ask("of a name", "/pengaduan/?flt0_password_hash=x&state=raise&secrecy=biasa"),
    Ask("unit of another", "/pengguna/?flt1_1=1%20OR%201=1"),
]

PATHS = [
    Ask("a path that leaves", path)
    for path in (
        "/static/../app.py",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static//etc/passwd",
        "/static/..%5c..%5capp.py",
        "/static/%00",
        "/static/css/panel.css%00.png",
        "/static/",
        "/admin/static/../../x",
        "/dokumen/..%2f..%2fetc%2fpasswd.pdf",
        "/dokumen/%2e%2e.pdf",
        "/dokumen/a/b.pdf",
        "/lampiran/..%2f1",
        "/lampiran/1/",
        "/lampiran/01",
        "/lampiran/1%00",
        "/.env",
        "/.git/config",
        "/var/secret.key",
        "//",
        "///x",
        "/pengaduan//details/?id=1",
        "/PENGADUAN/",
        "/pengaduan/%2e%2e/pengguna/",
        "/%ff",
        "/%00",
        "/" + "a" * 5_000,
        "/" + "/".join(["a"] * 900),
        "/%25%30%30",
        "/pengaduan;id=1/",
        "/*",
        "/pengaduan/details/%0d%0aX-Owned:1",
        f"//{EVIL}/pengaduan",
        f"/%5c%5c{EVIL}",
        "/masuk/",
        "/health/live/..",
        "/console",
        "/__debug__/",
        "/v/1",
    )
]

TARGETS = (
    f"https://{EVIL}/",
    f"//{EVIL}",
    f"/\\{EVIL}",
    f"\\\\{EVIL}",
    f"/\t/{EVIL}",
    f"/%09/{EVIL}",
    f"/\n/{EVIL}",
    "//[",
    f"///{EVIL}",
    f"https:{EVIL}",
    f"javascript:alert('{EVIL}')",
    f"data:text/html,{EVIL}",
    f"/ /{EVIL}",
    f"/a//{EVIL}",
    f"/\x00/{EVIL}",
    f"http://localhost@{EVIL}",
    f"/\u2215\u2215{EVIL}",
    f"/\r\nLocation: //{EVIL}",
)
REDIRECTS = [Ask("a way out", f"/unit/details/?id=1&url={quote(target)}") for target in TARGETS]
REDIRECTS += [Ask("a way out", f"/masuk?next={quote(target)}") for target in TARGETS[::2]]
REDIRECTS += [
    post("a way out", "/dokumen/action/", {"action": "merge", "url": target, "next": target}) for target in TARGETS[:9]
]
REDIRECTS += [
    post("a way out", "/masuk?next=" + quote(target), {"username": "x", "next": target}) for target in TARGETS[:2]
]
REDIRECTS += [Ask("a way out", "/unit/edit/?id=1&url=" + quote(TARGETS[0]), headers={"Referer": TARGETS[0]})]
REDIRECTS += [Ask("the way back in", f"//{EVIL}/..;/pengaduan/?next=//{EVIL}", headers={"Referer": f"//{EVIL}"})]
