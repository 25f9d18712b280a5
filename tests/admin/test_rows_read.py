"""No page reads more rows because there are more cases: each page of each role, in a small office and in a large one.

By night both databases, every list in every order and by every filter; by day SQLite, smaller offices, and of a list
its first page.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urljoin

import lxml.html
import peewee as pw
import pytest
from flask import Flask

from admin.complaints import search
from admin.lists import listing
from admin.papers import shelf, shelf_lists
from bench import pages, rows
from bench.office import fill
from models.case.issued_lists import issue_covering, to_sign
from models.complaint import lookup, search_words
from models.complaint import search as asking
from models.complaint.accesslog import ReadCase, Reading, Seen
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperHand, PaperToSign
from models.complaint.returned import COPIES, PaperCopy
from models.complaint.shelf import CaseFiled, CaseLent, CaseReturned, CaseShelf, add_missing, write_states_of
from models.complaint.taken import PaperOut, PaperTaken, renew_papers_out
from models.office.people import User, today
from models.office.settings import OPTIONS
from models.office.shelves import CLASS, Retention, ShelfPlace
from models.reading.desk import steps_of_desk
from models.records.promises import Pledge
from models.store.base import database, insert_rows, now
from tests import postgres
from tests.admin.doors import SIGN_IN, SIGN_OUT, Visitor, shared_panel_on, signed_in
from tests.admin.routes import readable
from tests.admin.rows_read import Query, RowsRead, recorded
from tests.office import ENGINES, Office, build, copied, dropped, opened, outside

ROLES = ("petugas", "kadis", "bidang.rehsos", "staf.rehsos", "pengawas", "admin")
TIMES = 2.5  # as many rows as in the small office, at most, of ten times as many cases
PART = 4  # a query that reads fewer rows than a fourth of the large office's cases is none to worry about
NO_PAGES = re.compile(rf"\.(?:pdf|xlsx|js|css|jpg)$|/export/|/surat/|/identitas/|/static/|^{SIGN_IN}|^{SIGN_OUT}")
PHONE = "081234567890"  # of every case that bench.office makes
SEARCHES = ("bantuan", "siti maslikah", "rt", "pembantuannya", "bantusn", PHONE, "zebrakuda", "jl.mawar no.7 rt.3/5")
TYPED = {"date": ("2026-12-01", "2023-06-01"), "number": ("7",), "search": ("bantuan", "zebrakuda")}
YEAR = "/rekapitulasi/?dari=2026-01-01&sampai=2026-12-31"
Pages = dict[str, Counter[Query]]  # rows read by page and query


@dataclass(frozen=True)
class Scale:
    """Two offices on a kind of database, one with ten times the other's cases, and how many rows their lists count."""

    engine: str
    few: int
    many: int
    counted: int
    thorough: bool


@dataclass(frozen=True)
class Growth:
    """Queries that may read more rows in a larger office, so many a case of it at most."""

    where: str  # pattern of "user page: caller"
    rows: float
    why: str
    engine: str = ""  # on both if empty

    def of(self, where: str, scale: Scale) -> float:
        is_meant = self.engine in ("", scale.engine) and re.search(self.where, where)
        return self.rows * scale.many if is_meant else 0


