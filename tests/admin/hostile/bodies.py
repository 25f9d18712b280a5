"""Hostile bodies: what no browser sends, fields that a form does not offer, rows by the thousand, old versions."""

import json

from tests.admin.hostile.asked import BOUNDARY, MULTIPART, NO_ID, Ask, closed, part, post, sent

INTAKE, STEP, EDIT, ROWS = (
    "/pengaduan/new/",
    "/pengaduan/langkah/raise/",
    "/pengguna/edit/?id=$self",
    "/dokumen/action/",
)
URLENCODED = "application/x-www-form-urlencoded"
JSON = "application/json"
STORY = part("story", b"x")
FILE = '; filename="{}"'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40

BODIES = [
    sent("no boundary", INTAKE, closed(STORY), "multipart/form-data"),
    sent("an empty boundary", INTAKE, closed(STORY), "multipart/form-data; boundary="),
    sent("a long boundary", INTAKE, closed(STORY), "multipart/form-data; boundary=" + "b" * 5_000),
    sent("another boundary", INTAKE, closed(STORY), "multipart/form-data; boundary=other"),
    sent("cut in a head", INTAKE, STORY + b"--" + BOUNDARY.encode() + b"\r\nContent-Disp", MULTIPART),
    sent("cut in a part", INTAKE, STORY[:-2], MULTIPART),
    sent("cut after the boundary", INTAKE, STORY + b"--" + BOUNDARY.encode(), MULTIPART),
    sent("never begun", INTAKE, b"", MULTIPART),
    sent("only the end", INTAKE, closed(), MULTIPART),
    sent("2,001 parts", INTAKE, closed(*[part("story")] * 2_001), MULTIPART),
    sent("a part without a name", INTAKE, closed(STORY.replace(b'; name="story"', b"")), MULTIPART),
    sent(
        "a file without a name",
        INTAKE,
        closed(part("x", more=FILE.format("a.png")).replace(b'; name="x"', b"")),
        MULTIPART,
    ),
    sent("a part without a head", INTAKE, b"--" + BOUNDARY.encode() + b"\r\n\r\nx\r\n" + closed(), MULTIPART),
    sent("a head of 70 kB", INTAKE, closed(part("story", more="; x=" + "y" * 70_000)), MULTIPART),
    sent("500 heads", INTAKE, closed(part("story", kind="a/b\r\nX-H: 1" * 500)), MULTIPART),
    sent("a part in a part", INTAKE, closed(part("story", kind="multipart/mixed; boundary=c")), MULTIPART),
    sent("an unknown charset", INTAKE, closed(part("story", b"+ADw-b", kind="text/plain; charset=utf-7")), MULTIPART),
    sent("a charset that is none", INTAKE, closed(part("story", kind="text/plain; charset=\x00x")), MULTIPART),
    sent("base64", INTAKE, closed(part("story", b"=", kind="a/b\r\nContent-Transfer-Encoding: base64")), MULTIPART),
    sent("a length that lies", INTAKE, closed(part("story", kind="a/b\r\nContent-Length: -5")), MULTIPART),
    sent("a text field as a file", INTAKE, closed(part("story", PNG, more=FILE.format("a.png"))), MULTIPART),
    sent("the token as a file", INTAKE, closed(part("csrf_token", PNG, more=FILE.format("a"))), MULTIPART),
    sent("a file as text", INTAKE, closed(part("evidence_files", PNG)), MULTIPART),
    *(
        sent(
            f"a file called {ascii(name)[:20]}",
            INTAKE,
            closed(part("evidence_files", PNG, more=FILE.format(name), kind=kind)),
            MULTIPART,
        )
        for name, kind in (
            ("../../app.py", "image/png"),
            ("..\\..\\x.png", "text/html"),
            ("/etc/passwd", ""),
            ("C:\\x.png", "\xff"),
            ("a.png%00.html", "image/svg+xml"),
            ("\u202egnp.exe", "application/pdf"),
            ("a" * 5_000 + ".png", "x"),
            ("x.png\\r\\nX-Owned: 1", "image/png"),
            ("%0d%0a", "image/png"),
            (".", "image/png"),
            (".htaccess", "x/y"),
            ("CON.png", "image/png"),
            ("a;b=c.png", "image/png"),
            ("a.pdf", "application/pdf"),
            ("\udcff.png", "a"),
        )
    ),
    *(
        sent(f"{name} to {path}", path, body, kind)
        for path in (INTAKE, STEP)
        for name, body, kind in (
            ("JSON", b'{"cases": "0:0", "do": "perform", "story": {"$ne": ""}}', JSON),
            ("JSON that is none", b'{"a": NaN, "\xff": ', JSON),
            ("deep JSON", b"[" * 100_000, JSON),
            ("a huge number", b'{"id": ' + b"9" * 50_000 + b"}", JSON),
            ("XML", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "application/xml"),
            ("nothing known", b"\x00\xff" * 500, "application/octet-stream"),
            ("no kind", b"cases=0:0", None),
            ("a kind that lies", b'{"cases": 1}', URLENCODED),
            ("a list", b"cases=" + b"1:1," * 40_000, URLENCODED),
            ("packed", b"\x1f\x8b\x08\x00" + b"\0" * 50, f"{URLENCODED}; charset=utf-16"),
            ("no UTF-8", b"cases=%ff%fe&story=\xff&do=%ed%a0%80", URLENCODED),
            ("2,100 fields", b"a=1&" * 2_100, URLENCODED),
            ("deep names", b"story" + b"[a]" * 5_000 + b"=1", URLENCODED),
            ("ampersands", b"&" * 60_000, URLENCODED),
            ("NULs", b"cases=\x00&do=%00&medium=%00&story=%00&pengadu-name=%00", URLENCODED),
            ("3 MB", b"story=" + b"x" * 3_000_000, URLENCODED),
        )
    ),
]

