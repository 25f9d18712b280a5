"""Filters by the case: each finds what it says, on every list whose rows hang on one, and closes by its chip."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import lxml.html
import pytest

from admin.door.flaskadmin import view_at
from admin.lists.case_filters import CaseFilter
from bench.pages import counted
from models.complaint.complaint import Addressee, Complaint
from models.office.lists import Category, Kelurahan
from models.store.base import now
from tests.admin.doors import Visitor, words
from tests.office import Office

At = Callable[[str], Visitor]
PLAIN = {"title": "Pengaduan", "law_class": "tidak_berkadar", "secrecy": "biasa", "urgency": "biasa"}
LISTS = ("pengaduan", "disposisi", "berita-acara", "dokumen", "riwayat")


def filters(app: Any, endpoint: str) -> Iterator[tuple[int, CaseFilter]]:
    """The filters by the case of a list, with where they stand."""
    with app.app_context():
        found = view_at(endpoint).offered_filters
    yield from ((index, item) for index, item in enumerate(found) if isinstance(item, CaseFilter))


def shown(visitor: Visitor, endpoint: str, index: int, value: str) -> str:
    return words(visitor.get(f"/{endpoint}/?flt{index}_{index}={value}").text)


@pytest.fixture
def special(office: Office) -> dict[str, int]:
    """Two cases that differ in everything that can be asked for."""
    place = Kelurahan.get(name="Dinoyo")
    [plain, odd] = office.receive(2)
    office.bring([plain, odd], "deliver")
    Complaint.update(received_at=now() - timedelta(days=100), kelurahan=place.id, round=2, anonymous=True).where(
        Complaint.id == odd
    ).execute()
    return {"plain": plain, "odd": odd}


VALUES = {
    "Kelurahan": "dino",
    "Kecamatan": "Lowokwaru",
    "Umur": "90",
    "Anonim": "1",
    "Pernah dibuka kembali": "1",
}


@pytest.mark.parametrize("endpoint", ["pengaduan", "disposisi", "dokumen", "riwayat"])
def test_a_filter_by_the_case_finds_its_rows_on_every_list(
    panel: Any, at: At, special: dict[str, int], endpoint: str
) -> None:
    visitor = at("kadis")
    plain, odd = (Complaint.get_by_id(special[kind]).number for kind in ("plain", "odd"))
    found = {item.label: index for index, item in filters(panel, endpoint)}
    for label, value in VALUES.items():
        page = shown(visitor, endpoint, found[label], value)
        assert odd in page, label
        assert plain not in page, label


def test_objections_and_who_could_not_be_reached_are_found(panel: Any, office: Office, at: At) -> None:
    [calm, angry] = office.receive(2)
    office.bring([calm, angry], "deliver")
    office.do([calm], "deliver", outcome="diterima")
    office.do([angry], "deliver", outcome="keberatan", response="Tidak sesuai.")
    numbers = [Complaint.get_by_id(case).number for case in (calm, angry)]
    for endpoint in ("pengaduan", "berita-acara"):
        [index] = [index for index, item in filters(panel, endpoint) if item.label == "Tanggapan pengadu"]
        page = shown(at("kadis"), endpoint, index, "keberatan")
        assert [number in page for number in numbers] == [False, True]


def test_papers_that_lack_a_signature_lead_to_their_cases(panel: Any, office: Office, at: At) -> None:
    [case] = office.receive()
    [index] = [index for index, item in filters(panel, "pengaduan") if item.label == "Dokumen"]
    assert Complaint.get_by_id(case).number in shown(at("petugas"), "pengaduan", index, "1")


def test_records_and_papers_are_found_by_whom_the_case_was_given_to(panel: Any, office: Office, at: At) -> None:
    [mine, other] = office.receive(2)
    office.bring([mine, other], "handle")
    staff = office["staf.rehsos"].id
    Addressee.create(complaint=mine, leg=Complaint.get_by_id(mine).leg, user=staff, handles=True)
    numbers = [Complaint.get_by_id(case).number for case in (mine, other)]
    for endpoint in ("disposisi", "dokumen", "riwayat"):
        [index] = [index for index, item in filters(panel, endpoint) if item.label == "Pelaksana"]
        page = shown(at("kadis"), endpoint, index, str(staff))
        assert [number in page for number in numbers] == [True, False], endpoint


def test_a_chip_closes_its_filter_alone(office: Office, at: At) -> None:
    office.receive()
    page = at("petugas").get("/pengaduan/?search=bantuan&flt0_0=raise&flt4_4=biasa").text
    chips = [unescape(one) for one in re.findall(r'class="chip" href="([^"]+)">[^<]*<[^<]*saringan', page)]
    assert ["flt0_0" in one for one in chips] == [False, True]
    assert ["flt4_4" in one for one in chips] == [True, False]
    assert all("search=bantuan" in one for one in chips)


@pytest.mark.parametrize("endpoint", LISTS)
def test_asked_of_a_few_rows_a_filter_by_the_case_says_the_same_and_gathers_no_cases(
    panel: Any, office: Office, special: dict[str, int], endpoint: str
) -> None:
    office.bring([special["plain"]], "closed")
    office_wide = {"Tanggapan pengadu": "keberatan", "Dokumen": "1", "Pelaksana": "1", **VALUES}
    with panel.app_context(), counted() as sent:
        view = view_at(endpoint)
        rows = [row.get_id() for row in view.model.select()]
        offered = [*filters(panel, endpoint)]
        assert rows
        assert offered
        for index, item in offered:
            asked, value = (index, item.name, office_wide[item.label]), item.clean(office_wide[item.label])
            gathered = {row.get_id() for row in item.apply(view.model.select(), value)}
            del sent[:]
            assert view.listing.belonging(None, [asked])(rows) == gathered, item.label
            assert not [sql for sql in sent if ' IN (SELECT "t2"."id" FROM "complaint" AS "t2"' in sql], item.label


def test_a_list_offers_categories_that_cases_can_have_also_one_no_longer_in_use_but_no_groups(at: At) -> None:
    Category.create(code="dulu", name="Kategori yang dulu", active=False, **PLAIN)
    page = lxml.html.fromstring(at("kadis").get("/pengaduan/").text)
    offered = page.xpath("//label[.='Kategori']/following-sibling::select/option/text()")
    in_groups = [category.name for category in Category.select().where(Category.parent.is_null(False))]
    assert sorted(offered) == sorted(["Semua", "Belum dipilah", "Kategori yang dulu", *in_groups])