PG = "postgresql"  # counts a row at each node of a plan that it goes through
GROWING = (
    Growth(r" by .*listing|/\?flt.*listing", 25, "what fewer rows meet than are counted is looked for in all of them"),
    Growth(r" by .*listing|/\?flt.*listing", 56, "the same", PG),
    Growth(r" by .*walk_scanning", 0.3, "four thousand rows at most, by the index of the filtered column"),
    Growth(
        r"^(staf|bidang).* /pengaduan/\?sort=.*_walk", 3.1, "sorted by unit, other units' cases come before the own"
    ),
    Growth(
        r"/pengaduan/\?sort=.*middle.*_walk", 0.7, "PostgreSQL looks for cases of the same title by their number", PG
    ),
    Growth(r"^(staf|bidang).* /riwayat/\?.*middle.*_walk", 11, "and for acts of the same moment", PG),
    Growth(r"search_words|names_by_case", 10, "the hits of words that are not common, of which PostgreSQL sorts all"),
    Growth(r" /rekapitulasi/.*(recap|times)\.py", 6, "the cases of the range"),
    Growth(r" /(pimpinan/)?: .*counts_by_period", 3, "the cases of the last weeks and months"),
    Growth(r" /nomor/.*registerbook", 0.8, "the numbers of the year, which are counted"),
    Growth(r"^(staf|bidang).* /janji/.*listing", 0.5, "the promises of all, of which few are in own cases"),
    Growth(r"^(staf|bidang).* /dokumen/\?sort=.*_walk", 0.5, "papers of a kind that few of the own cases have"),
    Growth(r"^(staf|bidang).* /dokumen/\?sort=.*_walk", 5, "the same", PG),
    Growth(r"^(bidang|admin).*handover", 0.6, "all addressees and drafts, of whom those of open cases are counted", PG),
    Growth(r" /pimpinan/: .*row_statistics", 1.2, "the runs of the month and, once, all cases", PG),
    Growth(r"queue\.py|news\.py", 0.5, "the cases that are open"),
    Growth(r"frame_counts", 0.7, "the same", PG),
    Growth(r"^(staf|bidang).* /arsip/.*(walk_scanning|<lambda>)", 0.4, "four thousand berkas at most, in order"),
    Growth(r"^(staf|bidang).* /arsip/.*unordered_ids", 1.6, "a long list is looked for in all of the own cases"),
    Growth(r"^(staf|bidang).* /arsip/.*unordered_ids", 6, "the same", PG),
    Growth(r"^(staf|bidang).* /arsip/.*<lambda>", 1.1, "a thousand of all berkas, which it reads", PG),
    Growth(r" /arsip/retensi/.*middle.*_walk", 0.4, "by the day on which retention ends, then by the place", "sqlite"),
    Growth(
        r" /arsip/(tersimpan/|\?q=).*(unordered_ids|_lies_within)", 0.5, "those without a place that lie before", PG
    ),
    Growth(r" /arsip/retensi/\?sort=0.*_walk", 2, "by number, those whose retention is not over come between"),
    Growth(r" /: .*out_too_long", 0.5, "the papers that are out, a thousand at most"),
    Growth(r" /arsip/belum-kembali/.*page_of_few", 1.1, "PostgreSQL reads all berkas for hundreds that are lent", PG),
    Growth(r" /arsip/tersimpan/\?sort=0.*_walk", 1.1, "and for those of a place by number", PG),
    Growth(r"^pengawas /: .*totals", 1.5, "the cases of each state, up to a thousand of each"),
    Growth(r" /(kategori|media|kelurahan)/.*usage", 2.2, "the cases of each row shown, up to a thousand of each"),
)


@dataclass(frozen=True)
class Grown:
    """The two offices' databases."""

    scale: Scale
    few: Path
    many: Path


def grown_office(folder: Path, engine: str, cases: int) -> Path:
    """An office with so many cases of six years, as many promises as a tenth of them, and all that was looked at."""
    folder.mkdir()
    path = build(folder, engine)
    with opened(path):
        fill(Office.at_work(path))
        with rows.in_a_hurry():
            rows.multiply(cases - Complaint.select().count())
            with database.atomic():
                add_promises()
                add_access_log()
                add_takings()
                add_archive()
                add_copies()
    if engine == "postgresql":  # as its autovacuum does by itself
        with postgres.server().boss(path.read_text().splitlines()[2]) as boss:
            boss.execute("VACUUM ANALYZE")
    return path


def add_promises() -> None:
    """One of ten cases has one; the latest wait."""
    common, lately = {"what": "Bantuan cair", "moved": 0}, now() - timedelta(days=30)
    promises = []
    for case, at in list(Complaint.select(Complaint.id, Complaint.recorded_at).order_by(Complaint.id).tuples())[::10]:
        kept = {"end": "ditepati", "ended_at": at} if at < lately else {"end": "", "ended_at": None}
        caretaker = ("petugas", "unit")[case % 20 == 1]
        day = (at + timedelta(days=14)).date()
        promises.append({**common, **kept, "complaint": case, "caretaker": caretaker, "made_at": at, "day": day})
    insert_rows(Pledge, promises)


