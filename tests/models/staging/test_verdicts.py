"""Each row of a file gets the verdict that is true of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.import_.columns import LAPOR
from models.import_.incoming import IncomingCase
from models.import_.moments import ReadMoment
from models.import_.refused import UnreadableFile
from models.office.lists import Medium
from models.publishing import portions
from models.staging.batches import WHEN_RAISED
from models.staging.judging import judged_rows
from models.staging.reviewing import groups_of
from models.staging.stage import judged_file, stage, tally
from models.tables.complaint import Complaint
from models.tables.scope import viewer
from sop.clock import WIB
from tests.made_lapor import making
from tests.made_lapor.expected import expected_verdicts

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WIB)
ROW = IncomingCase(
    line=2,
    reference="8000001",
    received=ReadMoment(datetime(2026, 11, 2, 3, 0, tzinfo=UTC), False),
    day_told="",
    name="Siti Maslikah",
    anonymous=False,
    secret=False,
    title="",
    story="Bantuan sosial tidak kami terima sejak bulan Juli tahun ini.",
    place="",
    kelurahan="Purwantoro",
    kecamatan="Blimbing",
    city="Kota Malang",
    topic="",
    office="Dinas Sosial",
    status="Terverifikasi",
    closed=False,
)


@pytest.fixture
def verdicts(office):
    """The verdicts on rows and why, as the Petugas would see them."""

    def of(*rows, by="petugas"):
        numbered = [replace(row, line=line) for line, row in enumerate(rows, 2)]
        judged = judged_rows(numbered, Medium.get(code="lapor"), viewer(office[by]), NOW)
        return [(row.verdict, row.why) for row in judged]

    return of


def test_a_row_is_refused_for_what_it_lacks_and_for_another_office_by_its_name_or_place(verdicts):
    told = {
        ("new", ""): [
            ROW,
            replace(ROW, city="", kecamatan="", kelurahan="Kel. Purwantoro"),
            replace(ROW, kelurahan="Purwantorro", kecamatan=""),
            replace(ROW, city="Malang", office="Dinas Sosial Kota Malang"),
            replace(ROW, office="", story="tes", title="Bantuan pangan tidak turun"),
            replace(ROW, closed=True, received=ReadMoment(datetime(2014, 1, 2, tzinfo=UTC), True)),
        ],
        ("refused", "short"): [replace(ROW, story="tes"), replace(ROW, story="Selamat pagi admin, mau lapor")],
        ("refused", "no_date"): [replace(ROW, received=None)],
        ("refused", "future"): [replace(ROW, received=ReadMoment(NOW + timedelta(minutes=1), False))],
        ("refused", "uncountable"): [replace(ROW, received=ReadMoment(datetime(2014, 1, 2, tzinfo=UTC), True))],
        ("forwarded", "other_office"): [
            replace(ROW, office="Dinas Perhubungan"),
            replace(ROW, office="Dinas Sosial Provinsi Jawa Timur"),
        ],
        ("forwarded", "other_city"): [
            replace(ROW, city="Kabupaten Malang"),
            replace(ROW, city="", kecamatan="Junrejo", kelurahan="Tlekung"),
        ],
    }
    for verdict, rows in told.items():
        assert [verdicts(row) for row in rows] == [[verdict]] * len(rows)


def test_a_row_repeats_one_above_by_its_ticket_or_its_words(verdicts):
    other = replace(ROW, reference="8000002")
    shouted = replace(other, story=ROW.story.upper().replace(" ", "  "), name="Orang lain")
    assert verdicts(ROW, ROW, shouted) == [("new", ""), ("repeat", "same_ticket"), ("repeat", "same_text")]
    few = replace(ROW, story="Bansos tidak turun")
    assert verdicts(few, replace(few, reference="8000002", name="Agus")) == [("new", "")] * 2
    assert verdicts(few, replace(few, reference="8000002")) == [("new", ""), ("repeat", "same_text")]


def test_a_ticket_is_known_to_whoever_may_open_its_case_and_looks_new_to_all_others(office, verdicts):
    lapor = Medium.get(code="lapor").id
    office.receive(by="petugas2", medium=lapor, medium_ref="8000001", secrecy="rahasia", story=ROW.story)
    assert verdicts(ROW) == [("new", "")]
    assert verdicts(ROW, by="petugas2") == [("known", "")]
    assert verdicts(replace(ROW, story="Sekarang ceritanya lain sama sekali."), by="petugas2") == [("changed", "text")]


@pytest.mark.only("sqlite")
def test_heads_without_a_row_are_told_in_a_sentence_and_of_many_topics_all_are_sorted(office):
    who, heads = viewer(office["petugas"]), "Tracking ID,Tanggal Laporan Masuk,Isi Laporan Awal,Kategori\n"
    with pytest.raises(UnreadableFile, match="tidak ada satu baris pun"):
        judged_file(heads.encode(), LAPOR, "UTC", who, NOW)
    lines = "".join(f'{n},2 Nov 2026,"{ROW.story}",topik ke {n // 2}\n' for n in range(2 * 316))
    batch = stage((heads + lines).encode(), "banyak.csv", LAPOR, "UTC", who, NOW)
    assert [group.count for group in groups_of(batch, "topic")] == [2] * 316
    assert [group.term for group in groups_of(batch, "topic", "KE 315 topik")] == ["topik ke 315"]


def test_the_verdicts_on_five_thousand_made_rows_are_exact(office):
    made = making.made_rows(5_000)
    rows = judged_file(making.workbook(made), LAPOR, "WIB", viewer(office["petugas"]), NOW)
    assert [row.verdict for row in rows] == list(expected_verdicts(made))
    assert tally(rows) == {
        "rows": 5_000,
        "new": 4500,
        "known": 0,
        "changed": 0,
        "repeat": 56,
        "forwarded": 346,
        "refused": 98,
    }


def test_the_same_file_again_brings_nothing_new_not_even_what_was_rahasia_or_had_no_ticket(office):
    made = making.made_rows(120)
    data = making.separated(
        [replace(row, cells=("", *row.cells[1:])) if at % 9 == 0 else row for at, row in enumerate(made)]
    )
    who = viewer(office["petugas"])
    batch = stage(data, "lapor.csv", LAPOR, "WIB", who, NOW)
    assert not portions.begin(batch, by=office["petugas"], at=NOW, numbering=WHEN_RAISED)
    portions.publish(batch.id)
    assert Complaint.select().where(Complaint.secrecy == "rahasia").exists()
    again = tally(judged_file(data, LAPOR, "WIB", who, NOW))
    assert (again["new"], again["changed"], again["forwarded"]) == (0, 0, 0)
    closed = making.separated([replace(row, cells=_with_status(row.cells)) for row in made])
    assert tally(judged_file(closed, LAPOR, "WIB", who, NOW))["changed"] > 50


def _with_status(cells):
    place = making.HEADS.index("Status Laporan")
    return (*cells[:place], "Ditutup oleh Kantor", *cells[place + 1 :])
