"""The recap as it is signed: a page with period, five figures and three sentences; details as a headed Lampiran."""

import copy
import io
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, product
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm

from models.office.settings import store_setting
from models.reading.figures import LONG
from models.reading.period import Period
from models.reading.recap_paper import content_of_recap, issue
from models.store.base import now
from papers.engine.ending import ListEnding
from papers.layout import recap_tables
from papers.layout.glyphs import width
from papers.layout.recap_tables import LEADING, SIZE, RecapDetails, RecapTable, main_table, recap_details
from papers.printing.render import pdf
from sop.words import format_date, format_percent
from tests.models.reading.made import scatter
from tests.office import Office, worked
from tests.papers.reading import Line, lines, pages, sizes, strokes, words

pytestmark = pytest.mark.only("sqlite")


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worked(template, tmp_path_factory.mktemp("recap"), lambda office: [*scatter(office, 60, 5)] and None)


def content_of(office: Office, period: Period, at: datetime | None = None) -> dict[str, Any]:
    return dict(content_of_recap(issue(office["kadis"], period, at or now(), demo=False)))


def this_month() -> Period:
    return Period.months_from(now().year, now().month)


def periods() -> dict[str, Period]:
    month, year = this_month(), Period.months_from(now().year, 1, 12)
    return {
        "month": month.before,
        "quarter": Period.months_from(month.before.first.year, (month.before.first.month - 1) // 3 * 3 + 1, 3),
        "year": year.before,
        "running": month,
        "running year": year,
        "empty": Period.months_from(2001, 3),
        "days": Period(now().date() - timedelta(days=400), now().date() - timedelta(days=3)),
    }


def test_no_two_columns_are_of_one_period(office: Office) -> None:
    """The year before is the year ago."""
    year = Period.months_from(2025, 1, 12)
    made = content_of(office, year)
    assert made["heads"] == ["Tahun 2025", "Tahun 2024"]
    assert {len(row) for row in (*made["figures_of"], *made["apart_of"])} == {3}


def test_a_range_without_any_case_is_no_column_of_zeros_and_a_sentence_says_so(office: Office) -> None:
    made = content_of(office, Period.months_from(2001, 3))
    assert made["heads"] == ["Maret 2001"]
    assert {len(row) for row in made["figures_of"]} == {2}
    lacking = "Tidak dibandingkan dengan Februari 2001 dan Maret 2000: tidak ada pengaduan yang terhitung."
    assert made["lacking"] == lacking
    assert words(lacking) in words(pages(pdf(made))[0])
    made = content_of(office, Period(now().date() - timedelta(days=3000), now().date() - timedelta(days=1)))
    assert made["lacking"].startswith("Tidak dibandingkan dengan ")
    assert not re.search(r"naik|turun|sama banyaknya", made["notable"][0])


def test_a_running_period_is_provisional_and_counts_what_is_open_on_its_day(office: Office) -> None:
    at = now()
    made, day = content_of(office, this_month(), at), format_date(at)
    assert made["provisional"] == f"sementara, sampai {day}"
    assert made["heads"][0] == f"{this_month().words} (sementara)"
    assert [row[1] for row in made["main"]][2] == f"Masih terbuka pada {day}"
    assert day in made["notable"][0] + made["notable"][1]
    before = content_of(office, this_month().before, at)
    assert before["provisional"] == ""
    assert [row[1] for row in before["main"]][2] == f"Masih terbuka pada {format_date(this_month().before.last)}"


@pytest.mark.parametrize("name", [*periods()])
def test_the_five_figures_add_up_and_every_table_has_its_sum(office: Office, name: str) -> None:
    made = content_of(office, periods()[name])
    figures = {row[0]: row for row in made["main"]}
    for column in range(2, len(made["main"][0])):
        if column != 3:
            numbers = [int(row[column].replace(".", "")) for row in made["main"][1:4]]
            assert numbers[0] + numbers[1] == numbers[2]
    assert set(figures) == {"1.", "2.", "3.", "", "4.", "5."}
    for part in made["parts_of"]:
        sums = [sum(int(row[1].replace(".", "")) for row in part["rows"])]
        assert [int(part["total"][1].replace(".", ""))] == sums
        assert part["total"][1] == figures["1."][2]
    assert len(made["notable"]) == 3
    assert all(sentence.endswith(".") for sentence in made["notable"])


def test_what_stands_out_names_no_more_than_the_tables(office: Office) -> None:
    """So what ADR 73 says of the tables holds for the sentences."""
    made = content_of(office, periods()["days"])
    tables = str([made["main"], made["figures_of"], made["rows"], made["parts_of"]])
    [category] = re.findall(r"ialah (.+) \(\d+\)\.$", made["notable"][0])
    assert category in [row[0] for part in made["parts_of"] if part["title"] == "Kategori" for row in part["rows"][:-1]]
    for number in re.findall(r"\d+(?:,\d+)?", re.sub(r"\d+ \w+ \d{4}", "", " ".join(made["notable"][1:]))):
        assert number in tables or number == "14", number


def longer(made: dict[str, Any], size: str) -> dict[str, Any]:
    """With names of a hundred letters and more lines."""
    made = copy.deepcopy(made)
    made["office"]["size"] = size
    name = "Bidang Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk, dan Penyelenggaraan Keluarga"
    for part in made["parts_of"]:
        part["rows"] = [[name, *part["rows"][0][1:]]] * 14 + part["rows"]
    made["signer"] = {**made["signer"], "title": f"Plt. {name}", "name": "Dr. Raden Ajeng Kusumaningsih Wiryodiprojo"}
    return made


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("name", [*periods()])
def test_the_first_page_is_what_is_signed_and_the_details_are_a_headed_lampiran(
    office: Office, name: str, size: str
) -> None:
    made = content_of(office, periods()[name])
    made["office"] = {**made["office"], "size": size}
    first, second, *rest = pages(pdf(made))
    assert words(made["span"].upper()) in words(first)
    assert made["signer"]["name"] in first
    assert all(words(sentence) in words(first) for sentence in made["notable"])
    assert words("LAMPIRAN REKAPITULASI PENANGANAN PENGADUAN") in words(second)
    assert not any(made["signer"]["name"] in page for page in (second, *rest))
    assert [f"- {n} -" in page for n, page in enumerate((second, *rest), 2)] == [True] * (1 + len(rest))


def titles(page: str) -> list[str]:
    """Of the tables, and of those that go on from the page before."""
    listed = re.findall(r"^[A-J]\. (?:Menurut|Angka|Dihitung|Waktu)[^\n]*", page, re.MULTILINE)
    return [re.sub(r" \(lanjutan\)$|, lanjutan(?=\)$)", "", title) for title in listed]


def of_size(made: dict[str, Any], size: str) -> dict[str, Any]:
    return {**made, "office": {**made["office"], "size": size}}


BESIDE_A_HEAD = 1.2 * 72 / 25.4  # points
HALF_RULES = 0.6  # points: half of the rule on either side
UNDER_A_ROW = 3  # mm: from the line of a row's text to the rule beneath it


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("name", [*periods()])
def test_tables_keep_their_order_and_the_pages_are_filled(office: Office, name: str, size: str) -> None:
    """Less than a third of a page before the last is empty, the last has a quarter, for that at most one table is
    parted, once, and the foot's rule is clear of all of them."""
    printed = pdf(of_size(content_of(office, periods()[name]), size))
    listed = [title for page in pages(printed) for title in titles(page)]
    letters = [*dict.fromkeys(title[0] for title in listed)]
    assert letters == [*"ABCDEFGHIJ"[: len(letters)]]
    assert len(listed) - len(letters) <= 1
    assert len(set(listed)) == len(letters)
    details = lines(printed)[1:]
    sheet = {"F4": 330, "A4": 297}[size]
    frame = sheet - 24 - 26
    for page in details[:-1]:
        assert page[-1].mm - UNDER_A_ROW < 26 + frame / 3
    assert len(details) == 1 or page_used(details[-1], sheet) > frame / 4
    for number in range(len(lines(printed))):
        foot, *levels = sorted({left[1] for left, right in strokes(printed, number) if left[1] == right[1]})
        assert not levels or levels[0] - foot >= 4 * mm


@dataclass(frozen=True)
class Sized:
    """A table whose heads take so many lines, and each of its rows."""

    heads: int
    rows: list[int]

    def edges(self, air: float) -> list[float]:
        return [
            *accumulate((LEADING * lines + 2 * air for lines in self.rows), initial=16 + LEADING * self.heads + 2 * air)
        ]


@pytest.mark.parametrize("noted", range(24, 34))
def test_rows_stand_closer_rather_than_that_two_tables_are_parted_which_a_page_holds(noted: int) -> None:
    """Of a year on A4: neither the times of the rows nor the categories, with so many lines of notes."""
    parts = [
        [3, 2, 3, 2, 3, 1, 1],
        [2, 3, 2, 2, 3, 2, 1, 1, 2, 2, 1, 1],
        [2, 1, 1, 1],
        [1, 1, 2, *[1] * 8],
        [1] * 7,
        [1] * 5,
    ]
    tables = [Sized(1, [1] * 9), Sized(1, [1] * 5), Sized(2, [5, 5, 4, 4, 5]), *(Sized(2, rows) for rows in parts)]
    plans = [recap_tables._Plan(tables, air, 694, 625, noted * LEADING, -1) for air in recap_tables.AIRS]
    best = min(plans, key=lambda plan: plan.cost)
    assert (best.parted, best.pages) == (0, 4)


def page_used(page: list[Line], sheet: float) -> float:
    return sheet - 24 - page[-1].mm


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_a_table_that_is_longer_than_a_page_is_parted_with_its_head_and_the_others_are_not(
    office: Office, size: str
) -> None:
    made = of_size(content_of(office, periods()["days"]), size)
    unit, *others = made["parts_of"]
    name = "Bidang Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk, dan Penyelenggaraan Keluarga"
    many = {**unit, "rows": [[f"{name} {n}", *unit["rows"][0][1:]] for n in range(14)] + unit["rows"]}
    sheets = pages(pdf({**made, "parts_of": [many, *others]}))
    listed = [title for page in sheets for title in titles(page)]
    assert {title[3:] for title in listed if listed.count(title) > 1} == {"Menurut unit kerja"}
    headed = [number for number, page in enumerate(sheets) if "Menurut unit kerja" in page]
    assert len(headed) > 1
    assert headed == [*range(headed[0], headed[-1] + 1)]
    assert ["Menurut unit kerja (lanjutan)" in sheets[number] for number in headed] == [
        False,
        *[True] * (len(headed) - 1),
    ]


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("name", [*periods()])
def test_tables_are_placed_by_the_heights_that_they_have(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str, size: str
) -> None:
    """To a tenth of a point, and never by less; a name that nearly fills its line may count as a line more."""
    planned, printed, rests = list[float](), dict[Any, float](), list[Any]()
    split = ListEnding.split

    def plan(tables: list[RecapTable], air: float, turn: int) -> RecapDetails:
        planned.extend(table.edges(air)[-1] for table in tables)
        return RecapDetails(tables, air, turn)

    def measured(self: Any, wide: float, high: float) -> Any:
        parts = split(self, wide, high)
        rests.extend(part for part in parts if isinstance(part, ListEnding) and part is not self)
        if self not in rests:
            printed[self] = self._H
        return parts

    monkeypatch.setattr(recap_tables, "RecapDetails", plan)
    monkeypatch.setattr(ListEnding, "split", measured)
    pdf(of_size(content_of(office, periods()[name]), size))
    for wanted, high in zip(planned, printed.values(), strict=True):
        assert -0.1 < wanted - high < 0.1 or abs(wanted - high - LEADING) < 0.1


@pytest.mark.parametrize("wide", [160, 165])
@pytest.mark.parametrize("name", [*periods()])
def test_columns_are_as_wide_as_what_they_hold(office: Office, name: str, wide: float) -> None:
    """No word of a head is near a rule, no number is broken, names have what is left, the table has the whole width."""
    made = content_of(office, periods()[name])
    tables = [main_table(made, wide), *recap_details(made, [], wide, 250, 24).tables]
    for table in tables:
        assert sum(table.widths) == pytest.approx(wide * 72 / 25.4)
        assert table.widths[table.names] == max(table.widths)
        for place, width_of_column in enumerate(table.widths):
            for word in table.heads[place].split():
                assert width(word) * SIZE < width_of_column - 2 * BESIDE_A_HEAD - HALF_RULES, word
            for line in (line for row in table.rows for line in row[place].splitlines() if place != table.names):
                assert width(line, "LiberationSans-Regular") * SIZE < width_of_column - 4, line
    [of_rows] = [table for table in tables if "Waktu tiap baris" in table.title]
    assert of_rows.widths[of_rows.names] > wide * 72 / 25.4 / 4


def test_of_few_cases_no_table_says_nothing_but_its_sum(office: Office) -> None:
    """The note beneath says which, as each has one line for all."""
    made = content_of(office, periods()["empty"])
    assert {len(part["rows"]) for part in made["parts_of"]} == {1}
    sheets = pages(pdf(made))
    assert "Menurut unit kerja" not in "".join(sheets)
    assert words("tidak ada rincian menurut unit kerja, kategori,") in words("".join(sheets))
    assert len(sheets) <= 3


def test_the_kepala_dinas_signs_it_and_the_history_is_told_in_plain_words(office: Office) -> None:
    made = content_of(office, periods()["month"])
    [signer] = made["signers"]
    assert (signer["role"], signer["name"]) == ("kepala_dinas", made["signer"]["name"])
    text = words("".join(pages(pdf(made))))
    assert words(f"{made['history']['count']} catatan; sidik jari digital catatan terakhir") in text
    assert made["history"]["head"] in text
    assert words("Sidik jari catatan terakhir pada halaman pertama dihitung berantai dari semua catatan") in text


def test_a_range_issued_again_says_which_issue_it_is_and_names_the_one_before(office: Office) -> None:
    """A running one of another day is another issue, and so is the one after its end; the first names none."""
    month, day = this_month(), now()
    first, second = (content_of(office, month, at) for at in (day, day + timedelta(days=1)))
    final = content_of(office, month, day + timedelta(days=60))
    assert first["follows"] == {}
    assert "Terbitan" not in pages(pdf(first))[0]
    assert second["follows"] == {"place": 2, "number": first["paper"]["number"], "date": first["paper"]["issued_at"]}
    assert final["follows"]["number"] == second["paper"]["number"]
    said = words(pages(pdf(final))[0])
    assert words(f"Ke-3 untuk rentang ini; sebelumnya Nomor {second['paper']['number']} tanggal") in said
    assert content_of(office, month, day + timedelta(days=61)) == final
    assert content_of(office, month.before)["follows"] == {}


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_text_is_smaller_than_ten_points_but_the_foot(office: Office, size: str) -> None:
    """And no head is broken within a word, with the columns of cases from outside the panel as well."""
    made = content_of(office, periods()["days"])
    made["office"] = {**made["office"], "size": size}
    assert "Di luar panel" in made["parts_of"][0]["heads"]
    printed = pdf(made)
    assert {points for points in sizes(printed) if points < 10} == {8.0}
    text = "\n".join(pages(printed)).replace("\n", " ").split()
    heads = {word for part in made["parts_of"] for head in part["heads"] for word in head.split()}
    assert heads - {*text} == set()
    assert {"kalender", "Persentil"} - {*text} == set()


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_long_names_leave_no_signature_and_no_row_alone(office: Office, size: str) -> None:
    printed = pdf(longer(content_of(office, periods()["days"]), size))
    assert printed == pdf(longer(content_of(office, periods()["days"]), size))
    sheets = pages(printed)
    [signed] = [n for n, sheet in enumerate(sheets) if "Wiryodiprojo" in sheet]
    assert "Rekapitulasi ini disusun" in sheets[signed].replace("\n", " ")
    assert signed == 0
    for sheet in sheets[1:]:
        for part in re.split(r"\n?[D-M]\. Menurut ", sheet)[1:]:
            assert len(re.findall(r"\d,\d", part)) >= 2, part


def test_a_title_in_brackets_that_goes_on_says_so_within_them(office: Office) -> None:
    printed = pages(pdf(longer_rows(content_of(office, periods()["days"]))))
    assert any("Waktu tiap baris SOP (jam.menit, lanjutan)" in page for page in printed)
    assert not any("(jam.menit) (lanjutan)" in page for page in printed)


def longer_rows(made: dict[str, Any]) -> dict[str, Any]:
    """With so many rows of the SOP that no page holds all."""
    return {**made, "rows": made["rows"] * 6}


def test_numbers_end_on_one_line_below_one_another(office: Office) -> None:
    """Right-aligned with the same decimals: the last letters of each column of per cent stand at one place."""
    page = PdfReader(io.BytesIO(pdf(content_of(office, periods()["days"])))).pages[0]
    ends: list[float] = []

    def hear(text: str, ctm: list[float], matrix: list[float], _: Any, size: float) -> None:
        if re.fullmatch(r"\d+,\d", text.strip()):
            ends.append(
                round(matrix[4] * ctm[0] + ctm[4] + len(text.strip().replace(",", "")) * size * 0.556 + size * 0.278)
            )

    page.extract_text(visitor_text=hear)
    assert len(ends) >= 4
    assert max(ends) - min(ends) <= 1


def test_a_year_that_has_not_ended_says_so_in_its_title(office: Office) -> None:
    [first, *_] = pages(pdf(content_of(office, periods()["running year"])))
    assert f"TAHUN {now().year}" in first
    assert "(sementara, sampai" in first


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("name", [*periods()])
def test_rows_are_as_high_on_the_first_page_as_in_the_lampiran(office: Office, name: str, size: str) -> None:
    made = of_size(content_of(office, periods()[name]), size)
    first, *details = lines(pdf(made))

    def apart(sheet: list[Line], one: str, other: str) -> float:
        [top], [foot] = ([line.mm for line in sheet if line.text.startswith(words)] for words in (one, other))
        return top - foot

    [listed] = [sheet for sheet in details if any(line.text.startswith("Duplikat") for line in sheet)]
    high = apart(listed, "Duplikat", "Register dibatalkan")
    assert apart(first, "2.\n", "3.\n") == pytest.approx(high, abs=0.1)
    assert high < (LEADING + 2 * 4.5 + 0.1) * 25.4 / 72


def test_what_is_a_part_of_a_line_stands_beneath_it_and_further_to_the_right(office: Office) -> None:
    """So that nobody adds up what is counted twice."""
    made = content_of(office, periods()["days"])
    rows = [row[0] for row in (*made["figures_of"], *made["apart_of"])]
    assert not [label for label in rows if label.startswith("Dari yang")]
    assert rows[:2] == ["Masuk", "di antaranya ditangani menurut SOP"]
    assert rows[rows.index("Urusan instansi lain, diterima") + 1].startswith("di antaranya ")
    assert [label for label in rows if label == f"di antaranya lebih dari {LONG} hari kalender"]
    edges: dict[str, float] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], _: Any, size: float) -> None:
        edges.setdefault(text.strip(), matrix[4] * ctm[0] + ctm[4])

    PdfReader(io.BytesIO(pdf(made))).pages[1].extract_text(visitor_text=hear)
    assert edges["di antaranya ditangani menurut SOP"] == pytest.approx(edges["Masuk"] + 12, abs=0.1)


