"""The doors by which one reads: pages, lists, counts, exports, records, papers, drafts."""

import re
from typing import Any
from urllib.parse import quote

from models.case.issued_lists import issue_covering, to_sign
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.complaint.taken import PaperOut, PaperTaken
from models.office.people import today
from models.office.shelves import ShelfPlace
from models.reading.desk import steps_of_desk
from models.records.promises import Pledge
from models.records.registry import RECORDS
from models.store.base import now
from models.workflow import shelf
from sop.vocabulary import vocabulary
from tests.admin.doors import words
from tests.admin.matrix import canary, promise
from tests.admin.matrix.grid import Cell, undone
from tests.admin.matrix.judge import MARK, PHONE, RECORD_LISTS, Judge, shut

LISTS = ("pengaduan", *RECORD_LISTS, "dokumen", "janji", "riwayat")
MOST_PAGES = 30  # of what is out
WAYS = ("", "&search=KNR", "&sort=0", "&sort=1&desc=1", "&page=1")


def details(judge: Judge) -> None:
    for case in judge.grid.cells:
        answer = judge.get(f"/pengaduan/details/?id={case.id}")
        judge.cell("details", case, 200 if case.readable(judge.kind) else shut(judge), answer.status_code)
        answer = judge.get(f"/pengaduan/ringkas/{case.id}/")
        judge.cell("preview", case, 200 if case.readable(judge.kind) else shut(judge), answer.status_code)


def numbers(judge: Judge) -> None:
    """A number on the page of a case before and after the disposition: opened by who calls, and by no other user."""
    for case in (c for c in judge.grid.cells if c.state in ("raise", "handle")):
        mine = case.readable(judge.kind)
        calls = mine and judge.kind in promise.CALLERS
        with undone():
            sent = judge.post(f"/pengaduan/kontak/{case.id}/pengadu/", {"reason": "progress"})
            answer = judge.get(f"/pengaduan/details/?id={case.id}", contact=[case.id] if calls else ())
        judge.cell("number", case, 303 if calls else 403 if mine else shut(judge), sent.status_code)
        judge.cell("number: opened", case, calls, PHONE.search(answer.text) is not None)


def lookups(judge: Judge) -> None:
    """A number that is typed whole, in another form: its case for who may open the number there, nothing for others."""
    finders = {f"%2B62{canary.PHONE[1:]}": promise.CALLERS, canary.NIK: promise.IDENTITY}
    for case in (c for c in judge.grid.cells if c.state in ("raise", "handle", "closed")):
        for form, kinds in finders.items():
            typed = form.replace(" ", "").format(case.place)
            with undone():
                answer = judge.get(f"/pengaduan/?search={typed}")
            finds = judge.kind in kinds and case.readable(judge.kind)
            rows = answer.text.partition("<tbody>")[2]  # above them stands what is urgent
            judge.cell(f"search={form}", case, {case.place} if finds else set(), {int(n) for n in MARK.findall(rows)})
            judge.cell(f"search={form}: how", case, finds, "Ditemukan lewat" in answer.text)


CANARIES = (canary.MARK, canary.PHONE, canary.NIK)


def lists(judge: Judge) -> None:
    """Each list with search and sort, the count above it, the export: exactly the rows of his cases."""
    mine = {c.id for c in judge.grid.cells if c.readable(judge.kind)}
    for name in LISTS:
        for way in WAYS if name == "pengaduan" else WAYS[:3]:
            answer = judge.get(f"/{name}/?page_size=200{way}")
            judge.cell(name + way, "", 200 if _enters(judge, name) else 403, answer.status_code)
        if answer.status_code == 200:
            _counted(judge, name, mine)
    answer = judge.get("/pengaduan/export/csv/")
    exported = {judge.grid.cells[int(n)].id for n in MARK.findall(answer.get_data(as_text=True))}
    for case in judge.grid.cells:
        judge.cell("export", case, case.readable(judge.kind), case.id in exported)
    _people(judge)
    _sampled(judge)


def _sampled(judge: Judge) -> None:
    """The inspector's sample: drawn, counted and reported of what one may open."""
    asked = "dari=2026-01-01&sampai=2026-12-31&n=60&benih=7"
    with undone():
        answer = judge.get(f"/uji-kepatuhan/?{asked}")
    enters = judge.kind in (*promise.KEPALA_DINAS, *(kind for kind in promise.PEOPLE if kind.startswith("W")))
    judge.cell("uji-kepatuhan", "", 200 if enters else 403, answer.status_code)
    whole = sum(cell.readable(judge.kind) for cell in judge.grid.cells) if enters else 0
    count = re.findall(r"(\d+) dari (\d+) pengaduan", words(answer.text))
    judge.cell("uji-kepatuhan: count", "", [(str(min(60, whole)), str(whole))] if enters else [], count)