def add_access_log() -> None:
    """Each case has been opened by somebody, who has found it on a list."""
    people = [user.id for user in User.select(User.id).order_by(User.id)]
    cases = Complaint.select(Complaint.id, Complaint.recorded_at).order_by(Complaint.recorded_at).tuples()
    looked = [(case, {"user": people[case % len(people)], "at": at}) for case, at in cases]
    insert_rows(Seen, [{**who, "complaint": case, "version": 1, "what": "rincian"} for case, who in looked])
    last = Reading.select(pw.fn.MAX(Reading.id)).scalar() or 0
    insert_rows(Reading, [{**who, "what": "daftar pengaduan", "rows": 1} for _, who in looked])
    readings = Reading.select(Reading.id).where(Reading.id > last).order_by(Reading.id).tuples()
    of = zip(readings, looked, strict=True)
    insert_rows(ReadCase, [{"reading": number, "complaint": case} for (number,), (case, _) in of])


def add_takings() -> None:
    """Each paper was brought to each of its signers; those of open cases are out."""
    unsigned = Paper.id.in_(PaperToSign.select(PaperToSign.paper).limit(100))
    waiting = to_sign(Paper.select().where(unsigned))
    [covering, *_] = issue_covering(waiting, by=User.get(username="petugas"), at=now(), demo=False)
    signers = PaperHand.select(PaperHand.paper, PaperHand.role, PaperHand.person, Paper.issued_at).join(Paper)
    taken = PaperTaken.select(PaperTaken.paper)
    rows = [
        {"paper": paper, "number": covering.number_id, "role": role, "person": person, "at": at}
        for paper, role, person, at in signers.where(PaperHand.paper.not_in(taken)).tuples()
    ]
    insert_rows(PaperTaken, rows)
    renew_papers_out(number for (number,) in Complaint.select(Complaint.id).tuples())
    assert PaperOut.select().count() > 20


def add_archive() -> None:
    """Two of three berkas of ended cases are filed in one of fifty places. Each of these was lent, one of twenty is
    still out. Retention is over for those of more than two years ago."""
    Retention.create(code=OPTIONS[CLASS].default, active_years=2, inactive_years=1, fate="musnah")
    rack = ShelfPlace.create(code="R-01", kind="rak")
    places = [ShelfPlace.create(code=f"M-{n:04}", kind="map", parent=rack).id for n in range(50)]
    add_missing()
    ended = list(CaseShelf.select(CaseShelf.complaint, CaseShelf.ended_at).order_by(CaseShelf.complaint).tuples())
    by = {"by": User.get(username="petugas").id}
    filed = [{"complaint": case, "place": places[case % 50], "at": at} for case, at in ended if case % 3]
    insert_rows(CaseFiled, [{**row, **by} for row in filed])
    loan = {"borrower": "Bidang Bantuan Sosial", "due_on": today()}
    insert_rows(
        CaseLent, [{"complaint": row["complaint"], "number": 1, "at": row["at"], **loan, **by} for row in filed]
    )
    loans = dict(CaseLent.select(CaseLent.complaint, CaseLent.id).tuples())
    out = {case for case in loans if case % 20 == 1}
    back = [{"lent": number, "at": now(), **by} for case, number in loans.items() if case not in out]
    insert_rows(CaseReturned, back)
    of_place = [{"complaint": row["complaint"], "place": row["place"], "filed_at": row["at"]} for row in filed]
    lent = [
        {"complaint": row["complaint"], "loan": loans[row["complaint"]], "lent_at": row["at"], **loan}
        for row in filed
        if row["complaint"] in out
    ]
    for states in (of_place, lent):
        for portion in pw.chunked(states, 1_000):
            write_states_of(portion, *list(portion[0])[1:])
    assert CaseShelf.select().where(CaseShelf.loan.is_null(False)).count() == len(lent) > 0