def test_times_of_rows_say_what_they_count(office: Office) -> None:
    """Finished ones of the range, whenever received, and none of rahasia: other cases than those that came."""
    made = content_of(office, periods()["days"])
    assert "yang selesai dalam rentang ini" in made["notable"][2]
    assert made["notable"][2].endswith("tanpa yang rahasia.")
    text = words("".join(pages(pdf(made))))
    counted = "“Banyak” dan “Lewat” hanya menghitung pengaduan yang kegiatannya selesai dalam rentang ini dan dapat"
    assert words(counted) in text
    assert words("Bunyi kegiatan SOP disesuaikan, dan 1 hari pada SOP dihitung sebagai 1 hari kerja") in text


def test_a_row_of_which_most_are_not_judged_is_named_over_its_table(office: Office) -> None:
    """Without their number: beside those that ended it would tell how many of these are rahasia."""
    first, *others = office.receive(3)
    office.bring([first, *others], "deliver")
    tried = office.at + timedelta(minutes=1)
    office.do([first], "attempt", at=tried, outcome="reached", tried_at=tried)
    office.do([first], "deliver", at=tried + timedelta(seconds=20))
    day = Period(tried.date(), tried.date())

    office.do(others[:1], "deliver", at=tried + timedelta(minutes=3))
    made = content_of(office, day, office.at)
    assert made["hardly_judged"] == []
    assert words("C. Waktu tiap baris SOP (jam.menit)") in words("".join(pages(pdf(made))))
    office.do(others[1:], "deliver", at=tried + timedelta(minutes=4))
    made = content_of(office, day, office.at)
    assert made["hardly_judged"] == ["5"]
    assert made["rows"][-1][3:6] == ["1", "0", "0,0"]
    for size, rows in product(("F4", "A4"), (["5"], ["1", "2", "3", "4", "5"])):
        printed = lines(pdf({**of_size(made, size), "hardly_judged": rows}))
        [title] = [line.text for page in printed for line in page if line.text.startswith("C. Waktu")]
        assert title.replace("\n", "").endswith(f"{rows[-1]} sebagian besar tidak dinilai)")


