"""Runs in the copy whose record has a blank of every kind: from the form to page, history, paper and CSV."""

import inspect
import io
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import lxml.html
import pytest
from flask import Flask
from pypdf import PdfReader

from admin.door.flaskadmin import views_of
from admin.lists.export_files import cell_of, csv_cell
from models.case.sample import contents
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.office.people import Division, User
from models.office.settings import values
from models.records.fields import KINDS, kind_of
from models.records.registry import RECORDS
from models.workflow import workflow
from papers.layout.page import html
from papers.printing.press import pdf_of
from sop.clock import WIB
from sop.flow import current_procedure
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]
MODEL = RECORDS["monitoring"]
STEP = next(t for t in current_procedure().main_line if t.record == MODEL.key)
WORDS = ["Proses lebih lanjut", "Kunjungan lapangan"]
SHOWN_TEXTS = {  # label: as typed, as it is shown, as CSV has it; a table where one of its rows is picked
    "Tanggal kunjungan": ("2027-02-27", "27 Februari 2027", "27 Feb 2027"),
    "Mulai pukul": ("09:30", "09.30", "09.30"),
    "Penghasilan per kapita": ("1234.50", "1.234,5", "1.234,5"),
    "Jarak dalam km": ("2.25", "2,25", "2,25"),
    "Jumlah bantuan dalam rupiah": ("1500000", "1.500.000", 1_500_000),
    "Keadaan aman": ("y", "Ya", "Ya"),
    "Minta dikunjungi lagi": (None, "Tidak", "Tidak"),
    "Keadaan rumah": ("buruk", "Keadaan buruk", "Keadaan buruk"),
    "Penilaian": ("2", "Dua bintang", "Dua bintang"),
    "Unit pendamping": (Division, "", ""),
    "Petugas pendamping": (User, "", ""),
    "Kunjungan berikutnya": ("2027-03-01T08:05", "1 Mar 2027 pukul 08.05 WIB", "1 Mar 2027 08.05"),
    "Tindakan berikutnya": (WORDS, WORDS, ", ".join(WORDS)),
    "Ikut hadir": ([User], [], ""),
    "Yang dilanjutkan": ("Sembako", "Sembako", "Sembako"),
    "Keadaan yang ditemui": ("Rumah sudah layak huni.", "Rumah sudah layak huni.", "Rumah sudah layak huni."),
    "Kendaraan": ("Bus", "Bus", "Bus"),
}
TOO_MUCH = (
    *(("wages", text) for text in ("NaN", "sNaN", "-Infinity", "12345678", "1.005")),
    *(("distance", text) for text in ("nan", "inf")),
    ("versions", "99999999999"),
    ("visited_on", "0027-02-27"),
)
SEALED = {"Alamat yang dikunjungi": "Jalan Kawi 5"}


def person() -> User:
    return User.get(User.username == "bidang.rehsos")


def unit() -> Division:
    return Division.select().where(Division.kind == "bidang").order_by(Division.id.desc()).first()


def sent_value(label: str) -> Any:
    """As it is shown: what names a row shows what the row is called."""
    typed, words_of_it, _ = SHOWN_TEXTS[label]
    named = {Division: str(unit()), User: str(person())}
    return (
        [named[User]] if typed == [User] else named.get(typed, words_of_it) if isinstance(typed, type) else words_of_it
    )


def typed() -> dict[str, Any]:
    """What a person types, by the name of the input; a box that is not ticked is not sent."""
    names = {str(f.verbose_name): f.name for f in MODEL.blanks()}
    ids = {Division: str(unit().id), User: str(person().id)}
    sent = {names[label]: value for label, (value, _, _) in SHOWN_TEXTS.items() if value is not None}
    sent = {name: ids[value] if isinstance(value, type) else value for name, value in sent.items()}
    return {**sent, "also": [ids[User]], "address": SEALED["Alamat yang dikunjungi"]}


def awaiting(office: Office) -> int:
    [case] = office.receive()
    office.bring([case], STEP.key)
    return case


def address(case: int) -> str:
    return f"/pengaduan/langkah/{STEP.key}/?id={case}"


def sent(visitor: Visitor, case: int, **changes: Any) -> Any:
    """The step's form as it came, filled in and posted."""
    form = next(f for f in lxml.html.fromstring(visitor.get(address(case)).text).forms if "cases" in f.fields)
    given = {**dict(form.form_values()), **typed(), **changes, "do": "perform"}
    return visitor.client.post(address(case).partition("?")[0], data=given)


def facts(page: Any) -> list[tuple[str, str]]:
    return [
        (dt.text_content(), words(dd.text_content())) for dt, dd in zip(page.iter("dt"), page.iter("dd"), strict=True)
    ]


def shown(*, sealed: bool) -> list[tuple[str, str]]:
    """What a page shows, in the order of the form; nothing of what was left empty."""
    labels = [str(f.verbose_name) for f in MODEL.blanks()]
    open_ = {
        label: ", ".join(sent_value(label)) if isinstance(sent_value(label), list) else sent_value(label)
        for label in SHOWN_TEXTS
    }
    both = {**open_, **(SEALED if sealed else {})}
    return [(label, both[label]) for label in labels if label in both]


@pytest.fixture
def done(office: Office, at: At) -> int:
    case = awaiting(office)
    answer = sent(at("bidang.rehsos"), case)
    assert answer.status_code == 303, words(answer.text)
    return case


def test_the_record_has_a_blank_of_every_kind_in_no_order_of_names() -> None:
    names = [f.name for f in MODEL.blanks()]
    assert names != sorted(names)
    assert {kind_of(f).key for f in MODEL.blanks()} == {kind.key for kind in KINDS}


