"""How a paper tells a value: moments, numbers, titles, names, and our own choices within a sentence."""

import re
from datetime import datetime
from typing import Any

from models.records.fields import value_in_words
from papers.layout.formats import Content
from papers.layout.letters import width
from sop.words import format_clock, format_date, spoken_title

_FIRST = re.compile(r"^[A-Z](?=[a-z]*\b)")  # of a word that has no other capital
_SMALL = ("Plt.", "Plh.", "Pj.", "a.n.", "u.b.")  # stay as they are in a title in capitals


def on_paper(value: Any) -> str:
    """A value as a paper tells it: the parts of a list behind semicolons, what is empty as a dash."""
    return value_in_words(value, between="; ", nothing="–")


def when(moment: str | None) -> datetime | None:
    """The moment that an ISO text names, None for an empty one."""
    return datetime.fromisoformat(moment) if moment else None


def moment(at: datetime | None) -> str:
    """24 November 2026 pukul 09.14 WIB: a paper has room for the whole month, as its dates have."""
    return f"{format_date(at)} pukul {format_clock(at)}" if at else ""


def blank(record: Content, name: str) -> Any:
    """A blank of a record as a paper tells it: a moment as the paper's other moments."""
    return moment(when(record.get("moments", {}).get(name))) or record["blanks"][name]


def lowered(words: str) -> str:
    """One of our own choices within a sentence: "Telepon" is telepon there, WhatsApp and SP4N-LAPOR! stay."""
    return _FIRST.sub(lambda found: found[0].lower(), words)


def pengadu(complaint: Content, persons: Content) -> str:
    """The pengadu as named on a paper that others see: a rahasia one never by name."""
    if complaint["is_secret"]:
        return "Dirahasiakan"
    return "Anonim" if complaint["anonymous"] else on_paper(persons.get("pengadu", {}).get("name"))


def parted(number: str, room: float) -> list[str]:
    """A paper's number in lines of at most `room` (em), each parted from the next behind a slash."""
    before, line = list[str](), ""
    for piece in re.findall(r"[^/]+/*|/+", number):
        if line and width(line + piece, "LiberationSans-Regular") > room:
            before, line = [*before, line], ""
        line += piece
    return [*before, line]


def addressed(title: str, office: Content) -> str:
    """The post of the Kepala Dinas as a letter is addressed to him: with the whole name of his office and the city."""
    post = spoken_title(title or "Kepala Dinas")
    if not post.endswith("Kepala Dinas"):
        return post
    city = office["government"].removeprefix("PEMERINTAH ")
    return f"{post.removesuffix(' Dinas')} {spoken_title(' '.join((*office['name'], city)))}"


def capitals(title: str) -> list[str]:
    """A title in capitals as it stands over a signature, a line for each part: a.n. KEPALA DINAS / SEKRETARIS."""
    words = (word if word in _SMALL else word.upper() for word in title.split())
    return [line.strip() for line in " ".join(words).split(" / ")]
