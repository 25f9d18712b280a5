"""What the history says of who wrote, and of what is entered or edited beside the cases."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from models.case.case import Desks
from models.office.people import Posts, User, posts_by_unit, title_of
from models.store import witness
from models.store.base import Columns, Model, canonical, now
from models.tables import event
from models.tables.event import Event
from models.tables.scope import Viewer
from sop.words import spoken_title


def signature(who: Viewer, posts: Posts, at_desks: Desks = None) -> str:
    """How the history names a person: the name and the title in which he acts that day (see `case.desks`)."""
    return f"{who.user.name} ({spoken_title(title_of(who.user, posts, at_desks))})"


def note_edit(row: Model, names: Sequence[str], *, by: Viewer, what: str = "", at: datetime | None = None) -> None:
    """Note in the history what was entered or edited beside the cases: by whom, which fields, the digest of what it
    says now.

    `what` tells the deed in words where "changed" says too little.
    """
    moment, table = at or now(), row._meta.table_name
    if row.proves():
        witness.added(type(row), row.get_id())
    said = {name: row.__data__.get(name) for name in row._meta.fields if name not in row.not_digested}
    body = {"touched": list(names), "digest": digest_of(said), **({"what": what} if what else {})}
    who, version = signature(by, posts_by_unit(moment.date())), getattr(row, "version", 0)
    event.append(
        [
            {
                "at": moment,
                "user": by.user.id,
                "who": who,
                "act": "edit",
                "subject": f"{table}:{row.get_id()}",
                "version": version,
                "body": body,
            }
        ],
        {},
    )


def lets_in(person: User, *, by: Sequence[User], since: datetime) -> bool:
    """Whether one of these has made the person's account since then, or a link that sets its password."""
    edits = (Event.subject == f"{User._meta.table_name}:{person.id}") & (Event.at > since)
    entries = list(Event.select().where(edits & Event.user.in_([each.id for each in by if each.id != person.id])))
    touched = {name for body in event.bodies(entries, {}).values() for name in body.get("touched", ())}
    return bool(touched & {str(User.username.verbose_name), str(User.password_hash.verbose_name)})


def digest_of(said: Columns) -> str:
    """SHA-256 (hex) of what a row or a draft says, so that the history can bear witness to it without telling it."""
    return sha256(canonical(said).encode()).hexdigest()
