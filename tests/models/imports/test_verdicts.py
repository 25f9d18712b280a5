"""Each row of a file gets the verdict that is true of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.imports import publishing
from models.imports.batches import WHEN_RAISED
from models.imports.columns import LAPOR
from models.imports.incoming import IncomingCase, ReadMoment
from models.imports.judging import judged_rows
from models.imports.refused import UnreadableFile
from models.imports.reviewing import groups_of
from models.imports.stage import judged_file, stage, tally
from models.office.lists import Medium
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
    expected = {
        ("new", ""): [
            ROW,
            replace(ROW, city="", kecamatan="", kelurahan="Kel. Purwantoro"),
            replace(ROW, kelurahan="Purwantorro", kecamatan=""),
            replace(ROW, city="Malang", office="Dinas Sosial Kota Malang"),
            replace(ROW, office="", story="tes", title="Bantuan pangan tidak turun"),
            replace(ROW, closed=True, received=ReadMoment(datetime(2014, 1, 2, tzinfo=UTC), True)),
        ],
        ("refused", "nothing"): [
            replace(ROW, story=story) for story in ("", "tes", "xxx 123", "Selamat pagi admin, mau lapor")
        ],
        ("short", "short"): [replace(ROW, story="PJU mati", place="Jl. Ijen"), replace(ROW, story="", title="KTP")],
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
    for verdict, rows in expected.items():
        assert [verdicts(row) for row in rows] == [[verdict]] * len(rows)


NEW, REPEAT = ("new", ""), ("repeat", "same_text")
SETTLED = replace(ROW, closed=True)


def others(row, *changes):
    """The row, and it once more with each of these changes, under tickets of their own."""
    return [row, *(replace(row, reference=str(8_000_002 + at), **change) for at, change in enumerate(changes))]


def test_a_row_repeats_one_that_came_before_by_its_ticket_or_its_words(verdicts):
    shouted = {"story": ROW.story.upper().replace(" ", "  "), "name": "Orang lain"}
    assert verdicts(SETTLED, SETTLED) == [NEW, ("repeat", "same_ticket")]
    assert verdicts(*others(SETTLED, shouted)) == [NEW, REPEAT]
    few = replace(SETTLED, story="Bansos tidak turun")
    assert verdicts(*others(few, {"name": "Agus"}, {})) == [NEW, NEW, REPEAT]


def test_the_same_few_words_of_two_places_are_two_complaints(verdicts):
    few = replace(SETTLED, name="", title="", story="Lampu PJU padam", place="Jl. Ijen 5", kelurahan="Oro-oro Dowo")
    same, street, kelurahan, nowhere = (
        {"place": "Jalan  Ijen 5"},
        {"place": "Jl. Semeru"},
        {"kelurahan": "Gadingkasri"},
        {"place": "", "kelurahan": "", "kecamatan": ""},
    )
    assert verdicts(*others(few, same, street, kelurahan)) == [NEW, REPEAT, NEW, NEW]
    assert verdicts(*others(replace(few, **nowhere), {}, same)) == [NEW, NEW, NEW]  # nothing says that it is one
    assert verdicts(*others(few, {"title": "Di depan sekolah"})) == [NEW, NEW]


def test_many_words_are_one_complaint_unless_they_name_two_places(verdicts):
    placed = replace(SETTLED, place="Jl. Ijen 5")
    assert verdicts(*others(placed, {"place": "Jl. Semeru 1"}, {"place": "jalan ijen 5"})) == [NEW, NEW, REPEAT]
    nowhere = {"place": "", "kelurahan": "", "kecamatan": ""}
    assert verdicts(*others(placed, nowhere)) == [NEW, REPEAT]
    assert verdicts(*others(replace(placed, **nowhere), {"place": "Jl. Semeru 1"})) == [NEW, REPEAT]


def test_the_first_of_two_is_the_earlier_one_wherever_it_stands(office):
    earlier = ReadMoment(SETTLED.received.at - timedelta(days=3), False)
    rows = [replace(row, line=line) for line, row in enumerate(others(SETTLED, {"received": earlier}), 2)]
    judged = list(judged_rows(rows, Medium.get(code="lapor"), viewer(office["petugas"]), NOW))
    assert [(row.verdict, row.of_line) for row in judged] == [("repeat", 3), ("new", None)]


def test_a_repeat_of_an_unanswered_row_is_proposed_as_a_case_of_its_own(office):
    rows = [replace(row, line=line) for line, row in enumerate(others(ROW, {}, {"closed": True}, {}), 2)]
    judged = list(judged_rows(rows, Medium.get(code="lapor"), viewer(office["petugas"]), NOW))
    assert [(row.why, row.of_line, row.proposal) for row in judged] == [
        ("", None, "take"),
        ("same_open", 2, "take"),
        ("answered", 2, "take"),
        ("same_text", 4, "duplicate"),
    ]


def test_of_two_rows_with_one_ticket_the_answered_one_is_taken(verdicts):
    assert verdicts(ROW, SETTLED) == [("repeat", "same_ticket"), NEW]
    assert verdicts(replace(SETTLED, story="tes"), ROW) == [("refused", "nothing"), NEW]


def test_a_row_for_another_office_is_the_first_of_no_repeat(verdicts):
    assert verdicts(*others(replace(SETTLED, office="Dinas Perhubungan"), {"office": "Dinas Sosial"}, {})) == [
        ("forwarded", "other_office"),
        NEW,
        ("forwarded", "other_office"),
    ]


def test_a_ticket_is_known_to_users_who_may_open_its_case_and_new_to_all_others(office, verdicts):
    lapor = Medium.get(code="lapor").id
    office.receive(by="petugas2", medium=lapor, medium_ref="8000001", secrecy="rahasia", story=ROW.story)
    assert verdicts(ROW) == [("new", "")]
    assert verdicts(ROW, by="petugas2") == [("known", "")]
    assert verdicts(replace(ROW, story="Sekarang ceritanya lain sama sekali."), by="petugas2") == [("changed", "text")]


@pytest.mark.only("sqlite")
def test_headings_without_rows_are_refused_in_a_sentence_and_of_many_topics_all_are_sorted(office):
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
        "new": 4502,
        "known": 0,
        "changed": 0,
        "closed": 0,
        "repeat": 49,
        "forwarded": 351,
        "short": 6,
        "refused": 92,
    }


def test_the_same_file_again_brings_nothing_new_not_even_what_was_rahasia_or_had_no_ticket(office):
    made = making.made_rows(120)
    data = making.separated(
        [replace(row, cells=("", *row.cells[1:])) if at % 9 == 0 else row for at, row in enumerate(made)]
    )
    who = viewer(office["petugas"])
    batch = stage(data, "lapor.csv", LAPOR, "WIB", who, NOW)
    assert not publishing.begin(batch, by=office["petugas"], at=NOW, numbering=WHEN_RAISED)
    publishing.publish(batch.id)
    assert Complaint.select().where(Complaint.secrecy == "rahasia").exists()
    again = tally(judged_file(data, LAPOR, "WIB", who, NOW))
    assert (again["new"], again["changed"], again["forwarded"]) == (0, 0, 0)
    closed = making.separated([replace(row, cells=_with_status(row.cells)) for row in made])
    counts = tally(judged_file(closed, LAPOR, "WIB", who, NOW))
    assert counts["closed"] > 20
    assert counts["closed"] + counts["changed"] > 50


def _with_status(cells):
    place = making.HEADS.index("Status Laporan")
    return (*cells[:place], "Ditutup oleh Kantor", *cells[place + 1 :])