def test_the_note_on_rahasia_is_true_of_every_table(office: Office) -> None:
    """Of those that are printed their last line has three others at least; the rest have no line of their own."""
    told = (
        "tergabung dalam baris terakhir sebelum jumlah bersama sedikitnya tiga pengaduan lain. Yang digabung ialah "
        "isian yang belum diketahui, baris yang kurang dari tiga pengaduan, dan bila belum cukup baris terkecil; pada "
        "kategori, klasifikasi, dan media satu isian selalu digabung"
    )
    made = content_of(office, periods()["days"])
    divided, alone = copy.deepcopy(made), content_of(office, periods()["empty"])
    divided["parts_of"][0]["rows"] = divided["parts_of"][0]["rows"][-1:]
    lacking = divided["parts_of"][0]["title"].lower()
    assert words(told + ".") in words("".join(pages(pdf(made))))
    assert words(f"{told}; karena itu tidak ada rincian menurut {lacking}") in words("".join(pages(pdf(divided))))
    without = words("".join(pages(pdf(alone))))
    assert (
        words("Rincian tidak memuat baris yang kurang dari tiga pengaduan dan tidak memisahkan yang rahasia") in without
    )
    assert words("baris terakhir sebelum jumlah") not in without


def test_the_notes_speak_of_what_the_paper_has(office: Office) -> None:
    """Of a comparison only beside one; of the parts by their letters, of the figures by their heads."""
    alone, compared = (content_of(office, periods()[name]) for name in ("empty", "days"))
    assert (len(alone["heads"]), len(compared["heads"]) > 1) == (1, True)
    without, beside = ("\n".join(pages(pdf(made))) for made in (alone, compared))
    of_comparison = words("Yang masih terbuka pada rentang pembanding")
    assert (of_comparison in words(without), of_comparison in words(beside)) == (False, True)
    letters = [
        re.findall(r"^([a-z])\.$", re.sub(r"^([a-z])\. +.*$", r"\1.", text, flags=re.M), re.M)
        for text in (without, beside)
    ]
    assert ["".join(of) for of in letters] == ["abcdefgh", "abcdefghi"]
    last = max(title[0] for title in titles(beside))
    assert words(f"Pada bagian D–{last} ia tergabung") in words(beside)
    assert "angka pokok" not in beside
    for head in ("Pernah lewat SOP", "Lewat batas", "Banyak"):
        assert words(f"“{head}”") in words(beside)


