"""Labels of the archive: a sheet of 3 × 8 on A4 with QR code and code, of places and of berkas."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict

from models.case.content_parts import frame
from models.complaint.paper import Content
from models.office.shelves import BETWEEN, SHELF_KINDS, ShelfPlace, label_address, path_to

LABELS, LABELS_TITLE = "label_arsip", "Label Arsip"
LONGEST = 14  # characters of a code that fit into a line of a label


class ShelfLabel(TypedDict):
    """A label: what it is for, the code in letters, what is below it, and what its QR code says."""

    kind: str
    lines: list[str]  # the code, parted so that each line fits
    below: list[str]
    qr: str


def place_labels(places: Iterable[ShelfPlace]) -> list[ShelfLabel]:
    """The labels of places, with the places around them."""
    return [
        {
            "kind": SHELF_KINDS[place.kind],
            "lines": fitting_lines(str(place.code)),
            "below": [
                *([place.name] if place.name else []),
                *([BETWEEN.join(one.code for one in path_to(place)[:-1])] if place.parent_id else []),
            ],
            "qr": label_address(place.code),
        }
        for place in places
    ]


def case_labels(numbers: Iterable[str]) -> list[ShelfLabel]:
    """The labels of berkas: nothing of the case but its register number."""
    return [
        {"kind": "Berkas", "lines": fitting_lines(number), "below": [], "qr": label_address(number)}
        for number in numbers
    ]


def fitting_lines(code: str) -> list[str]:
    """The code in lines of at most LONGEST characters, parted after a sign where there is one."""
    lines = [""]
    for part in re.findall(r"[^/._-]*[/._-]|[^/._-]+", code):
        if lines[-1] and len(lines[-1] + part) > LONGEST:
            lines.append("")
        lines[-1] += part
    return [line[start : start + LONGEST] for line in lines for start in range(0, len(line) or 1, LONGEST)]


def label_sheet(labels: Sequence[ShelfLabel], *, at: datetime, demo: bool) -> Content:
    """The content of the sheets of labels."""
    return {**frame(LABELS, LABELS_TITLE, at=at, demo=demo), "labels": list(labels)}
