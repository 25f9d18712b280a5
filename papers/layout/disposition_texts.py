"""What a Lembar Disposisi of the fifth format says of the citizen's letter (as a Nota Dinas does), of who
sent it, and of whom it goes to."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache, lru_cache

from models.complaint.complaint import WITHHELD, name_stand_in
from models.office.lists import ACCOUNT
from papers.layout.columns import balanced
from papers.layout.disposition_slip import LEADS, Ticked
from papers.layout.formats import Content
from papers.layout.glyphs import width
from papers.layout.phrases import capitals, common_medium, lowered, pengadu, when, with_degrees
from sop.access import URGENCY
from sop.words import format_date, spoken_title

UNKNOWN = "–"
QUEUE = "antre"  # in a medium's reference label: the ticket of a queue is neither number nor date of a letter
_OF_A_LETTER = re.compile(r"nomor (dan tanggal )?surat\b", re.IGNORECASE)  # a label that the slip's own row says
_NUMBER_AND_DATE = re.compile(r"nomor dan tanggal surat\b|nomor surat$", re.IGNORECASE)  # of a letter, nothing else
_LABELLED = re.compile(r"(?:nomor|no\.)\s+(?=\S*\d)", re.IGNORECASE)  # as is this
_LETTER, _SHORT = "surat", 20  # the medium; characters of a date which no line parts
_WITH_DATE = re.compile(r"(?:(?P<number>.+?)[,;]?\s+)??(?:tanggal|tgl\.?)\s+(?P<date>.*\d.*)", re.IGNORECASE)

_SHORT_LAST = re.compile(r" (?=\S{1,4}$)")
_TITLED = re.compile(r"\b((?:Prof|Drs?|Dra|Ir|Hj?|dr|drg)\.) ")
_NUMBERED = re.compile(r"(\b\d+\.) ")
_UNPARTED = re.compile(r"\([^()]*\)|\b\d+ \w+(?: \d{4})?")  # what stands in brackets, a date, a time


@dataclass(frozen=True)
class Letter:
    """Number and date of what the citizen sent, as far as they are known."""

    number: str
    date: str


def letter_of(complaint: Content) -> Letter:
    """The letter or what stands for it; of a rahasia case only whether a letter has a number and a date."""
    letter, label = _letter(complaint), complaint["medium_ref_label"]
    if not complaint["is_secret"]:
        return letter
    is_one = not label or _OF_A_LETTER.match(label)
    return Letter(*(WITHHELD if is_one and text != UNKNOWN else UNKNOWN for text in astuple(letter)))


def _letter(complaint: Content) -> Letter:
    """The medium's reference: a date if its label begins so, else a number, with the date that follows "tanggal".

    The name of an account is neither, nor the ticket of a queue. Of the label only what the slip's own rows do not say
    is printed, so that a ticket of another office is not taken for a letter. The date on which a complaint was received
    is not that of a letter: it has a row of its own.
    """
    reference, label = complaint["medium_ref"].strip(), complaint["medium_ref_label"] or ""
    if not reference or any(word in label.casefold() for word in (ACCOUNT, QUEUE)):
        return Letter(UNKNOWN, UNKNOWN)
    of_a_letter = _OF_A_LETTER.match(label)
    if label.casefold().startswith("tanggal"):
        return Letter(UNKNOWN, reference)
    dated = _WITH_DATE.fullmatch(reference)
    number, date = (dated["number"], dated["date"]) if dated else (reference, UNKNOWN)
    if not number:
        return Letter(UNKNOWN, date)
    number = _LABELLED.sub("", number, count=1) if _LABELLED.match(number) else number
    of_what = label.removeprefix("Nomor ")
    return Letter(number if of_a_letter or not label else f"{of_what[:1].upper()}{of_what[1:]} {number}", date)


def medium_and_letter(complaint: Content) -> str:
    """The medium within a sentence, with number and date of its letter as far as they are known and not rahasia."""
    medium = common_medium(complaint["medium"])
    if complaint["is_secret"] or not _OF_A_LETTER.match(complaint["medium_ref_label"] or ""):
        return medium
    return _with_letter(medium, _letter(complaint))


def medium_and_reference(complaint: Content) -> str:
    """The medium with its whole reference, for a paper that stays in the office: Surat nomor 12 tanggal 3 November
    2026; what is no number or date of a letter in brackets, after the name by which it was asked for."""
    medium, reference, label = complaint["medium"], complaint["medium_ref"].strip(), complaint["medium_ref_label"] or ""
    if not reference:
        return str(medium)
    if _NUMBER_AND_DATE.match(label) and any(letter.isdigit() for letter in reference):
        return _with_letter(medium, _letter(complaint))
    named = (label or "Nomor rujukan").replace("Tanggal dan pukul", "Waktu")
    return f"{medium} ({lowered(named)}: {reference})"


def _with_letter(medium: str, letter: Letter) -> str:
    date = letter.date.replace(" ", "\xa0") if len(letter.date) < _SHORT else letter.date
    told = [f"{word} {text}" for word, text in (("nomor", letter.number), ("tanggal", date)) if text != UNKNOWN]
    return f"{medium}{' ' if medium.casefold() == _LETTER else ', '}{' '.join(told)}" if told else medium


def addressees(units: Iterable[str], titles: Mapping[str, str]) -> dict[str, str]:
    """What each unit is addressed as: the post that heads it, which its name says if the panel knows of no post; else
    its name."""
    posts = {unit: _in_sentence_case(titles[unit], unit) if titles.get(unit) else _headed(unit) for unit in units}
    alike = {post for post, times in Counter(posts.values()).items() if times > 1}
    return {unit: f"{post} ({unit})" if post in alike else post for unit, post in posts.items()}


_HEADED = re.compile(r"(?:Sub)?(?:bidang|bagian)\b|Seksi\b|UPTD?\b|Unit Pelaksana", re.IGNORECASE)  # by a Kepala


def _headed(unit: str) -> str:
    if unit.casefold().startswith("sekretariat"):
        return f"Sekretaris{unit[len('sekretariat') :]}"
    return f"Kepala {unit}" if _HEADED.match(unit) else unit


def _in_sentence_case(title: str, unit: str) -> str:
    """The title in sentence case; its abbreviations as in the unit's name."""
    as_named = set() if unit.isupper() else set(unit.split())
    return " ".join(word if word in as_named else spoken_title(word) for word in title.split())


