"""Detection of repeated complaints: keyed hashes of text, persons and address, and the cases that share them.

One statement for text and ticket, one for the numbers. They depend on the input only; cases that the user may not read
are in neither result.
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
from models.complaint.scope import Viewer, shape, visible
from models.store import prepared
from models.store.base import Columns, Model, RowsByTable, database, insert_rows, rows_of_tables, union_all
from models.store.prepared import slot
from models.store.seal import ring
from sop.access import FOUND_BY
from sop.vocabulary import VOIDED

TEXT, TICKET, NAME, ACCUSED, ADDRESS = range(1, 6)  # the kinds of marks, as stored


class Likeness(Model):
    """A keyed hash of a case for similarity, equal for equal parts of texts; never displayed nor searched by users.

    A case has about twenty at most. References the case's key: the database deletes it with the key.
    """

    in_digest = False
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", on_delete="CASCADE")
    kind = pw.SmallIntegerField()
    mark = pw.BigIntegerField()

    class Meta:
        primary_key = pw.CompositeKey("mark", "case")

    @classmethod
    def create_table(cls, safe: bool = True, **options: object) -> None:
        """WITHOUT ROWID on SQLite: all queries use the primary key, so the rows are stored only once."""
        cls._meta.without_rowid = not isinstance(cls._meta.database, pw.PostgresqlDatabase)
        super().create_table(safe, **options)


STRETCH, LEAST = 4, 12  # words of a shingle; number of smallest hashes that represent a text (MinHash)
GRAM, SHORT = 5, 30  # characters of a gram; texts with fewer grams must be equal
LONGEST = 10_000  # characters that are compared: the longest text from any medium
_WORD = re.compile(r"[^\W_]+")
_SHORT_FORMS = """yg yang, dgn dengan, dg dengan, krn karena, karna karena, tdk tidak, gak tidak, ga tidak, sdh sudah,
udah sudah, utk untuk, sy saya, pd pada, dr dari, dlm dalam, bln bulan, thn tahun, org orang, rmh rumah, blm belum,
jg juga, kpd kepada, smp sampai, tp tetapi, tapi tetapi, tgl tanggal, bs bisa, lg lagi, ank anak, dn dan, mhn mohon,
skrg sekarang, jln jalan, jl jalan, gg gang, bpk bapak, tlg tolong, trs terus, kmrn kemarin, spy supaya, ttg tentang"""
WHOLE = dict(pair.split() for pair in _SHORT_FORMS.split(","))
# Further synonyms of the search. They are not in WHOLE: the stored marks are hashes of normalised words, so another
# normalisation would hide every repeat of an existing case. The search uses the texts and no marks.
_NOTATIONS = """no nomor, nmr nomor, kel kelurahan, kec kecamatan, kab kabupaten, ds desa, dsn dusun,
kp kampung, perum perumahan, blk blok, yth terhormat"""
_OTHERWISE = ("smp", "dr")  # ambiguous short forms: a school, a doctor
NOTATIONS = dict(pair.split() for pair in _NOTATIONS.split(","))
_SAME = {short: word for short, word in {**WHOLE, **NOTATIONS}.items() if short not in _OTHERWISE}
OF_PLACES = frozenset(("jalan", "gang", *NOTATIONS.values()))  # words that only say what kind a name or number is of


def spellings(word: str) -> tuple[str, ...]:
    """The word and all its synonymous spellings."""
    whole = _SAME.get(word, word)
    return tuple(dict.fromkeys((word, whole, *(short for short, of in _SAME.items() if of == whole))))


def is_of_places(word: str) -> bool:
    """Whether it is a word such as Jalan, Gg. or No., which is optional in an address."""
    return _SAME.get(word, word) in OF_PLACES


class SimilarityMark(NamedTuple):
    """A mark and its kind."""

    kind: int
    mark: int


@dataclass(frozen=True)
class CaseMarks:
    """The stored marks of a case, by which others like it are found: of texts, names and addresses, and of numbers."""

    alike: list[SimilarityMark]
    numbers: list[NumberMark]

    @staticmethod
    def tables() -> dict[type[Model], Iterable[pw.Field]]:
        """The tables and fields that `of_rows` needs."""
        return {Likeness: (Likeness.kind, Likeness.mark), BlindIndex: (BlindIndex.kind, BlindIndex.mark)}

    @classmethod
    def of_rows(cls, rows: RowsByTable) -> "CaseMarks":
        numbers = dict.fromkeys(NumberMark(**row) for row in rows[BlindIndex])  # two persons may have the same
        return cls([SimilarityMark(**row) for row in rows[Likeness]], list(numbers))

    @classmethod
    def of_case(cls, case: int) -> "CaseMarks":
        return cls.of_rows(rows_of_tables(cls.tables(), "complaint_id", [case]))


def words_of(text: str) -> list[str]:
    """The normalised words of a text: no capitals, punctuation, short forms; a literal backslash-n is a break."""
    plain = text[:LONGEST].replace("\\n", " ").casefold()
    return [WHOLE.get(word, word) for word in _WORD.findall(plain)]


def pieces_of(text: str) -> frozenset[str]:
    """The grams of the normalised text."""
    plain = " ".join(words_of(text))
    return frozenset(plain[place : place + GRAM] for place in range(max(1, len(plain) - GRAM + 1)))


def likenesses(text: str, others: Sequence[str]) -> list[float]:
    """The similarity of the text with each of the others: the shared part of the shorter one, 0 to 1; short texts are
    compared for equality.

    A gram that several of the others have weighs less, as it comes from greetings or words of a form.
    """
    own, theirs = pieces_of(text), [pieces_of(other) for other in others]
    spread = Counter(piece for pieces in theirs for piece in pieces)
    return [_share(own, pieces, spread) for pieces in theirs]


def _share(own: frozenset[str], theirs: frozenset[str], spread: Counter[str]) -> float:
    shorter = min(own, theirs, key=len)
    if len(shorter) < SHORT:
        return float(own == theirs)
    return sum(1 / max(1, spread[p]) for p in own & theirs) / sum(1 / max(1, spread[p]) for p in shorter)


def text_marks(text: str) -> list[SimilarityMark]:
    """The smallest hashes of the text's shingles; none for an empty text."""
    words = words_of(text)
    stretches = {" ".join(words[place : place + STRETCH]) for place in range(max(1, len(words) - STRETCH + 1))}
    return [SimilarityMark(TEXT, mark) for mark in sorted(_marks(TEXT, stretches))[:LEAST]] if words else []


