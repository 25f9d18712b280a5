"""Writing many moves at once: records, numbers, states, clocks, papers, history, each with one prepared statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models import event, number
from models.base import insert_rows, now, run_many
from models.blanks import record_of
from models.calendar import clock
from models.case import Case
from models.complaint import Complaint, Pause, Run
from models.content import Composer
from models.move import Move
from models.paper import Paper, PaperVoid, frozen
from models.people import heads_by_unit, title_of
from models.records import RECORDS
from models.records.base import Record, SealedText
from models.scope import Viewer
from models.seal import Seal
from sop import flow
from sop.procedure import Transition
from sop.words import spoken_title


class Overtaken(RuntimeError):
    """Another writer was faster although the transaction holds the lock: nothing is written."""


def write(moves: Sequence[Move], who: Viewer, at: datetime) -> list[str]:
    """Write the moves of one transition; the public ids of the papers issued. Call inside the transaction."""
    if not moves:
        return []
    step, seals = moves[0].transition, event.open_seals(m.case.complaint.id for m in moves)
    _write_records(moves, step, seals)
    _write_numbers(moves, step, at)
    _write_states(moves)
    _write_runs(moves, at)
    _write_pauses(moves, step, at)
    composer = Composer({m.case.complaint.id: m.case for m in moves}, seals, at=at, demo=_is_demo(moves))
    papers = _write_papers(moves, step, composer, at)
    _write_voids(moves, step, at)
    _write_events(moves, step, composer, papers, who, at)
    return [row["public_id"] for row in papers]


def announce(cases: dict[int, Case], step: Transition, who: Viewer, at: datetime) -> list[str]:
    """Papers and history of cases that have just come into being; the public ids of the papers."""
    seals, office_clock, moves = event.open_seals(cases), clock(), []
    for case in cases.values():
        moves.append(
            Move(case, step, {}, at, office_clock, state_to=case.complaint.state, number=case.complaint.number)
        )
    composer = Composer(cases, seals, at=at, demo=_is_demo(moves))
    papers = _write_papers(moves, step, composer, at)
    _write_events(moves, step, composer, papers, who, at)
    return [row["public_id"] for row in papers]


def _is_demo(moves: Sequence[Move]) -> bool:
    return bool(moves[0].case.settings.get("site.demo"))


def _write_records(moves: Sequence[Move], step: Transition, seals: dict[int, Seal]) -> None:
    model = record_of(step)
    if model is None:
        return
    rows = [_record(m, model) for m in moves]
    ids = [m.case.complaint.id for m in moves]
    if step.draft:
        model.delete().where(model.complaint.in_(ids) & model.draft).execute()
    insert_rows(model, [_sealed(model, row, seals[row["complaint"]]) for row in rows])
    for move, row in zip(moves, rows, strict=True):
        model.written(move.case, move.blanks)
        move.case.made.append({**row, "key": model.key})
        move.case.records[model.key] = {**row, "key": model.key}


def _record(move: Move, model: type[Record], *, draft: bool = False) -> dict[str, Any]:
    case = move.case
    new_leg = case.leg != case.complaint.leg
    return {
        "complaint": case.complaint.id, "act": move.transition.key, "round": case.complaint.round, "leg": case.leg,
        "revision": 1 if new_leg else case.complaint.revision, "draft": draft, "recalled": False,
        "made_by": case.user.id, "made_at": move.at, **move.blanks, **model.filled(case, move.blanks),
    }  # fmt: skip


def _sealed(model: type[Record], row: dict[str, Any], case: Seal) -> dict[str, Any]:
    hidden = {f.name for f in model._meta.sorted_fields if isinstance(f, SealedText)}
    return (
        {n: case.close_text(f"record/{model.key}/{n}", v) if n in hidden else v for n, v in row.items()}
        if hidden
        else row
    )


def _write_numbers(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    if not step.series:
        return
    have = number.given([m.case.complaint.id for m in moves])
    lacking = [m for m in moves if step.series not in have[m.case.complaint.id]]
    drawn = number.draw(step.series, len(lacking), at, moves[0].case.settings)
    number.bind(step.series, drawn, [(m.case.complaint.id, m.case.complaint.round) for m in lacking], at)
    for move, one in zip(lacking, drawn, strict=True):
        move.number = one.text


def _write_states(moves: Sequence[Move]) -> None:
    """Compare-and-set on (state, version): every row must still be as it was judged."""
    names = list(dict.fromkeys(name for m in moves for name in m.columns))
    fields = [Complaint._meta.fields[name] for name in names]
    assignments = ", ".join(f'"{f.column_name}" = {Complaint._meta.database.param}' for f in fields)
    mark = Complaint._meta.database.param
    where = f'"id" = {mark} AND "state" = {mark} AND "version" = {mark}'
    rows = []
    for m in moves:
        values = [f.db_value(m.columns.get(f.name, m.case.complaint.__data__[f.name])) for f in fields]
        rows.append([*values, m.case.complaint.id, m.state_from, m.case.complaint.version])
    if run_many(f'UPDATE "complaint" SET {assignments} WHERE {where}', rows) != len(rows):  # noqa: S608 - own names
        raise Overtaken
    for m in moves:
        for name, value in m.columns.items():
            setattr(m.case.complaint, name, value)


def _write_runs(moves: Sequence[Move], at: datetime) -> None:
    ended = [m.ended["id"] for m in moves if m.ended]
    if ended:
        Run.update(ended_at=at).where(Run.id.in_(ended)).execute()
    insert_rows(Run, [run for m in moves for run in m.begun])
    for m in moves:
        if m.due and m.case.run:
            Run.update(due_at=m.due).where(Run.id == m.case.run["id"]).execute()
            m.case.run["due_at"] = m.due
        if m.ended:
            m.ended["ended_at"] = at
        m.case.runs += m.begun


def _write_pauses(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    ids = [m.case.complaint.id for m in moves]
    if step.effect == "hold":
        insert_rows(Pause, [{"complaint": m.case.complaint.id, "round": m.case.complaint.round, "started_at": at,
                             "ended_at": None} for m in moves])  # fmt: skip
    elif any(m.state_from == flow.HELD and m.state_to != flow.HELD for m in moves):
        Pause.update(ended_at=at).where(Pause.complaint.in_(ids) & Pause.ended_at.is_null()).execute()


def _write_papers(moves: Sequence[Move], step: Transition, composer: Composer, at: datetime) -> list[dict[str, Any]]:
    rows = []
    for m in moves:
        case = m.case
        if step.only_first and m.state_from != flow.FIRST:
            continue
        for paper in step.papers:
            content = composer.compose(case, paper)
            row = {"complaint": case.complaint.id, "kind": paper.key, "number": content["paper"]["number"],
                   "round": case.complaint.round, "issued_at": at, "issued_by": case.user.id}  # fmt: skip
            rows.append(frozen(content, composer.seals[case.complaint.id], row))
    insert_rows(Paper, rows)
    return rows


def _write_voids(moves: Sequence[Move], step: Transition, at: datetime) -> None:
    """What a recalled step issued, and the register number of a void case, stay but count no more."""
    for m in moves:
        if step.effect == "recall":
            _recall(m, step, at)
        elif step.effect == "void":
            _void_papers(m, step, at, m.case.complaint.round, list(flow.PAPERS), None)
            held = number.held(m.case.complaint)
            insert_rows(number.NumberVoid, [{"number": n, "reason": _why(m, step), "by": m.case.user.id, "at": at}
                                            for n in held])  # fmt: skip


def _recall(m: Move, step: Transition, at: datetime) -> None:
    undone = flow.TRANSITIONS[m.undone]
    model = record_of(undone)
    if model:
        last = max((r["id"] for r in m.case.made if r["key"] == model.key and "id" in r), default=None)
        model.update(recalled=True).where(model.id == last).execute()
    _void_papers(m, step, at, m.case.complaint.round, [p.key for p in undone.papers], m.since)


def _void_papers(
    m: Move, step: Transition, at: datetime, round_: int, kinds: list[str], since: datetime | None
) -> None:
    void = PaperVoid.select(PaperVoid.paper)
    papers = Paper.select(Paper.id).where(
        (Paper.complaint == m.case.complaint.id)
        & (Paper.round == round_)
        & Paper.kind.in_(kinds)
        & Paper.id.not_in(void)
    )
    if since:
        papers = papers.where(Paper.issued_at >= since)
    insert_rows(
        PaperVoid, [{"paper": p, "reason": _why(m, step), "by": m.case.user.id, "at": at} for (p,) in papers.tuples()]
    )


def _why(m: Move, step: Transition) -> str:
    words = (m.blanks.get("reason") or m.blanks.get("note") or "").strip()
    return f"{step.label}: {words}"[:200] if words else step.label


def _write_events(moves: Sequence[Move], step: Transition, composer: Composer, papers: list[dict[str, Any]],
                  who: Viewer, at: datetime) -> None:  # fmt: skip
    issued: dict[int, list[dict[str, str]]] = {}
    for row in papers:
        told = {"kind": row["kind"], "number": row["number"], "public_id": row["public_id"], "sha256": row["sha256"]}
        issued.setdefault(row["complaint"], []).append(told)
    signed, key = signature(who, composer.heads), record_of(step)
    event.append(
        [
            {
                "at": at, "user": who.user.id, "who": signed, "complaint": m.case.complaint.id, "act": step.key,
                "state_from": m.state_from, "state_to": m.state_to, "round": m.case.complaint.round,
                "version": m.case.complaint.version, "together": len(moves) - 1,
                "body": {
                    "blanks": composer.shown(key.key, m.blanks) if key else {},
                    "papers": issued.get(m.case.complaint.id, []), "number": m.number,
                },
            }
            for m in moves
        ],
        composer.seals,
    )  # fmt: skip


def signature(who: Viewer, heads: dict[int | None, dict[str, object]]) -> str:
    """How the history names a person: the name and the title that he holds or acts in that day."""
    return f"{who.user.name} ({spoken_title(title_of(who.user, heads))})"


def write_draft(case: Case, step: Transition, blanks: dict[str, Any], who: Viewer, at: datetime) -> None:
    """Replace the draft of a step's record, raise the version and note which blanks were touched."""
    model, c = RECORDS[step.record], case.complaint
    before = case.drafts.get(model.key) or {}
    model.delete().where((model.complaint == c.id) & model.draft).execute()
    insert_rows(model, [{**_record(Move(case, step, blanks, at, clock()), model, draft=True)}])
    touched = [str(f.verbose_name) for f in model.blanks() if blanks[f.name] != before.get(f.name)]
    if (
        not Complaint.update(version=c.version + 1)
        .where((Complaint.id == c.id) & (Complaint.version == c.version))
        .execute()
    ):
        raise Overtaken
    row = {"at": at, "user": who.user.id, "who": signature(who, heads_by_unit(at.date())), "complaint": c.id,
           "act": "draft", "state_from": c.state, "state_to": c.state, "round": c.round, "version": c.version + 1,
           "body": {"draft": model.title, "touched": touched}}  # fmt: skip
    event.append([row], event.open_seals([c.id]))


def edited(subject: str, names: Sequence[str], *, by: Viewer, at: datetime | None = None) -> None:
    """Note the edit of a master (not of a case) in the history: which of its fields were changed, by whom."""
    moment = at or now()
    who = signature(by, heads_by_unit(moment.date()))
    event.append([{"at": moment, "user": by.user.id, "who": who, "act": "edit", "subject": subject,
                   "body": {"touched": list(names)}}], {})  # fmt: skip
