"""Intake: a new complaint with its number, persons, clocks, first papers and history, in one transaction."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from models.case import attachments
from models.case.case import load
from models.case.casetext import main_row
from models.case.clocks import RunSpan
from models.complaint import number
from models.complaint.complaint import CaseKey, Complaint, Run
from models.complaint.repeats import mark_case
from models.complaint.scope import Viewer, viewer
from models.complaint.search_text import add_texts
from models.office.calendar import clock
from models.office.identity import paper_objection
from models.office.lists import Kelurahan
from models.office.people import User
from models.office.settings import values
from models.records.entry import Entry, Persons, Typed, add_person, cleaned_entry, entry_objections, legal_dues
from models.store import seal, tracked_rows
from models.store.base import Columns, database, insert_rows, now
from models.store.uploads import Piece
from models.workflow.moves import first_run, run_columns
from models.workflow.workflow import Outcome
from models.workflow.write import write_received
from sop.access import lanes
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import RECEIVE, REGISTER

REPEATED = "Formulir ini sudah tersimpan."


def receive(
    *,
    by: User,
    data: Typed,
    persons: Persons,
    opened_at: datetime | None = None,
    at: datetime | None = None,
    pieces: Sequence[Piece] = (),
) -> Outcome:
    """Register a complaint: `data` by column of Complaint, `persons` by kind (pengadu, yang_bersangkutan, kuasa).

    Only medium, story and a name (or anonymous) are required; the category provides the rest. `opened_at` is when the
    form was opened (starts row 1's clock), `at` the moment of recording, `pieces` the submitted evidence.
    `data["form_digest"]`, if any, identifies the submitted form: sent again it does not create a second complaint.
    A refusal has id 0.
    """
    moment = (at or now()).astimezone(WIB)
    with database.atomic():
        who = viewer(User.get_by_id(by.id), moment.date())
        sentence = _refusal(who, moment) or (REPEATED if complaint_of_form(data) else "")
        sentence = sentence or next(iter(objections(data, persons, moment, pieces).values()), "")
        if sentence:
            return Outcome(refused={0: sentence})
        entry = cleaned_entry(data, persons)
        row = _columns(data, entry.columns, moment, opened_at) | {"registrar": who.user.id, "last_by": who.user.id}
        complaint = _write(row, entry, moment)
        papers = write_received(
            load([complaint], who.user, moment, who=who), current_procedure().receive, who, moment, pieces
        )
    return Outcome(done=[complaint], papers=papers)


def _refusal(who: Viewer, at: datetime) -> str:
    if not lanes(current_procedure().receive) & who.lanes:
        return f"“{current_procedure().receive.label}” dilakukan oleh petugas."
    return paper_objection(values(at.date()))


def complaint_of_form(data: Typed) -> int | None:
    """The complaint created from this form with this digest; None if there is none."""
    form = data.get("form_digest")
    return Complaint.select(Complaint.id).where(Complaint.form_digest == form).scalar() if form else None


def objections(data: Typed, persons: Persons, at: datetime, pieces: Sequence[Piece] = ()) -> dict[str, str]:
    """Sentences by field why a complaint cannot be registered; NIK and contact data are never required."""
    most = values(at.date())["evidence.count"] if pieces else 0
    own = {
        "book_number": number.typed_objection(REGISTER, str(data.get("book_number") or "")),
        "evidence_files": attachments.objection(current_procedure().receive, [], pieces, most),
    }
    sentences = {**entry_objections(data, persons, at), **own}
    return {field: sentence for field, sentence in sentences.items() if sentence}


def _columns(data: Typed, columns: Columns, at: datetime, opened_at: datetime | None) -> Columns:
    """The complaint's row: typed values and those set by the panel, with the drawn number under `drawn`."""
    received, settings = columns["received_at"] or opened_at or at, values(at.date())
    typed = str(data.get("book_number") or "").strip()  # from the office's paper register
    drawn = number.typed_number(REGISTER, typed, at) if typed else number.draw(REGISTER, 1, at, settings)[0]
    return {
        **columns,
        "public_id": secrets.token_urlsafe(12),
        "number": drawn.text,
        "drawn": drawn,
        "opened_at": opened_at,
        "received_at": received,
        "recorded_at": at,
        "form_digest": data.get("form_digest"),
        "state": current_procedure().first,
        "back": RECEIVE,
        "state_since": at,
        "last_act": RECEIVE,
        **legal_dues(clock(), received, columns["law_class"], settings),
    }


def _write(row: Columns, entry: Entry, at: datetime) -> int:
    drawn, office_clock = row.pop("drawn"), clock()
    runs = [RunSpan.entering(current_procedure().row_named(current_procedure().first), at, office_clock)]
    if row["opened_at"] and not row["backlog"]:  # row 1, from opening the form to recording; not for susulan
        runs.insert(0, first_run(row["opened_at"], at, office_clock))
    late = any(run.was_late for run in runs)
    complaint = Complaint.insert(**row, row_due_at=runs[-1].due_at, row_late=late).execute()
    tracked_rows.added(Complaint, complaint)
    wrapped, case = seal.ring().new_case_key(row["public_id"])
    CaseKey.insert(complaint=complaint, wrapped=wrapped).execute()
    number.bind(REGISTER, [drawn], [(complaint, 1)], at)
    insert_rows(Run, [run_columns(complaint, run, office_clock) for run in runs])
    for kind, person in entry.present.items():
        add_person(complaint, kind, person, case)
    mark_case(complaint, entry.columns, entry.present)
    names, place = (person["name"] for person in entry.present.values()), Kelurahan.get_or_none(id=row["kelurahan"])
    add_texts([main_row(complaint, row, names, str(place or ""))])
    return int(complaint)