def ticket_marks(medium: int | None, ticket: str) -> list[SimilarityMark]:
    """The mark of the message's reference in its medium, without spaces and punctuation."""
    plain = "".join(_WORD.findall(ticket.casefold()))
    return [SimilarityMark(TICKET, mark) for mark in _marks(TICKET, {f"{medium}/{plain}"})] if medium and plain else []


def person_marks(person: Mapping[str, Any]) -> list[SimilarityMark]:
    """The marks of a person: the name with birth or kelurahan, and each normalised address."""
    name = " ".join(words_of(person["name"]))
    seconds = {" ".join(words_of(person["birth"])), str(person["kelurahan"] or "")} - {""}
    named = {f"{name}/{second}" for second in seconds} if name else set()
    places = {place for column in ("address", "domicile") if (place := _normal_address(person[column]))}
    return [
        *(SimilarityMark(NAME, mark) for mark in _marks(NAME, named)),
        *(SimilarityMark(ADDRESS, mark) for mark in _marks(ADDRESS, places)),
    ]


def _normal_address(address: str) -> str:
    """A normalised street with a number; "" without a number, as many persons share that."""
    words = [word.lstrip("0") for word in words_of(address) if word not in ("jalan", "nomor", "no")]
    numbered = any(a.isalpha() and b.isdigit() for a, b in pairwise(words))
    return " ".join(filter(None, words)) if numbered else ""


