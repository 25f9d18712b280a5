"""/dokumen/perjalanan/: each paper's steps with their days; what a list brings back; what is out for too long."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from admin.papers.progress import NONE_TICKED, PER_PAGE
from models.case.access_notes import HIDDEN, WITHHELD
from models.case.issued_lists import CLOSED as CLOSED_ENVELOPE
from models.case.issued_lists import IssuedList, issue_covering, to_sign
from models.complaint.accesslog import ReadCase, Reading
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperSigned, signed_by_hand
from models.complaint.returned import SCANNED, PaperCopy
from models.complaint.taken import PaperOut, PaperTaken
from models.office.people import today
from models.office.settings import DAYS_OUT, store_setting
from models.store.base import now
from models.workflow import marks
from sop.signers import public_label
from sop.vocabulary import CLOSED, vocabulary
from sop.words import format_date
from tests.admin.doors import Visitor, words
from tests.office import SECRET, Office

PAGE = "/dokumen/perjalanan/"
OUT, OWN = f"{PAGE}?di-luar=1", f"{PAGE}?di-luar=saya"
CARD = "Dokumen belum kembali"


@pytest.fixture
def cases(office: Office) -> list[int]:
    """A case and a rahasia one that went their whole way, two months ago."""
    ids = [*office.receive(), *office.receive(category=SECRET)]
    for case in ids:
        office.bring([case], CLOSED)
    return ids


def cover(office: Office, *kinds: str, by: str = "petugas", at: datetime | None = None) -> list[IssuedList]:
    papers = Paper.select().where(Paper.kind.in_(kinds or list(vocabulary().papers))).order_by(Paper.id)
    return issue_covering(to_sign(papers), by=office[by], at=at or office.at, demo=False)


def list_page(covering: IssuedList) -> str:
    return f"{PAGE}?daftar={covering.id}"


def cards(visitor: Visitor, path: str) -> list[str]:
    """What each paper's card says."""
    return [words(card) for card in re.findall(r'<section class="card[^>]*>(.*?)</section>', visitor.page(path), re.S)]


def ticks(visitor: Visitor, path: str) -> list[int]:
    return [int(n) for n in re.findall(r'name="papers" value="(\d+)" checked', visitor.page(path))]


def papers_of(covering: IssuedList) -> list[int]:
    taken = PaperTaken.select(PaperTaken.paper).where(PaperTaken.number == covering.number).order_by(PaperTaken.id)
    return [paper for (paper,) in taken.tuples()]


def test_each_paper_of_a_case_says_how_far_it_has_come(office: Office, at: Any, cases: list[int]) -> None:
    petugas, path = at("petugas"), f"{PAGE}?pengaduan={cases[0]}"
    lists = {paper: one for one in cover(office) for paper in papers_of(one)}
    papers = list(Paper.select().where(Paper.complaint == cases[0]).order_by(Paper.id))
    shown = dict(zip(papers, cards(petugas, path), strict=True))
    assert {paper.kind for paper in papers} >= {*signed_by_hand()} - {"kutipan_berita_acara"}
    for paper, card in shown.items():
        assert card.startswith(vocabulary().papers[paper.kind].title)
        assert f"Terbit {format_date(paper.issued_at)} Dicetak belum" in card
        assert ("Dibawa" in card) == (paper.id in lists)
        if paper.id in lists:
            covering = lists[paper.id]
            assert (
                f"Dibawa kepada {covering.about}, {format_date(covering.issued_at)} ( {covering.number.text} )" in card
            )
        by_hand = paper.kind in signed_by_hand()
        signers = [f"{public_label(role)}: belum" for role in marks.signatures_on([paper])[paper.id]]
        assert (f"Ditandatangani {'; '.join(signers)} Kembali belum Disimpan belum" in card) == by_hand


def test_a_signed_and_filed_paper_is_home_with_the_days(office: Office, at: Any, cases: list[int]) -> None:
    note, petugas = Paper.get(kind="nota_dinas", complaint=cases[0]), office["petugas"]
    on = office.at.date()
    marks.sign([note], by=petugas, on=on, roles=["unit_head"], at=office.at)
    path = f"{PAGE}?pengaduan={cases[0]}"

    def card() -> str:
        return next(card for card in cards(at("petugas"), path) if card.startswith("Nota Dinas"))

    assert "Kepala Dinas: belum Kembali belum" in card()
    later = office.tick(office.at + timedelta(days=2))
    marks.sign([note], by=petugas, on=on, signer="Ibu Wakil", at=later)
    marks.file([note], by=petugas, place="Lemari 3, map 12", at=office.tick())
    assert f"Kepala Dinas: Ibu Wakil, {format_date(on)}" in card()
    assert f"Kembali tanda tangan terakhir dicatat {format_date(later)}" in card()
    assert f"Disimpan di Lemari 3, map 12, {format_date(office.at)}" in card()
    scan = {"kind": SCANNED, "sha256": "a" * 64, "path": "aa/a", "size": 1, "pages": 1, "signatures": 0, "about": b""}
    PaperCopy.create(paper=note, by=petugas, at=office.tick(office.at + timedelta(days=1)), **scan)
    assert f"Kembali pindaian, {format_date(office.at)}" in card()


