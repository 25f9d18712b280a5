"""Lists as a person likes to see them, under names of his own; the last one that he opened comes back."""

from dataclasses import dataclass
from typing import Any

import peewee as pw

from models.office.people import User
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
    """A view as its person reads it: `asked` is the query of its address."""

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
