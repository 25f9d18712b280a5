"""Writing many moves at once: records, numbers, states, clocks, papers, history, each with one prepared statement."""

from collections.abc import Sequence
from datetime import datetime

from models.case import attachments
from models.case.access_notes import is_secret, log_secrecy_lowered
from models.case.attachments import EvidenceEntry, actor_with_title, digest_of
from models.case.blanks import record_of
from models.case.case import Case, acting_units
from models.case.casetext import act_row, main_row_of
from models.case.content import Composer
from models.case.in_force import WrittenRecord
from models.complaint import event
from models.complaint.complaint import Complaint, Pause
from models.complaint.paper import code_part, frozen, issue
from models.complaint.scope import Viewer
from models.complaint.search_text import add_texts, replace_main_text
from models.complaint.shelf import note_ends
from models.email.to_pengadu import PerformedAct, queue_act_emails
from models.office.calendar import clock
from models.office.people import posts_by_unit
from models.office.settings import CODE_ADDRESS
from models.records.base import Blanks, Record, SealedText
from models.records.in_words import frozen_blanks
from models.records.registry import RECORDS
from models.store.base import Columns, insert_rows, run_many
from models.store.rowhash import record_hashes_before_change
from models.store.seal import Seal
from models.store.uploads import Piece
from models.workflow.effects import EFFECTS, write_numbers
from models.workflow.moves import Move, write_runs
from sop.flow import papers_issued
from sop.procedure import Transition
from sop.vocabulary import PAUSED


class ConcurrentUpdate(RuntimeError):
    """Another writer changed the row although this transaction holds the lock; nothing is written."""


def write(moves: Sequence[Move], who: Viewer, at: datetime, pieces: Sequence[Piece] = ()) -> list[str]:
    """Write the moves of one transition; the public ids of the papers issued. Call inside the transaction. Updates each
    move's case as well, so that the papers show this act.

    `pieces` of evidence are attached to the only case that moves.
    """
    if not moves:
        return []
    step, seals = moves[0].transition, event.open_seals(m.case.complaint.id for m in moves)
    _write_records(moves, step, seals)
    write_numbers(moves, step, at)
    log_secrecy_lowered(((m.case.complaint, m.columns) for m in moves), by=who.user, at=at)
    write_states(moves)
    write_runs(moves, at)
    end_pauses(moves, at)
    _write_texts(moves, step)
    return _write_papers_and_history(moves, step, seals, who, at, pieces)


def write_received(
    cases: dict[int, Case], step: Transition, who: Viewer, at: datetime, pieces: Sequence[Piece] = ()
) -> list[str]:
    """Write the papers and history events of newly created cases; the public ids of the papers."""
    seals, office_clock, moves = event.open_seals(cases), clock(), []
    for case in cases.values():
        moves.append(
            Move(case, step, {}, at, office_clock, state_to=case.complaint.state, number=case.complaint.number)
        )
    return _write_papers_and_history(moves, step, seals, who, at, pieces)


def _write_papers_and_history(
    moves: Sequence[Move], step: Transition, seals: dict[int, Seal], who: Viewer, at: datetime, pieces: Sequence[Piece]
) -> list[str]:
    """Write evidence, papers and history events, and queue the e-mails; the public ids of the papers."""
    evidence = _write_evidence(moves[0].case, step, pieces, seals, at)
    cases = {m.case.complaint.id: m.case for m in moves}
    settings = moves[0].case.settings
    composer = Composer(cases, seals, at=at, demo=bool(settings.get("site.demo")), hours=moves[0].clock)
    papers = _write_papers(moves, step, composer, at)
    EFFECTS[step.effect].write(moves)
    _write_events(moves, step, composer, papers, who, at, evidence)
    queue_act_emails([PerformedAct(m.case.complaint, step, m.undone) for m in moves], settings)
    return [row["public_id"] for row in papers]