def test_the_notes_tell_of_what_each_per_cent_is_a_part(office: Office) -> None:
    """Of section C of the cases that went through a row, of the others of those that came."""
    made = content_of(office, periods()["days"])
    of_rows = next(row for row in made["rows"] if row[3] != "0" and row[4] != "0")
    assert of_rows[5] == format_percent(int(of_rows[4]), int(of_rows[3]))
    sheets = "\n".join(pages(pdf(made)))
    last = max(title[0] for title in titles(sheets))
    told = f"Persen pada bagian C adalah bagian yang lewat dari banyaknya; pada bagian D–{last} bagian dari yang masuk"
    assert words(told) in words(sheets)
    alone = words("\n".join(pages(pdf(content_of(office, periods()["empty"])))))
    assert words("bagian yang lewat dari banyaknya; semua persen dibulatkan") in alone


def test_the_limits_of_the_regulation_are_told_as_the_office_has_them(office: Office) -> None:
    at = now()
    for days in (5, 7):
        store_setting("legal.informasi", days, at.date())
        made = content_of(office, periods()["days"], at)
        told = (
            f"Batas peraturan saat terbit menurut klasifikasi: permintaan informasi {days} hari kerja, tidak berkadar "
            "pengawasan 14 hari kerja, dan berkadar pengawasan 60 hari kerja, sesudah hari diterima atau dibuka "
            "kembali."
        )
        assert made["limits"] == told
        assert words(told) in words("\n".join(pages(pdf(made))))


