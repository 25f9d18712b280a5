"""Odd numbers and days typed into whatever takes a number, a day or an hour: forms, filters, boxes to jump by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from admin.door.flaskadmin import views_of
from admin.lists.paging import TO_DAY, TO_NUMBER
from models.office.settings import OPTIONS
from tests.admin.forms import form_on
from tests.admin.hostile.typed import Filled, Page, opened, send
from tests.admin.matrix.grid import Grid

TAKERS = ("number", "date", "time", "datetime-local")
BY_LETTERS = ("nik", "age", "phone", "number", "nip", "year", "jumlah")  # texts that are read as numbers somewhere
MOST = 2  # seconds of CPU that an answer may cost

HUGE = ("9" * 309, "9" * 4_300, "-" + "9" * 400, "9" * 5_000)  # no float holds these; the last is no int either
ODD = (
    *HUGE,
    "",
    "   ",
    "-1",
    "0",
    str(2**31),
    str(-(2**63)),
    "1e400",
    "-1E+999999999",
    "1e99999999999999999999",
    "NaN",
    "sNaN",
    "-Infinity",
    "inf",
    "1_000",
    "0x1f",
    "1,5",
    "1.5",
    ".",
    "\uff11\uff12",
    "\u0661\u0662\u0663",
    "\u00b2",
    "\x00",
    "1\x00",
    "\udcff\udcfe".encode("utf-8", "surrogateescape").decode("latin-1"),
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
    "99999-01-01",
    "2026-02-29",
    "2024-02-29",
    "2026-13-45",
    "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2026-02-29T12:00",
    "2026-10-05T24:00",
    "2026-10-05T09:00:61",
    "25:61",
    "23:59:60",
    "-1:00",
)
SCRIPTS = [str.maketrans("0123456789", "".join(chr(first + n) for n in range(10))) for first in (0xFF10, 0x660, 0x966)]
digits = st.one_of(st.integers().map(str), st.integers(1, 5_000).map(lambda n: "8" * n), st.floats().map(repr))
days = st.builds("{:04}-{:02}-{:02}".format, st.integers(0, 99_999), st.integers(0, 13), st.integers(0, 32))
moments = st.builds("{}T{:02}:{:02}".format, days, st.integers(0, 25), st.integers(0, 61))
in_any_script = st.builds(str.translate, st.one_of(digits, days, moments), st.sampled_from(SCRIPTS))
raw = st.binary(max_size=20).map(lambda some: some.decode("latin-1"))
figures = st.one_of(st.sampled_from(ODD), digits, days, moments, in_any_script, raw)


@dataclass(frozen=True)
class Taker:
    """One input that takes a number, a day or an hour; an address with a blank in it where there is no form."""

    name: str
    filled: Filled | None = None
    kind: str = ""
    address: str = ""

    def __str__(self) -> str:
        return f"{self.filled.page if self.filled else f'{self.kind} {self.address}'} {self.name}"


def takers(grid: Grid, forms: list[Filled]) -> list[Taker]:
    """Every such input of the panel."""
    every = (*forms, *number_settings(grid))
    return [*(Taker(name, one) for one in every for name in one.form.kinds if _takes(one, name)), *of_lists(grid)]


def _takes(one: Filled, name: str) -> bool:
    kind = one.form.kinds[name]
    return kind in TAKERS or (kind in ("text", "tel") and any(word in name for word in BY_LETTERS))


def number_settings(grid: Grid) -> Iterator[Filled]:
    """Every setting that is a number."""
    for key, option in OPTIONS.items():
        if isinstance(option.default, int) and not isinstance(option.default, bool):
            page = Page(f"/pengaturan/new/?key={key}", "S")
            yield Filled(page, opened(grid, page))


def of_lists(grid: Grid) -> Iterator[Taker]:
    """The filters of every list that take a number or a day, and its boxes to jump by."""
    for view in (view for view in views_of(grid.app) if getattr(view, "column_list", None)):
        kind = "K" if grid.get("K", f"{view.url}/").status_code == 200 else "S"
        named = [f"flt{n}_{n}" for n, one in enumerate(view.offered_filters or ()) if one.control in TAKERS]
        named += [TO_DAY] * bool(view.jump.day) + [TO_NUMBER] * bool(view.jump.number)
        yield from (Taker(name, None, kind, f"{view.url}/?{name}=") for name in named)


def answer_to(grid: Grid, taker: Taker, typed: str) -> Any:
    if taker.filled is None:
        return grid.get(taker.kind, taker.address + quote(typed.encode("utf-8", "replace")))
    return send(grid, taker.filled.page, taker.filled.form, {taker.name: typed})


def lost(taker: Taker, typed: str, answer: Any) -> bool:
    """Whether a form that comes back has lost what was typed. Characters that no page can carry are left out."""
    if taker.filled is None or answer.status_code not in (200, 422):
        return False
    fields = form_on(answer.text, taker.filled.page.css).sent
    return taker.name in fields and _carried(fields[taker.name]) != _carried(typed)


def _carried(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()
