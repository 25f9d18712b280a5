"""What the leadership, the pengawas and the admin see besides their queues."""

from datetime import datetime
from typing import Any

import peewee as pw

from admin.queues import queue_url
from admin.signin import post_name
from models import queue
from models.people import Acting, Division, Post, User, today
from models.scope import Viewer
from models.settings import OPTIONS, values
from sop import access, flow
from sop.words import format_date


def acting() -> list[str]:
    """Acting officials in force, each in one line: "Plh. Kepala Dinas: … s.d. …"."""
    query = Acting.select(Acting, User, Division).join(User).switch(Acting).join(Division, pw.JOIN.LEFT_OUTER)
    rows = query.where(Acting.on(today())).order_by(Acting.division.is_null(False), Acting.valid_from)
    return [acting_line(row) for row in rows]


def acting_line(row: Acting) -> str:
    until = f"s.d. {format_date(row.valid_to)}" if row.valid_to else "sampai ada ketentuan lain"
    return f"{row.kind} {post_name(row)}: {row.user.name}, {until} ({row.decree})"


def overview(who: Viewer, at: datetime) -> list[tuple[str, int, str]]:
    """All that a pengawas may read: each state's label, number and list."""
    found = queue.totals(who, at)
    late = [("Masih terbuka dan lewat waktu", found["late"], "")]
    return late + [(label, found[state], queue_url(state)) for state, label in flow.states() if found.get(state)]


def setup() -> dict[str, Any]:
    """What the admin still has to fill in, and how many people there are by role."""
    now_set = values()
    missing = [(key, o.label) for key, o in OPTIONS.items() if o.required and not str(now_set[key]).strip()]
    counted = User.select(User.role, pw.fn.COUNT(User.id)).where(User.active).group_by(User.role).tuples()
    numbers = dict(counted)
    people = [(label, numbers.get(role, 0)) for role, label in access.ROLES.items()]
    has_head = Post.select().where(Post.division.is_null() & Post.on(today())).exists()
    return {"missing": missing, "people": people, "has_head": has_head}
