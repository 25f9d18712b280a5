"""Penomoran: how far the series have come, ranges entered once, numbers typed from the office's book on the forms."""

import re
from dataclasses import replace
from datetime import date

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.number import Number, NumberSkip
from models.office.people import today
from models.office.settings import Setting
from models.workflow import intake
from sop import flow
from sop.flow import Procedure, current_procedure
from sop.procedure import DETOURS, FINALS, ROWS
from tests.admin.doors import words
from tests.office import SECRET

SKIP = {"series": "register", "first": "1", "last": "4", "reason": "Terpakai di buku kantor"}


def skip(visitor, **given):
    return visitor.post("/nomor/new/", **{**SKIP, "year": str(today().year), **given})


@pytest.mark.parametrize("username", ["petugas", "admin"])
def test_a_range_is_entered_and_the_count_goes_on_after_it(at, office, panel, username):
    visitor = at(username)
    assert skip(visitor).status_code == 303
    page = visitor.text("/nomor/")
    assert "Terpakai di buku kantor" in page
    assert office[username].name in page
    [office_number] = office.receive(at=office.at.replace(year=today().year))
    assert Complaint.get_by_id(office_number).number.startswith("PGD/5/")
    assert "utuh" in visitor.text("/nomor/")
    assert "dilewati: Terpakai di buku kantor" in at("kadis").text("/riwayat/")


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"last": "0"}, "Urutan akhir"),
        ({"first": ""}, "wajib diisi"),
        ({"first": "satu"}, ""),
        ({"year": "1999"}, "tahun lalu"),
        ({"last": "9999999999"}, "terlalu besar"),
        ({"reason": " "}, "wajib diisi"),
        ({"reason": "\0\u202e"}, "wajib diisi"),
        ({"series": "x"}, ""),
        ({"reason": "x" * 201}, "200"),
    ],
)
def test_what_cannot_be_skipped_is_refused_and_shown_as_typed(at, office, panel, given, sentence):
    answer = skip(at("petugas"), **given)
    assert answer.status_code == 200
    assert sentence in words(answer.text)
    assert not NumberSkip.select().exists()
    typed = {**SKIP, **given}["last"]
    assert f'value="{typed}"' in answer.text


@pytest.mark.parametrize(("username", "is_shown"), [("petugas", False), ("admin", False), ("kadis", True)])
def test_only_who_reads_every_case_sees_how_many_there_are(at, office, panel, username, is_shown):
    office.receive(37, at=office.at.replace(year=today().year))
    page = words(at(username).get("/nomor/").text.partition("<main")[2])  # the menu counts what waits for him alone
    assert "Utuh" in page
    assert ("37" in page) is is_shown


def test_a_range_that_has_been_given_is_refused_without_telling_how_far_the_count_is(at, office, panel):
    office.receive(37, at=office.at.replace(year=today().year))
    page = words(skip(at("petugas")).text.partition("<main")[2])
    assert "sudah terpakai" in page
    assert not re.search(r"\b3[78]\b", page)


def test_ranges_that_would_be_refused_anyway_do_not_reveal_how_far_the_count_is(at, office, panel):
    office.receive(7, at=office.at.replace(year=today().year))
    visitor = at("admin")
    assert skip(visitor, first="500", last="500").status_code == 303
    sentences = {
        re.search("sudah (terpakai|tercatat)", words(skip(visitor, first=str(first), last="600").text))[0]
        for first in (3, 7, 8, 9)
    }
    assert sentences == {"sudah tercatat"}
    assert NumberSkip.select().count() == 1


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(("username", "code"), [("kadis", 200), ("pengawas", 200), ("bidang.rehsos", 403)])
def test_the_others_read_at_most(at, office, panel, username, code):
    visitor, before = at(username), Event.select().count()
    assert visitor.get("/nomor/").status_code == code
    assert skip(visitor).status_code in (403, 404)
    assert visitor.get("/nomor/new/").status_code in (403, 404)
    assert Event.select().count() == before


