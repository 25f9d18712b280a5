"""What a person keeps for himself: named views of lists, and which letters he wants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import peewee as pw

from models.office.people import Acting, Post, User
from models.store import seal
from models.store.base import Model, Moment, database, now

MOST, LONGEST = 20, 60  # views of one list, letters of a name
FULL = f"Paling banyak {MOST} tampilan untuk satu daftar. Hapus salah satu lebih dahulu."
UNNAMED = "Beri nama tampilan ini lebih dahulu."


class NamedView(Model):
    """One view: of whose list, its name and what is asked of it. Both are sealed, since people search for names."""

    kept_by_digest = False
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    page = pw.CharField(max_length=40)
    name = pw.BlobField()
    asked = pw.BlobField()
    used_at = Moment(null=True)  # since it was opened, until another one is or none

    class Meta:
        indexes = ((("user", "page"), False),)


@dataclass(frozen=True)
class KeptView:
    """A view as its person reads it: `asked` is the query of its address, with filters and order by name."""

    id: int
    name: str
    asked: str
    last: bool


def views_of(user: User, page: str) -> list[KeptView]:
    """The person's views of a list, the oldest first."""
    rows = NamedView.select().where(_of(user, page)).order_by(NamedView.id)
    opened = seal.ring().panel.open_text
    return [
        KeptView(row.id, opened("view/name", row.name), opened("view/asked", row.asked), bool(row.used_at))
        for row in rows
    ]


def keep_view(user: User, page: str, name: str, asked: str) -> str:
    """Keep what is asked of a list under a name, in place of what was kept under it; it is the last used from then on.
    The sentence why it cannot be kept, "" if it was."""
    name = " ".join(name.replace("\0", "").split())[:LONGEST]
    if not name:
        return UNNAMED
    with database.atomic():
        kept = {one.name.casefold(): one.id for one in views_of(user, page)}
        if name.casefold() not in kept and len(kept) >= MOST:
            return FULL
        drop_view(user, page, kept.get(name.casefold(), 0))
        release_views(user, page)
        panel = seal.ring().panel
        sealed = {"name": panel.close_text("view/name", name), "asked": panel.close_text("view/asked", asked)}
        NamedView.create(user=user, page=page, used_at=now(), **sealed)
    return ""


def use_view(user: User, page: str, number: int) -> str:
    """What a view asks; it is the last used from then on. "" for none of the person's."""
    with database.atomic():
        view = next((one for one in views_of(user, page) if one.id == number), None)
        if view is None:
            return ""
        release_views(user, page)
        NamedView.update(used_at=now()).where(NamedView.id == number).execute()
    return view.asked


def release_views(user: User, page: str) -> None:
    """The list is to open as it is for everybody."""
    NamedView.update(used_at=None).where(_of(user, page) & NamedView.used_at.is_null(False)).execute()


def drop_view(user: User, page: str, number: int) -> None:
    NamedView.delete().where(_of(user, page) & (NamedView.id == number)).execute()


def _of(user: User, page: str) -> Any:
    return (NamedView.user == user) & (NamedView.page == page)


class LetterChoice(Model):
    """What one person has chosen; whoever never chose has no row."""

    kept_by_digest = False

    user = pw.ForeignKeyField(User, primary_key=True, on_delete="RESTRICT")
    daily = pw.BooleanField(default=False)  # how much waits, in the morning of each working day
    at_once = pw.BooleanField(default=False)  # what came back to him, or went late


class LetterMark(Model):
    """Up to where somebody has been told: begun anew with each choice, and after a restore, so that none goes twice."""

    kept_by_digest = False
    survives_restore = False

    user = pw.ForeignKeyField(User, primary_key=True, on_delete="RESTRICT")
    day = pw.DateField()  # the last morning that has been dealt with
    until = Moment()  # deadlines up to then
    event = pw.IntegerField()  # the last entry of the history that was looked at


@dataclass(frozen=True)
class MarkedPlace:
    """The same as a value."""

    day: date
    until: datetime
    event: int


def choice_of(user: User) -> LetterChoice:
    """What he has chosen; nothing, if he never did."""
    kept: LetterChoice | None = LetterChoice.get_or_none(LetterChoice.user == user)
    return kept or LetterChoice(user=user, daily=False, at_once=False)


def choose_letters(user: User, *, daily: bool, at_once: bool) -> None:
    """Keep his choice; what happened before it is not told any more."""
    with database.atomic():
        LetterMark.delete().where(LetterMark.user == user).execute()
        LetterChoice.delete().where(LetterChoice.user == user).execute()
        if daily or at_once:
            LetterChoice.create(user=user, daily=daily, at_once=at_once)


def reachable_choices() -> list[LetterChoice]:
    """The choices of everybody whom a letter reaches: who still works here, and has an address."""
    reached = User.active & User.email.is_null(False) & (User.email != "")
    return list(LetterChoice.select(LetterChoice, User).join(User).where(reached).order_by(User.id))


def marks_of(users: Iterable[User]) -> dict[int, MarkedPlace]:
    """Up to where each of them has been told, by id; nothing of who has only just chosen."""
    rows = LetterMark.select().where(LetterMark.user.in_([user.id for user in users]))
    return {row.user_id: MarkedPlace(row.day, row.until, row.event) for row in rows}


def begin_mark(user: User, place: MarkedPlace) -> None:
    """He is told what happens from here on."""
    LetterMark.insert(user=user, day=place.day, until=place.until, event=place.event).on_conflict_ignore().execute()


def is_moved(user: User, before: MarkedPlace, after: MarkedPlace) -> bool:
    """Bring the mark from where it was read to where it is now, in the transaction of what is told; False if somebody
    else was faster, who then tells it."""
    here = (LetterMark.day == before.day) & (LetterMark.until == before.until) & (LetterMark.event == before.event)
    moved = LetterMark.update(day=after.day, until=after.until, event=after.event)
    return bool(moved.where((LetterMark.user == user) & here).execute())


def is_away(user: User, day: date) -> bool:
    """Whether a Plh. works in a post of his that day: what waits there is told to that one."""
    of_office = Post.division.is_null() & Acting.division.is_null()
    here = (of_office | (Post.division == Acting.division)) & (Acting.kind == "Plh.") & (Acting.user != user)
    return bool(
        Post.select().join(Acting, on=here).where((Post.holder == user) & Post.on(day) & Acting.on(day)).exists()
    )