def _write_evidence(
    case: Case, step: Transition, pieces: Sequence[Piece], seals: dict[int, Seal], at: datetime
) -> dict[str, list[EvidenceEntry]]:
    """Attach the evidence of the act before a paper lists it; the part of the event's body that describes it."""
    if not pieces:
        return {}
    c = case.complaint
    return {"evidence": attachments.add(c.id, pieces, seals[c.id], act=step.key, by=case.user.id, at=at)}


def _write_records(moves: Sequence[Move], step: Transition, seals: dict[int, Seal]) -> None:
    model = record_of(step)
    if model is None:
        return
    rows = [_record(m, model) for m in moves]
    ids = [m.case.complaint.id for m in moves]
    if step.draft:
        model.delete().where(model.complaint.in_(ids) & model.draft).execute()
    insert_rows(model, [_sealed_row(model, row, seals[row["complaint"]]) for row in rows])
    for move, row in zip(moves, rows, strict=True):
        model.write_related(move.case, move.blanks)
        record = WrittenRecord.of(model.key, row)
        move.case.made.append(record)
        move.case.records[model.key] = record


def _record(move: Move, model: type[Record], *, draft: bool = False) -> Columns:
    case = move.case
    new_leg = case.leg != case.complaint.leg
    return {
        "complaint": case.complaint.id,
        "act": move.transition.key,
        "round": case.complaint.round,
        "leg": case.leg,
        "revision": 1 if new_leg else case.complaint.revision,
        "draft": draft,
        "recalled": False,
        "made_by": case.user.id,
        "made_at": move.at,
        **move.blanks,
        **model.filled(case, move.blanks),
    }


def _sealed_row(model: type[Record], row: Columns, case: Seal) -> Columns:
    hidden = [f.name for f in model._meta.sorted_fields if isinstance(f, SealedText) and f.name in row]
    return {**row, **{name: case.close_text(f"record/{model.key}/{name}", row[name]) for name in hidden}}


def _write_texts(moves: Sequence[Move], step: Transition) -> None:
    """Index the new records for search; where the act corrected the complaint, replace its main text in the index."""
    record = step.record if record_of(step) else ""
    add_texts([act_row(m.case.complaint.id, record, m.case.made[-1].blanks if record else {}, m.number) for m in moves])
    for m in moves:
        if step.amends or m.columns.keys() & {"title", "number"}:
            replace_main_text(main_row_of(m.case.complaint))


def write_states(moves: Sequence[Move]) -> None:
    """Compare-and-set on (state, version): ConcurrentUpdate if a row has changed since it was checked."""
    fields = [Complaint._meta.fields[name] for name in _changed_columns(moves)]
    assignments = ", ".join(f'"{f.column_name}" = {Complaint._meta.database.param}' for f in fields)
    mark = Complaint._meta.database.param
    where = f'"id" = {mark} AND "state" = {mark} AND "version" = {mark}'
    rows = []
    for m in moves:
        values = [f.db_value(m.columns.get(f.name, m.case.complaint.__data__[f.name])) for f in fields]
        rows.append([*values, m.case.complaint.id, m.state_from, m.case.complaint.version])
    record_hashes_before_change(Complaint, [m.case.complaint.id for m in moves])
    if run_many(f'UPDATE "complaint" SET {assignments} WHERE {where}', rows) != len(rows):  # noqa: S608 - own names
        raise ConcurrentUpdate
    names = {field.name for field in fields}
    for m in moves:
        for name in m.columns.keys() & names:
            setattr(m.case.complaint, name, m.columns[name])
    if "closed_at" in names:  # they end, or are open again
        note_ends(m.case.complaint for m in moves)


def _changed_columns(moves: Sequence[Move]) -> list[str]:
    """Columns that at least one move changes; writing an unchanged column would rewrite its indexes."""
    changed = (n for m in moves for n, value in m.columns.items() if value != m.case.complaint.__data__[n])
    return list(dict.fromkeys(changed))


def end_pauses(moves: Sequence[Move], at: datetime) -> None:
    left = [m.case.complaint.id for m in moves if m.state_from == PAUSED != m.state_to]
    if left:
        going_on = Pause.select(Pause.id).where(Pause.complaint.in_(left) & Pause.ended_at.is_null())
        ids = [number for (number,) in going_on.tuples()]
        record_hashes_before_change(Pause, ids)
        Pause.update(ended_at=at).where(Pause.id.in_(ids)).execute()


