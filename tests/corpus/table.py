"""An invented office whose cases have been through every act of the table, with evidence, an emblem and a decree."""

import io
from datetime import timedelta
from pathlib import Path

from PIL import Image

from models.case.issued_lists import issue_approvals, issue_covering, to_sign
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.complaint.scope import viewer
from models.demo.demo import FLAG
from models.demo.files import pieces
from models.demo.people import make_office
from models.office import decree, wording
from models.office.lists import Category, StandingTeam
from models.office.people import Acting, Division, Post
from models.office.settings import Setting
from models.reading import recap_paper as recap
from models.reading.period import Period
from models.store.base import database
from models.workflow import marks, workflow
from models.workflow.proof import prove_existing_rows
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import CLOSED, PAUSED, vocabulary
from tests.office import COMMON, EMERGENCY, MONDAY, SECRET, Office, build, opened

PENGADU = {
    "name": "Suparmi",
    "nik": "9973041203800001",
    "phone": "0812-0000-0000",
    "email": "suparmi@example.org",
    "address": "Jalan Contoh Gg. 5 No. 12",
    "safe_contact": "Lewat adik, sore hari",
}
STORY = "Bantuan tidak diterima sejak Juli.\nPengurus RT menyatakan namanya masih tercatat – “menunggu giliran”."
EVIDENCE = ("foto", "surat", "rekaman")


def worked(folder: Path) -> Path:
    """The office in a new SQLite file; nothing is printed yet, nothing is open."""
    path = build(folder)
    with opened(path):
        office = Office.at_work(path)
        with database.atomic():
            _masters(office)
        prove_existing_rows()
        _cases(office)
        day = office.at.date()
        recap.issue(office["kadis"], Period(day.replace(day=1), day), office.tick(), demo=True)
        _lists(office)
    return path


def _lists(office: Office) -> None:
    """What is brought to each signer, and the approvals of the last day with any."""
    issue_covering(to_sign(Paper.select().order_by(Paper.id)), by=office["petugas"], at=office.tick(), demo=True)
    step = next(step for step in current_procedure().main_line if step.independent)
    last = Paper.select().where(Paper.kind == step.papers[0].key).order_by(Paper.id.desc()).get()
    assert issue_approvals(step, viewer(office["kadis"]), last.issued_at.date(), at=office.tick(), demo=True)


def _masters(office: Office) -> None:
    """What an office sets up by itself: letterhead, emblem, a decree with its scan, a standing team."""
    make_office(FLAG)
    picture = io.BytesIO()
    Image.new("RGB", (200, 240), "#2f5d50").save(picture, "PNG")
    kept = wording.drawn_emblem("lambang.png", picture.getvalue())
    wording.store_emblem(kept)
    yesterday = (MONDAY - timedelta(days=1)).date()
    Setting.create(key="office.emblem", value=wording.digest(kept), valid_from=yesterday)
    away = Acting.create(
        kind="Plh.",
        division=Post.get(Post.holder == office["bidang.ppa"]).division,
        user=office["staf.rehsos"],
        decree="800/1/35.73.999/2026",
        decree_date=yesterday,
        valid_from=MONDAY.date() + timedelta(days=60),
        valid_to=MONDAY.date() + timedelta(days=64),
    )
    decree.attach(away, decree.store_scan(pieces(["surat"])[0], by=office["admin"]))
    StandingTeam.create(category=Category.get(code=SECRET), user=office["petugas2"], valid_from=yesterday)


def _cases(office: Office) -> None:
    """One case with everything to its end, then every act of the table wherever it may begin."""
    [case] = office.receive(persons={"pengadu": PENGADU, "kuasa": {"name": "Tini"}}, story=STORY, title="Contoh")
    office.do([case], "supplement", pieces=pieces(EVIDENCE))
    office.bring([case], "dispose")
    office.do([case], "dispose", others=[Division.get(code="PPKB").id])
    office.bring([case], CLOSED)
    papers = list(Paper.select().order_by(Paper.id))
    marks.sign(papers[:1], by=office["petugas"], on=office.at.date(), at=office.tick())
    marks.file(papers[:1], by=office["petugas"], place="Rak 2", at=office.tick())
    office.receive(category=SECRET, by="petugas2", persons={"pengadu": {**PENGADU, "name": "Ratna"}})
    for step in vocabulary().transitions.values():
        if not current_procedure().is_receive(step):
            _act(office, step)
    _drafts(office)


def _act(office: Office, step: Transition) -> None:
    """By a case at hand where one waits there, else by a new one brought so far."""
    urgent = bool(step.called_by)
    wanted = EMERGENCY if urgent else COMMON
    there = (
        Complaint.select()
        .join(Category)
        .where(Complaint.state.in_(vocabulary().starts(step)) & (Category.code == wanted))
    )
    for case in there.order_by(Complaint.id.desc()):
        if _moved(office, case.id, step):
            return
    [new] = office.receive(category=wanted, emergency=urgent)
    for state in (*current_procedure().awaited, PAUSED, CLOSED):
        office.bring([new], state)
        if state in vocabulary().starts(step) and _moved(office, new, step):
            return
    raise AssertionError(f"{step.key} cannot be performed on a case brought through the table")


def _moved(office: Office, case: int, step: Transition) -> bool:
    by = office.actor(step, case)
    office.ready([case], step.key)
    done = workflow.advance([case], step.key, by=by, at=office.tick(), blanks=office.blanks(case, step.key, by))
    return bool(done.done)


def _drafts(office: Office) -> None:
    """What somebody has written and not finished."""
    step = vocabulary().transitions["submit"]
    [case] = office.receive()
    office.bring([case], step.key)
    done = workflow.save_draft(
        case, step.key, by=office["bidang.rehsos"], at=office.tick(), blanks={"subject": "Konsep"}
    )
    assert done.done, done.refused