def accused_marks(accused: str) -> list[SimilarityMark]:
    """The mark of the accused person or body; none for a single word such as "suami"."""
    words = words_of(accused)
    return [SimilarityMark(ACCUSED, mark) for mark in _marks(ACCUSED, {" ".join(words)})] if len(words) > 1 else []


def _marks(kind: int, texts: set[str]) -> set[int]:
    return {ring().short_mark(str(kind), text) for text in texts}


def marks_of_case(columns: Mapping[str, Any], persons: Mapping[str, Mapping[str, Any]]) -> list[SimilarityMark]:
    """All marks of a case, without duplicates; its columns and persons are in plain text."""
    own = [
        *text_marks(columns["story"]),
        *ticket_marks(columns["medium"], columns["medium_ref"]),
        *accused_marks(columns["accused"]),
    ]
    people = (mark for person in persons.values() for mark in person_marks(person))
    return list({mark.mark: mark for mark in (*own, *people)}.values())


def mark_case(complaint: int, columns: Columns, persons: Mapping[str, Columns]) -> None:
    """Replace the stored marks of a case."""
    Likeness.delete().where(Likeness.case == complaint).execute()
    insert_rows(Likeness, [{"case": complaint, **mark._asdict()} for mark in marks_of_case(columns, persons)])


WITHIN = timedelta(days=180)
MOST = 3  # cases in the result
JUDGED = 12  # cases whose texts are compared: those that share most marks
NEWEST = 200  # cases selected for each mark
ALIKE = 0.6
FEW = 6  # marks; for a text with fewer a single shared one is enough
CERTAIN = 100  # weight of a shared ticket, more than of any text
SAME_TICKET, SAME_TEXT, LIKE_TEXT = "rujukan media sama", "uraian sama", "uraian hampir sama"
COLUMNS = (Complaint.id, Complaint.number, Complaint.title, Complaint.story, Complaint.state, Complaint.received_at)
ALSO = (Complaint.medium, Complaint.medium_ref, Complaint.duplicate_of, Complaint.secrecy, Complaint.version)


@dataclass(frozen=True)
class ComparedCase:
    """The parts of a complaint that are compared; `case` is its id if it is registered already."""

    story: str
    medium: int | None = None
    ticket: str = ""
    case: int = 0
    at: datetime | None = None  # when it was recorded

    @property
    def marks(self) -> list[SimilarityMark]:
        return [*text_marks(self.story), *ticket_marks(self.medium, self.ticket)]


@dataclass
class Repeat:
    """An earlier case that may be the same, and why."""

    complaint: Complaint
    why: list[str] = field(default_factory=list)
    weight: float = 0

    @property
    def words(self) -> str:
        return ", ".join(self.why)

    def because(self, why: str, weight: float) -> None:
        self.why.append(why)
        self.weight += weight


def repeats_of(matter: ComparedCase, numbers: Iterable[NumberMark], who: Viewer, at: datetime) -> list[Repeat]:
    """The earlier cases that it may repeat, likeliest first, at most MOST; `numbers` are those of its persons."""
    by_case: dict[int, Repeat] = {}
    when = {"since": Complaint.recorded_at.db_value((matter.at or at) - WITHIN), "case": matter.case}
    ticket = ticket_marks(matter.medium, matter.ticket)
    for complaint, share in _alike(matter, who, when):
        repeat = by_case.setdefault(complaint.id, Repeat(complaint))
        if ticket and ticket == ticket_marks(complaint.medium_id, complaint.medium_ref):
            repeat.because(SAME_TICKET, 4)
        if share >= ALIKE and words_of(matter.story):  # punctuation alone is no text
            same = words_of(matter.story) == words_of(complaint.__data__["story"])
            repeat.because(SAME_TEXT if same else LIKE_TEXT, 2 * share + same)
    for row in _of_numbers(list(numbers), who, when):
        by_case.setdefault(row.id, Repeat(row)).because(f"{FOUND_BY[row.number_kind]} sama", 1)
    likely = [repeat for repeat in by_case.values() if repeat.why]
    return sorted(likely, key=lambda r: (r.complaint.duplicate_of_id is not None, -r.weight, -r.complaint.id))[:MOST]


