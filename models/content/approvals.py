"""Daftar Nota Dinas yang disetujui: what one decision issued on a day, signed for by whoever decided."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from textwrap import shorten
from typing import Any

import peewee as pw

from models.case.blanks import record_of
from models.case.discretion import is_secret, openly
from models.content.unkept import frame
from models.fields.blanks import blanks_in_words
from models.fields.words import Names, Words
from models.office.people import Division, Officer, User, posts_by_unit, signatory, title_of
from models.tables import scope
from models.tables.complaint import Complaint
from models.tables.paper import Content, Paper, PaperVoid
from models.tables.scope import Viewer
from sop import flow
from sop.clock import WIB
from sop.procedure import Transition

KEY, TITLE = "daftar_disetujui", "Daftar {} yang disetujui"
DAY = timedelta(days=1)
LONGEST = 300  # letters of a decision: a cell does not go over a page


def title_of_list(step: Transition) -> str:
    return TITLE.format(step.papers[0].title)


def approved_list(step: Transition, rows: list[Any], day: date, *, at: datetime, demo: bool) -> Content:
    """The content of the sheet of these papers; it is printed for whoever asks and kept nowhere."""
    decisions = decisions_in_words(step, rows)
    return {
        **frame(KEY, title_of_list(step), at=at, demo=demo),
        "day": datetime.combine(day, time(), WIB).isoformat(),
        "kind": step.papers[0].title,
        "rows": [_line(row, decisions.get(row.id, {})) for row in rows],
        "signers": _deciders(rows, day),
    }


def _line(row: Any, decision: Mapping[str, Words]) -> dict[str, str]:
    case = row.complaint
    return {
        "number": openly(case, row.number),
        "register": case.number,
        "title": openly(case, case.title),
        "unit": openly(case, case.unit.name if case.unit_id else "–"),
        "decision": shorten(": ".join(map(str, decision.values())), LONGEST, placeholder=" …"),
        "at": row.issued_at.isoformat(),
        "by": row.issued_by.name,
    }


def _deciders(rows: Sequence[Any], day: date) -> list[Officer]:
    """Whoever decided, each once, as titled on that day for the office."""
    posts = posts_by_unit(day)
    users = {row.issued_by.id: row.issued_by for row in rows}
    return [signatory(user, title_of(user, posts, (None,))).printed for user in users.values()]


def papers_issued(step: Transition, who: Viewer, day: date, *, first: int = 0, most: int | None = None) -> list[Any]:
    """The valid papers that a decision issued on a day, as far as the person may read them; from one on so many."""
    query = _issued(step, who, day).select(Paper, Complaint, Division, User)
    query = query.join_from(Paper, Complaint).join_from(
        Complaint, Division, pw.JOIN.LEFT_OUTER, on=Complaint.unit == Division.id, attr="unit"
    )
    query = query.join_from(Paper, User, on=Paper.issued_by == User.id, attr="issued_by")
    return list(query.order_by(Paper.id).limit(most).offset(first or None))


def count_issued(step: Transition, who: Viewer, day: date) -> int:
    count: int = _issued(step, who, day).count()
    return count


def _issued(step: Transition, who: Viewer, day: date) -> Any:
    begins = datetime.combine(day, time(), WIB)
    issued = (Paper.issued_at >= begins) & (Paper.issued_at < begins + DAY) & (Paper.kind == step.papers[0].key)
    void = Paper.id.in_(PaperVoid.select(PaperVoid.paper))
    return scope.visible(who.user, Paper, who).where(issued & ~void)


def decisions_in_words(step: Transition, rows: list[Any]) -> dict[int, dict[str, Words]]:
    """What the decision said, in words, by paper: its record was made in the same moment.

    Of a rahasia case only what was picked from a list: what was written tells of its matter.
    """
    model = record_of(step)
    if model is None:
        return {}
    here = model.complaint.in_([row.complaint_id for row in rows])
    found = model.select().where(here & model.act.in_(flow.keys_of(step)))
    made = {(one["complaint"], one["made_at"]): one for one in found.dicts()}
    written = [blank.name for blank in model.blanks()]
    picked = [blank.name for blank in model.blanks() if blank.choices]
    names = Names()
    open_ = {row.id: picked if is_secret(row.complaint) else written for row in rows}
    return {
        row.id: blanks_in_words(model, made[row.complaint_id, row.issued_at], names, open_[row.id])
        for row in rows
        if (row.complaint_id, row.issued_at) in made
    }