def _people(judge: Judge) -> None:
    """The export that says who the people are: of each case no more than its own page opens."""
    mine = {c.id for c in judge.grid.cells if c.readable(judge.kind)}
    with undone():
        fields = {"format": "csv", "reason": "report"}
        answer = judge.post("/pengaduan/identitas/", fields, contact=mine if judge.kind in promise.CALLERS else ())
    text, cells = answer.get_data(as_text=True), judge.grid.cells
    whole = {kind: {cells[int(n)].id for n in canary.pattern(kind).findall(text)} for kind in CANARIES}
    for kind, kinds in {canary.PHONE: promise.CALLERS, canary.NIK: promise.IDENTITY}.items():
        judge.cell(f"people: {kind}", "", mine if judge.kind in kinds else set(), whole[kind])
    judge.cell("people", "", mine if answer.status_code == 200 else set(), whole[canary.MARK])


def _enters(judge: Judge, name: str) -> bool:
    return judge.kind in promise.CONTENT or (name == "riwayat" and judge.kind in promise.CHECKS)


def _counted(judge: Judge, name: str, mine: set[int]) -> None:
    others = {"pengaduan": Complaint, "dokumen": Paper, "janji": Pledge, "riwayat": Event}
    model: Any = others.get(name) or RECORDS[RECORD_LISTS[name]]
    column = Complaint.id if model is Complaint else model.complaint
    rows = model.select().where(column.in_(sorted(mine) or [0]))
    if name in RECORD_LISTS and judge.kind not in promise.DRAFTS:
        rows = rows.where(~model.draft)
    if name == "riwayat" and judge.kind in (*promise.KEPALA_DINAS, "W"):
        rows = model.select()
    count = rows.count()
    shown = re.findall(r'<p class="lead small">(\d+) ', judge.get(f"/{name}/?page_size=20").text)
    judge.cell(f"{name}: count", "", [str(count)] if count else [], shown[:1])


def records(judge: Judge) -> None:
    for name, key in RECORD_LISTS.items():
        model, by_id = RECORDS[key], {c.id: c for c in judge.grid.cells}
        for row in model.select().order_by(model.id):
            case = by_id[row.complaint_id]
            open_ = case.readable(judge.kind) and (not row.draft or judge.kind in promise.DRAFTS)
            answer = judge.get(f"/{name}/details/?id={row.id}")
            judge.cell(f"{name}/details", case, 200 if open_ else shut(judge), answer.status_code)


def papers(judge: Judge) -> None:
    """The first paper of each kind and case, and what is still being written."""
    by_id = {c.id: c for c in judge.grid.cells}
    for paper in Paper.select().order_by(Paper.id):
        case = by_id[paper.complaint_id]
        if case.state not in ("raise", "handle", "closed"):
            continue
        answer = judge.get(f"/dokumen/{paper.public_id}.pdf", contact=[case.id] if _calls(judge, case, paper) else ())
        expected = shut(judge) if not case.readable(judge.kind) else 403 if _hidden(judge, case, paper) else 200
        judge.cell(f"pdf {paper.kind}", case, expected, answer.status_code)
    for case in judge.grid.cells:
        for kind, states in {"berkas_asesmen": ["handle"], "nota_dinas": ["submit", "approve"]}.items():
            if case.state in states:
                answer = judge.get(f"/dokumen/konsep/{case.id}/{kind}.pdf")
                open_ = case.readable(judge.kind) and (case.state == "approve" or judge.kind in promise.DRAFTS)
                judge.cell(f"konsep {kind}", case, 200 if open_ else shut(judge), answer.status_code)


def _calls(judge: Judge, case: Cell, paper: Any) -> bool:
    return vocabulary().papers[paper.kind].identity and not _hidden(judge, case, paper)


def _hidden(judge: Judge, case: Cell, paper: Any) -> bool:
    handles = judge.kind in promise.HANDLERS and case.state in promise.LED
    return vocabulary().papers[paper.kind].identity and not (judge.kind in promise.PETUGAS or handles)


def shelves(judge: Judge) -> None:
    """The archive, all berkas filed and lent: lists, exports, search show those of his cases; who may record does."""
    ids, enters = [c.id for c in judge.grid.cells], judge.kind in promise.CONTENT
    with undone():
        place, petugas = ShelfPlace.create(code="M-9", kind="map"), judge.grid.office["petugas"]
        assert not shelf.file_cases(ids, by=petugas, place=place)
        assert not shelf.lend_cases(ids, by=petugas, borrower="Siti", due_on=today())
        for path in ("/arsip/tersimpan/", "/arsip/belum-kembali/"):
            answer = judge.get(f"{path}?page_size=200")
            exported = judge.get(f"{path}export/csv/").get_data(as_text=True)
            judge.cell(path, "", 200 if enters else 403, answer.status_code)
            for number, case in judge.grid.numbers.items():
                readable = case.readable(judge.kind)
                judge.cell(path, case, readable, f'details/?id={case.id}"' in answer.text)
                judge.cell(f"{path}export", case, readable, number in exported)
        _shelf_searched_and_recorded(judge)


