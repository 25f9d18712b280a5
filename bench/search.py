"""Benchmark: CPU time and hit rate of the search over invented complaints, by kind of query.

`python -m bench.search [--texts 5000 12500]` prints milliseconds of CPU per search, median and worst, and how many
of the wanted complaints are among the first five results. Its databases are cached under build/bench.
"""

import argparse
import statistics
import time
from itertools import islice
from pathlib import Path
from random import Random

from bench.office import made_once
from models.complaint.complaint import Complaint
from models.complaint.scope import Viewer, viewer
from models.complaint.search import answer, ranked
from tests.made_texts.making import made_texts
from tests.made_texts.queries import KnownItem, Memory, asked_of
from tests.made_texts.storing import stored
from tests.office import Office, opened

CACHE = Path(__file__).resolve().parent.parent / "build" / "bench"
PERSON, FIRST, TIMES = "petugas", 5, 3
PLAIN, NOTHING = "two words as they stand", "what stands nowhere"


def queries(count: int) -> tuple[Path, list[KnownItem]]:
    """A database with so many invented complaints, cached, and the queries."""
    made = made_texts(count)
    texts, known = asked_of(made)
    memory = Memory(made.texts)
    leading = islice(memory.leading(made.unrelated, Random(7)), 40)
    plain = [KnownItem(PLAIN, f"{first} {others[0]}", text.key) for first, others, text in leading]
    nothing = [KnownItem(NOTHING, f"{item.typed.split()[0][::-1]} qwertyx", -1) for item in plain]
    path = made_once(CACHE / f"texts-{count}", lambda office: stored(office, texts))
    return path, [*plain, *known, *nothing]


def found_first(typed: str, who: Viewer) -> list[int]:
    """Case ids in the order of the results page, those of a corrected query last."""
    words = answer(typed, who)
    _ = words.nearest  # the page shows them if nothing is found
    return [*ranked(words, typed), *(ranked(words.meant, "") if words.meant else ())]


def measured(count: int) -> None:
    """Print a line for each kind of query."""
    path, items = queries(count)
    with opened(path):
        who = viewer(Office.at_work(path)[PERSON])
        by_key = {int(key.removeprefix("made")): case for key, case in _ids()}
        for kind in dict.fromkeys(item.kind for item in items):
            costs, hits, mine = [], 0, [item for item in items if item.kind == kind]
            for item in mine:
                ids: list[int] = []
                tries = []
                for _ in range(TIMES):
                    begun = time.process_time()
                    ids = found_first(item.typed, who)
                    tries.append((time.process_time() - begun) * 1000)
                costs.append(min(tries))
                hits += by_key.get(item.key) in ids[:FIRST]
            print(
                f"{count:>6} {kind:<28} median {statistics.median(costs):6.1f} ms, worst {max(costs):6.1f} ms, "
                f"{hits} of {len(mine)} among the first {FIRST}",
                flush=True,
            )


def _ids() -> list[tuple[str, int]]:
    rows = Complaint.select(Complaint.public_id, Complaint.id).where(Complaint.public_id.startswith("made"))
    return list(rows.tuples())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, nargs="+", default=[5_000, 12_500])
    for count in parser.parse_args().texts:
        measured(count)


if __name__ == "__main__":
    main()
