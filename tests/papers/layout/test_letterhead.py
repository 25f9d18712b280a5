"""The office's own letterhead: on every kind of paper, and on those that are issued as it was on their day."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from models.case.case import load
from models.case.issued_lists import content_of_list, issue_approvals, issue_covering, to_sign
from models.case.sheets import LeftOut, blank_form, key_sheet, left_out_sheet
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper, content_of
from models.complaint.scope import viewer
from models.office import wording
from models.office.people import Division, today
from models.office.settings import EMBLEM, Setting
from models.operations.archive import key_groups
from models.reading import registerbook
from models.reading.casefile import CaseFile
from models.reading.period import Period
from models.reading.recap_paper import content_of_recap, issue
from papers.printing import press
from papers.printing.render import pdf
from sop.vocabulary import CLOSED, vocabulary
from tests.office import SECRET, Office
from tests.papers.contents import content as content_by_hand
from tests.papers.reading import pages, words

OURS = {
    "office.government": "PEMERINTAH KOTA CONTOH",
    "office.name": "DINAS URUSAN WARGA\nDAN KELUARGA SEJAHTERA",
    "office.address": "Jalan Melati Nomor 77",
    "office.phone": "(0999) 123456",
    "office.city": "CONTOHARJO",
    "office.web": "Laman warga.example.com",
    "office.postcode": "65999",
    "office.unit_code": "777",
}
THEIRS = {**{key: f"LAIN {number}" for number, key in enumerate(OURS)}, "office.unit_code": "888"}
WITH_UNIT = {key for key, paper in vocabulary().papers.items() if paper.series not in ("", "register")}


def settle(values: dict[str, str], colour: str, day: date) -> None:
    """These settings from a day on, with an emblem of that colour on white."""
    picture, out = Image.new("RGB", (200, 240), "white"), io.BytesIO()
    picture.paste(colour, (20, 20, 180, 220))
    picture.save(out, "PNG")
    emblem = wording.drawn_emblem("kota.png", out.getvalue())
    wording.store_emblem(emblem)
    for key, value in {**values, EMBLEM: wording.digest(emblem)}.items():
        Setting.create(key=key, value=value, valid_from=day)


def emblems(printed: bytes) -> set[str]:
    """The colours of the emblems on the first page, red or blue."""
    pictures = [Image.open(io.BytesIO(one.data)) for one in PdfReader(io.BytesIO(printed)).pages[0].images]
    middles = [picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2)) for picture in pictures]
    return {"red" if red > blue else "blue" for red, _, blue in middles}


@pytest.fixture
def own(office: Office) -> None:
    """The office has filled in all that its letterhead shows, before its first complaint."""
    settle(OURS, "red", office.at.date())


def issued(case: int) -> dict[str, dict[str, Any]]:
    seal = open_seals([case])[case]
    return {paper.kind: content_of(paper, seal) for paper in Paper.select().where(Paper.complaint == case)}


def loose(office: Office, case: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """The papers that no case issues, as of today."""
    day, petugas = office.at.date(), office["petugas"]
    file = CaseFile.of(load([case], petugas, office.at)[case])
    yield "formulir_kosong", blank_form(at=office.at, demo=False)
    yield "daftar_isi_berkas", file.index(dict.fromkeys(file.papers, "–"), 12)
    for covering in issue_covering(to_sign(file.papers), by=petugas, at=office.at, demo=False):
        yield "daftar_pengantar", content_of_list(covering)
    approve, kadis = vocabulary().transitions["approve"], viewer(office["kadis"])
    approved = issue_approvals(approve, kadis, day, at=office.at, demo=False)
    assert approved
    yield "daftar_disetujui", content_of_list(approved)
    numbers = registerbook.registered_numbers(petugas, day, day)
    yield "buku_register", registerbook.book(numbers, day, day, by=petugas, at=office.at, demo=False)
    yield "rekapitulasi", content_of_recap(issue(office["kadis"], Period(day, day), office.at, demo=False))
    groups = key_groups(bytes(range(32)))
    facts = {"mark": "00000000", "place": "", "database": "sqlite", "by": office["admin"]}
    sheet = key_sheet(groups, **facts, at=office.at, demo=False)
    yield "lembar_kunci_cadangan", sheet
    yield (
        "tidak_disertakan",
        left_out_sheet([LeftOut(case, 7, "Nota Dinas", "7", "Batal")], 3, by=petugas, at=office.at, demo=False),
    )


@pytest.mark.slow("prints every paper")
@pytest.mark.only("sqlite")
def test_every_kind_of_paper_bears_the_letterhead_of_the_offices_own_settings(office: Office, own: None) -> None:
    [case] = office.receive(category=SECRET)  # for which every kind is issued
    office.bring([case], CLOSED)
    contents = {**issued(case), **dict(loose(office, case))}
    assert set(contents) >= {
        *vocabulary().papers,
        "formulir_kosong",
        "daftar_isi_berkas",
        "daftar_pengantar",
        "daftar_disetujui",
        "buku_register",
        "rekapitulasi",
    }
    for kind, content in contents.items():
        printed = pdf(press.with_inlined_emblem(content))
        first = words(pages(printed)[0])
        lacking = [
            line
            for key, value in OURS.items()
            if key != "office.unit_code"
            for line in value.splitlines()
            if words(line) not in first
        ]
        assert lacking == [], kind
        assert emblems(printed) == {"red"}, kind
        assert (".777/" in first) or kind not in WITH_UNIT, kind


@pytest.mark.slow("prints every paper twice")
@pytest.mark.only("sqlite")
def test_a_change_of_the_letterhead_leaves_every_issued_paper_as_it_was(office: Office, own: None) -> None:
    [case] = office.receive()
    office.bring([case], CLOSED)
    papers = list(Paper.select().order_by(Paper.id))
    printed = {paper.id: press.pdf_of(paper.id) for paper in papers[::2]}
    waiting = {paper.id: pdf(press.with_inlined_emblem(issued(case)[paper.kind])) for paper in papers[1::2]}
    settle(THEIRS, "blue", office.at.date() + timedelta(days=1))
    assert today() > office.at.date()
    assert {paper.id: press.pdf_of(paper.id) for paper in papers} == {**printed, **waiting}
    [later] = office.receive(at=office.at + timedelta(days=2))
    for kind, content in issued(later).items():
        new = pdf(press.with_inlined_emblem(content))
        assert words(THEIRS["office.address"]) in words(pages(new)[0]), kind
        assert emblems(new) == {"blue"}, kind


@pytest.mark.only("sqlite")
def test_a_unit_with_an_address_speaks_under_its_own_letterhead_and_the_office_under_the_offices(
    office: Office, own: None
) -> None:
    [case] = office.receive()
    office.bring([case], CLOSED)
    unit = Division.select().join(Complaint).where(Complaint.id == case).get()
    Division.update(address="Jalan Kenanga Nomor 8", phone="(0999) 7", postcode="65111").where(
        Division.id == unit.id
    ).execute()
    [later] = office.receive()
    office.bring([later], CLOSED)
    for kind, content in issued(later).items():
        of_unit, printed = (
            vocabulary().papers[kind].is_of_unit,
            words(pages(pdf(press.with_inlined_emblem(content)))[0]),
        )
        assert (words("Jalan Kenanga Nomor 8") in printed) == of_unit, kind
        assert (words(unit.name.upper()) in printed) == of_unit, kind
        assert (words("Jalan Melati Nomor 77") in printed) != of_unit, kind
    assert {kind for kind, paper in vocabulary().papers.items() if paper.is_of_unit} != set()
    assert {content["office"]["address"] for content in issued(case).values()} == {"Jalan Melati Nomor 77"}


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("kind", ["nota_dinas", "tanda_terima", "lembar_disposisi"])
def test_the_governments_line_is_as_large_as_the_offices_name(kind: str, size: str) -> None:
    by_hand = content_by_hand(kind)
    office = {**by_hand["office"], "size": size}
    drawn: dict[str, set[float]] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        drawn.setdefault(text.strip(), set()).add(size)

    PdfReader(io.BytesIO(pdf({**by_hand, "office": office}))).pages[0].extract_text(visitor_text=hear)
    [own] = drawn[office["government"]]
    assert [drawn[line] for line in office["name"]] == [{own}] * len(office["name"])