def _shelf_searched_and_recorded(judge: Judge) -> None:
    for number, case in judge.grid.numbers.items():
        if case.state not in ("raise", "handle", "closed"):
            continue
        readable, address = case.readable(judge.kind), f"/arsip/?q={quote(number)}"
        answer = judge.clean("/arsip/?q=", judge.grid.get(judge.kind, address), typed=[number])
        judge.cell("/arsip/?q=", case, readable, "Dipinjam Siti" in answer.text)
        records = 303 if readable else shut(judge)
        with undone():
            back = judge.post("/arsip/catat/kembali/", {"cases": case.id})
        judge.cell("arsip-catat", case, records if judge.kind in promise.PETUGAS else 403, back.status_code)


def progress(judge: Judge) -> None:
    """How far papers have come: those of a case, those that are out, and those of a list, every paper being out."""
    for case in (c for c in judge.grid.cells if c.state in ("raise", "handle", "closed")):
        answer = judge.get(f"/dokumen/perjalanan/?pengaduan={case.id}")
        judge.cell("perjalanan", case, 200 if case.readable(judge.kind) else shut(judge), answer.status_code)
    readable = {c.id for c in judge.grid.cells if c.readable(judge.kind)}
    with undone():
        petugas = judge.grid.office["petugas"]
        lists = issue_covering(to_sign(Paper.select().order_by(Paper.id)), by=petugas, at=now(), demo=False)
        out = {case for (case,) in PaperOut.select(Paper.complaint).join(Paper).tuples()}
        pages = [judge.get(f"/dokumen/perjalanan/?di-luar=1&hal={page}").text for page in range(1, MOST_PAGES)]
        judge.cell("perjalanan: di luar", "", out & readable, _cases_linked(*pages))
        for covering in lists:
            answer = judge.get(f"/dokumen/perjalanan/?daftar={covering.id}")
            mine = PaperTaken.select(Paper.complaint).join(Paper).where(PaperTaken.number == covering.number)
            linked = readable & {case for (case,) in mine.tuples()} if answer.status_code == 200 else set()
            judge.cell("perjalanan: daftar", "", linked, _cases_linked(answer.text))


def _cases_linked(*pages: str) -> set[int]:
    """The cases that cards of papers on these pages link to; what calls for an act at once stands above them."""
    shown = "".join(page.partition('<div class="grid">')[2] for page in pages)
    return {int(number) for number in re.findall(r'/pengaduan/details/\?id=(\d+)"', shown)}


def opened_cases(judge: Judge) -> None:
    """A case laid open on the desk: of each secrecy one that waits for the step, and one that does not."""
    enters = judge.kind in promise.KEPALA_DINAS
    for step in steps_of_desk():
        chosen = {(c.secrecy, c.state == step.key): c for c in judge.grid.cells if c.state in vocabulary().open_states}
        for case in chosen.values():
            status = judge.get(f"/meja/{step.key}/{case.id}/").status_code
            expected = 200 if case.may(judge.kind, step.key) else 409 if case.readable(judge.kind) else shut(judge)
            judge.cell(f"meja {step.key}", case, expected if enters else 403, status)


def start(judge: Judge) -> None:
    """The start page counts his own, and the frame what calls for an act of his at once."""
    page = words(html := judge.get("/").text)
    acts = [key for key in promise.URGENT if judge.kind in promise.ACTS[key]]
    calling = [c for c in judge.grid.cells if any(c.may(judge.kind, key) for key in acts)]
    counted = re.findall(r"<title>\((\d+) darurat\)", html)
    judge.cell("start: darurat", "", [str(len(calling))] if calling else [], counted)
    for state, title in (
        ("raise", "Menunggu dinaikkan"),
        ("dispose", "Disposisi"),
        ("handle", "Menunggu tindak lanjut"),
    ):
        if judge.kind in promise.TURNS[state]:
            count = sum(1 for c in judge.grid.cells if c.state == state and c.readable(judge.kind))
            judge.cell(f"start {state}", "", True, f"{title} {count} " in page)
    judge.cell("receive", "", 200 if judge.kind in promise.PETUGAS else 403, judge.get("/pengaduan/new/").status_code)
    chooses = 200 if judge.kind in promise.KEPALA_DINAS else 403
    judge.cell("disposisi/new", "", chooses, judge.get("/disposisi/new/").status_code)
    checks = 303 if judge.kind in promise.CHECKS else 403
    judge.cell("periksa", "", checks, judge.post("/riwayat/periksa/").status_code)
