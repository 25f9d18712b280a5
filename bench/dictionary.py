"""Trains a compression dictionary for encrypted texts on the demo's papers, history and persons, never on real data.

`python -m bench.dictionary 2` writes models/data/dictionary-2.bin and prints the entry for `DICTIONARIES` of
models/store/seal.py; an existing file is never overwritten. The trainer is zstandard's, from requirements-bench.txt.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from models import digest, schema
from models.complaint import event
from models.complaint.complaint import Person
from models.complaint.event import Event
from models.complaint.paper import Paper, content_of
from models.demo.demo import make_demo
from models.store import seal
from models.store.base import canonical
from sop.clock import WIB
from tests.office import PASSWORD_HASH, empty, opened, url_of

COMPLAINTS, SEED, AT = 600, 1, datetime(2026, 11, 27, 9, 0, tzinfo=WIB)
SIZE = 32_000  # deflate's window is 32,768 bytes, including the text
TABLES = 512  # bytes of zstandard's tables before the dictionary's text


def demo_texts(folder: Path) -> list[str]:
    """All encrypted texts of the demo."""
    path = empty(folder, "sqlite")
    schema.prepare(url_of(path))
    with opened(path):
        make_demo(password_hash=PASSWORD_HASH, complaints=COMPLAINTS, seed=SEED, at=AT)
        return list(sealed_texts(digest.case_seals()))


def sealed_texts(seals: dict[int, seal.Seal]) -> Iterator[str]:
    """Contents of papers, bodies of events and encrypted columns of persons, of the cases with these seals."""
    for paper in Paper.select().order_by(Paper.id):
        yield canonical(content_of(paper, seals[paper.complaint_id]))
    events = Event.select().where(Event.complaint.in_(list(seals))).order_by(Event.id)
    yield from map(canonical, event.bodies(events, seals).values())
    for person in Person.select().order_by(Person.id):
        for name in Person.SEALED:
            yield seals[person.complaint_id].open_text(f"{person.kind}.{name}", getattr(person, name))


def trained(texts: list[str]) -> bytes:
    """A dictionary of frequent strings, the most frequent last."""
    from zstandard import train_dictionary

    dictionary: bytes = train_dictionary(SIZE + TABLES, [text.encode() for text in texts if text]).as_bytes()
    return dictionary[-SIZE:]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    number = parser.parse_args(words).number
    target = seal.DATA / f"dictionary-{number}.bin"
    if target.exists():
        print(f"{target} exists and must not change: use another number.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        target.write_bytes(trained(demo_texts(Path(folder))))
    print(f'{number}: "{sha256(target.read_bytes()).hexdigest()}",')
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
