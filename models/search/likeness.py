"""By which marks a case is recognised when it comes once more: its text, its ticket, its people, accused and address.

A text is known by the least of the keyed hashes of its stretches of four words: whichever they are, they are the same
in a text that holds the other, and it takes no list of words, which would tell what words others have written.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from models.store.base import Columns, insert_rows
from models.store.seal import ring
from models.tables.complaint import Complaint
from models.tables.likeness import ACCUSED, ADDRESS, NAME, TEXT, TICKET, Likeness

STRETCH, LEAST = 4, 12  # words of a stretch; so many of the least hashes stand for a text
GRAM, SHORT = 5, 30  # letters of a piece; texts of fewer pieces must be equal
LONGEST = 10_000  # letters that are looked at: the longest that a medium hands on
_WORD = re.compile(r"[^\W_]+")
_SHORT_FORMS = """yg yang, dgn dengan, dg dengan, krn karena, karna karena, tdk tidak, gak tidak, ga tidak, sdh sudah,
udah sudah, utk untuk, sy saya, pd pada, dr dari, dlm dalam, bln bulan, thn tahun, org orang, rmh rumah, blm belum,
jg juga, kpd kepada, smp sampai, tp tetapi, tapi tetapi, tgl tanggal, bs bisa, lg lagi, ank anak, dn dan, mhn mohon,
skrg sekarang, jln jalan, jl jalan, gg gang, bpk bapak, tlg tolong, trs terus, kmrn kemarin, spy supaya, ttg tentang"""
WHOLE = dict(pair.split() for pair in _SHORT_FORMS.split(","))
# What a search takes for the same besides. It stays out of WHOLE: the marks of registered cases are keyed hashes of
# words in their one form, so another form of a word would hide every repeat of a case of before. A search reads the
# texts as they stand, whatever their marks are.
_NOTATIONS = """no nomor, nmr nomor, kel kelurahan, kec kecamatan, kab kabupaten, ds desa, dsn dusun,
kp kampung, perum perumahan, blk blok, yth terhormat"""
_OTHERWISE = ("smp", "dr")  # short forms that are more often something else: a school, a doctor
NOTATIONS = dict(pair.split() for pair in _NOTATIONS.split(","))
_SAME = {short: word for short, word in {**WHOLE, **NOTATIONS}.items() if short not in _OTHERWISE}
OF_PLACES = frozenset(("jalan", "gang", *NOTATIONS.values()))  # say of what kind a name or number is, and no more


def spellings(word: str) -> tuple[str, ...]:
    """The word, and every other way in which the same is written."""
    whole = _SAME.get(word, word)
    return tuple(dict.fromkeys((word, whole, *(short for short, of in _SAME.items() if of == whole))))


def is_of_places(word: str) -> bool:
    """Whether it is such a word as Jalan, Gg. or No., with which one writes a place and another leaves it out."""
    return _SAME.get(word, word) in OF_PLACES


class LikeMark(NamedTuple):
    """A mark and what it is of."""

    kind: int
    mark: int


def words_of(text: str) -> list[str]:
    """The words of a text in one form: no capitals, signs, breaks or short forms; a literal backslash-n is a break."""
    plain = text[:LONGEST].replace("\\n", " ").casefold()
    return [WHOLE.get(word, word) for word in _WORD.findall(plain)]


def pieces_of(text: str) -> frozenset[str]:
    """The pieces of five letters that the text has in its one form."""
    plain = " ".join(words_of(text))
    return frozenset(plain[place : place + GRAM] for place in range(max(1, len(plain) - GRAM + 1)))


def likenesses(text: str, others: Sequence[str]) -> list[float]:
    """How much of the shorter of the two each of the others shares with the text, 0 to 1; short ones are equal or not.

    A piece that several of them have weighs less: what everybody writes, a greeting or a form's words, is no likeness.
    """
    own, theirs = pieces_of(text), [pieces_of(other) for other in others]
    spread = Counter(piece for pieces in theirs for piece in pieces)
    return [_share(own, pieces, spread) for pieces in theirs]


def _share(own: frozenset[str], theirs: frozenset[str], spread: Counter[str]) -> float:
    shorter = min(own, theirs, key=len)
    if len(shorter) < SHORT:
        return float(own == theirs)
    return sum(1 / max(1, spread[p]) for p in own & theirs) / sum(1 / max(1, spread[p]) for p in shorter)


def text_marks(text: str) -> list[LikeMark]:
    """The least marks of the text's stretches; none of an empty one."""
    words = words_of(text)
    stretches = {" ".join(words[place : place + STRETCH]) for place in range(max(1, len(words) - STRETCH + 1))}
    return [LikeMark(TEXT, mark) for mark in sorted(_marks(TEXT, stretches))[:LEAST]] if words else []


def ticket_marks(medium: int | None, ticket: str) -> list[LikeMark]:
    """Of what the medium calls the message: spaces and signs left out."""
    plain = "".join(_WORD.findall(ticket.casefold()))
    return [LikeMark(TICKET, mark) for mark in _marks(TICKET, {f"{medium}/{plain}"})] if medium and plain else []


def person_marks(person: Mapping[str, Any]) -> list[LikeMark]:
    """Of somebody: the name with a second thing that few share, and each address in its one form."""
    name = " ".join(words_of(person["name"]))
    seconds = {" ".join(words_of(person["birth"])), str(person["kelurahan"] or "")} - {""}
    named = {f"{name}/{second}" for second in seconds} if name else set()
    places = {place for one in ("address", "domicile") if (place := _place(person[one]))}
    return [
        *(LikeMark(NAME, mark) for mark in _marks(NAME, named)),
        *(LikeMark(ADDRESS, mark) for mark in _marks(ADDRESS, places)),
    ]


def _place(address: str) -> str:
    """A street with a number in one form; "" for less, which many share."""
    words = [word.lstrip("0") for word in words_of(address) if word not in ("jalan", "nomor", "no")]
    numbered = any(a.isalpha() and b.isdigit() for a, b in pairwise(words))
    return " ".join(filter(None, words)) if numbered else ""


def accused_marks(accused: str) -> list[LikeMark]:
    """Of a person or body that is complained about; of a single word, such as "suami", none."""
    words = words_of(accused)
    return [LikeMark(ACCUSED, mark) for mark in _marks(ACCUSED, {" ".join(words)})] if len(words) > 1 else []


def _marks(kind: int, texts: set[str]) -> set[int]:
    return {ring().short_mark(str(kind), text) for text in texts}


def marks_of_case(columns: Mapping[str, Any], persons: Mapping[str, Mapping[str, Any]]) -> list[LikeMark]:
    """All that a case is recognised by, each once; its columns and people in the clear."""
    own = [
        *text_marks(columns["story"]),
        *ticket_marks(columns["medium"], columns["medium_ref"]),
        *accused_marks(columns["accused"]),
    ]
    people = (mark for person in persons.values() for mark in person_marks(person))
    return list({one.mark: one for one in (*own, *people)}.values())


def mark_case(complaint: int, columns: Columns, persons: Mapping[str, Columns]) -> None:
    """The case is recognised by these from now on, and by nothing that stood there before."""
    Likeness.delete().where(Likeness.case == complaint).execute()
    insert_rows(Likeness, [{"case": complaint, **one._asdict()} for one in marks_of_case(columns, persons)])


def marks_of_text(complaint: Complaint) -> list[LikeMark]:
    """What a registered case's own text and ticket are known by."""
    return [*text_marks(complaint.__data__["story"]), *ticket_marks(complaint.medium_id, complaint.medium_ref)]
