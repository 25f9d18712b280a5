"""A month for heads and supervisors: one sentence, charts that a CSP lets through, links that lead to their lists."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import lxml.html
import pytest

from admin.figures.charts import LETTERS, bar_chart, month_chart
from models.reading.period import Period
from models.reading.summary import MonthLine, Summary
from tests.admin.doors import Visitor
from tests.models.reading.made import scatter
from tests.office import Office, worked

At = Callable[[str], Visitor]
HEAVIEST = 60_000  # bytes of the page


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worked(template, tmp_path_factory.mktemp("leadership"), lambda office: [*scatter(office, 150, 5)] and None)


def test_it_says_the_month_in_one_sentence_and_draws_it(office: Office, at: At) -> None:
    answer = at("kadis").get("/pimpinan/")
    page = lxml.html.fromstring(answer.text)
    [sentence] = page.xpath("//p[@class='month']")
    assert all(words in sentence.text_content() for words in (" masuk", " selesai", " lewat standar waktu SOP"))
    assert re.search(r"lama menindaklanjuti adalah .+, dengan nilai tengah .+ kerja\.", sentence.text_content())
    assert page.xpath(
        "//table[@class='shades']//th[text()='sebelum 07'] | //table[@class='shades']//th[text()='18 ke atas']"
    )[1:]
    drawings = page.xpath("//main//svg[contains(@class, 'chart')]")
    assert len(drawings) > 3
    assert all(one.get("role") == "img" and one.xpath("./title") and one.xpath("./desc") for one in drawings)
    assert all(card.xpath(".//table") for card in page.xpath("//section[.//svg]")), "the table stands next to each"
    assert not page.xpath("//svg//*[@style or name()='style' or name()='script']")
    assert len(answer.data) <= HEAVIEST


def test_a_figure_of_a_part_and_of_what_waits_leads_to_a_list_of_so_many(office: Office, at: At) -> None:
    visitor = at("kadis")
    page = lxml.html.fromstring(visitor.get("/pimpinan/").text)
    links = page.xpath("//table[@class='figure-table']//a")
    assert len(links) > 10
    for link in links[:: len(links) // 4]:
        answer = visitor.get(link.get("href")).text
        assert f"{link.text.split()[-1]} pengaduan ditemukan" in answer, link.get("href")


@pytest.mark.parametrize("month", ["", "2026", "2026-13", "2026-00", "0000-01", "9999-12", "２０２６-11", "a" * 2_000])
def test_a_month_that_is_none_shows_the_present_one(office: Office, at: At, month: str) -> None:
    visitor = at("pengawas")
    assert visitor.get(f"/pimpinan/?bulan={month}").text.count("<h1") == 1
    assert heading(visitor, month) == heading(visitor, "")


def heading(visitor: Visitor, month: str) -> str:
    page = lxml.html.fromstring(visitor.get(f"/pimpinan/?bulan={month}").text)
    return page.xpath("string(//p[@class='month'])").partition(":")[0]


def test_another_month_is_one_address_away(office: Office, at: At) -> None:
    assert heading(at("kadis"), "2026-03") == "Maret 2026"


def test_a_unit_s_head_sees_the_same_of_his_unit_where_he_starts(office: Office, at: At) -> None:
    page = at("bidang.rehsos").get("/").text
    assert "Bulan ini di unit kerja Anda" in page
    assert "paling lama" not in lxml.html.fromstring(page).xpath("string(//p[@class='month'])")
    assert "Bulan ini di unit kerja Anda" not in at("staf.rehsos").get("/").text


def test_from_the_desk_it_is_one_tab_away(office: Office, at: At) -> None:
    page = lxml.html.fromstring(at("kadis").get("/").text)
    assert page.xpath("//nav[@class='desk-tabs']//a[@href='/pimpinan/']")


LONG = "Bidang Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk, dan Keluarga Berencana"


def test_each_bar_has_its_whole_name_and_its_value() -> None:
    names = [LONG, f"{LONG} lain", "Sekretariat"]
    drawn = lxml.html.fromstring(
        bar_chart(tuple((name, 3 + place) for place, name in enumerate(names)), "Menurut unit")
    )
    texts = [text.text for text in drawn.xpath("//text")]
    assert len(drawn.xpath("//rect")) == len(names)
    assert " ".join(texts) == f"{LONG} 3 {LONG} lain 4 Sekretariat 5"
    assert all(len(text) <= LETTERS for text in texts)


def test_what_somebody_named_is_text_in_a_drawing() -> None:
    drawn = bar_chart((("<script>x</script>", 1),), 'Menurut "kategori" & lainnya')
    assert "<script" not in drawn
    assert "&lt;script" in drawn


def test_the_first_picture_is_who_is_late(office: Office, at: At) -> None:
    page = lxml.html.fromstring(at("kadis").get("/pimpinan/").text)
    first = page.xpath("//div[@class='charts']/section")[0]
    assert first.xpath("string(h2)").startswith("Pengaduan yang lewat standar waktu SOP menurut unit kerja, masuk ")


@pytest.mark.parametrize("month", ["2020-01", ""])
def test_a_month_in_which_nobody_was_late_has_a_sentence_instead_of_a_picture(
    office: Office, at: At, month: str
) -> None:
    """And a unit that may open no case at all has the page as well."""
    for username in ("pengawas", "kadis", "bidang.ppa"):
        answer = at(username).get(f"/pimpinan/?bulan={month}")
        assert answer.status_code in (200, 403, 404)
        if month and answer.status_code == 200:
            assert "Tidak ada pengaduan yang terhitung di sini." in answer.text


def test_each_chart_names_what_is_counted_and_the_range_and_has_its_table_one_tap_away(office: Office, at: At) -> None:
    page = lxml.html.fromstring(at("kadis").get("/pimpinan/").text)
    drawn = page.xpath("//section[contains(@class, 'drawn')][.//svg]")
    assert drawn
    for card in drawn:
        assert re.search(r", .*\d{4}$", card.xpath("string(h2)")), card.xpath("string(h2)")
        assert card.xpath(".//details[not(@open)]//table")
        assert card.xpath(".//button[@data-save-picture]")


def summary_of(*received: int) -> Summary:
    months = [
        MonthLine(Period.months_from(2026, n + 1), {"masuk": one, "selesai": 0}) for n, one in enumerate(received)
    ]
    return Summary(months[-1].month, {}, tuple(months), (), None)


@pytest.mark.parametrize(("received", "begun"), [((0, 0, 4, 0, 2), 3), ((1, 0, 0), 3), ((0, 0, 0), 2), ((0, 0, 5), 2)])
def test_the_empty_months_before_the_first_case_are_left_out(received: tuple[int, ...], begun: int) -> None:
    assert len(summary_of(*received).begun_months) == begun


def test_months_of_nothing_are_drawn_as_well() -> None:
    lines = [MonthLine(Period.months_from(2026, month), {"masuk": 0, "selesai": 0}) for month in (1, 2, 3)]
    chart = month_chart(lines, date(2026, 4, 2))
    assert chart.heading.endswith("tiap bulan, Januari–Maret 2026")
    assert "Januari 2026: 0 masuk, 0 selesai" in lxml.html.fromstring(chart.drawing).xpath("string(//desc)")


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_up_to_the_last_is_a_point_of_the_drawing_whichever_it_is(month: int) -> None:
    months = [Period.months_from(2026, month - back) for back in range(12, -1, -1)]
    drawn = str(month_chart([MonthLine(one, {"masuk": 5, "selesai": 2}) for one in months], months[-1].last).drawing)
    points = [re.findall(r"[ML] *([\d.]+)", path) for path in re.findall(r'\bd="([^"]+)"', drawn)]
    assert [len(places) for places in points] == [len(months)] * 2


@pytest.mark.parametrize(("day", "named"), [(1, "1 Mar"), (17, "1–17 Mar")])
def test_a_month_that_still_runs_is_dotted_and_says_until_when(day: int, named: str) -> None:
    months = [Period.months_from(2026, month) for month in (1, 2, 3)]
    chart = month_chart([MonthLine(one, {"masuk": 5, "selesai": 2}) for one in months], date(2026, 3, day))
    assert chart.heading.endswith(f"Januari sampai {day} Maret 2026")
    page = lxml.html.fromstring(chart.drawing)
    assert named in page.xpath("//text/text()")
    dotted = page.xpath("//path[@stroke-dasharray='1 5']/@d")
    assert [len(re.findall("[ML]", path)) for path in dotted] == [2, 2]
    assert len(page.xpath("//text[text()='Masuk' or text()='Selesai']")) == 2


CSS = Path(__file__).resolve().parents[3] / "static/css"
SHADE = re.compile(r"\.shade-(\d) \{ background: ([^;]+);(?: color: var\(--([\w-]+)\);)?")


def tokens(scheme: str) -> dict[str, tuple[float, ...]]:
    """The colours of a scheme by name, each as red, green and blue from 0 to 255."""
    text = (CSS / "panel.css").read_text(encoding="utf-8")
    part = text[: text.index("/* Frame */")] if scheme == "light" else text[text.index("/* Dark") :]
    [light, *dark] = re.findall(
        r":root[^{]*\{([^}]*--shade-[^}]*)\}", (CSS / "leadership.css").read_text(encoding="utf-8")
    )
    assert len(set(dark)) == 1, "one dark scheme, by the device or by choice"
    part += light if scheme == "light" else dark[0]
    found = re.findall(r"--([\w-]+): #([0-9a-f]{6}|[0-9a-f]{3});", part)
    doubled = {name: code if len(code) == 6 else "".join(2 * letter for letter in code) for name, code in found}
    return {name: tuple(int(code[at : at + 2], 16) for at in (0, 2, 4)) for name, code in doubled.items()}


def luminance(colour: tuple[float, ...]) -> float:
    """As WCAG 2 computes it."""
    parts = (one / 255 for one in colour)
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_number_of_each_hour_can_be_read_on_its_shade(scheme: str) -> None:
    colours, shades = tokens(scheme), SHADE.findall((CSS / "leadership.css").read_text(encoding="utf-8"))
    assert [number for number, *_ in shades] == ["1", "2", "3", "4"]
    for number, background, ink in shades:
        ground = colours[background.removeprefix("var(--").removesuffix(")")]
        dark, light = sorted((luminance(ground), luminance(colours[ink or "ink"])))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, number
