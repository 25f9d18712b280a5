"""Every case is found by its words: a table of their own holds them, masked; the index beside it is built at the start
that follows. Killed, it begins anew.

What of a case was searched, how numbers in it are masked and by which marks they are found is written out below as it
was on that day: a mark made otherwise finds nobody.
"""

import hmac
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import peewee as pw

REGISTER = "register"  # the series whose number the complaint itself bears
TAKEN_DOWN = (
    *("number", "medium_ref", "title"),  # before the names, what follows behind them
    *("story", "asks", "event_place", "accused", "event_date", "loss", "evidence"),
)
HEAD = 3
RECORDS = {  # by table: the blanks that hold words of somebody's own
    "remark": ("reason", "note"),
    "forwarding": ("institution", "reason", "note"),
    "correction": ("reason", "note"),
    "supplement": ("source", "statement"),
    "entrusting": ("note",),
    "alert": ("told", "note"),
    "assistance": ("action", "outcome"),
    "referral": ("note",),
    "disposition": ("note",),
    "assignment": ("note",),
    "assessment": (
        *("method", "visited", "desil", "aid", "facts", "analysis", "action", "conclusion_text", "advice", "answer"),
    ),
    "nota_dinas": (
        *("subject", "nature", "enclosures", "copies", "matter", "findings", "conclusion", "action", "answer"),
    ),
    "approval": ("note",),
    "attempt": ("note",),
    "berita_acara": ("place", "receiver", "kinship", "told", "response"),
}
PORTION = 500  # cases at a time: an office of many years does not fit into memory
TABLE = """CREATE TABLE "case_text" ("id" {serial} NOT NULL PRIMARY KEY, "complaint_id" INTEGER NOT NULL,
"main" {flag} NOT NULL, "text" TEXT NOT NULL, "short" TEXT NOT NULL,
FOREIGN KEY ("complaint_id") REFERENCES "case_key" ("complaint_id") ON DELETE CASCADE)"""
CASES = """SELECT c."id", l."name", l."kecamatan", {columns} FROM "complaint" c
JOIN "case_key" k ON k."complaint_id" = c."id" LEFT JOIN "kelurahan" l ON l."id" = c."kelurahan_id"
WHERE c."id" > {mark} ORDER BY c."id" LIMIT {portion}"""
NAMES = 'SELECT "complaint_id", "name" FROM "person" WHERE "complaint_id" BETWEEN {0} AND {0} ORDER BY "id"'
BLANKS = """SELECT "complaint_id", {columns} FROM "{table}"
WHERE NOT "draft" AND "complaint_id" BETWEEN {mark} AND {mark} ORDER BY "id\""""
NUMBERS = """SELECT "complaint_id", "text" FROM "number"
WHERE "series" <> {0} AND "complaint_id" BETWEEN {0} AND {0} ORDER BY "id\""""
MARK = """INSERT INTO "blind_index" ("complaint_id", "person", "kind", "mark") VALUES ({0}, {0}, {0}, {0})
ON CONFLICT DO NOTHING"""
KEEP = 'INSERT INTO "case_text" ("complaint_id", "main", "text", "short") VALUES ({0}, {0}, {0}, {0})'


def apply_with_key(owner: pw.Database, derived: Callable[[str], bytes]) -> None:
    """Compose the rows as the writer does. Columns are named one by one: the models may have more by then."""
    index = derived("blind index")
    here = isinstance(owner, pw.PostgresqlDatabase)
    owner.execute_sql(TABLE.format(serial="SERIAL" if here else "INTEGER", flag="BOOLEAN" if here else "INTEGER"))
    there = {table: {column.name for column in owner.get_columns(table)} for table in owner.get_tables()}
    for cases in _portions(owner):
        rows = [*_taken_down(owner, cases), *_recorded(owner, cases, there), *_numbered(owner, cases)]
        told = [(row.case, row.main, row.text, row.short) for row in rows if row.text.strip()]
        owner.cursor().executemany(KEEP.format(owner.param), told)
        marks = [(row.case, row.whose, *mark) for row in rows for mark in row.marks(index)]
        owner.cursor().executemany(MARK.format(owner.param), marks)


def _portions(owner: pw.Database) -> Iterator[list[Any]]:
    columns, last = ", ".join(f'c."{name}"' for name in TAKEN_DOWN), 0
    asked = CASES.format(columns=columns, mark=owner.param, portion=PORTION)
    while cases := owner.execute_sql(asked, (last,)).fetchall():
        yield cases
        last = cases[-1][0]


def _taken_down(owner: pw.Database, cases: list[Any]) -> Iterator["Searched"]:
    names: dict[int, list[str]] = defaultdict(list)
    for case, name in owner.execute_sql(NAMES.format(owner.param), _span(cases)):
        names[case].append(name)
    for case, kelurahan, kecamatan, *values in cases:
        place = f"{kelurahan}, {kecamatan}" if kelurahan else ""
        told = [str(value or "") for value in values]
        yield _searched(case, [*told[:HEAD], *names[case], *told[HEAD:], place], main=True)