def sender_of(content: Content) -> str:
    """The pengadu, and his kuasa if the pengadu is named."""
    complaint, kuasa = content["complaint"], content["persons"].get("kuasa", {}).get("name")
    unnamed = name_stand_in(anonymous=complaint["anonymous"], secret=complaint["is_secret"])
    name = pengadu(complaint, content["persons"])
    return f"{name} (kuasa: {with_degrees(kuasa)})" if kuasa and not unnamed else name


@cache
def em(text: str, font: str = "LiberationSans-Regular") -> float:
    """The width (em) of a text; not computed before it is needed, as a start reads no font."""
    return width(text, font)


def box_width() -> float:
    """The width (em) of a box to tick and of the blank behind it."""
    return em("☐", "DejaVuSans") + em(" ")


@lru_cache(maxsize=64)
def in_even_lines(title: str, room: float) -> str:
    """A title in lines of about one length, as the filter `capitals` parts it; `room` in em."""
    return " / ".join(line for one in capitals(title) if one for line in balanced(one, room))


def whole_unit(unit: str) -> str:
    """No line parts what a unit is there for, nor a short last word from its name."""
    name = _SHORT_LAST.sub("\xa0", unit.removesuffix(LEADS))
    return name + " " + LEADS.strip().replace(" ", "\xa0") if unit.endswith(LEADS) else name


def with_whole_titles(name: str) -> str:
    """No line parts a number from the name that it counts, or what stands before a name from it."""
    return _TITLED.sub("\\1\xa0", _NUMBERED.sub("\\1\xa0", name))


def deadlines_in_a_line(deadline: Content, dates: Sequence[str]) -> str:
    """The deadlines of an order, the first by the name of its clock, if it has one; no line ends within a date, or
    within what stands in brackets."""
    first, *others = dates
    if clock := deadline["clock"]:
        first = f"{clock[:1].upper()}{clock[1:]}: {format_date(when(deadline['due']))}"
    line = "; ".join((first, *(other[:1].lower() + other[1:] for other in others)))
    return _UNPARTED.sub(lambda words: words[0].replace(" ", "\xa0"), line)


def boxes_of_nature(content: Content) -> list[Ticked]:
    """The boxes of Sifat."""
    complaint, chosen = content["complaint"], content["records"]["disposition"]["blanks"]["urgency"]
    words = (URGENCY["sangat_segera"], URGENCY["segera"])
    return [*(Ticked(word, word == chosen) for word in words), Ticked("Rahasia", complaint["is_secret"])]
