"""What a row says otherwise than its case is told word by word, to whoever may open the case."""

import pytest

from models.imports.matching import GONE, NEW, SAME, difference

LONG = " ".join(f"kata{n}" for n in range(40))


@pytest.mark.parametrize(
    ("old", "new", "told"),
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
def test_words_that_are_gone_and_new_are_told_and_what_is_shared_is_shortened(old, new, told):
    assert list(difference(old, new)) == told