def test_a_list_shows_its_papers_and_no_other_and_marks_those_that_came_home(
    office: Office, at: Any, cases: list[int]
) -> None:
    petugas = at("petugas")
    lists = cover(office)
    for covering in lists:
        assert len(cards(petugas, list_page(covering))) == len(papers_of(covering))
        assert ticks(petugas, list_page(covering)) == papers_of(covering)
    note = Paper.get(kind="nota_dinas", complaint=cases[0])
    [covering] = [one for one in lists if note.id in papers_of(one)]
    first, others = note.id, [paper for paper in papers_of(covering) if paper != note.id]
    assert others
    assert "Terima berkas kembali" in petugas.text(list_page(covering))
    sent = petugas.get(f"{PAGE}tandai/?daftar={covering.id}&papers={first}")
    assert "1 dari 1 dokumen yang dipilih dapat diproses" in words(sent.text)
    form = dict(re.findall(r'name="(papers|url)" value="([^"]+)"', sent.text))
    roles = [tag for tag in re.findall(r'<input[^>]*name="roles"[^>]*>', sent.text) if "checked" in tag]
    role = PaperTaken.get(PaperTaken.paper == first, PaperTaken.number == covering.number).role
    lacking = marks.roles_to_mark([Paper.get_by_id(first)], marks.SIGNED)
    assert len(lacking) > 1
    assert [re.findall(r'value="(\w+)"', tag) for tag in roles] == [[role]]
    done = petugas.post("/dokumen/tanda/ditandatangani/", **form, on=today().isoformat(), roles=[role], signer="")
    assert done.location == list_page(covering)
    assert ticks(petugas, done.location) == others
    assert f"{len(others)} dari {1 + len(others)} dokumen belum ditandatangani" in petugas.text(done.location)
    assert [row.role for row in PaperSigned.select()] == [role]


def test_nothing_ticked_or_another_paper_marks_nothing(office: Office, at: Any, cases: list[int]) -> None:
    petugas, [covering, other, *_] = at("petugas"), cover(office)
    mark = f"{PAGE}tandai/?daftar={covering.id}"
    assert NONE_TICKED in words(petugas.client.get(mark, follow_redirects=True).text)
    assert petugas.get(f"{mark}&papers={papers_of(other)[0]}").status_code == 404
    assert at("kadis").get(f"{mark}&papers={papers_of(covering)[0]}").status_code == 403


def test_what_is_out_stands_oldest_first_and_leaves_when_it_is_marked(
    office: Office, at: Any, cases: list[int]
) -> None:
    petugas = at("petugas")
    cover(office, "berita_acara", "nota_dinas", at=now())
    cover(office, "lembar_disposisi")
    out = cards(petugas, OUT)
    assert out[0].startswith("Lembar Disposisi")
    assert "hari kerja" in out[0]
    assert all("Hari ini" in card for card in out[2:])
    assert len(out) == PaperOut.select().count() > 3
    for paper in Paper.select().where(Paper.kind == "lembar_disposisi"):
        marks.sign([paper], by=office["petugas"], on=today())
    assert not [card for card in cards(petugas, OUT) if card.startswith("Lembar Disposisi")]


def test_start_pages_count_what_is_out_too_long_until_all_is_home(office: Office, at: Any, cases: list[int]) -> None:
    petugas, kadis = at("petugas"), at("kadis")
    assert CARD not in petugas.text("/")
    cover(office, at=now())
    assert CARD not in petugas.text("/")
    cover(office)
    late = PaperOut.select().where(PaperOut.at < now() - timedelta(days=30))
    own = late.where(PaperOut.person == office["kadis"])
    assert 0 < own.count() < late.count()
    since = format_date(office.at)
    assert f"Di luar lebih dari 5 hari kerja: {late.count()} dokumen, terlama sejak {since}." in petugas.text("/")
    assert f"{own.count()} dokumen, terlama sejak {since}." in kadis.text("/")
    assert len(cards(kadis, OWN)) == own.count()
    marks.sign(list(Paper.select()), by=office["petugas"], on=today())
    assert CARD not in petugas.text("/")
    assert CARD not in kadis.text("/")
    assert "Tidak ada dokumen di luar" in petugas.text(OUT)


def test_how_long_is_too_long_is_a_setting_in_working_days(office: Office, at: Any, cases: list[int]) -> None:
    wednesday = now()
    cover(office, "nota_dinas", at=wednesday - timedelta(days=7))  # 2 December: five working days
    petugas = at("petugas")
    assert CARD not in petugas.text("/")
    assert "5 hari kerja" in cards(petugas, OUT)[0]
    store_setting(DAYS_OUT, 4, today())
    assert "Di luar lebih dari 4 hari kerja: 2 dokumen" in petugas.text("/")
    cover(office, "berita_acara", at=wednesday - timedelta(days=6))
    assert "Di luar lebih dari 4 hari kerja: 2 dokumen" in petugas.text("/")