def test_a_blank_may_have_the_name_of_anything_else_that_the_writer_takes(done: int) -> None:
    """Of those that `advance` takes: a blank called `at` would date the act itself, one called `by` is given twice."""
    row, said = MODEL.get(MODEL.complaint == done), inspect.signature(workflow.advance).parameters
    assert {"at", "by", "versions"} <= {f.name for f in MODEL.blanks()} & set(said)
    assert row.at != row.made_at == Complaint.get_by_id(done).state_since


def test_the_form_asks_in_the_order_of_the_model_each_with_its_own_input(office: Office, at: At) -> None:
    page = lxml.html.fromstring(at("bidang.rehsos").get(address(awaiting(office))).text)
    form = next(f for f in page.forms if "cases" in f.fields)
    asked = list(dict.fromkeys(i.name for i in form.inputs if i.name in MODEL._meta.fields))
    assert asked == [f.name for f in MODEL.blanks()]
    kinds = {i.name: i.get("type") or i.tag for i in form.inputs if i.name in asked}
    assert kinds | {"visited_on": "date", "begun": "time", "wages": "number", "versions": "number"} == kinds
    assert (
        kinds | {"safe": "checkbox", "unit": "select", "by": "select", "again": "select", "brought": "checkbox"}
        == kinds
    )
    assert kinds | {"at": "datetime-local", "found": "textarea", "address": "textarea", "by_bus": "text"} == kinds


def test_what_was_typed_is_stored_as_what_it_is(done: int) -> None:
    row = MODEL.get(MODEL.complaint == done)
    assert (row.visited_on, row.begun, row.versions) == (date(2027, 2, 27), time(9, 30), 1_500_000)
    assert (row.wages, row.distance, row.safe, row.asked) == (Decimal("1234.5"), 2.25, True, False)
    assert (row.state, row.stars, row.brought) == ("buruk", 2, WORDS)
    assert row.at == datetime(2027, 3, 1, 8, 5, tzinfo=WIB)
    assert (row.unit, row.by, row.also) == (unit(), person(), [person().id])


def test_the_case_s_page_shows_it_in_the_order_of_the_form(done: int, at: At) -> None:
    page = lxml.html.fromstring(at("bidang.rehsos").get(f"/pengaduan/details/?id={done}").text)
    [record] = [card for card in page.find_class("record") if MODEL.title in card.text_content()]
    assert facts(record) == shown(sealed=True)


def test_the_history_shows_it_in_the_order_of_the_form(done: int, at: At) -> None:
    page = lxml.html.fromstring(at("bidang.rehsos").get(f"/pengaduan/details/?id={done}").text)
    [entry] = [li for li in page.find_class("trail")[0] if STEP.did in li.text_content()]
    assert facts(entry) == shown(sealed=False)


def test_the_record_s_own_page_shows_it_in_the_order_of_the_form(done: int, at: At, panel: Flask) -> None:
    [view] = [v for v in views_of(panel) if getattr(v, "model", None) is MODEL]
    row = MODEL.get(MODEL.complaint == done)
    page = lxml.html.fromstring(at("bidang.rehsos").get(f"{view.url}/details/?id={row.id}").text)
    labels = dict(shown(sealed=False))
    assert [fact for fact in facts(page) if fact[0] in labels] == shown(sealed=False)


def test_the_paper_shows_it_in_the_order_of_the_form(done: int) -> None:
    paper = Paper.get((Paper.complaint == done) & (Paper.kind == STEP.papers[0].key))
    pages = PdfReader(io.BytesIO(pdf_of(paper.id))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    at = -1
    for label in (str(f.verbose_name) for f in MODEL.blanks() if str(f.verbose_name) in SHOWN_TEXTS):
        words_of_it = "; ".join(sent_value(label)) if isinstance(sent_value(label), list) else sent_value(label)
        said = words_of_it.replace("1 Mar ", "1 Maret ")  # a paper has room for the whole month
        found = text.find(f"{label} : {said}")
        assert found > at, (label, said, text)
        at = found


def test_a_cell_of_csv_shows_what_a_spreadsheet_reads(done: int) -> None:
    row = MODEL.get(MODEL.complaint == done)
    cells = {str(f.verbose_name): csv_cell(cell_of(f)(row.__data__.get(f.name))) for f in MODEL.blanks()}
    for label, (typed_as, _, cell) in SHOWN_TEXTS.items():
        rows = typed_as == [User] or isinstance(typed_as, type)
        assert cells[label] == (shown_of(label) if rows else cell), label


def shown_of(label: str) -> str:
    return dict(shown(sealed=False))[label]


def test_the_settings_preview_invents_each_of_them(office: Office) -> None:
    [content] = contents(values(), (STEP.papers[0].key,), at=office.at)
    blanks = content["records"][MODEL.key]["blanks"]
    assert content["records"][MODEL.key]["order"] == [f.name for f in MODEL.blanks() if f.name != "address"]
    assert (blanks["wages"], blanks["distance"], blanks["versions"], blanks["safe"]) == ("2,5", "2,5", "1", "Ya")
    assert blanks["visited_on"] in " ".join(html(content).split())


@pytest.mark.parametrize(("name", "value"), TOO_MUCH)
def test_what_no_column_can_hold_is_asked_for_again(office: Office, at: At, name: str, value: str) -> None:
    case = awaiting(office)
    answer = sent(at("bidang.rehsos"), case, **{name: value})
    assert answer.status_code == 422
    assert Complaint.get_by_id(case).state == STEP.key