def test_a_register_number_is_typed_at_intake(at, office, panel):
    petugas = at("petugas")
    page = petugas.get("/pengaduan/new/").text
    opened, medium = re.search(r'name="opened"[^>]*value="([^"]+)"', page)[1], "1"
    given = {
        "opened": opened,
        "medium": medium,
        "category": "1",
        "story": "Bantuan belum cair.",
        "pengadu-name": "Siti",
    }
    assert petugas.post("/pengaduan/new/", **given, book_number="470/9/BUKU").status_code == 303
    assert Complaint.get().number == "470/9/BUKU"
    again = petugas.post("/pengaduan/new/", **{**given, "pengadu-name": "Sri"}, book_number="470/9/BUKU")
    assert again.status_code == 422
    assert "sudah dipakai" in words(again.text)
    assert 'value="470/9/BUKU"' in again.text


def test_a_typed_number_does_not_reveal_which_unit_writes_on_a_case_that_is_not_open_to_the_user(at, office, panel):
    Setting.create(key="number.nota_dinas", value="{klas}/{urut}/{bidang}/{tahun}", valid_from=date(2026, 1, 1))
    [secret] = office.receive(by="petugas2", category=SECRET)
    office.bring([secret], "approve")
    [taken] = [n.text for n in Number.select().where(Number.series == "nota_dinas")]
    answer = at("petugas").post("/pengaduan/new/", medium="1", story="", book_number=taken)
    assert answer.status_code == 422
    assert "sudah dipakai" not in words(answer.text)


def test_all_typed_values_stay_if_the_number_was_taken_a_moment_before(at, office, panel, monkeypatch):
    petugas, asked = at("petugas"), []

    def quicker(data, *persons_and_time):
        """What was free when it was looked at is taken when it is written."""
        asked.append(data["book_number"])
        return {} if len(asked) == 1 else {"book_number": "Nomor 470/9 sudah dipakai."}

    page = petugas.get("/pengaduan/new/").text
    opened = re.search(r'name="opened"[^>]*value="([^"]+)"', page)[1]
    monkeypatch.setattr(intake, "objections", quicker)
    late = petugas.post(
        "/pengaduan/new/",
        opened=opened,
        medium="1",
        story="Bantuan belum cair.",
        book_number="470/9",
        **{"pengadu-name": "Siti"},
    )
    assert late.status_code == 422
    assert "sudah dipakai" in words(late.text)
    assert "Bantuan belum cair." in late.text


def test_a_number_is_typed_on_a_steps_page(at, office, panel):
    [case] = office.receive()
    office.bring([case], "submit")
    head, link = at("bidang.rehsos"), f"/pengaduan/langkah/submit/?id={case}"
    assert "Nomor dari buku kantor" in head.text(link)
    version = Complaint.get_by_id(case).version
    typed = {
        **office.blanks(case, "submit", office["bidang.rehsos"]),
        "subject": "Bantuan",
        "matter": "a",
        "findings": "b",
        "conclusion": "c",
        "action": "d",
        "answer": "e",
        "nature": "Biasa",
    }
    sent = {"cases": f"{case}:{version}", "do": "perform", **typed}
    taken = head.post("/pengaduan/langkah/submit/", **sent, book_number="x" * 61)
    assert taken.status_code == 422
    done = head.post("/pengaduan/langkah/submit/", **sent, book_number="400.9/77/BUKU")
    assert done.status_code == 303, words(done.text)
    assert Number.get(Number.series == "nota_dinas").text == "400.9/77/BUKU"


@pytest.mark.only("sqlite")
def test_a_series_that_a_later_procedure_brings_is_titled_at_once(at, office, monkeypatch):
    petugas = at("petugas")
    petugas.get("/nomor/")
    handle = next(row for row in ROWS if row.key == "handle")
    act = replace(handle.transitions[0], key="look_of_a_test", series="uji_coba", papers=())
    rows = [found for row in ROWS for found in ([replace(row, transitions=(act,)), row] if row is handle else [row])]
    monkeypatch.setattr(flow, "PROCEDURES", (current_procedure(), Procedure(tuple(rows), DETOURS, FINALS)))
    NumberSkip.create(series="uji_coba", year=2026, first=9, last=9, reason="Rusak.", at=office.at)
    assert "Nomor uji coba 2026 9 9 Rusak." in petugas.text("/nomor/")