CASES = (
    "",
    "1",
    "1:",
    ":1",
    f"{NO_ID}:1,",
    "0:1",
    "-1:1",
    "1:-1",
    "1:1e3",
    "1:99999999999",
    f"1{'0' * 22}:1",
    "\u0661:1",
    f"{NO_ID}:1;2:2",
    f"{NO_ID}:1\0",
    f"{NO_ID}:1\n",
    f"{NO_ID}:1,{NO_ID}:2",
    f" {NO_ID}:1",
    "x" * 60_000,
    ",".join(f"{n}:1" for n in range(1, 2_000)),
    f"[{NO_ID}:1]",
)
ROWIDS = (
    ["x"],
    ["0"],
    ["-1"],
    ["1" + "0" * 22],
    ["1", "1\0"],
    ["\u0661"],
    [""],
    ["1;DROP TABLE event"],
    ["1", "1", "1"],
    ["4000000000"],
    ["1,2"],
    ["{{1337*1337}}"],
)
ROWS_SENT = [post("odd cases", STEP, {"cases": cases, "do": "perform"}) for cases in CASES]
ROWS_SENT += [post("cases twice", STEP, {"cases": [f"{NO_ID}:1", "$mine:0"], "do": ["draft", "perform"]})]
ROWS_SENT += [post("odd rows", ROWS, {"action": "merge", "rowid": rows}) for rows in ROWIDS]
ROWS_SENT += [post("odd rows", "/pengaduan/action/", {"action": "raise", "rowid": rows}) for rows in ROWIDS[::2]]
ROWS_SENT += [
    sent("40,000 rows", path, b"action=merge" + b"".join(b"&rowid=%d" % n for n in range(1, 40_001)), URLENCODED)
    for path in (ROWS, "/pengaduan/action/", "/disposisi/action/")
]
ROWS_SENT += [
    post("an unknown act", "/pengaduan/action/", {"action": action, "rowid": "$mine"})
    for action in ("delete", "__init__", "", "merge\0", "receive", ["merge", "delete"], "x" * 60_000, "<b data-owned>")
]
ROWS_SENT += [
    post("an odd deed", "/pengaduan/langkah/handle/", {"cases": "$at_handle:0", "do": deed})
    for deed in ("", "DRAFT", "x" * 60_000, "\0")
]

