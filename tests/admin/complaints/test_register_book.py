"""Buku Register: the numbers of a range of days in the office's columns, as far as its user may see them."""

import re
from datetime import timedelta

import pytest

from models.complaint.accesslog import Reading
from models.complaint.complaint import Complaint
from models.complaint.number import Drawn, NumberSkip, bind
from models.office.people import Post, today
from models.reading import registerbook
from papers.printing import press
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, vocabulary
from tests.admin.doors import words
from tests.models.workflow.acting import registered
from tests.office import MONDAY, SECRET

BOOK = "/buku-register/"
RANGE = {"dari": "2026-10-05", "sampai": "2026-10-31"}


@pytest.fixture
def printed_contents(monkeypatch):
    """What was printed, instead of the print."""
    contents = []
    monkeypatch.setattr(press, "unissued_pdf", lambda content: contents.append(content) or b"%PDF")
    return contents


def rows(printed_contents):
    return {
        row[1].split("\n")[0]: dict(zip([column.head for column in registerbook.COLUMNS], row, strict=True))
        for row in printed_contents[-1]["ruled"]["rows"]
    }


def number(case):
    return Complaint.get_by_id(case).number


def test_each_case_has_its_line_with_what_became_of_it(at, office, panel, printed_contents):
    [done] = office.receive(title="Bantuan belum cair")
    office.bring([done], CLOSED)
    [void] = office.receive(anonymous=True, persons={"pengadu": {}})
    office.do([void], "void", reason="Salah catat")
    office.receive(at=MONDAY + timedelta(days=40))
    NumberSkip.create(
        series=current_procedure().receive.series, year=2026, first=9, last=9, reason="Rusak.", at=office.at
    )
    petugas = at("petugas")
    answer = petugas.post(BOOK, **RANGE, unduhan="tiket12")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "unduhan=tiket12" in answer.headers["Set-Cookie"]
    lines = rows(printed_contents)
    assert list(lines) == [number(done), number(void)]
    line = lines[number(done)]
    assert (line["No."], line["Judul pengaduan"]) == ("1", "Bantuan belum cair")
    assert line["Pengadu, media"] == f"Siti Maslikah\n{Complaint.get_by_id(done).medium}"
    assert line["Nomor register, tanggal"] == f"{number(done)}\n5 Oktober 2026"
    assert line["Status, tanggal berakhir"] == "Selesai\n5 Oktober 2026"
    assert len(line["Nota Dinas dan Berita Acara"].splitlines()) == 2
    assert lines[number(void)]["Pengadu, media"].startswith("Tanpa nama\n")
    assert lines[number(void)]["Keterangan"].startswith("BATAL: Salah catat")
    assert printed_contents[-1]["skipped"] == ["Nomor register urutan 9 tahun 2026: Rusak"]
    [reading] = Reading.select()
    assert (reading.what, reading.rows) == ("buku register", 2)


def test_a_void_number_is_marked_as_void(at, office, panel, printed_contents):
    [case] = office.receive()
    office.bring([case], "approve")
    for step in ("send_back", "refuse"):
        office.do([case], step)
    at("kadis").post(BOOK, **RANGE)
    assert rows(printed_contents)[number(case)]["Nota Dinas dan Berita Acara"] == "400.9/1/35.73/2026 (batal)"


def test_a_number_of_another_series_has_no_place_in_the_column_of_nota_dinas_and_berita_acara(
    at, office, panel, printed_contents
):
    [case] = office.receive()
    office.bring([case], "approve")
    bind("lembar_lain", [Drawn(2026, 1, "400.9/1/LL/35.73/2026")], [(case, 1)], office.at)
    at("kadis").post(BOOK, **RANGE)
    assert rows(printed_contents)[number(case)]["Nota Dinas dan Berita Acara"] == "400.9/1/35.73/2026"


def test_the_series_of_the_column_are_series_of_the_table():
    assert set(registerbook.FURTHER_SERIES) <= {step.series for step in vocabulary().transitions.values()}