def test_a_rahasia_paper_on_a_list_tells_others_its_kind_and_days_alone(
    office: Office, at: Any, cases: list[int]
) -> None:
    lists = cover(office)
    secret = [one for one in lists if one.about.startswith(CLOSED_ENVELOPE)]
    case, other, petugas = Complaint.get_by_id(cases[1]), at("petugas2"), at("petugas")
    assert secret
    for covering in secret:
        path = list_page(covering)
        own = [paper.number for paper in Paper.select().where(Paper.id.in_(papers_of(covering)))]
        assert ticks(other, path) == []
        assert ticks(petugas, path) == papers_of(covering)
        told = petugas.page(path)
        assert case.number in told
        assert not [number for number in own if number != case.number and number in told]
        assert (f">{WITHHELD}</span>" in told) == any(number != case.number for number in own)
        page = other.page(path)
        assert not [number for number in (case.number, *own) if number in page]
        assert f"details/?id={case.id}" not in page
        assert [card.split(" Terbit")[0] for card in cards(other, path)] == [
            f"{vocabulary().papers[Paper.get_by_id(paper).kind].title} {WITHHELD}" for paper in papers_of(covering)
        ]
    assert case.number not in other.text(OUT)
    assert case.number in petugas.text(OUT)
    logged = ReadCase.select().join(Reading).where((ReadCase.complaint == case) & (Reading.user == office["petugas2"]))
    assert logged.where(Reading.what == "perjalanan dokumen").exists()


def test_a_paper_on_ones_own_list_whose_case_is_closed_to_one_by_now_is_not_told(
    office: Office, at: Any, cases: list[int]
) -> None:
    staff = office["bidang.rehsos"]
    [covering, *_] = [one for one in cover(office, by="bidang.rehsos") if not one.about.startswith(CLOSED_ENVELOPE)]
    assert covering.issued_by_id == staff.id
    unit = at("bidang.rehsos")
    assert HIDDEN not in unit.text(list_page(covering))
    elsewhere = Complaint.get_by_id(cases[0])
    Complaint.update(unit=None, last_by=office["kadis"]).where(Complaint.id == elsewhere.id).execute()
    readable = unit.get(f"/pengaduan/details/?id={elsewhere.id}").status_code == 200
    assert not readable
    page = unit.text(list_page(covering))
    assert HIDDEN in page
    assert elsewhere.number not in page


def test_what_one_may_not_read_or_what_does_not_exist_is_not_found(office: Office, at: Any, cases: list[int]) -> None:
    [covering, *_] = cover(office)
    unit, other = at("staf.rehsos"), at("petugas2")
    assert unit.get(list_page(covering)).status_code == 404
    assert other.get(f"{PAGE}?pengaduan={cases[1]}").status_code == 404
    for asked in ("pengaduan=x", "daftar=", "daftar=99999", "pengaduan=99999", "di-luar=1&hal=x"):
        assert other.get(f"{PAGE}?{asked}").status_code == 404
    assert at("admin").get(OUT).status_code == 403


def test_many_are_paged(office: Office, at: Any) -> None:
    for case in office.receive(PER_PAGE + 2):
        office.bring([case], "handle")
    cover(office, "lembar_disposisi")
    petugas = at("petugas")
    assert len(cards(petugas, OUT)) == PER_PAGE
    assert len(cards(petugas, f"{OUT}&hal=2")) == 2
    assert "hal=2" in petugas.page(OUT)
    assert "hal=3" not in petugas.page(f"{OUT}&hal=2")


def test_it_is_linked_from_the_papers_a_case_and_the_issued_lists(office: Office, at: Any, cases: list[int]) -> None:
    petugas, [covering, *_] = at("petugas"), cover(office)
    assert f'href="{OUT}"' in petugas.page("/dokumen/")
    assert f'href="{PAGE}?pengaduan={cases[0]}"' in petugas.page(f"/pengaduan/details/?id={cases[0]}")
    assert f'href="{list_page(covering)}"' in petugas.page("/dokumen/daftar/")


def test_a_void_paper_on_a_list_is_neither_ticked_nor_said_to_be_signed(office: Office, at: Any) -> None:
    cases = office.receive(2)
    office.bring(cases, "handle")
    [covering] = cover(office, "lembar_disposisi")
    office.do(cases[:1], "recall")
    petugas, path = at("petugas"), list_page(covering)
    assert len(ticks(petugas, path)) == 1
    assert "1 dari 2 dokumen belum ditandatangani" in petugas.text(path)
    [void] = [card for card in cards(petugas, path) if "Batal" in card]
    assert "Kepala Dinas: belum" in void
    assert '<section class="card good">' not in petugas.page(path)
    assert len(cards(petugas, OUT)) == 1