# The page's own form with fields that it does not offer: nothing else than what stands on the page may change.
USER = {"password_hash": "x", "username": "lain", "created_at": "2001-01-01T00:00", "id": "1", "version_": "9"}
CASE = {
    "id": "1",
    "state": "closed",
    "number": "400.9/1",
    "made_by": "1",
    "registrar": "1",
    "round": "7",
    "leg": "7",
    "secrecy": "biasa",
    "unit_": "1",
    "public_id": "x",
    "complaint": "$foreign",
    "draft": "y",
    "recalled": "y",
}
UNOFFERED = [
    post("more of a user", "/pengguna/edit/?id=$self", USER, page="/pengguna/edit/?id=$self"),
    post("more of another", "/pengguna/edit/?id=1", {**USER, "id": "2"}, page="/pengguna/edit/?id=1"),
    post("another key", "/unit/edit/?id=1", {"id": "2", "code": "LAIN"}, page="/unit/edit/?id=1"),
    post("another code", "/kategori/edit/?id=1", {"code": "lain", "id": "2"}, page="/kategori/edit/?id=1"),
    post("another code", "/media/edit/?id=1", {"code": "lain", "id": "2"}, page="/media/edit/?id=1"),
    post("the own role", EDIT, {"role": "petugas", "secret_registrar": "y"}, page=EDIT),
    post("oneself switched off", EDIT, {"active": ""}, page=EDIT),
    post("a role that is none", EDIT, {"role": "root", "division": "99999"}, page=EDIT),
    post("an old kelurahan", "/kelurahan/edit/?id=1", {"name": "x"}),
    post("a setting that is none", "/pengaturan/new/?key=__class__", {"value": "x", "valid_from": "2026-01-01"}),
    post("a secrecy by a unit", "/pengaduan/edit/?id=$mine", {"secrecy": "biasa"}),
    post("a complaint as a master", "/pengaduan/edit/?id=$mine", CASE),
    post("a paper", "/dokumen/edit/?id=1", {"content": "x", "sha256": "x"}),
    post("a history", "/riwayat/edit/?id=1", {"who": "x"}),
    post("a history", "/riwayat/new/", {"who": "x", "act": "approve"}),
    *(
        post(
            f"more of {step}",
            f"/pengaduan/langkah/{step}/",
            {**CASE, "cases": f"$at_{state}:0", "do": "perform"},
            page=f"/pengaduan/langkah/{step}/?id=$at_{state}",
        )
        for step, state in (
            ("raise", "raise"),
            ("dispose", "dispose"),
            ("handle", "handle"),
            ("submit", "submit"),
            ("approve", "approve"),
            ("deliver", "deliver"),
            ("supplement", "handle"),
        )
    ),
]

# What was right once and would be done but for its version: the page of an earlier one, sent now.
STALE = [
    post(
        "an old page",
        f"/pengaduan/langkah/{step}/",
        {"cases": f"$at_{state}:$old_{state}", "do": deed, "deputy_reason": "back"},
        page=f"/pengaduan/langkah/{step}/?id=$at_{state}",
    )
    for step, state, deed in (
        ("dispose", "dispose", "perform"),
        ("return_file", "dispose", "perform"),
        ("handle", "handle", "perform"),
        ("handle", "handle", "draft"),
        ("submit", "submit", "perform"),
        ("approve", "approve", "perform"),
        ("send_back", "approve", "perform"),
        ("deliver", "deliver", "perform"),
        ("hold", "handle", "perform"),
        ("supplement", "handle", "perform"),
        ("assign", "handle", "perform"),
        ("reopen", "closed", "perform"),
    )
]
STALE += [
    post("an old form", f"/{noun}/edit/?id=1", {"version": version, "name": "Diubah"}, page=f"/{noun}/edit/?id=1")
    for noun in ("unit", "pengguna")
    for version in ("0", "", "-1", "1e0", "\u0661", "1\0", "9" * 30, ["0", "1"])
]
JSON_NAMES = json.dumps({"name": "Diubah", "version": 1}).encode()
STALE += [Ask("an old form", "/unit/edit/?id=1", "POST", body=JSON_NAMES, kind=JSON)]

# An answer of no device, to a question that was not asked.
ANSWERED = {"clientDataJSON": "eyJjaGFsbGVuZ2UiOiAiWVEifQ", "attestationObject": "YQ", "authenticatorData": "YQ"}
PASSKEYS = [
    post("a question", "/masuk/kunci"),
    post("a question to whom a link is for", "/kata-sandi/kunci"),
    post("a passkey at the door", "/masuk/kode", {"kode": "", "kunci_sandi": "{}"}),
    *(
        post("a passkey of no device", "/akun/faktor/", {"do": "keep", "nama": "\0\u202e", "jawaban": answer})
        for answer in ("", "\0", "[" * 9000, '{"response":[]}', json.dumps({"rawId": "\udcff", "response": ANSWERED}))
    ),
    *(
        post("a passkey that is none", "/akun/faktor/", {"do": "drop", "id": number})
        for number in ("1", "-1", "9" * 30)
    ),
]
