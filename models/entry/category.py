"""What holds where nothing else was typed: class, sifat, secrecy by the category; the title by the story, or by it."""

from functools import partial
from textwrap import shorten
from typing import Any

from models.entry.informative import first_sentence
from models.fields.contacts import masked_words
from models.office.lists import Category, Kelurahan
from models.store.base import Columns

DEFAULT_CATEGORY = "belum_dipilah"
LONGEST_TITLE = 120  # letters of a title that was made: two lines of a list, on a phone three
DECIDES = ("law_class", "secrecy", "urgency")  # columns of a category that are columns of its complaints too


def category_of(picked: Any) -> Category:
    """The category of this id, else the one for what nobody has sorted yet."""
    known: Category | None = Category.get_or_none(Category.id == picked)
    usual: Category = known or Category.get(Category.code == DEFAULT_CATEGORY)
    return usual


def usual_title(category: Category, kelurahan: int | None, *, story: str, secrecy: str) -> str:
    """The title that a complaint gets by itself: what its story says first of its matter. One that is rahasia is called
    by its category alone, since a title is read, and printed, where the story is not."""
    secret = (secrecy or category.secrecy) == "rahasia"
    told = "" if secret else masked_words(shorten(first_sentence(story), LONGEST_TITLE, placeholder=" …"))
    return told if told.strip(" …") else standard_title(category, kelurahan)


def followed_title(complaint: Any, secrecy: str) -> str:
    """The title of a complaint as its secrecy becomes another: one that it got by itself follows, one that was typed
    stays."""
    c = complaint
    by_secrecy = partial(usual_title, c.category, c.kelurahan_id, story=c.__data__["story"])
    return by_secrecy(secrecy=secrecy) if c.title == by_secrecy(secrecy=c.secrecy) else str(c.title)


def standard_title(category: Category, kelurahan: int | None) -> str:
    """What every complaint of this category can be called."""
    place = Kelurahan.get_or_none(Kelurahan.id == kelurahan)
    title = category.title or category.name
    return str(title.replace("{kelurahan}", place.name) if place else title.replace(" ({kelurahan})", ""))


def usual_columns(category: Category, kelurahan: int | None, *, story: str, secrecy: str) -> Columns:
    """What holds where nothing else was typed, by column of Complaint."""
    title = usual_title(category, kelurahan, story=story, secrecy=secrecy)
    return {"title": title, **{name: getattr(category, name) for name in DECIDES}}
