"""Benchmark: database size per complaint through the whole SOP, and the cost of encryption, with and without
compression.

`python -m bench.seals [--complaints 200]` writes the tables into docs/performance.md. The complaints are the demo's
with the words of every text shuffled, so that their sentences are not in the dictionary. Exit status 1 above 40 kB
per complaint. zstandard comes from requirements-bench.txt; without it its line is skipped.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from bench.pages import PAGE, between
from models import digest, schema
from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper, content_of
from models.demo import many
from models.demo.demo import FLAG
from models.demo.people import make_office, make_people
from models.demo.perform import perform
from models.demo.plan import Agenda, DemoText
from models.demo.texts import Author
from models.office.calendar import clock
from models.store import seal
from models.store.base import canonical
from models.workflow import masters
from sop.clock import WIB
from sop.vocabulary import CLOSED
from tests.office import ENGINES, KEY, PASSWORD_HASH, dropped, empty, opened, outside, owner_url_of, url_of

MOST = 40_000
AT = datetime(2026, 11, 27, 15, 0, tzinfo=WIB)
# Bytes by table, with its indexes. The panel's own SQLite lacks dbstat, so another process asks with that of Python.
OF_SQLITE = "SELECT s.tbl_name, sum(d.pgsize) FROM dbstat d JOIN sqlite_schema s ON s.name = d.name GROUP BY 1"
ASK_SQLITE = (
    "import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))"
)
OF_POSTGRES = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
PARTS = {  # of a database, by the beginnings of the names of their tables
    "papers": ("paper", "print"),
    "search": ("case_text", "blind_index", "likeness"),
    "history": ("event",),
    "proofs of rows": ("proof",),
}
BEGIN, END = "<!-- sealed -->", "<!-- /sealed -->"
CODES = ("category", "media", "pengadu", "persons", "unit", "group", "no")  # values of a demo text that stay in order
Texts = dict[str, list[str]]  # by kind


def shuffled(text: DemoText, rng: Random) -> DemoText:
    """The same text with shuffled words in all its values."""
    mixed: Any = {name: _shuffled(value, rng) if " " in str(value) else value for name, value in text.items()}
    return mixed


def _shuffled(value: Any, rng: Random) -> Any:
    if isinstance(value, dict):
        return {name: _shuffled(part, rng) for name, part in value.items()}
    words = value.split(" ") if isinstance(value, str) else []
    return " ".join(rng.sample(words, len(words))) if len(words) > 1 else value


def plans(author: Author, count: int) -> list[Any]:
    """Plans of complaints that are all closed at the end of the main line."""
    texts = [text for text in author.texts.all if text["category"] != "bukan_kewenangan"]
    author.texts.all = [
        {**shuffled(text, author.rng), **{name: text[name] for name in CODES if name in text}} for text in texts
    ]
    with mock.patch.multiple(many, WITHDRAWN=0, WAITING=0, LATE=0):
        return many.past(author, count)


@dataclass(frozen=True)
class Grown:
    """Growth of one database per complaint: bytes by table, papers, events; and the encrypted texts."""

    sizes: Counter[str]
    papers: float
    entries: float
    texts: Texts

    @property
    def size(self) -> float:
        return sum(self.sizes.values())

    @property
    def parts(self) -> dict[str, float]:
        """Bytes by part of the database."""
        sizes = dict.fromkeys([*PARTS, "all else"], 0.0)
        for table, size in self.sizes.items():
            sizes[next((part for part, names in PARTS.items() if table.startswith(names)), "all else")] += size
        return sizes


def grown(engine: str, count: int) -> Grown:
    """Measure so many complaints in a new database, after half as many as warm-up."""
    with tempfile.TemporaryDirectory() as folder:
        path = empty(Path(folder), engine)
        schema.prepare(url_of(path), owner_url=owner_url_of(path))
        with opened(path):
            result = _grown(path, count)
        dropped(path)
    return result


def _grown(path: Path, count: int) -> Grown:
    masters.seed(masters.MALANG)
    make_office(FLAG)
    users, author = make_people(PASSWORD_HASH), Author(Random(1), Agenda(clock(), AT))
    whole, first = plans(author, count + count // 2), count // 2
    perform(whole[:first], users)
    before = _sizes(path)
    perform(whole[first:], users)
    sizes = Counter({table: (size - before[table]) / count for table, size in _sizes(path).items()})
    assert Complaint.select().where(Complaint.state == CLOSED).count() == len(whole)
    papers, entries = Paper.select().count(), Event.select().where(Event.complaint.is_null(False)).count()
    return Grown(sizes, papers / len(whole), entries / len(whole), _sealed_texts())


def _sizes(path: Path) -> Counter[str]:
    """Bytes by table, after VACUUM on PostgreSQL."""
    if path.suffix == ".sqlite":
        asked = [sys.executable, "-c", ASK_SQLITE, str(path), OF_SQLITE]
        rows = json.loads(subprocess.run(asked, capture_output=True, check=True, text=True).stdout)
    else:
        with outside(path) as raw:
            raw.execute("VACUUM")
            rows = raw.execute(OF_POSTGRES).fetchall()
    return Counter({table: int(size) for table, size in rows})


def _sealed_texts() -> Texts:
    seals = digest.case_seals()
    events = Event.select().where(Event.complaint.is_null(False))
    return {
        "paper": [canonical(content_of(paper, seals[paper.complaint_id])) for paper in Paper.select()],
        "entry": [canonical(body) for body in event.bodies(events, seals).values() if body],
    }


@contextmanager
def as_they_are() -> Iterator[None]:
    """Within the block texts are encrypted without compression and padding."""
    with mock.patch.object(seal, "packed", str.encode):
        yield


@dataclass(frozen=True)
class Way:
    """A compression: name, compress, decompress."""

    name: str
    small: Callable[[str], bytes]
    text: Callable[[bytes], str]


def ways() -> list[Way]:
    available = [Way("as they are", str.encode, bytes.decode), Way("zlib, padded", seal.packed, seal.unpacked)]
    try:
        import zstandard
    except ImportError:
        print("zstandard is not installed: its line is left out.")
        return available
    learnt = zstandard.ZstdCompressionDict(seal.dictionary(seal.WRITTEN))
    learnt.precompute_compress(level=3)
    small, text = zstandard.ZstdCompressor(dict_data=learnt), zstandard.ZstdDecompressor(dict_data=learnt)
    return [*available, Way("zstandard", lambda t: small.compress(t.encode()), lambda b: text.decompress(b).decode())]


def cost(way: Way, texts: list[str]) -> str:
    """Bytes of one encrypted text, and microseconds of CPU time to encrypt and to decrypt it."""
    own = seal.Keyring(KEY).panel
    begun = time.process_time()
    sealed = [own.close("x", way.small(text)) for text in texts]
    between = time.process_time()
    assert [way.text(own.open("x", text)) for text in sealed] == texts
    ended, n = time.process_time(), len(texts)
    micro = [f"{(b - a) / n * 1e6:.0f}" for a, b in ((begun, between), (between, ended))]
    return f"{sum(map(len, sealed)) / n:,.0f} | {' | '.join(micro)}"


def table(results: dict[str, tuple[Grown, Grown]]) -> str:
    """Both tables of the document."""
    [(_, first)] = list(results.values())[:1]
    lines = [
        f"A complaint has {first.papers:.1f} papers and {first.entries:.1f} entries of the history.",
        "",
        f"| Database | as they are, kB | packed, kB | {' | '.join(f'of it {part}' for part in first.parts)} |",
        f"| --- |{' --: |' * (2 + len(first.parts))}",
        *(
            f"| {name} | {_kilobytes(old.size, new.size, *new.parts.values())} |"
            for name, (old, new) in results.items()
        ),
        "",
        "| Text | way | bytes | seal, µs | open, µs |",
        "| --- | --- | --: | --: | --: |",
        *(f"| {what} | {way.name} | {cost(way, texts)} |" for what, texts in first.texts.items() for way in ways()),
    ]
    return "\n".join(lines)


def _kilobytes(*sizes: float) -> str:
    return " | ".join(f"{size / 1000:.1f}" for size in sizes)


def measured(engine: str, count: int) -> tuple[Grown, Grown]:
    with as_they_are():
        before = grown(engine, count)
    return before, grown(engine, count)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--complaints", type=int, default=200)
    count = parser.parse_args().complaints
    results = {engine: measured(engine, count) for engine in ENGINES}
    text = table(results)
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), BEGIN, END, text), encoding="utf-8")
    print(text)
    return int(max(new.size for _, new in results.values()) > MOST)


if __name__ == "__main__":
    sys.exit(main())