@pytest.mark.nightly(size=["F4"])
@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_line_parts_a_number_from_its_per_cent(office: Office, size: str) -> None:
    """However the words before it fall."""
    made = of_size(content_of(office, periods()["days"]), size)
    for more in range(70, 150, 6):
        sentence = f"Yang {'i' * more} melaluinya (13,6\u00a0persen), tanpa yang rahasia."
        [first, *_] = pages(pdf({**made, "notable": [sentence]}))
        assert "13,6\n" not in first


def test_the_lettered_notes_begin_on_one_line(office: Office) -> None:
    edges = dict[str, set[float]]()

    def hear(text: str, ctm: list[float], matrix: list[float], _: Any, size: float) -> None:
        begun = re.match(r"(“Masuk” adalah|“Pernah|Yang berakhir, dij|Waktu kerja hanya|Median adalah)", text.strip())
        if begun:
            edges.setdefault("texts", set()).add(round(matrix[4] * ctm[0] + ctm[4], 1))

    for page in PdfReader(io.BytesIO(pdf(content_of(office, periods()["month"])))).pages[1:]:
        page.extract_text(visitor_text=hear)
    assert len(edges["texts"]) == 1


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("name", [*periods()])
def test_a_title_that_begins_a_page_has_no_space_above_it(office: Office, name: str, size: str) -> None:
    """It stands as high as the text of a page that begins with a note, by the difference of their letters."""
    sheets = lines(pdf(of_size(content_of(office, periods()[name]), size)))[2:]
    begun = [page[0] for page in sheets if re.match(r"[A-M][.] |Cara menghitung|Pengaduan rahasia", page[0].text)]
    assert len(begun) == len(sheets)
    assert max(line.mm for line in begun) - min(line.mm for line in begun) < 0.6


