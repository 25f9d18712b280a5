"""Hostile sheets of the Kepala Dinas's desk: ticks, opened blanks, buttons, pages, days; and of the draft that is drawn."""

from tests.admin.hostile.asked import NOBODYS, NUMBERS, Ask, post

DESK, DRAWN = "/meja/{}/", "/pengaduan/langkah/submit/naskah/"
ODD_TICKS = (
    "1",
    "1:",
    "0:1",
    "-1:1",
    "9999999999:999999999",
    "99999999999:1",
    "a:1:1",
    "approve:1:1:1",
    "\u0661:1",
    "1:1\0",
    "{{1337*1337}}",
    "x" * 60_000,
    ",".join(f"{n}:1" for n in range(1, 2_000)),
)
BUTTONS = (
    "",
    "x",
    "only",
    "only:",
    "only:1:0",
    "only:9999999999:1",
    "open:raise:1",
    "open:__class__:1",
    "open::1",
    "all:1",
    "none",
    "close:approve:1",
    "perform:1",
    "\0",
    "x" * 60_000,
)
DAYS = (
    "0001-01-01",
    "0001-01-02",
    "9999-12-31",
    "9999-12-30",
    "10000-01-01",
    "2026-02-30",
    "-1",
    "%00",
    "%ff",
    "20261005",
)

SHEETS = [
    *(post("odd ticks", DESK.format("approve"), {"case": tick, "do": "perform"}) for tick in ODD_TICKS),
    *(post("odd buttons", DESK.format("dispose"), {"shown": f"{NOBODYS}", "do": do}) for do in BUTTONS),
    *(post("odd blanks", DESK.format("approve"), {"open": tick, "do": "open:approve:1"}) for tick in ODD_TICKS[:6]),
    *(Ask("an odd day", f"/meja/approve/daftar/?tanggal={day}") for day in DAYS),
    *(Ask("an odd page", f"/meja/dispose/?hal={page}") for page in list(NUMBERS.values())[:9]),
    *(Ask("an odd desk", f"/meja/{key}/") for key in ("raise", "__class__", "receive", "x" * 60)),
    Ask("a list of another desk", "/meja/dispose/daftar/?tanggal=2026-10-05"),
    Ask("received by another", "/pengaduan/$foreign/"),
    Ask("received by nobody", "/pengaduan/9999999999/"),
    post("another's tick", DESK.format("approve"), {"case": "$foreign:1", "do": "perform"}),
    post("another's blanks", DESK.format("dispose"), {"open": "dispose:$foreign:1", "do": "perform"}),
    post("an old tick", DESK.format("dispose"), {"case": "$at_dispose:$old_dispose", "do": "perform"}),
    post("an old tick", DESK.format("approve"), {"case": "$at_approve:$old_approve", "do": "perform"}),
    post("an old tick", DESK.format("approve"), {"do": "only:$at_approve:$old_approve"}),
    post("without a token", DESK.format("approve"), {"case": "$at_approve:$v_approve", "do": "perform"}, token=False),
    post("another's draft", DRAWN, {"cases": "$foreign:1", "findings": "x"}),
    post("no draft", DRAWN, {"cases": "x"}),
    post("an odd draft", "/pengaduan/langkah/__class__/naskah/", {"cases": "$mine:1"}),
    post("a long draft", DRAWN, {"cases": "$at_submit:0", "findings": "x" * 200_000}),
]