def _recent(who: Viewer, is_stored: bool) -> Any:
    """The cases that the user may read, recorded since a moment; before the case if that is registered already."""
    rows = visible(who.user, Complaint, who).select(*COLUMNS, *ALSO)
    rows = rows.where((Complaint.recorded_at > slot("since")) & (Complaint.state != VOIDED))
    return rows.where(Complaint.id < slot("case")) if is_stored else rows


def _alike(matter: ComparedCase, who: Viewer, when: prepared.Values) -> list[tuple[Complaint, float]]:
    """The cases that share marks with it, and the similarity of the text."""
    marks, is_stored = matter.marks, bool(matter.case)
    are_texts = tuple(mark.kind == TEXT for mark in marks)

    def build() -> Any:
        shared = _sharing(are_texts, is_stored)
        likely = _recent(who, is_stored).join(shared, on=(Complaint.id == shared.c.complaint_id))
        return likely.order_by(shared.c.weight.desc(), Complaint.id.desc()).limit(JUDGED)

    key = ("alike", *shape(who), are_texts, is_stored)
    rows = prepared.run(key, build, **when, **prepared.numbered("mark", (mark.mark for mark in marks))) if marks else []
    return list(zip(rows, likenesses(matter.story, [row.__data__["story"] for row in rows]), strict=True))


def _sharing(are_texts: Sequence[bool], is_stored: bool) -> Any:
    """The newest cases of each mark with the weight of the shared marks, as a subquery to join."""
    parts = [_newest_of(place, is_text, is_stored) for place, is_text in enumerate(are_texts)]
    every = union_all(parts).alias("every")
    weight = pw.fn.SUM(every.c.weight)
    least = 2 if sum(are_texts) >= FEW else 1
    counted = pw.Select([every], [every.c.complaint_id, weight.alias("weight")]).group_by(every.c.complaint_id)
    return counted.having(weight >= least).bind(database).alias("shared")


def _newest_of(place: int, is_text: bool, is_stored: bool) -> Any:
    same = Likeness.mark == slot(f"mark{place}")
    rows = Likeness.select(Likeness.case, pw.Value(1 if is_text else CERTAIN).alias("weight"))
    part = rows.where(same & (Likeness.case < slot("case")) if is_stored else same)
    newest = part.order_by(Likeness.case.desc()).limit(NEWEST).alias("part")
    return pw.Select([newest], [newest.c.complaint_id, newest.c.weight])


def _of_numbers(numbers: list[NumberMark], who: Viewer, when: prepared.Values) -> list[Any]:
    """The cases with one of the numbers in which the user may see it, newest first."""
    kinds, is_stored = tuple(sorted({number.kind for number in numbers})), bool(when["case"])

    def build() -> Any:
        parts = [_newest_with(place, is_stored) for place in range(len(numbers))]
        hits = reduce(lambda first, second: first.union(second), parts).bind(database).alias("hits")
        may = reduce(or_, [(hits.c.kind == kind) & may_find(who, kind) for kind in kinds])
        rows = _recent(who, is_stored).select_extend(hits.c.kind.alias("number_kind"))
        rows = rows.join(hits, on=(Complaint.id == hits.c.complaint_id)).where(may)
        return rows.order_by(hits.c.complaint_id.desc()).limit(JUDGED).objects()

    if not numbers:
        return []
    marks = prepared.numbered("mark", (BlindIndex.mark.db_value(number.mark) for number in numbers))
    return prepared.run(("of_numbers", *shape(who), len(numbers), kinds, is_stored), build, **when, **marks)


def _newest_with(place: int, is_stored: bool) -> Any:
    same = BlindIndex.mark == slot(f"mark{place}")
    rows = BlindIndex.select(BlindIndex.case, BlindIndex.kind).where(
        same & (BlindIndex.case < slot("case")) if is_stored else same
    )
    newest = rows.order_by(BlindIndex.case.desc()).limit(NEWEST).alias("part")
    return pw.Select([newest], [newest.c.complaint_id, newest.c.kind])
