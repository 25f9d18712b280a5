"""Each use case fails before and after every statement: nothing is ever half done, and it succeeds the next time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models.complaint.accesslog import Seen
from models.complaint.paper import Paper
from models.complaint.scope import viewer
from models.email import mail_server
from models.imports import publishing as portions
from models.imports import sorting
from models.imports.batches import AT_ONCE, PUBLISHED, ImportBatch, store_waiting_file
from models.imports.columns import LAPOR
from models.imports.reviewing import RowChoice
from models.imports.stage import stage
from models.office.holiday_list import read_lines
from models.office.people import User
from models.office.shelves import ShelfPlace
from models.operations.stored_files import ORPHAN, file_faults
from models.reading import registerbook
from models.reading.period import Period
from models.reading.recap_paper import issue
from models.sign_in import factor, factor_rules, passkeys, password_links, session, sign_in_attempts
from models.sign_in.factor_rules import FactorRemoval
from models.sign_in.passkeys import ChallengedUser, PanelName
from models.store.base import database, insert_rows, now
from models.store.uploads import Piece
from models.workflow import intake, marks, shelf, workflow
from models.workflow.accesslog_seal import seal_access_log
from models.workflow.holidays import enter_holidays
from models.workflow.proof import verified
from papers.printing import press
from papers.printing.press import record_failure, retry_all_failed
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import CLOSED, PAUSED, vocabulary
from tests.models.case.evidence import photo
from tests.models.drills import coming_home
from tests.models.drills.stops import Chosen, every, few, stopped
from tests.models.sign_in.device import Device
from tests.office import COMMON, EMERGENCY, MONDAY, Office, numbers_asked_of

Act = Callable[[], object]
ADDRESS = "192.0.2.7"
MAILED = "rina@contoh.go.id"
STORY = "Bantuan tidak diterima. " * 400  # takes pages of its own
STEPS = [step for step in vocabulary().transitions.values() if not current_procedure().is_receive(step)]
DRAFTED = [step for step in STEPS if step.draft]


def ready(office: Office, step: Transition) -> Act:
    """Cases brought so far that the step can be taken, two where it may be taken so; what takes it."""
    urgent, count = bool(step.called_by), 1 + (step.bulk and not step.evidence)
    office.receive(len(numbers_asked_of(step.key)))
    ids = office.receive(count, category=EMERGENCY if urgent else COMMON, emergency=urgent)
    for state in (*current_procedure().awaited, PAUSED, CLOSED):
        office.bring(ids, state)
        if state in vocabulary().starts(step):
            office.ready(ids, step.key)
        if state in vocabulary().starts(step) and _does(act := _act(office, ids, step)):
            return act
    raise AssertionError(step.key)


def _act(office: Office, ids: list[int], step: Transition) -> Callable[[], workflow.Outcome]:
    by, at = office.actor(step, ids[0]), office.tick()
    pieces: tuple[Piece, ...] = (photo(step.key),) if step.evidence else ()
    blanks = office.blanks(ids[0], step.key, by)
    return lambda: workflow.advance(ids, step.key, by=by, at=at, pieces=pieces, blanks=blanks)


def _does(act: Callable[[], workflow.Outcome]) -> bool:
    """Whether it is not refused; what it has done is rolled back."""
    with database.atomic() as transaction:
        outcome = act()
        transaction.rollback()
    return bool(outcome.done) and not outcome.refused


def receiving(office: Office) -> Act:
    [case] = office.receive()  # what it says is received once more
    at, old = office.tick(), workflow.load([case], office["petugas"], office.at)[case].complaint
    data = {"medium": old.medium_id, "category": old.category_id, "story": STORY}
    persons = {"pengadu": {"name": "Siti", "phone": "0812-0000-0000"}, "kuasa": {"name": "Tini"}}
    return lambda: intake.receive(
        by=office["petugas"], data=data, persons=persons, at=at, opened_at=at - timedelta(minutes=4), pieces=[photo()]
    )


def drafting(office: Office, step: Transition) -> Act:
    ids = office.receive()
    office.bring(ids, step.key)
    by, at = office["bidang.rehsos"], office.tick()
    blanks = office.blanks(ids[0], step.key, by)
    return lambda: workflow.save_draft(ids[0], step.key, by=by, at=at, blanks=blanks)


def _papers(office: Office) -> list[Paper]:
    ids = office.receive()
    office.bring(ids, CLOSED)
    return [*Paper.select().where(Paper.complaint == ids[0]).order_by(Paper.id).limit(1)]


def signing(office: Office) -> Act:
    papers, at = _papers(office), office.tick()
    return lambda: marks.sign(papers, by=office["petugas"], on=at.date(), at=at)


def unsigning(office: Office) -> Act:
    papers = _papers(office)
    marks.sign(papers, by=office["petugas"], on=office.at.date(), at=office.tick())
    at = office.tick()
    return lambda: marks.unsign(papers, by=office["petugas"], at=at)


def filing(office: Office) -> Act:
    papers, at = _papers(office), office.tick()
    return lambda: marks.file(papers, by=office["petugas"], place="Rak 2", at=at)


def filing_berkas(office: Office) -> Act:
    cases, at, place = office.receive(2), office.tick(), ShelfPlace.create(code="M-1", kind="map")
    return lambda: shelf.file_cases(cases, by=office["petugas"], place=place, at=at)


def lending_berkas(office: Office) -> Act:
    cases, at = office.receive(2), office.tick()
    return lambda: shelf.lend_cases(cases, by=office["petugas"], borrower="Siti", due_on=at.date(), at=at)


def returning_berkas(office: Office) -> Act:
    cases = office.receive(2)
    shelf.lend_cases(cases, by=office["petugas"], borrower="Siti", due_on=office.at.date(), at=office.tick())
    at = office.tick()
    return lambda: shelf.return_cases(cases, by=office["petugas"], at=at)


def printing(office: Office) -> Act:
    office.receive()
    paper = Paper.select().order_by(Paper.id.desc()).first().id
    return lambda: press.print_paper(paper)


def failing_to_print(office: Office) -> Act:
    papers, at = _papers(office), office.tick()
    return lambda: record_failure(papers[0], "Gagal.", at)


def reprinting(office: Office) -> Act:
    failing_to_print(office)()
    return lambda: retry_all_failed(office.tick())


def sealing(office: Office) -> Act:
    [case] = office.receive()
    row = {"complaint": case, "user": office["kadis"].id, "version": 1, "at": MONDAY, "what": "rincian"}
    insert_rows(Seen, [row, row])
    return lambda: seal_access_log(MONDAY + timedelta(days=2))


def counting(office: Office) -> Act:
    month, at = Period.months_from(MONDAY.year, MONDAY.month), office.tick()
    issue(office["kadis"], month.before, at, demo=False)
    return lambda: issue(office["kadis"], month, at, demo=False)


def trying(office: Office) -> Act:
    return lambda: sign_in_attempts.begin_try("kadis", ADDRESS)


def failing(office: Office) -> Act:
    sign_in_attempts.begin_try("kadis", ADDRESS)
    return lambda: sign_in_attempts.record_failure(office["kadis"], "kadis", ADDRESS)


def coming_in(office: Office) -> Act:
    failing(office)()
    return lambda: sign_in_attempts.record_sign_in(office["kadis"], ADDRESS)


def beginning(office: Office) -> Act:
    return lambda: session.begin(office["kadis"], device="Chrome", address=ADDRESS, at=office.at)


def linking(office: Office) -> Act:
    password_links.make_link(office["petugas"], by=office["admin"])
    return lambda: password_links.make_link(office["petugas2"], by=office["admin"])


def mailing(office: Office) -> Act:
    mail_server.take_slot(MAILED)
    return lambda: mail_server.take_slot(MAILED)


def setting_up(office: Office) -> Act:
    factor.begin_setup(office["kadis"])
    return lambda: factor.begin_setup(office["kadis"])


def _code(office: Office) -> str:
    factor.remove(office["kadis"])
    return factor.code_at(factor.begin_setup(office["kadis"]), factor.step_of(now()))


def confirming(office: Office) -> Act:
    code = _code(office)
    return lambda: factor.confirm_setup(office["kadis"], code)


def coming_by_code(office: Office) -> Act:
    recovery, *_ = factor.confirm_setup(office["kadis"], _code(office))
    return lambda: factor.accept(User.get(username="kadis"), recovery)


def _asked(office: Office) -> ChallengedUser:
    return ChallengedUser(office["kadis"], "a session", PanelName("localhost", "http://localhost"))


def adding_passkey(office: Office) -> Act:
    factor.remove(office["kadis"])
    asked = _asked(office)
    answer = Device().make(passkeys.options_to_add(asked))
    return lambda: passkeys.keep_answer(asked, answer, name="Laptop")


def coming_by_passkey(office: Office) -> Act:
    asked, device = _asked(office), Device()
    factor.remove(office["kadis"])
    passkeys.keep_answer(asked, device.make(passkeys.options_to_add(asked)), name="Laptop")
    answer = device.show(passkeys.options_to_show(asked))
    return lambda: passkeys.judge_answer(asked, answer)


def renewing(office: Office) -> Act:
    factor.confirm_setup(office["kadis"], _code(office))
    return lambda: factor.new_recovery_codes(office["kadis"])


def asking(office: Office) -> Act:
    factor_rules.ask(office["kadis"], by=office["admin"])
    return lambda: factor_rules.ask(office["kadis"], by=office["petugas"])


def removing(office: Office) -> Act:
    renewing(office)
    asking(office)
    return lambda: factor_rules.confirm(FactorRemoval.get(), by=office["pengawas"])


ROWS = (
    b"Tracking ID;Tanggal Laporan Masuk;Isi Laporan Awal\n1;2 Nov 2025;Bansos tidak turun lagi\n2;3 Nov 2025;Sama saja"
)


def staging(office: Office) -> Act:
    who = viewer(office["petugas"])
    return lambda: stage(ROWS, "lapor.csv", LAPOR, "WIB", who, MONDAY)


def waiting(office: Office) -> Act:
    by, heads = office["petugas"], ["Tracking ID", "Isi Laporan Awal"]
    store_waiting_file(b"a;b", "lama.csv", "WIB", heads, by, MONDAY)
    return lambda: store_waiting_file(ROWS, "lapor.csv", "WIB", heads, by, MONDAY)


def entering_holidays(office: Office) -> Act:
    office.receive()
    lines = read_lines("6 Oktober 2026 Libur daerah\n7 Oktober 2026 Cuti bersama daerah")
    by, at = viewer(office["admin"]), office.tick()
    return lambda: enter_holidays(lines, compared=True, by=by, columns=["Tanggal"], at=at)


def publishing(office: Office) -> Act:
    batch = stage(ROWS, "lapor.csv", LAPOR, "WIB", viewer(office["petugas"]), MONDAY)
    portions.begin(batch, by=office["petugas"], at=office.at, numbering=AT_ONCE)
    return lambda: portions.publish_portion(batch.id)


def taking_back(office: Office) -> Act:
    publishing(office)()
    batch = ImportBatch.select().where(ImportBatch.state == PUBLISHED).order_by(ImportBatch.id.desc()).get()
    sorting.begin_undoing(batch, by=office["petugas"], at=office.at)
    return lambda: sorting.undo_portion(batch.id)


def sorting_cases(office: Office) -> Act:
    publishing(office)()
    batch = ImportBatch.select().where(ImportBatch.state == PUBLISHED).order_by(ImportBatch.id.desc()).get()
    sorting.begin_sorting(batch, sorting.SETTLE, RowChoice(), by=office["petugas"], at=office.at)
    return lambda: sorting.sort_portion(batch.id)


def carrying(office: Office) -> Act:
    publishing(office)()
    head, *rows = ROWS.splitlines()
    later = b"\n".join([head + b";Status Laporan", *(row + b";Ditutup oleh Admin" for row in rows)])
    batch = stage(later, "lapor.csv", LAPOR, "WIB", viewer(office["petugas"]), MONDAY)
    portions.begin(batch, by=office["petugas"], at=office.at, numbering=AT_ONCE)
    return lambda: portions.publish_portion(batch.id)


def putting_back(office: Office) -> Act:
    carrying(office)()
    batch = ImportBatch.select().order_by(ImportBatch.id.desc()).get()
    sorting.begin_undoing(batch, by=office["petugas"], at=office.at)
    return lambda: sorting.undo_portion(batch.id)


USE_CASES: dict[str, Callable[[Office], Act]] = {
    "receive": receiving,
    "sign": signing,
    "unsign": unsigning,
    "file": filing,
    "file berkas": filing_berkas,
    "lend berkas": lending_berkas,
    "return berkas": returning_berkas,
    "print": printing,
    "fail to print": failing_to_print,
    "print again": reprinting,
    "seal": sealing,
    "issue a recap": counting,
    "try": trying,
    "failure": failing,
    "come in": coming_in,
    "session": beginning,
    "link": linking,
    "mail": mailing,
    "set up a factor": setting_up,
    "confirm it": confirming,
    "come by a code": coming_by_code,
    "add a passkey": adding_passkey,
    "come by a passkey": coming_by_passkey,
    "renew codes": renewing,
    "ask for its removal": asking,
    "remove it": removing,
    "stage a file": staging,
    "store a file until its columns are assigned": waiting,
    "enter holidays": entering_holidays,
    "publish it": publishing,
    "take it back": taking_back,
    "sort its cases": sorting_cases,
    "carry a later file's answers on": carrying,
    "put those back": putting_back,
    **coming_home.USE_CASES,
    **{f"draft of {step.key}": lambda office, step=step: drafting(office, step) for step in DRAFTED},  # type: ignore[misc]
    **{step.key: lambda office, step=step: ready(office, step) for step in STEPS},  # type: ignore[misc]
}


def sound(office: Office) -> Callable[[], None]:
    """History, rows of proof, numbers and files agree; of an act that failed a file without a row may be left."""

    def check() -> None:
        assert verified()[1] == []
        assert registerbook.verify() == ""
        assert {str(fault) for fault in file_faults(office.path.parent / "files") if fault.fault != ORPHAN} == set()

    return check


def drill(office: Office, name: str, chosen: Chosen, **more: Any) -> int:
    return stopped(office.path, USE_CASES[name](office), chosen, **more)


@pytest.mark.nightly(engine=["postgresql"])
def test_what_fails_halfway_or_just_before_it_counts_is_not_half_done(still: Office) -> None:
    for name in USE_CASES:
        assert drill(still, name, few) == 2, name
    sound(still)()


@pytest.mark.soak
@pytest.mark.parametrize("name", USE_CASES)
def test_what_fails_before_or_after_any_statement_is_not_half_done(still: Office, name: str) -> None:
    count = drill(still, name, every, check=sound(still))
    print(f"{name}: {count} stops")
    assert count >= 4
