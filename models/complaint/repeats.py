"""Whether a complaint came before: keyed marks of text, people and address, and the cases that share them.

One question for the text and the ticket, one for the numbers. Which they are depends on what was typed alone; a case
that he may not open is in neither answer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any, NamedTuple

import peewee as pw

from models.complaint.complaint import BlindIndex, CaseKey, Complaint
from models.complaint.lookup import NumberMark, may_find
from models.complaint.scope import Viewer, visible
from models.store.base import Columns, Model, database, insert_rows
from models.store.seal import ring
from sop.access import FOUND_BY
from sop.vocabulary import VOIDED

TEXT, TICKET, NAME, ACCUSED, ADDRESS = range(1, 6)  # the kinds of marks, as they lie in the table


class Likeness(Model):
    """One keyed mark of a case: equal for what is alike; no page shows it and no search asks for it.

    There are at most some twenty of a case. It hangs on the case's key: the database drops it with the key.
    """

    kept_by_digest = False
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", on_delete="CASCADE")
    kind = pw.SmallIntegerField()
    mark = pw.BigIntegerField()

    class Meta:
        primary_key = pw.CompositeKey("mark", "case")

    @classmethod
    def create_table(cls, safe: bool = True, **options: object) -> None:
        """Its key is all that is ever asked, so that SQLite keeps the rows in it and no second time beside it."""
        cls._meta.without_rowid = not isinstance(cls._meta.database, pw.PostgresqlDatabase)
        super().create_table(safe, **options)


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


WITHIN = timedelta(days=180)
MOST = 3  # are told of
JUDGED = 12  # are read and compared: those that share most with it
NEWEST = 200  # cases of one mark are looked at
ALIKE = 0.6
FEW = 6  # a text of fewer marks is looked for by each of them alone
CERTAIN = 100  # a shared ticket weighs more than any text
SAME_TICKET, SAME_TEXT, LIKE_TEXT = "rujukan media sama", "uraian sama", "uraian hampir sama"
COLUMNS = (Complaint.id, Complaint.number, Complaint.title, Complaint.story, Complaint.state, Complaint.received_at)
ALSO = (Complaint.medium, Complaint.medium_ref, Complaint.duplicate_of, Complaint.secrecy, Complaint.version)


@dataclass(frozen=True)
class Told:
    """What somebody tells, as far as it may have been told before; `case` where it is registered already."""

    story: str
    medium: int | None = None
    ticket: str = ""
    case: int = 0
    at: datetime | None = None  # when it was recorded

    @property
    def marks(self) -> list[LikeMark]:
        return [*text_marks(self.story), *ticket_marks(self.medium, self.ticket)]


@dataclass
class Repeat:
    """An earlier case that this may be, and by what."""

    complaint: Complaint
    why: list[str] = field(default_factory=list)
    weight: float = 0

    @property
    def words(self) -> str:
        return ", ".join(self.why)

    def because(self, why: str, weight: float) -> None:
        self.why.append(why)
        self.weight += weight


def repeats_of(matter: Told, numbers: Iterable[NumberMark], who: Viewer, at: datetime) -> list[Repeat]:
    """The earlier cases that it may repeat, the likeliest first, at most three; `numbers` are those of its people."""
    by_case: dict[int, Repeat] = {}
    recent = _recent(matter, who, at)
    ticket = ticket_marks(matter.medium, matter.ticket)
    for complaint, share in _alike(matter, recent):
        repeat = by_case.setdefault(complaint.id, Repeat(complaint))
        if ticket and ticket == ticket_marks(complaint.medium_id, complaint.medium_ref):
            repeat.because(SAME_TICKET, 4)
        if share >= ALIKE and words_of(matter.story):  # signs alone are no text
            same = words_of(matter.story) == words_of(complaint.__data__["story"])
            repeat.because(SAME_TEXT if same else LIKE_TEXT, 2 * share + same)
    for row in _of_numbers(list(numbers), recent, matter.case, who):
        by_case.setdefault(row.id, Repeat(row)).because(f"{FOUND_BY[row.number_kind]} sama", 1)
    likely = [repeat for repeat in by_case.values() if repeat.why]
    return sorted(likely, key=lambda r: (r.complaint.duplicate_of_id is not None, -r.weight, -r.complaint.id))[:MOST]


def _recent(matter: Told, who: Viewer, at: datetime) -> Any:
    """The cases that he may open, recorded in the half year before it."""
    before = matter.at or at
    rows = visible(who.user, Complaint, who).select(*COLUMNS, *ALSO)
    rows = rows.where((Complaint.recorded_at > before - WITHIN) & (Complaint.state != VOIDED))
    return rows.where(Complaint.id < matter.case) if matter.case else rows


def _alike(matter: Told, recent: Any) -> list[tuple[Complaint, float]]:
    """Those that share marks with it, and how much of the text."""
    marks = matter.marks
    if not marks:
        return []
    shared = _sharing(marks, matter.case)
    likely = recent.join(shared, on=(Complaint.id == shared.c.complaint_id))
    rows = list(likely.order_by(shared.c.weight.desc(), Complaint.id.desc()).limit(JUDGED))
    return list(zip(rows, likenesses(matter.story, [row.__data__["story"] for row in rows]), strict=True))


def _sharing(marks: Sequence[LikeMark], before: int) -> Any:
    """The newest cases of each mark, with how many marks they share, as a table to be joined."""
    parts = [_newest_of(mark, before) for mark in marks]
    every = reduce(lambda one, other: one.union_all(other), parts).alias("every")
    weight = pw.fn.SUM(every.c.weight)
    least = 2 if sum(mark.kind == TEXT for mark in marks) >= FEW else 1
    counted = pw.Select([every], [every.c.complaint_id, weight.alias("weight")]).group_by(every.c.complaint_id)
    return counted.having(weight >= least).bind(database).alias("shared")


def _newest_of(mark: LikeMark, before: int) -> Any:
    here = Likeness.mark == mark.mark
    rows = Likeness.select(Likeness.case, pw.Value(1 if mark.kind == TEXT else CERTAIN).alias("weight"))
    part = rows.where(here & (Likeness.case < before) if before else here)
    newest = part.order_by(Likeness.case.desc()).limit(NEWEST).alias("part")
    return pw.Select([newest], [newest.c.complaint_id, newest.c.weight])


def _of_numbers(numbers: list[NumberMark], recent: Any, before: int, who: Viewer) -> list[Any]:
    """Those in which somebody has one of the numbers where the person could open it, the newest first."""
    if not numbers:
        return []
    parts = [_newest_with(number, before) for number in numbers]
    hits = reduce(lambda one, other: one.union(other), parts).bind(database).alias("hits")
    kinds = {number.kind for number in numbers}
    may = reduce(or_, [(hits.c.kind == kind) & may_find(who, kind) for kind in sorted(kinds)])
    rows = recent.select_extend(hits.c.kind.alias("number_kind")).join(hits, on=(Complaint.id == hits.c.complaint_id))
    return list(rows.where(may).order_by(hits.c.complaint_id.desc()).limit(JUDGED).objects())


def _newest_with(number: NumberMark, before: int) -> Any:
    here = BlindIndex.mark == number.mark
    rows = BlindIndex.select(BlindIndex.case, BlindIndex.kind).where(
        here & (BlindIndex.case < before) if before else here
    )
    newest = rows.order_by(BlindIndex.case.desc()).limit(NEWEST).alias("part")
    return pw.Select([newest], [newest.c.complaint_id, newest.c.kind])


def numbers_of(case: int, kinds: Iterable[str]) -> list[NumberMark]:
    """The marks of a case's own numbers, of these kinds."""
    own = BlindIndex.select(BlindIndex.kind, BlindIndex.mark).where(BlindIndex.case == case).distinct()
    return [NumberMark(kind, bytes(mark)) for kind, mark in own.tuples() if kind in kinds]