def test_what_stands_alone_on_its_line_has_no_full_stop(office: Office) -> None:
    heads = [line.text for page in lines(pdf(content_of(office, periods()["month"]))) for line in page]
    assert "Cara menghitung" in map(str.strip, heads)


def test_a_duration_has_a_full_stop_between_hours_and_minutes(office: Office) -> None:
    made = content_of(office, periods()["days"])
    times = {cell for row in made["rows"] for cell in row[-4:]} - {"–"}
    assert times
    assert all(re.fullmatch(r"<?[0-9.]+[.][0-9]{2}", cell) for cell in times), times


def test_the_notes_tell_how_the_limit_is_passed_without_a_standard(office: Office) -> None:
    text = words("".join(pages(pdf(content_of(office, periods()["month"])))))
    assert words("Pengaduan dapat lewat batas peraturan tanpa pernah lewat standar SOP") in text


def test_the_sum_on_the_first_page_is_bold_as_every_sum(office: Office) -> None:
    bold = set[str]()

    def hear(text: str, ctm: list[float], matrix: list[float], font: Any, size: float) -> None:
        if font and "Bold" in font["/BaseFont"]:
            bold.add(text.strip())

    PdfReader(io.BytesIO(pdf(content_of(office, periods()["month"])))).pages[0].extract_text(visitor_text=hear)
    assert "Jumlah yang ditangani (2 dan 3)" in bold
    assert "Berakhir" not in bold


def test_what_went_to_another_institution_is_not_called_unanswered(office: Office) -> None:
    office.bring(office.receive(), "forwarded")
    made = content_of(office, Period(office.at.date(), office.at.date()), office.at)
    listed = {row[0]: row[1] for row in made["apart_of"]}
    assert listed["di antaranya diteruskan; jawaban instansinya tidak tercatat"] == "1"
    assert not [label for label in listed if "tanggal jawabnya" in label]
