"""The differences between a row and its case are shown word by word, to users who may open the case."""

import pytest

from models.imports.matching import GONE, NEW, SAME, difference

LONG = " ".join(f"kata{n}" for n in range(40))


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        (
            "jalan rusak parah",
            "jalan hancur parah",
            [("jalan", SAME), ("rusak", GONE), ("hancur", NEW), ("parah", SAME)],
        ),
        ("jalan rusak", "jalan rusak parah", [("jalan rusak", SAME), ("parah", NEW)]),
        ("jalan rusak parah", "rusak parah", [("jalan", GONE), ("rusak parah", SAME)]),
        (LONG, f"{LONG} baru", [("… kata36 kata37 kata38 kata39", SAME), ("baru", NEW)]),
        (
            f"lama {LONG} lama",
            f"{LONG} baru",
            [
                ("lama", GONE),
                ("kata0 kata1 kata2 kata3 … kata36 kata37 kata38 kata39", SAME),
                ("lama", GONE),
                ("baru", NEW),
            ],
        ),
        ("", LONG * 9, [(" ".join((LONG * 9).split()[:60]) + " …", NEW)]),
    ],
)
def test_removed_and_added_words_are_marked_and_common_ones_are_shortened(old, new, pieces):
    assert list(difference(old, new)) == pieces