def _write_papers(moves: Sequence[Move], step: Transition, composer: Composer, at: datetime) -> list[Columns]:
    rows, signers, codes = [], [], []
    for m in moves:
        case = m.case
        if step.only_first and m.state_from != m.procedure.first:
            continue
        for paper in papers_issued(step, secret=is_secret(case.complaint)):
            content, signing = composer.compose_issue(case, paper, deputy=m.deputy_entry.get("deputy"))
            row = {
                "complaint": case.complaint.id,
                "kind": paper.key,
                "number": content["paper"]["number"],
                "round": case.complaint.round,
                "issued_at": at,
                "issued_by": case.user.id,
            }
            code = code_part(composer.settings[CODE_ADDRESS])
            rows.append(frozen({**content, "code": code}, composer.seals[case.complaint.id], row))
            codes.append(code["text"])
            signers.append([(signer.role, signer.person) for signer in signing])
    issue(rows, signers, codes)
    return rows


def _write_events(
    moves: Sequence[Move],
    step: Transition,
    composer: Composer,
    papers: list[Columns],
    who: Viewer,
    at: datetime,
    evidence: dict[str, list[EvidenceEntry]],
) -> None:
    issued: dict[int, list[dict[str, str]]] = {}
    for row in papers:
        paper = {"kind": row["kind"], "number": row["number"], "public_id": row["public_id"], "sha256": row["sha256"]}
        issued.setdefault(row["complaint"], []).append(paper)
    posts, model = composer.posts(at), record_of(step)
    event.append(
        [
            {
                "at": at,
                "user": who.user.id,
                "complaint": m.case.complaint.id,
                "act": step.key,
                "who": actor_with_title(who, posts, acting_units(step, m.case, awaited=m.awaited, unit=m.unit)),
                "state_from": m.state_from,
                "state_to": m.state_to,
                "round": m.case.complaint.round,
                "version": m.case.complaint.version,
                "together": len(moves) - 1,
                "body": {
                    **frozen_blanks(composer.in_words(model.key, m.blanks) if model else {}),
                    **(model.event_fields(m.case.records[model.key].blanks) if model else {}),
                    "papers": issued.get(m.case.complaint.id, []),
                    "number": m.number,
                    **m.deputy_entry,
                    **evidence,
                },
            }
            for m in moves
        ],
        composer.seals,
    )


def write_draft(
    case: Case, step: Transition, blanks: Blanks, who: Viewer, at: datetime, pieces: Sequence[Piece] = ()
) -> None:
    """Replace the draft of a step's record, raise the version and record which blanks were changed."""
    model, c = RECORDS[step.record], case.complaint
    before = case.drafts[model.key].blanks if model.key in case.drafts else {}
    model.delete().where((model.complaint == c.id) & model.draft).execute()
    insert_rows(model, [_record(Move(case, step, blanks, at, clock()), model, draft=True)])
    touched = [str(f.verbose_name) for f in model.blanks() if blanks[f.name] != before.get(f.name)]
    record_hashes_before_change(Complaint, [c.id])
    unchanged = (Complaint.id == c.id) & (Complaint.version == c.version)
    if not Complaint.update(version=c.version + 1).where(unchanged).execute():
        raise ConcurrentUpdate
    seals = event.open_seals([c.id])
    evidence = _write_evidence(case, step, pieces, seals, at)
    signed = actor_with_title(who, posts_by_unit(at.date()), acting_units(step, case))
    row = {
        "at": at,
        "user": who.user.id,
        "who": signed,
        "complaint": c.id,
        "act": "draft",
        "state_from": c.state,
        "state_to": c.state,
        "round": c.round,
        "version": c.version + 1,
        "body": {"draft": model.title, "touched": touched, "digest": digest_of(blanks), **evidence},
    }
    event.append([row], seals)
