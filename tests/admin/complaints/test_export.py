"""The list as a file: each cell under its head in both formats, in scope to the last row, people only for a reason."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import peewee as pw
import pytest
from peewee import sqlite3
from python_calamine import CalamineWorkbook

from admin.complaints.registerbook import LINK, NO_REASON
from admin.door.flaskadmin import views_of
from admin.lists.base import PanelView
from admin.lists.export import KINDS
from admin.papers.shelf_lists import ShelfList
from models.complaint.accesslog import Reading, asked_for, cases_of
from models.complaint.complaint import NAMELESS, Complaint
from models.office.contacts import masked_words
from models.office.lists import Medium
from models.office.people import today
from models.office.shelves import ShelfPlace
from models.reading.casefile import DO_NOT_CALL, REASONS, identity_heads
from models.workflow import shelf
from sop.flow import current_procedure
from sop.words import in_wib
from tests.admin.doors import Visitor, words
from tests.office import SECRET, Office

At = Callable[[str], Visitor]
IDENTITY = "/pengaduan/identitas/"
SITI = {
    "name": "Siti Mawarni",
    "nik": "9973011203850001",
    "phone": "081234567890",
    "address": "Jalan Mawar 1",
    "safe_contact": "Lewat tetangga",
}


def csv_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))


def xlsx_of(answer: Any) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def value_at(row: Any, path: str) -> Any:
    """What the row holds, found by walking from it to its parents."""
    for name in path.split("."):
        row = getattr(row, name) if row is not None else None
    return row


def in_spreadsheet(view: PanelView, path: str, value: Any) -> Any:
    """As a spreadsheet should read it."""
    choices = view.parents.field(path).choices
    if choices:
        return dict(choices)[value]
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    return "" if value is None else in_wib(value).replace(tzinfo=None) if hasattr(value, "hour") else value


def test_every_cell_of_every_exporting_list_holds_what_its_head_says(at: At, office: Office) -> None:
    office.bring(office.receive(2, title="=HYPERLINK(1)"), "closed")
    [secret] = office.receive(category=SECRET, anonymous=True, persons={"pengadu": {}})
    shelf.file_cases([secret], by=office["petugas"], place=ShelfPlace.create(code="M-1", kind="map"))
    shelf.lend_cases([secret], by=office["petugas"], borrower="Siti", due_on=today())
    kadis = at("kadis")
    views = [v for v in views_of(kadis.client.application) if isinstance(v, PanelView) and v.can_export]
    assert views
    for view in views:
        heads, *rows = xlsx_of(kadis.get(f"{view.url}/export/xlsx/"))
        lines = csv_of(kadis.get(f"{view.url}/export/csv/"))
        assert lines[0] == heads == [column.head for column in view.exports.columns()]
        listed = view.model.select().where(view.condition() if isinstance(view, ShelfList) else pw.SQL("1 = 1"))
        assert len(lines) - 1 == len(rows) == listed.count()
        by_first = {row[0]: row for row in rows}
        for row in listed:
            cells = by_first[value_at(row, view.column_export_list[0])]
            expected = [in_spreadsheet(view, path, value_at(row, path)) for path in view.column_export_list]
            for head, cell, value in zip(heads, cells, expected, strict=True):
                same = abs(cell - value).total_seconds() < 1 if hasattr(value, "hour") else cell == value
                assert same, (head, cell, value)


def test_the_list_offers_both_formats_with_what_is_shown(at: At, office: Office) -> None:
    office.receive(title="Bantuan", until="raise")
    page = at("petugas").get("/pengaduan/?search=bantuan&flt0_0=raise&sort=1").text
    for kind in KINDS:
        assert f"/pengaduan/export/{kind}/?search=bantuan&amp;sort=1&amp;flt0_0=raise" in page
    assert "Ekspor" not in at("petugas").get("/pengaduan/?search=tidakada").text


def test_a_row_that_one_may_no_longer_read_does_not_leave(at: At, office: Office, monkeypatch: Any) -> None:
    """The keys are of the moment at which the export began; the right to read is asked with each portion."""
    monkeypatch.setattr("admin.lists.export.PORTION", 1)
    first, second = office.receive(2, title="Sama")
    answer = at("petugas2").client.get("/pengaduan/export/csv/?sort=0", buffered=False)
    parts = iter(answer.response)
    begun = [next(parts), next(parts)]
    Complaint.update(secrecy="rahasia").where(Complaint.id == second).execute()
    rest = b"".join([part.encode() if isinstance(part, str) else part for part in parts]).decode()
    assert Complaint.get_by_id(first).number in str(begun[1])
    assert Complaint.get_by_id(second).number not in rest


@pytest.mark.only("sqlite")
def test_a_user_who_writes_does_not_wait_for_an_export(at: At, office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr("admin.lists.export.PORTION", 1)
    office.receive(3)
    answer = at("kadis").client.get("/pengaduan/export/csv/", buffered=False)
    portions = 0
    for _ in answer.response:
        portions += 1
        writer = sqlite3.connect(office.path, timeout=0, isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("ROLLBACK")
        writer.close()
    assert portions > 3, "an export that comes at once blocks no other request"


@pytest.mark.parametrize("kind", KINDS)
def test_no_export_holds_an_identity_unless_it_is_asked_for(at: At, office: Office, kind: str) -> None:
    office.receive(persons={"pengadu": SITI})
    answer = at("petugas").get(f"/pengaduan/export/{kind}/")
    cells = [str(cell) for row in (csv_of if kind == "csv" else xlsx_of)(answer) for cell in row]
    assert Complaint.get().number in cells
    assert not [cell for cell in cells for value in SITI.values() if value in cell]


def test_ticket_and_address_are_exported_without_an_account_or_a_number_of_a_person(at: At, office: Office) -> None:
    media = {medium.code: medium.id for medium in Medium.select()}
    refs = {"lapor": "8123001", "instagram": "@siti.mawarni", "surat": f"005/12 ({SITI['nik']})"}
    for code, ref in refs.items():
        office.receive(medium=media[code], medium_ref=ref, event_place=f"Jalan Mawar 1, {SITI['phone']}")
    office.receive(category=SECRET, event_place="Di dekat pasar")
    heads, *rows = csv_of(at("kadis").get("/pengaduan/export/csv/"))
    cells = {(row[heads.index("Rujukan media")], row[heads.index("Tempat kejadian")]) for row in rows}
    masked = f"Jalan Mawar 1, {masked_words(SITI['phone'])}"
    assert SITI["phone"] not in masked
    assert cells == {
        ("8123001", masked),
        ("", masked),
        (f"005/12 ({masked_words(SITI['nik'])})", masked),
        ("", "Di dekat pasar"),
    }


def taken(visitor: Visitor, kind: str = "xlsx", **more: str) -> Any:
    return visitor.post(f"{IDENTITY}?search=mawarni", format=kind, reason="match", **more)


@pytest.mark.parametrize("kind", KINDS)
def test_with_a_reason_it_holds_the_people_and_is_logged_with_it(at: At, office: Office, kind: str) -> None:
    [case] = office.receive(persons={"pengadu": {**SITI, "do_not_call": True}})
    office.receive()
    answer = taken(at("petugas"), kind, told="Surat 12/2026")
    [heads, row] = (csv_of if kind == "csv" else xlsx_of)(answer)
    people = dict(zip(heads, row, strict=True))
    assert [people[head] for head in identity_heads()[:5]] == [
        SITI["name"],
        SITI["nik"],
        f"{DO_NOT_CALL} {SITI['safe_contact']}",
        SITI["phone"],
        SITI["address"],
    ]
    [reading] = Reading.select().where(Reading.told.is_null(False))
    assert (reading.what, reading.rows, cases_of(reading)) == ("ekspor pengaduan dengan identitas", 1, {case})
    assert asked_for(reading) == f"alasan: {REASONS['match']}, Surat 12/2026; cari: mawarni"


def test_the_page_that_asks_says_in_words_which_cases_they_are(at: At, office: Office) -> None:
    office.receive()
    page = at("petugas").text(f"{IDENTITY}?search=bantuan&flt0_0=raise")
    assert f"Cari: bantuan; Status: {current_procedure().state_label('raise')}" in page


@pytest.mark.parametrize("reason", ["", "lain"])
def test_without_a_reason_there_is_no_file_and_no_entry(at: At, office: Office, reason: str) -> None:
    office.receive(persons={"pengadu": SITI})
    answer = at("petugas").post(IDENTITY, format="csv", reason=reason)
    assert answer.status_code == 422
    assert NO_REASON in answer.text
    assert not Reading.select().exists()


@pytest.mark.parametrize(
    ("username", "phone", "nik"),
    [("petugas", True, True), ("kadis", True, False), ("bidang.rehsos", True, True)],
)
def test_each_takes_in_full_what_he_could_read_on_the_case(
    at: At, office: Office, username: str, phone: bool, nik: bool
) -> None:
    office.bring(office.receive(persons={"pengadu": SITI}), "handle")
    Complaint.update(unit=office["bidang.rehsos"].division_id).execute()
    cells = taken(at(username), "csv").text
    assert SITI["name"] in cells
    for value, full in (("phone", phone), ("safe_contact", phone), ("nik", nik), ("address", nik)):
        assert (SITI[value] in cells) is full, value


def test_who_may_read_no_contact_is_not_offered_it(at: At, office: Office) -> None:
    office.receive(persons={"pengadu": SITI})
    pengawas = at("pengawas")
    offered = f"Ekspor {LINK[0].lower()}{LINK[1:]}"
    assert offered not in pengawas.get("/pengaduan/").text
    assert pengawas.get(IDENTITY).status_code == 404
    assert taken(pengawas).status_code == 404
    assert offered in at("petugas").get("/pengaduan/").text


@pytest.mark.only("sqlite")
def test_one_word_stands_for_a_name_that_was_not_given_on_every_screen_and_in_the_export(
    at: At, office: Office
) -> None:
    """It is that of the papers; "anonim" remains the name of the mark that a Petugas sets and filters by."""
    [case] = office.receive(anonymous=True, persons={"pengadu": {}}, title="Kotak mawarni", until="dispose")
    kadis = at("kadis")
    for address in ("/pengaduan/", f"/pengaduan/details/?id={case}", f"/pengaduan/langkah/dispose/?id={case}"):
        shown = words(kadis.get(address).text)
        assert NAMELESS in shown, address
        assert not re.search(r"· Anonim\b|Pengadu:? Anonim\b", shown), address
    heads, *rows = csv_of(taken(at("petugas"), "csv"))
    assert [row[heads.index(identity_heads()[0])] for row in rows] == [NAMELESS]
