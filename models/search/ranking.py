"""Which hit comes first: the exact number, then the person, then where most of what was asked stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.search.asking import Answer, Meant
from models.search.likeness import is_of_places, spellings
from models.search.notation import Term
from models.search.texts import without_marks
from models.tables.casetext import CaseText
from models.tables.complaint import Complaint, names_by_case
from models.tables.number import plain

BETWEEN = r"[\W_]{0,4}"  # two words in a row: a blank, a hyphen, a point with a blank
NUMBERED = f"(?:(?:{'|'.join(spellings('nomor'))}){BETWEEN})?"  # who types Melati 7 finds Melati No. 7
NOTHING = r"(?!)"
READ = 200  # hits whose whole texts are looked at


@dataclass(frozen=True)
class Weight:
    """What speaks for a hit, the weightiest first."""

    exact: bool
    person: int
    in_a_row: bool
    matter: int
    is_open: bool
    place: int


def ranked(search: Answer | Meant, typed: str) -> list[int]:
    """The counted cases of a search, the best first."""
    ids, terms = search.ids, [_whole(term) for term in search.terms]
    if not ids or not terms:
        return ids
    names, sought, row = _names(ids), plain(typed), _row_of(search.terms)
    bodies = _texts(ids) if len(ids) <= READ else {}
    rows = Complaint.select(
        Complaint.id, Complaint.number, Complaint.medium_ref, Complaint.title, Complaint.closed_at.is_null()
    ).where(Complaint.id.in_(ids))
    places = {number: place for place, number in enumerate(ids)}
    weights = {}
    for number, register, ticket, title, is_open in rows.tuples():
        person = max((_standing(terms, name) for name in names.get(number, ())), default=0)
        body = bodies.get(number, "")
        matter = 2 * _standing(terms, without_marks(title)) + _standing(terms, body)
        exact = sought in (plain(register), plain(ticket)) or sought in plain(register).split("/")[:2]
        whole = person * (person == len(terms))
        weights[number] = Weight(exact, whole, bool(row.search(body)), matter, bool(is_open), -places[number])
    return sorted(weights, key=lambda one: _key(weights[one]), reverse=True)


def _key(one: Weight) -> tuple[bool, int, bool, int, bool, int]:
    return one.exact, one.person, one.in_a_row, one.matter, one.is_open, one.place


def _row_of(terms: Sequence[Term]) -> re.Pattern[str]:
    """The terms one after the other, in whatever notation: a street with its number, a name."""
    first = next((place for place, term in enumerate(terms) if not _may_lack(term)), len(terms))
    parts = "".join(f"(?:{_part(term)})?" if _may_lack(term) else _part(term) for term in terms[first:])
    return re.compile(rf"\b{parts}" if parts and len(terms) > 1 else NOTHING, re.IGNORECASE)


def _may_lack(term: Term) -> bool:
    """Whether some say the same without the word: Melati 7, RT 3/5."""
    return is_of_places(term[0]) or (term[0].isalpha() and any("/" in piece for piece in term[1:]))


def _part(term: Term) -> str:
    """The word in its notations, without those that hold its number, and what may stand behind it."""
    if term[0].isdigit():
        return f"{NUMBERED}(?:{'|'.join(filter(str.isdigit, term))})(?![0-9]){BETWEEN}"
    words = list(filter(str.isalpha, term)) or [re.escape(term[0])]
    return f"(?:{'|'.join(words)}){BETWEEN}"


def _whole(term: Term) -> re.Pattern[str]:
    """The term where a word begins with it."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, term))})", re.IGNORECASE)


def _standing(terms: Sequence[re.Pattern[str]], text: str) -> int:
    return sum(1 for term in terms if term.search(text))


def _names(ids: Sequence[int]) -> dict[int, list[str]]:
    return {case: [without_marks(name) for name in names] for case, names in names_by_case(ids).items()}


def _texts(ids: Sequence[int]) -> dict[int, str]:
    texts: dict[int, str] = {}
    for case, text in CaseText.select(CaseText.case, CaseText.text).where(CaseText.case.in_(ids)).tuples():
        texts[case] = texts.get(case, "") + text
    return texts