def _recorded(owner: pw.Database, cases: list[Any], there: Mapping[str, set[str]]) -> Iterator["Searched"]:
    """Of each record the blanks that there are already."""
    listed = {case for case, *_ in cases}
    for table, words in RECORDS.items():
        names = [name for name in words if name in there.get(table, ())]
        if not names:
            continue
        asked = BLANKS.format(columns=", ".join(f'"{n}"' for n in names), table=table, mark=owner.param)
        for case, *values in owner.execute_sql(asked, _span(cases)).fetchall():
            if case in listed:
                yield _searched(case, [str(value or "") for value in values])


def _numbered(owner: pw.Database, cases: list[Any]) -> Iterator["Searched"]:
    """The numbers that its acts took, whichever they were."""
    given: dict[int, list[str]] = defaultdict(list)
    for case, number in owner.execute_sql(NUMBERS.format(owner.param), (REGISTER, *_span(cases))).fetchall():
        given[case].append(number)
    return (_searched(case, given[case]) for case, *_ in cases if case in given)


def _span(cases: list[Any]) -> tuple[int, int]:
    return cases[0][0], cases[-1][0]


# The words of a row, as they were put together on that day

APART, STARS = " \n ", "********"
MOST_TOGETHER = 12  # digits that stand together without being somebody's: a day with its time
TICKET = 9  # digits of the longest ticket; no mobile number is as short, a landline begins with 0
RUN = re.compile(r"\+?\(?[0-9][0-9 ().-]*[0-9]", re.ASCII)
SHORT = re.compile(r"\b\w{1,2}\b")


@dataclass(frozen=True)
class Searched:
    """A row of the table, and the runs of digits that are masked in it."""

    case: int
    main: bool
    text: str
    short: str
    runs: tuple[str, ...]

    @property
    def whose(self) -> str:
        return "uraian" if self.main else "catatan"

    def marks(self, index: bytes) -> list[tuple[str, bytes]]:
        """What the masked numbers are found by."""
        found = ((kind, digits) for run in self.runs for kind, find in FINDERS.items() for digits in find(run))
        return [
            (kind, hmac.digest(index, f"{kind}:{digits}".encode(), sha256)[:16])
            for kind, digits in dict.fromkeys(found)
        ]


def _searched(case: int, texts: Iterable[str], *, main: bool = False) -> Searched:
    words = APART.join(" ".join(line.split()) for text in texts for line in text.splitlines() if line.strip())
    if not words.isascii():
        words = "".join(one for one in unicodedata.normalize("NFD", words) if not unicodedata.combining(one))
    words, runs = words.replace("\0", ""), []

    def mask(run: re.Match[str]) -> str:
        if not _is_somebodys(run[0]):
            return run[0]
        runs.append(run[0])
        return STARS

    text = RUN.sub(mask, words)
    short = " ".join(dict.fromkeys(SHORT.findall(text.lower())))
    return Searched(case, main, f" {text} ", f" {short} ", tuple(runs))


def _is_somebodys(run: str) -> bool:
    digits = sum(one.isdigit() for one in run)
    if digits <= TICKET and run[0] not in "+(0":
        return False
    return digits > MOST_TOGETHER or len(run) > LONGEST or any(True for find in FINDERS.values() for _ in find(run))


# Numbers in a text, as they were found on that day

NIK, NIK_RUN = 16, re.compile(r"[0-9][0-9 ().-]*", re.ASCII)
PHONE_RUN = re.compile(r"\+?\(?\d[\d ().-]*", re.ASCII)
GAP = re.compile(r"\s+(?=\(?(?:\+|0|62|8))", re.ASCII)  # where a second number may begin
LONGEST, LEAST_DIGITS, MOST_DIGITS = 2_000, 10, 15


def _niks_in(text: str) -> list[str]:
    runs = (re.sub(r"[^0-9]", "", run) for run in NIK_RUN.findall(text[:LONGEST]))
    return [run[at : at + NIK] for run in runs if len(run) % NIK == 0 for at in range(0, len(run), NIK)]


def _international(typed: str) -> str:
    if not PHONE_RUN.fullmatch(typed.strip()):
        return ""
    digits = re.sub(r"[^0-9]", "", typed)
    if typed.strip().startswith("+") or digits.startswith("00"):
        world = digits.removeprefix("00")
    elif digits.startswith("62"):
        world = digits
    else:
        world = f"62{digits}" if digits.startswith(("0", "8")) else ""
    if world.startswith("62"):
        world = "62" + world.removeprefix("62").lstrip("0")
    return world if LEAST_DIGITS <= len(world) <= MOST_DIGITS else ""


def _phones_in(text: str) -> Iterator[str]:
    for run in PHONE_RUN.findall(text[:LONGEST]):
        if world := _international(run):
            yield world
            continue
        parts, place = GAP.split(run), 0
        while place < len(parts):
            ends = range(place + 1, min(place + MOST_DIGITS, len(parts)) + 1)
            worlds = ((end, _international(" ".join(parts[place:end]))) for end in ends)
            place, world = next(((end, world) for end, world in worlds if world), (place + 1, ""))
            if world:
                yield world


FINDERS = {"phone": _phones_in, "nik": _niks_in}
