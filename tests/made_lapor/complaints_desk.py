"""Rows as a city's own complaint desk exports them, equal for an equal seed and labelled, and the files that hold them.

It is the desk of all offices: most rows are others', most were answered there; there is neither a name nor a status.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random

import xlsxwriter

from sop.clock import WIB
from tests.made_texts import hand, wording
from tests.made_texts.making import JUNK, MadeText, made_texts

HEADS = ["id", "aduan", "alamat", "tanggal_keluhan", "tanggal_keluar", "topik", "instansi", "kecamatan", "kelurahan"]
COLUMNS = {
    # by field of models.imports.columns: the heads of its columns, as a mapping keeps them
    "reference": ["id"],
    "day": ["tanggal_keluhan"],
    "answered": ["tanggal_keluar"],
    "story": ["aduan"],
    "place": ["alamat"],
    "topic": ["topik"],
    "office": ["instansi"],
    "kecamatan": ["kecamatan"],
    "kelurahan": ["kelurahan"],
}
UNTIL, LATER = date(2026, 11, 1), date(2026, 11, 21)  # the days on which the first file and the second are exported
DAYS, LONGEST_ANSWER = 730, 120
OWN_OFFICE = 0.191  # less those of other regions, 18 % are for this office to handle
ANSWERED, LATELY_ANSWERED = 0.625, 0.1
SHARES = {"junk": 0.008, "short": 0.03, "repeat": 0.02, "nik": 0.01}
EARLIER = 0.15  # of what repeats a row above it: what came in before that
PLACED = {"ours": 0.84, "kecamatan only": 0.03, "elsewhere": 0.045, "namesake": 0.015, "nowhere": 0.07}
DAY_ONLY, BEFORE_MIDNIGHT, AFTER_MIDNIGHT = 0.25, 0.27, 0.29  # up to which draw a cell is of this kind
SHORT = ("PJU mati", "lampu PJU padam", "jalan berlubang", "air mati", "sampah menumpuk", "got mampet", "pohon tumbang")
ELSEWHERE = (("Singosari", "Pagentan"), ("Junrejo", "Tlekung"), ("Batu", "Sisir"), ("Kepanjen", "Ardirejo"))
NAMESAKES = (  # of a kelurahan of ours, in a kecamatan of another region
    ("Mulyorejo", "Mulyorejo"),
    ("Jambangan", "Kebonsari"),
    ("Jati Agung", "Jatimulyo"),
    ("Mojosari", "Kauman"),
    ("Bareng", "Bareng"),
)
CHANGED_TEXT = "Keterangan tambahan: sudah kami sampaikan juga kepada ketua RT."
NIK = re.compile(r"\b99\d{14}\b")


@dataclass(frozen=True)
class DeskRow:
    """A row with what it was made from.

    `at` and `answered` are in WIB, days without a time their beginning. `is_ours` says that it was given to this office
    and comes from no other region. `repeats` is the id of the row above it that says the same of the same place.
    """

    id: str
    text: str
    address: str
    at: datetime
    answered: datetime | None
    topic: str
    office: str
    kecamatan: str
    kelurahan: str
    is_ours: bool
    odd: frozenset[str]
    repeats: str = ""
    told: tuple[str, str] = field(default=("", ""))  # how the file writes both moments

    @property
    def says_nothing(self) -> bool:
        return "junk" in self.odd

    @property
    def cells(self) -> tuple[str, ...]:
        place = (self.kecamatan, self.kelurahan)
        return (self.id, self.text, self.address, *self.told, self.topic, self.office, *place)


@dataclass(frozen=True)
class DeskTopic:
    """What a complaint is about, and whose that is."""

    name: str
    office: str
    weight: float


@cache
def topics() -> tuple[list[DeskTopic], list[DeskTopic]]:
    """Those of this office and those of others; the first of each office come often, the last are a long tail."""
    lines = (Path(__file__).parent / "desk_offices.txt").read_text(encoding="utf-8").splitlines()
    by_line = [_topics_of(line, place, len(lines)) for place, line in enumerate(lines)]
    return by_line[-1], [topic for others in by_line[:-1] for topic in others]


def _topics_of(line: str, place: int, apart: int) -> list[DeskTopic]:
    office, things, faults = (part.split(";") for part in line.split("|"))
    names = [f"{thing} {fault}" for fault in faults for thing in things]
    return [DeskTopic(name, office[0], 1 / (1 + place + rank * apart)) for rank, name in enumerate(names)]


def our_office() -> str:
    return topics()[0][0].office


def desk_rows(count: int = 12_500, seed: int = 31, until: date = UNTIL) -> list[DeskRow]:
    """So many rows, all received and answered within the two years before that day."""
    chance = Random(seed)
    again = round(count * SHARES["repeat"])
    days = sorted(until - timedelta(days=chance.randint(1, DAYS)) for _ in range(count - again))
    rows = list(_made(chance, days, 400_000, seed, until))
    rows += list(_repeating(chance, rows, again, until))
    return rows


def later_rows(
    rows: Sequence[DeskRow], *, since: date = UNTIL, until: date = LATER, seed: int = 32, new: int = 300
) -> list[DeskRow]:
    """The file as the desk exports it again: some more rows are answered, a few texts are others, and new rows came."""
    chance, days = Random(seed), (until - since).days
    open_ids = [row.id for row in rows if row.answered is None and not row.says_nothing]
    answered = set(chance.sample(open_ids, round(len(open_ids) * LATELY_ANSWERED)))
    plain = [row.id for row in rows if not row.odd and not row.repeats and row.id not in answered]
    changed = set(chance.sample(plain, max(3, len(rows) // 1_000)))
    after = []
    for row in rows:
        if row.id in answered:
            row = _answered(chance, row, since + timedelta(days=chance.randrange(days)), "answered since")
        elif row.id in changed:
            row = replace(row, text=f"{row.text} {CHANGED_TEXT}", odd=row.odd | {"changed since"})
        after.append(row)
    came = sorted(since + timedelta(days=chance.randrange(days)) for _ in range(new))
    return after + [replace(row, odd=row.odd | {"new since"}) for row in _made(chance, came, 700_000, seed, until)]


def _answered(chance: Random, row: DeskRow, day: date, odd: str) -> DeskRow:
    day_cell = _day_cell(chance, day)
    return replace(row, answered=moment_of(day_cell), told=(row.told[0], day_cell), odd=row.odd | {odd})


def _made(chance: Random, days: list[date], first: int, seed: int, until: date) -> Iterator[DeskRow]:
    texts = _texts(len(days), seed)
    for place, (day, text) in enumerate(zip(days, texts, strict=True)):
        yield _row(chance, str(first + place * 3), day, text, until)


def _texts(count: int, seed: int) -> list[MadeText]:
    """So many that neither repeat one another nor say nothing."""
    made = made_texts(round(count * 1.2) + 20, seed)
    left_out = {*made.junk, *(pair.second for pair in (*made.repeats, *made.near_misses))}
    return [text for text in made.texts if text.key not in left_out][:count]


def _row(chance: Random, key: str, day: date, made: MadeText, until: date) -> DeskRow:
    own, others = topics()
    mine = own if chance.random() < OWN_OFFICE else others
    topic = chance.choices(mine, [one.weight for one in mine])[0]
    placed = chance.choices(list(PLACED), list(PLACED.values()))[0]
    kecamatan, kelurahan = _place(chance, placed)
    text, address, odd = _text_and_address(chance, made, topic)
    asked, reply = _moments(chance, day, until)
    if NIK.search(text):
        odd |= {"nik"}
    return DeskRow(
        id=key,
        text=text,
        address=address,
        at=moment_of(asked),
        answered=moment_of(reply) if reply else None,
        topic=topic.name,
        office=topic.office,
        kecamatan=kecamatan,
        kelurahan=kelurahan,
        is_ours=mine is own and placed not in ("elsewhere", "namesake"),
        odd=odd | ({placed} - {"ours"}),
        told=(asked, reply),
    )


def _text_and_address(chance: Random, made: MadeText, topic: DeskTopic) -> tuple[str, str, frozenset[str]]:
    scene, drawn = wording.scene(chance), chance.random()
    address = made.place or scene.street
    if drawn < SHARES["junk"]:
        return chance.choice(JUNK), "", frozenset(("junk",))
    if drawn < SHARES["junk"] + SHARES["short"]:
        return chance.choice(SHORT), f"{scene.street} RT {scene.rt}", frozenset(("short",))
    text = made.story if topic.office == our_office() else f"{topic.name} di {address}. {made.story}"
    if chance.random() < SHARES["nik"]:
        text = f"{text} NIK saya {hand.nik(chance)}."
    return text, address if chance.random() < 0.9 else "", frozenset()


@cache
def own_places() -> list[tuple[str, str]]:
    """Kecamatan and kelurahan of the city."""
    lines = wording.KELURAHAN.read_text(encoding="utf-8").splitlines()[1:]
    return [(kecamatan, kelurahan) for _, kecamatan, kelurahan in csv.reader(lines)]


def _place(chance: Random, placed: str) -> tuple[str, str]:
    kecamatan, kelurahan = chance.choice(own_places())
    if placed == "kecamatan only":
        return kecamatan, ""
    if placed == "nowhere":
        return "", ""
    strange = {"elsewhere": ELSEWHERE, "namesake": NAMESAKES}
    return chance.choice(strange[placed]) if placed in strange else (kecamatan, kelurahan)


def _moments(chance: Random, day: date, until: date) -> tuple[str, str]:
    """When it came and when it was answered, as the file writes it; "" where that is not before `until`."""
    asked = _moved_to_an_edge(chance, day)
    came = date.fromisoformat(asked[:10])
    if chance.random() >= ANSWERED:
        return asked, ""
    replied = _reply(chance, came)
    return asked, replied if replied[:10] < until.isoformat() else ""


def _moved_to_an_edge(chance: Random, day: date) -> str:
    """Most on their day; some at the very end of the month before, some at the beginning of the month."""
    first, drawn = day.replace(day=1), chance.random()
    if DAY_ONLY <= drawn < BEFORE_MIDNIGHT:
        return f"{first - timedelta(days=1)} 23:59:59"
    return f"{first} 00:00:01" if BEFORE_MIDNIGHT <= drawn < AFTER_MIDNIGHT else _day_cell(chance, day)


def _reply(chance: Random, came: date) -> str:
    """After up to four months, mostly soon; some at the end of the month or the beginning of the next."""
    next_month, drawn = (came.replace(day=28) + timedelta(days=4)).replace(day=1), chance.random()
    if DAY_ONLY <= drawn < BEFORE_MIDNIGHT:
        return f"{next_month - timedelta(days=1)} 23:59:59"
    if BEFORE_MIDNIGHT <= drawn < AFTER_MIDNIGHT:
        return f"{next_month} 00:00:01"
    return _day_cell(chance, came + timedelta(days=round(LONGEST_ANSWER * chance.random() ** 3)))


def _day_cell(chance: Random, day: date) -> str:
    """The day, with a time of office hours or of an evening in most cells."""
    if chance.random() < DAY_ONLY:
        return day.isoformat()
    return f"{day} {chance.randint(5, 23):02}:{chance.randrange(60):02}:{chance.randrange(60):02}"


def moment_of(cell: str) -> datetime:
    """What a cell says."""
    if len(cell) == len("2025-03-04"):
        return datetime.combine(date.fromisoformat(cell), time(), WIB)
    return datetime.fromisoformat(cell).replace(tzinfo=WIB)


def _repeating(chance: Random, rows: Sequence[DeskRow], count: int, until: date) -> Iterator[DeskRow]:
    """Rows at the end of the file that say once more what one above says; some of them came in before it."""
    firsts = [row for row in rows if not row.says_nothing and (row.at.date() + timedelta(days=45) < until)]
    for place, first in enumerate(chance.sample(firsts, count)):
        earlier = chance.random() < EARLIER
        day = first.at.date() + timedelta(days=-chance.randint(2, 20) if earlier else chance.randint(2, 40))
        asked, reply = _day_cell(chance, day), ""
        if chance.random() < ANSWERED:
            reply = _reply(chance, day)
        reply = reply if reply[:10] < until.isoformat() else ""
        yield replace(
            first,
            id=str(600_000 + place),
            at=moment_of(asked),
            answered=moment_of(reply) if reply else None,
            told=(asked, reply),
            repeats=first.id,
            odd=first.odd | {"repeat"} | ({"earlier"} if earlier else set()),
        )


def desk_workbook(rows: Iterable[DeskRow]) -> bytes:
    """The rows as xlsx, everything as text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for place, cells in enumerate([HEADS, *(row.cells for row in rows)]):
        for column, cell in enumerate(cells):
            sheet.write_string(place, column, cell)
    book.close()
    return out.getvalue()


def desk_csv(rows: Iterable[DeskRow]) -> bytes:
    """The rows as text between commas."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADS, *(row.cells for row in rows)])
    return out.getvalue().encode()
