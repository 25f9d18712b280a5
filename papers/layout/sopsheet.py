"""The content of the printed SOP; its flow chart is drawn by flow_chart.py."""

import re
from dataclasses import asdict
from datetime import datetime
from itertools import accumulate

from models.records.in_words import FORMAT
from papers.layout.formats import Content
from sop.chart import chart, detours, levels
from sop.clock import WIB
from sop.procedure import HEAD, LANES, ROWS, Head, Row, is_draft, printed_rows
from sop.words import MONTHS

COLUMNS = ("no", "kegiatan", "lanes", "kelengkapan", "waktu", "output", "ket")
_DATE = re.compile(rf"(?:\b(3[01]|[12]\d|[1-9]) )?\b({'|'.join(MONTHS)}) (\d{{4}})")


def sop_sheet(*, size: str, demo: bool, head: Head = HEAD, rows: tuple[Row, ...] = ROWS) -> Content:
    """The content of the printed SOP, dated with the SOP's date, so that the same text gives the same bytes."""
    day = dated(head).isoformat()
    symbols, connectors = chart(rows)
    return {
        "format": FORMAT,
        "paper": {
            "key": "lembar_sop",
            "title": f"SOP {head.name}",
            "number": head.number,
            "date": day,
            "issued_at": day,
            "round": 1,
            "revision": 1,
            "draft": is_draft(head, rows),
        },
        "sop": {"number": head.number, "revision": head.revision, "name": head.name, "row": ""},
        "office": {"name": list(head.office), "size": size},
        "demo": demo,
        "head": asdict(head),
        "lanes": list(LANES.values()),
        "rows": [
            {**dict(zip(COLUMNS, row, strict=True)), "levels": levels(symbols, at)}
            for at, row in enumerate(printed_rows(rows))
        ],
        "chart": {"symbols": [asdict(s) for s in symbols], "connectors": [asdict(c) for c in connectors]},
        "detours": _on_two_pages(detours()),
    }


def _on_two_pages(ways: list[dict[str, str]]) -> list[list[Content]]:
    """The detours by who acts, in the order of the lanes, on two pages of about as many rows."""
    lanes = list(LANES.values())
    actors = sorted(dict.fromkeys(way["actor"] for way in ways), key=lambda who: (*lanes, who).index(who))
    groups: list[Content] = [{"actor": who, "ways": [way for way in ways if way["actor"] == who]} for who in actors]
    ends = list(accumulate(1 + len(group["ways"]) for group in groups))
    cut = min(range(1, len(groups)), key=lambda count: abs(ends[-1] - 2 * ends[count - 1]))
    return [groups[:cut], groups[cut:]]


def dated(head: Head = HEAD) -> datetime:
    """The date of the revision, else of the first version; the first of the month if only a month is given."""
    date = _DATE.search(head.revised) or _DATE.search(head.made)
    day, month, year = date.groups() if date else ("1", MONTHS[0], "2000")
    return datetime(int(year), MONTHS.index(month) + 1, int(day or 1), tzinfo=WIB)