@pytest.mark.parametrize("username", ["petugas", "petugas2", "kadis", "pengawas"])
def test_a_foreign_secret_case_has_no_line_and_is_not_counted(at, office, panel, printed_contents, username):
    [plain], [secret] = office.receive(), office.receive(category=SECRET, title="Judul rahasia")
    assert at(username).post(BOOK, **RANGE).status_code == 200
    lines = rows(printed_contents)
    assert (number(secret) in lines) == (username != "petugas2")
    assert [line["No."] for line in lines.values()] == [str(n) for n in range(1, len(lines) + 1)]
    assert number(plain) in lines
    assert "Judul rahasia" not in str(printed_contents[-1])
    if number(secret) in lines:
        assert set(lines[number(secret)].values()) >= {"Dirahasiakan", "Rahasia"}
    assert printed_contents[-1]["all"] == (username in ("kadis", "pengawas"))


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("username", ["petugas", "kadis"])
def test_the_one_who_takes_the_book_signs_it_alone(at, office, panel, printed_contents, username):
    office.receive()
    at(username).post(BOOK, **RANGE)
    assert [signer["name"] for signer in printed_contents[-1]["signers"]] == [office[username].name]
    assert "head" not in printed_contents[-1]


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("username", "reader"),
    [
        ("petugas", "Petugas Penanganan Pengaduan"),
        ("bidang.ppa", "Plh. KEPALA DINAS"),
        ("kadis", "KEPALA DINAS"),
    ],
)
def test_whoever_fills_the_post_of_the_head_signs_by_its_title(at, office, panel, printed_contents, username, reader):
    Post.update(valid_from=today()).where(Post.division.is_null()).execute()
    registered(office, valid_from=today(), decree_date=today(), valid_to=None)
    at(username).post(BOOK, **RANGE)
    assert printed_contents[-1]["signers"][0]["title"] == reader


def test_of_a_secret_case_it_shows_number_days_and_status_only(at, office, panel, printed_contents):
    done, void = office.receive(2, category=SECRET)
    office.bring([done], CLOSED)
    office.do([void], "void", reason="Salah catat")
    assert at("kadis").post(BOOK, **RANGE).status_code == 200
    case, hidden = (
        Complaint.get_by_id(done),
        {
            "Pengadu, media": "Dirahasiakan",
            **dict.fromkeys(("Judul pengaduan", "Kategori", "Unit kerja", "Nota Dinas dan Berita Acara"), "Rahasia"),
        },
    )
    lines = rows(printed_contents)
    for key, remark in ((done, ""), (void, "BATAL")):
        line = lines[number(key)]
        assert {name: line[name] for name in hidden} == hidden
        assert line["Keterangan"] == remark
    assert lines[case.number]["Status, tanggal berakhir"] == "Selesai\n5 Oktober 2026"


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("username", ["bidang.rehsos", "staf.rehsos", "admin"])
def test_no_other_user_takes_the_book_or_is_led_to_it(at, office, panel, printed_contents, username):
    visitor = at(username)
    assert visitor.get(BOOK).status_code == 403
    assert visitor.post(BOOK, **RANGE).status_code == 403
    assert BOOK not in visitor.get("/pengaduan/").text
    assert printed_contents == []


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"dari": ""}, registerbook.ENDLESS),
        ({"sampai": "31-10-2026"}, registerbook.ENDLESS),
        ({"dari": "2026-11-01"}, registerbook.BACKWARDS),
        ({"dari": "2001-01-01"}, registerbook.WIDE),
        ({"dari": "9999-12-31", "sampai": "9999-12-31"}, registerbook.FAR),
        ({"dari": "\0" * 50}, registerbook.ENDLESS),
    ],
)
def test_a_range_that_makes_no_book_is_refused_in_a_sentence_and_what_was_typed_stays(
    at, office, panel, printed_contents, given, sentence
):
    answer = at("petugas").post(BOOK, **{**RANGE, **given})
    assert answer.status_code == 422
    assert sentence in words(answer.text)
    day = {**RANGE, **given}["sampai"]
    assert re.search(rf'name="sampai" value="{day}"', answer.text)
    assert not Reading.select().exists()


@pytest.mark.only("sqlite")
def test_too_many_rows_are_refused_in_a_sentence(at, office, panel, printed_contents, monkeypatch):
    office.receive(3)
    petugas = at("petugas")
    monkeypatch.setattr(registerbook, "MOST_ROWS", 2)
    answer = petugas.post(BOOK, **RANGE)
    assert answer.status_code == 422
    assert "paling banyak 2 dalam satu buku" in words(answer.text)


def test_the_list_of_complaints_leads_to_it(at, office, panel):
    petugas = at("petugas")
    assert f'href="{BOOK}"' in petugas.get("/pengaduan/").text
    assert "Buku Register Pengaduan" in petugas.text(BOOK)
