"""What the category of a complaint decides where nothing else was typed: title, class, sifat, secrecy."""

from typing import Any

from models.office.lists import Category, Kelurahan
from models.store.base import Columns

DEFAULT_CATEGORY = "belum_dipilah"
DECIDES = ("law_class", "secrecy", "urgency")  # columns of a category that are columns of its complaints too


def category_of(picked: Any) -> Category:
    """The category of this id, else the one for what nobody has sorted yet."""
    known: Category | None = Category.get_or_none(Category.id == picked)
    usual: Category = known or Category.get(Category.code == DEFAULT_CATEGORY)
    return usual


def usual_title(category: Category, kelurahan: int | None) -> str:
    """The title that a complaint of this category gets by itself."""
    place = Kelurahan.get_or_none(Kelurahan.id == kelurahan)
    title = category.title or category.name
    return str(title.replace("{kelurahan}", place.name) if place else title.replace(" ({kelurahan})", ""))


def usual_columns(category: Category, kelurahan: int | None) -> Columns:
    """What the category decides, by column of Complaint."""
    return {"title": usual_title(category, kelurahan), **{name: getattr(category, name) for name in DECIDES}}