def add_copies() -> None:
    """Each paper came home in each way."""
    copy = {"sha256": "", "path": "", "size": 1, "pages": 1, "signatures": 0, "about": b""}
    copy |= {"by": User.get(username="petugas").id, "at": now()}
    papers = [paper for (paper,) in Paper.select(Paper.id).tuples()]
    insert_rows(PaperCopy, [{**copy, "paper": paper, "kind": kind} for paper in papers for kind in COPIES])


BY_DAY = Scale("sqlite", 200, 2_000, 100, thorough=False)
BY_NIGHT = [Scale(engine, 2_000, 20_000, 1_000, thorough=True) for engine in ENGINES]


@pytest.fixture(
    scope="session",
    params=[BY_DAY, *(pytest.param(one, marks=pytest.mark.soak) for one in BY_NIGHT)],
    ids=["day", "night-sqlite", "night-postgresql"],
)
def grown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Grown:
    scale, folder = request.param, tmp_path_factory.mktemp("grown")
    few, many = (grown_office(folder / str(cases), scale.engine, cases) for cases in (scale.few, scale.many))
    return Grown(scale, few, many)


@pytest.fixture(autouse=True)
def as_many_are_counted(grown: Grown, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (listing, search_words, asking, search):
        monkeypatch.setattr(module, "COUNTED", grown.scale.counted)
    monkeypatch.setattr(shelf, "MANY", grown.scale.counted)
    monkeypatch.setattr(shelf_lists, "SHORT", grown.scale.counted)
    monkeypatch.setattr(lookup, "MOST", 10**6)  # numbers that one may look up in an hour


# The pages


def addresses(visitor: Visitor, app: Flask, scale: Scale) -> Iterator[tuple[str, str]]:
    """The name and the address of each page, those that the user may not open included."""
    alone = [(rule.rule, path) for rule, path in readable(app, a_case()) if not NO_PAGES.search(path)]
    log = [f"/akses/?{asked}" for asked in ("orang=1", "unit=1", f"hari={today()}", f"orang=1&hari={today()}")]
    queues = [f"/meja/{step.key}/" for step in steps_of_desk()]
    found = [f"{door}?{urlencode({'q': words})}" for door in ("/cari/", "/temukan/") for words in SEARCHES]
    way = [f"/dokumen/perjalanan/?{asked}" for asked in (f"pengaduan={a_case()}", "di-luar=1", "di-luar=saya")]
    archive = [f"/arsip/?q={typed}" for typed in ("R-01", "M-0007", Complaint.get_by_id(a_case()).number)]
    alone += [(path, path) for path in (YEAR, *way, *archive, *log, *queues, *found)]
    for name, path in alone:
        yield name, path
        older = links(visitor, path, "sebelum=")[:1] if path.startswith("/akses") else []
        yield from ((f"{name} sebelum", link) for link in older)
    if scale.thorough:
        yield from ((link, link) for link in links(visitor, "/rekapitulasi/", "flt"))
        for view in pages.lists(app):
            yield from pages_of_list(visitor, f"{view.url}/", scale)


def a_case() -> int:
    """A case that waits for a decision, the same in all offices."""
    return int(Complaint.select(Complaint.id).where(Complaint.state == pages.DECIDED).order_by(Complaint.id).first().id)


def pages_of_list(visitor: Visitor, path: str, scale: Scale) -> Iterator[tuple[str, str]]:
    """Its first page, its last and one between them in each order; the first and the last by each filter and search."""
    asked = [""]
    for order in links(visitor, path, "sort="):
        asked += [order.partition("?")[2], f"{order.partition('?')[2]}&desc=1"]
    for order in asked:
        yield from first_and_last(f"{path}?{order}", f"{path}?{order}")
        middle = links(visitor, f"{path}?{order}&page={scale.few // 100}", "setelah=")[:1]
        yield from ((f"{path}?{order}, middle", link) for link in middle)
    for label, name, value in controls(visitor, path):
        yield from first_and_last(f"{path} by {label}={value}", f"{path}?{urlencode({name: value})}")


def first_and_last(name: str, path: str) -> Iterator[tuple[str, str]]:
    yield name, path
    yield f"{name}, last", f"{path}&sebelum=akhir"


def links(visitor: Visitor, path: str, part: str) -> list[str]:
    """The links of the page with this part; none where the user may not open the page."""
    answer = visitor.client.get(path)
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return []
    found = lxml.html.fromstring(answer.text).xpath("//main//a/@href[contains(., $part)]", part=part)
    return list(dict.fromkeys(urljoin(path, link) for link in found))


def controls(visitor: Visitor, path: str) -> Iterator[tuple[str, str, str]]:
    """Label, name and values of each filter and of the search of the list; of choices the first and the last."""
    answer = visitor.client.get(path)
    if answer.status_code == 200:
        page = lxml.html.fromstring(answer.text)
        for label in page.xpath("//form[@class='find']//label[@for]"):
            control = page.get_element_by_id(label.get("for"))
            choices = [option.get("value", (option.text or "").strip()) for option in control.iter("option")][1:]
            values = TYPED.get(control.get("type"), ("bantuan",)) if control.tag == "input" else choices
            some = dict.fromkeys((*values[:1], *values[-1:]))
            yield from ((label.text_content(), control.get("name"), value) for value in some)


def rows_by_page(visitor: Visitor, asked: Iterable[tuple[str, str]]) -> Pages:
    """The rows that each of these pages reads that the user may open, by query."""
    measured, found = RowsRead(), Pages()
    for name, address in asked:
        with recorded() as sent:
            answer = visitor.client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            with database.connection_context():
                found[name] = measured.by(sent)
    return found


def most(where: str, scale: Scale) -> float:
    """How many rows a query may read however few the small office reads."""
    return max(scale.many / PART, *(growth.of(where, scale) for growth in GROWING))


def too_many(few: Pages, many: Pages, scale: Scale) -> list[str]:
    """What grows and may not: page, rows in both offices, and who sends the query."""
    said = []
    for name, queries in many.items():
        before = few.get(name, Counter())
        for query, count in queries.items():
            # a query that the small office has not sent takes the place of others
            was = before.get(query) or before.total()
            if count > TIMES * was and count > most(f"{name}: {query.caller}", scale):
                said.append(f"{name}: {was:,} → {count:,} rows, {query.caller}: {query.sql[:400]}")
    return said


@pytest.mark.nightly(username=["petugas", "bidang.rehsos", "pengawas", "admin"])
@pytest.mark.parametrize("username", ROLES)
def test_no_page_reads_more_rows_because_there_are_more_cases(grown: Grown, username: str) -> None:
    few, many = (every_page(path, username, grown.scale) for path in (grown.few, grown.many))
    assert len(many) > 15
    said = too_many(few, many, grown.scale)
    assert not said, "\n".join(said)


def every_page(path: Path, username: str, scale: Scale) -> Pages:
    app = shared_panel_on(path)
    visitor = signed_in(app, username)
    asked = ((f"{username} {name}", address) for name, address in addresses(visitor, app, scale))
    return rows_by_page(visitor, asked)


def test_a_missing_index_is_noticed_and_its_page_query_and_caller_are_named(grown: Grown, tmp_path: Path) -> None:
    visitor = signed_in(shared_panel_on(grown.few), "kadis")
    page = [("the case", f"/pengaduan/details/?id={a_case()}")]
    few = rows_by_page(visitor, page)
    path = copied(grown.many, tmp_path)
    visitor = signed_in(shared_panel_on(path), "kadis")
    assert too_many(few, rows_by_page(visitor, page), grown.scale) == []
    with outside(path) as owner:
        owner.execute("DROP INDEX event_complaint_id_round_act")
    said = too_many(few, rows_by_page(visitor, page), grown.scale)
    dropped(path)
    assert all(line.startswith("the case: ") for line in said)
    assert [line for line in said if "rows, models/" in line and 'FROM "event"' in line]
