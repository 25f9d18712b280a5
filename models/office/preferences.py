"""A user's preferences: saved views of lists, and which notifications to send by e-mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from models.office.people import Acting, Post, User
from models.store import prepared, seal
from models.store.base import Columns, Model, Moment, database, now

MOST, LONGEST = 20, 60  # views of one list, characters of a name
OF_COLUMNS = " "  # in place of a name: no view has it, since names are trimmed
FULL = f"Paling banyak {MOST} tampilan untuk satu daftar. Hapus salah satu lebih dahulu."
UNNAMED = "Beri nama tampilan ini lebih dahulu."


class NamedView(Model):
    """A saved view of a list, or its columns as the user has chosen them (OF_COLUMNS). Name and query are sealed, since
    people search for names."""

    in_digest = False
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    page = pw.CharField(max_length=40)
    name = pw.BlobField()
    asked = pw.BlobField()
    used_at = Moment(null=True)  # set while it is the last used view of the list

    class Meta:
        indexes = ((("user", "page"), False),)


@dataclass(frozen=True)
class SavedView:
    """A view, decrypted: `asked` is the query string of its address, with filters and order by name."""

    id: int
    name: str
    asked: str
    last: bool

    @property
    def is_columns(self) -> bool:
        return self.name == OF_COLUMNS


def views_of(user: User, page: str) -> list[SavedView]:
    """The user's views of a list, oldest first."""
    rows = prepared.run_fixed("views_of", _views, user=user.id, page=page)
    open_text = seal.ring().panel.open_text
    return [
        SavedView(row.id, open_text("view/name", row.name), open_text("view/asked", row.asked), bool(row.used_at))
        for row in rows
    ]


def _views() -> Any:
    return NamedView.select().where(_of(prepared.slot("user"), prepared.slot("page"))).order_by(NamedView.id)


def save_view(user: User, page: str, name: str, asked: str) -> str:
    """Save a view under a name, replacing one of the same name, and make it the last used one. Returns the sentence why
    it cannot be saved, "" if it was."""
    name = " ".join(name.replace("\0", "").split())[:LONGEST]
    if not name:
        return UNNAMED
    with database.atomic():
        saved = {view.name.casefold(): view.id for view in views_of(user, page) if not view.is_columns}
        if name.casefold() not in saved and len(saved) >= MOST:
            return FULL
        drop_view(user, page, saved.get(name.casefold(), 0))
        clear_last_view(user, page)
        NamedView.create(user=user, page=page, used_at=now(), **_sealed(name, asked))
    return ""


def save_columns(user: User, page: str, columns: str) -> None:
    """Store the columns of a list, "" for all, in place of those stored before."""
    with database.atomic():
        for view in views_of(user, page):
            if view.is_columns:
                drop_view(user, page, view.id)
        if columns:
            NamedView.create(user=user, page=page, **_sealed(OF_COLUMNS, columns))


def _sealed(name: str, asked: str) -> Columns:
    panel = seal.ring().panel
    return {"name": panel.close_text("view/name", name), "asked": panel.close_text("view/asked", asked)}


def use_view(user: User, page: str, number: int) -> str:
    """The query string of a view, which becomes the last used one; "" if it is not the user's."""
    with database.atomic():
        view = next((view for view in views_of(user, page) if view.id == number and not view.is_columns), None)
        if view is None:
            return ""
        clear_last_view(user, page)
        NamedView.update(used_at=now()).where(NamedView.id == number).execute()
    return view.asked


def clear_last_view(user: User, page: str) -> None:
    """Open the list without a view from now on."""
    NamedView.update(used_at=None).where(_of(user, page) & NamedView.used_at.is_null(False)).execute()


def drop_view(user: User, page: str, number: int) -> None:
    NamedView.delete().where(_of(user, page) & (NamedView.id == number)).execute()


def _of(user: User, page: str) -> Any:
    return (NamedView.user == user) & (NamedView.page == page)


class EmailChoice(Model):
    """The e-mail notifications that a user has chosen; no row means none."""

    in_digest = False

    user = pw.ForeignKeyField(User, primary_key=True, on_delete="RESTRICT")
    daily = pw.BooleanField(default=False)  # number of pending cases, every morning of a working day
    at_once = pw.BooleanField(default=False)  # cases that were returned to the user or became late


class EmailMark(Model):
    """Up to where a user has been notified; reset by each choice and by a restore, so that nothing is sent twice."""

    in_digest = False
    survives_restore = False

    user = pw.ForeignKeyField(User, primary_key=True, on_delete="RESTRICT")
    day = pw.DateField()  # the last morning that was processed
    until = Moment()  # deadlines up to here were processed
    event = pw.IntegerField()  # the last history entry that was processed


@dataclass(frozen=True)
class NotifiedUpTo:
    """The position in an EmailMark."""

    day: date
    until: datetime
    event: int


def choice_of(user: User) -> EmailChoice:
    """The user's choice; none of the notifications by default."""
    stored: EmailChoice | None = EmailChoice.get_or_none(EmailChoice.user == user)
    return stored or EmailChoice(user=user, daily=False, at_once=False)


def choose_email(user: User, *, daily: bool, at_once: bool) -> None:
    """Store the choice; earlier events are not notified."""
    with database.atomic():
        EmailMark.delete().where(EmailMark.user == user).execute()
        EmailChoice.delete().where(EmailChoice.user == user).execute()
        if daily or at_once:
            EmailChoice.create(user=user, daily=daily, at_once=at_once)


def reachable_choices() -> list[EmailChoice]:
    """The choices of active users with an e-mail address."""
    reached = User.active & User.email.is_null(False) & (User.email != "")
    return list(EmailChoice.select(EmailChoice, User).join(User).where(reached).order_by(User.id))


def marks_of(users: Iterable[User]) -> dict[int, NotifiedUpTo]:
    """Up to where each user has been notified, by user id; not for a new choice."""
    rows = EmailMark.select().where(EmailMark.user.in_([user.id for user in users]))
    return {row.user_id: NotifiedUpTo(row.day, row.until, row.event) for row in rows}


def begin_notifications(user: User, place: NotifiedUpTo) -> None:
    """Notify the user of what happens from this position on."""
    EmailMark.insert(user=user, day=place.day, until=place.until, event=place.event).on_conflict_ignore().execute()


def advance_mark(user: User, before: NotifiedUpTo, after: NotifiedUpTo) -> bool:
    """Move the mark from `before` to `after`, in the transaction that queues the e-mail; False if another process was
    faster, which then sends it."""
    unmoved = (EmailMark.day == before.day) & (EmailMark.until == before.until) & (EmailMark.event == before.event)
    moved = EmailMark.update(day=after.day, until=after.until, event=after.event)
    return bool(moved.where((EmailMark.user == user) & unmoved).execute())


def is_away(user: User, day: date) -> bool:
    """Whether a Plh. is deputy for a post of the user that day, and is notified instead."""
    of_office = Post.division.is_null() & Acting.division.is_null()
    same_post = (of_office | (Post.division == Acting.division)) & (Acting.kind == "Plh.") & (Acting.user != user)
    return bool(
        Post.select().join(Acting, on=same_post).where((Post.holder == user) & Post.on(day) & Acting.on(day)).exists()
    )
