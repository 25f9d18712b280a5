"""Benchmark: how often the right category is among the three that a story suggests, by shipped words alone and with the
words of an office's own cases. The stories are invented and labelled by hand. Shipped words were
mended by what the first part missed; how own cases are weighed was chosen with all parts in sight, by random halves.

`python -m bench.categories [--misses]`. As own cases the demo's texts are registered, which are many of three
categories, then the first part of the stories, so the others are asked: before, between and afterwards.
"""

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from models.office.lists import Category
from models.reading.category_words import LEAST_CASES, CategoryWords, count_words_if_due, proposals_of
from models.store.base import now
from models.workflow.masters import read_data
from tests.office import Office, build, opened

STORIES = Path(__file__).with_name("category_stories.json")
PARTS = ("first", "second", "third")
ALONE = {
    "KDRT": ("kdrt",),
    "violence to children": ("kekerasan_anak",),
    "children": ("kekerasan_anak", "anak_telantar", "anak_jalanan", "hak_asuh", "hak_anak"),
}
Labelled = Sequence[tuple[str, str]]  # the code of a category, and a story


def labelled(part: str) -> Labelled:
    stories = json.loads(STORIES.read_text(encoding="utf-8"))
    return [(code, story) for each in PARTS if part in (each, "all") for code, story in stories[each]]


def hits(stories: Labelled, *, misses: bool = False) -> dict[str, tuple[int, int]]:
    """How many of how many stories have their category among the three: of all, and of some categories alone."""
    proposed = [[p.category.code for p in proposals_of(story)] for _, story in stories]
    right = [(code, code in codes) for (code, _), codes in zip(stories, proposed, strict=True)]
    if misses:
        for (code, story), codes in zip(stories, proposed, strict=True):
            if code not in codes:
                print(f"    {code}: {story[:90]} -> {', '.join(codes) or 'none'}")
    return {"all": _share(right), **{name: _share(r for r in right if r[0] in codes) for name, codes in ALONE.items()}}


def _share(right: Iterable[tuple[str, bool]]) -> tuple[int, int]:
    judged = [is_right for _, is_right in right]
    return sum(judged), len(judged)


def milliseconds(stories: Labelled) -> float:
    """The median time of one story's proposals."""
    taken = []
    for _, story in stories:
        begun = time.perf_counter()
        proposals_of(story)
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


def printed(heading: str, stories: Labelled, *, misses: bool) -> None:
    print(heading)
    for name, (right, of) in hits(stories, misses=misses).items():
        print(f"  {name:22} {right:3} of {of:3}  {right / of:6.1%}")
    print(f"  {'a story takes':22} {milliseconds(stories):.2f} ms")


def own_cases(office: Office, cases: Labelled) -> str:
    """Register these and count their words; how many categories have words of their own then."""
    for code, story in cases:
        office.receive(category=code, story=story)
    CategoryWords.delete().execute()
    count_words_if_due(now())
    own = CategoryWords.select().where(CategoryWords.cases >= LEAST_CASES).count()
    return f"with own cases in {own} of {Category.select().where(Category.active).count()} categories"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print the stories whose category is not among the three")
    misses = parser.parse_args().misses
    asked = [*labelled("second"), *labelled("third")]
    with TemporaryDirectory() as folder, opened(build(Path(folder))):
        printed("shipped words alone, all stories", labelled("all"), misses=False)
        printed("shipped words alone, second and third part", asked, misses=misses)
        office = Office.at_work(Path(folder) / "panel.sqlite")
        demo = [(text["category"], text["story"]) for text in read_data("demo")["complaints"]]
        for cases in (demo, labelled("first")):
            printed(own_cases(office, cases), asked, misses=misses)


if __name__ == "__main__":
    main()
