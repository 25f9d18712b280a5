"""What an act has brought, sealed until the page after it is asked for: for the session that did it, and for a day."""

import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from models.store import seal
from models.store.base import Model, Moment, canonical

KEPT, CLEARED = timedelta(days=1), 200  # how long one can be asked for; how many old ones go at one time
NOTHING = ("", None)


class SessionResult(Model):
    """One result. It tells of cases, and holds what was typed besides: neither is anybody else's."""

    kept_by_digest = False
    survives_restore = False

    public_id = pw.CharField(max_length=32, unique=True)
    session = pw.CharField(max_length=64, index=True)  # the digest of its session, which a full disk may have no row of
    made_at = Moment(index=True)
    content = pw.BlobField()


def keep_result(session: str, what: str, content: object, at: datetime) -> str:
    """Keep what an act has brought, in its transaction; the public id by which its page asks. `what` says of which page
    it is the result, so that no other shows it."""
    clear_results(at)
    public_id = secrets.token_urlsafe(12)
    sealed = seal.ring().panel.close_text(f"result/{public_id}", canonical([what, content]))
    SessionResult.insert(public_id=public_id, session=session, made_at=at, content=sealed).execute()
    return public_id


def result_of(session: str, what: str, public_id: str, at: datetime) -> Any:
    """What was kept; None where there is no such result of this session and page, or none any longer."""
    mine = (SessionResult.public_id == public_id) & (SessionResult.session == session)
    row = SessionResult.get_or_none(mine & (SessionResult.made_at > at - KEPT))
    with suppress(seal.BrokenSeal):
        said, content = json.loads(seal.ring().panel.open_text(f"result/{public_id}", row.content)) if row else NOTHING
        return content if said == what else None
    return None


def hand_on_results(before: str, after: str) -> None:
    """The same person at the same pages goes on under another session."""
    SessionResult.update(session=after).where(SessionResult.session == before).execute()


def forget_results(sessions: Iterable[str]) -> None:
    """These sessions are over."""
    SessionResult.delete().where(SessionResult.session.in_(list(sessions))).execute()


def clear_results(at: datetime) -> None:
    """A few of those that nobody can ask for any more."""
    old = SessionResult.select(SessionResult.id).where(SessionResult.made_at <= at - KEPT)
    oldest = old.order_by(SessionResult.made_at).limit(CLEARED)
    SessionResult.delete().where(SessionResult.id.in_(oldest)).execute()
