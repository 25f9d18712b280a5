"""A browser shows a date in its own language's order: each date input has a hint how the office reads it."""

import re
from collections.abc import Callable, Iterator

import lxml.html
import pytest

from admin.door.flaskadmin import views_of
from admin.lists.base import PanelView
from sop.words import format_typed_date
from tests.admin.doors import Visitor
from tests.office import Office

At = Callable[[str], Visitor]
DATED = "//input[@type='date' or @type='datetime-local']"
HINT = "belum diisi"


def pages(visitor: Visitor) -> Iterator[str]:
    """Lists, and forms for something new."""
    for view in views_of(visitor.client.application):
        for door in ("", "new/") if isinstance(view, PanelView) else ("",):
            answer = visitor.get(f"{(view.url or '').rstrip('/')}/{door}")
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield answer.text


@pytest.mark.parametrize("username", ["petugas", "kadis", "pengawas", "admin"])
def test_every_date_input_has_a_hint_how_it_reads(office: Office, at: At, username: str) -> None:
    """Where the script looks for it, so that it follows what is typed; a list of two pages asks for a day as well."""
    office.receive(21)
    found = 0
    for page in pages(at(username)):
        tree = lxml.html.fromstring(page)
        for blank in tree.xpath(DATED):
            found += 1
            hints = [tree.get_element_by_id(one).text_content() for one in blank.get("aria-describedby", "").split()]
            day = format_typed_date(blank.get("value") or "")
            assert (day or HINT) in hints[-1], (blank.get("name"), hints)
            assert f"{blank.get('id')}-tanggal" in blank.get("aria-describedby"), blank.get("name")
    assert found


def test_a_step_that_asks_when_says_how_it_reads(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "deliver")
    page = lxml.html.fromstring(at("petugas").get(f"/pengaduan/langkah/attempt/?id={case}").text)
    [blank] = page.xpath(DATED)
    read = page.get_element_by_id(f"{blank.get('id')}-tanggal").text
    assert HINT in read or re.match(r"\d+ \w+ \d{4} pukul", read)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-12-31", "31 Desember 2026"),
        ("2026-12-01T14:30", "1 Desember 2026 pukul 14.30"),
        ("2026-12-31T14:30:15", "31 Desember 2026 pukul 14.30"),
        ("31-12-2026", ""),
        ("2026-13-31", ""),
        ("", ""),
    ],
)
def test_the_value_of_a_date_input_is_read_with_the_month_as_a_word(typed: str, read: str) -> None:
    assert format_typed_date(typed) == read
