"""Which letters of the panel somebody wants for himself, and up to where he has been told; without his word none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import peewee as pw

from models.office.people import Acting, Post, User
from models.store.base import Model, Moment, database


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
