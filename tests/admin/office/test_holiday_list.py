"""A list of holidays is looked over line by line, then entered whole with the due times that it moves."""

import re
import subprocess
import sys
from datetime import date

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event, bodies
from models.office.calendar import Holiday, WorkHours
from models.office.holiday_list import JOINT, MOST_LINES, PUBLIC
from models.office.people import today
from models.workflow import holidays
from models.workflow.proof import prove_existing_rows, verified

PAGE = "/hari-libur/daftar/"
PASTED = """\
1 Januari 2030 Tahun Baru Masehi
2030-02-03;Tahun Baru Imlek
4\tSenin, 4 Februari 2030\tCuti bersama Imlek
31 Februari 2030 Salah
25 Desember 2026 Natal
"""
ENTERED = {
    date(2030, 1, 1): ("Tahun Baru Masehi", PUBLIC),
    date(2030, 2, 3): ("Tahun Baru Imlek", PUBLIC),
    date(2030, 2, 4): ("Cuti bersama Imlek", JOINT),
}


def ticked(page: str) -> list[str]:
    return re.findall(r'name="hari" value="([\d-]+)" checked', page)


def test_each_line_has_its_verdict_and_nothing_is_stored_before_it_is_ticked_and_sent(at, office):
    before, visitor = office.digest(), at("admin")
    text = visitor.post(PAGE, teks=PASTED, do="read").text
    assert ticked(text) == [str(day) for day in ENTERED]
    assert "Tanggal itu tidak ada pada kalender." in text
    assert "Sudah tercatat" in text
    assert "Masukkan <strong data-ticked>3</strong> baris? <span data-left>2</span> baris dilewati." in text
    assert PASTED.splitlines()[0] in text
    assert office.digest() == before


def test_the_ticked_lines_are_entered_whole_with_one_entry_in_the_history(at, office):
    prove_existing_rows()
    visitor, days = at("admin"), [str(day) for day in ENTERED]
    answer = visitor.post(PAGE, teks=PASTED, do="keep", hari=days)
    assert (answer.status_code, answer.location) == (303, "/hari-libur/")
    assert "3 hari libur telah dimasukkan; 2 baris dilewati." in visitor.text("/hari-libur/")
    stored = Holiday.select().where(Holiday.day.in_(list(ENTERED)))
    assert {row.day: (row.name, row.kind) for row in stored} == ENTERED
    [event] = Event.select()
    assert "memasukkan 3 hari libur: 1 Januari 2030 Tahun Baru Masehi; " in bodies([event], {})[event.id]["what"]
    assert verified()[1] == []
    visitor.post(PAGE, teks=PASTED, do="keep", hari=days)  # sent twice
    assert "Semua tanggal itu sudah tercatat" in visitor.text("/hari-libur/")
    assert Event.select().count() == 1


def test_a_list_moves_due_times_in_its_own_transaction(at, office):
    [case] = office.receive()
    before = Complaint.get_by_id(case).legal_due_at
    days = ["2026-10-06", "2026-10-07"]
    at("admin").post(PAGE, teks="\n".join(f"{day};Libur daerah {day}" for day in days), do="keep", hari=days)
    assert Complaint.get_by_id(case).legal_due_at > before


def test_a_list_that_leaves_no_working_day_is_refused_whole(at, office):
    WorkHours.delete().execute()
    before = office.digest()
    answer = at("admin").post(PAGE, teks="2030-01-01;Tahun Baru", do="keep", hari="2030-01-01")
    assert answer.status_code == 409
    assert "Tidak ada yang disimpan." in answer.text
    assert "2030-01-01;Tahun Baru" in answer.text
    assert office.digest() == before


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"teks": " \n"}, "Tempel atau ketik daftarnya dahulu"),
        ({"teks": "2030-01-01;Tahun Baru\n" * (MOST_LINES + 1)}, f"paling panjang {MOST_LINES} baris"),
        ({"teks": "2030-01-01;Tahun Baru", "do": "keep"}, "Centang sedikitnya satu hari libur"),
        ({"teks": "2030-02-03;Cuti bersama", "do": "keep", "tahun": "2030", "hari": "2030-02-03"}, "Cocokkan dahulu"),
    ],
)
def test_what_cannot_be_entered_is_said_and_what_was_typed_stays(at, office, fields, sentence):
    before = office.digest()
    answer = at("admin").post(PAGE, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert fields["teks"].strip()[:20] in answer.text
    assert office.digest() == before


def test_the_list_of_a_year_marks_what_stands_and_asks_for_the_decree(at):
    year = today().year + 1
    Holiday.delete().where(Holiday.day >= date(year, 1, 1)).execute()
    Holiday.create(day=date(year, 1, 1), name="Tahun Baru Masehi")
    page = at("admin").get(f"{PAGE}?tahun={year}").text
    proposed = {row["day"] for row in holidays.library_holidays([year])}
    assert date(year, 1, 1) in proposed
    assert len(ticked(page)) == len(proposed) - 1
    assert "bukan dari pemerintah" in page
    assert 'name="skb"' in page
    assert at("admin").get(f"{PAGE}?tahun=1850").status_code == 422


def test_a_holiday_of_the_same_name_in_that_year_is_not_proposed_again(at):
    Holiday.create(day=date(2030, 2, 4), name="Hari Raya Idul Fitri")
    page = at("admin").post(PAGE, teks="5 Februari 2030 Hari Raya Idul Fitri", do="read").text
    assert ticked(page) == []
    assert "sudah tercatat pada 4 Februari 2030" in page
    assert 'value="2030-02-05"' in page


def test_a_start_does_not_import_the_library():
    loaded = "import sys, app, admin.panel; print('holidays' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout
    assert said == "False\n"


def test_who_only_reads_holidays_enters_none(at):
    assert PAGE not in at("pengawas").get("/hari-libur/").text
    assert at("pengawas").get(PAGE).status_code == 404
    assert at("pengawas").post(PAGE, teks=PASTED, do="keep", hari="2030-01-01").status_code == 404
