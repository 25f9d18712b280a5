"""Generates the parts of documents that come from the SOP's tables: `python -m sop.documents` (`make docs`)."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from sop import accesspage
from sop.procedure import DETOURS, HEAD, LANES, ROWS, Row, Transition, fingerprint

HOUSE = Path(__file__).resolve().parent.parent
README, GUIDE = HOUSE / "README.md", HOUSE / "docs" / "panduan"
STALE = "{} repeats what the tables no longer say: run `make docs`."
COLUMNS = ("No.", "Kegiatan", "Pelaksana", "Kelengkapan", "Waktu", "Output", "Acts in the panel")
TABLE = re.compile(r"^\| No\. \| Kegiatan .*?(?=\n\n)", re.MULTILINE | re.DOTALL)
TIME = re.compile(r"\(baris (\d+), [^)]+\)")


def documented_rows(rows: Sequence[Row] = ROWS, signed: str = HEAD.signed_rows) -> tuple[Row, ...]:
    """The rows shown in documents: the current ones without rows that were merely added since the last signing."""
    parts = (part for count in range(len(rows), 0, -1) for part in combinations(rows, count))
    return next((part for part in parts if fingerprint(part) == signed), tuple(rows))


def documented_steps(rows: Sequence[Row] = ROWS, signed: str = HEAD.signed_rows) -> list[Transition]:
    """The acts of `documented_rows`, and the detours."""
    return [*(step for row in documented_rows(rows, signed) for step in row.transitions), *DETOURS]


def sop_table(rows: Sequence[Row]) -> str:
    """README's Markdown table of the rows, with the acts of each."""
    cells = [
        (
            str(no),
            row.kegiatan,
            " → ".join(LANES[lane] for lane in row.lanes),
            "; ".join(row.kelengkapan),
            row.waktu,
            "; ".join(row.output),
            " → ".join(f"{step.label} (`{step.key}`)" for step in row.transitions),
        )
        for no, row in enumerate(rows, 1)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (COLUMNS, ["---"] * len(COLUMNS), *cells))


def with_times(text: str, rows: Sequence[Row]) -> str:
    """The text with each "(baris 3, 1 hari)" updated from the table; unknown row numbers are left unchanged."""

    def row_time(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"(baris {number}, {rows[number - 1].norm})" if 0 < number <= len(rows) else match[0]

    return TIME.sub(row_time, text)


def documents(rows: Sequence[Row] = ROWS, signed: str = HEAD.signed_rows) -> Iterator[tuple[Path, str]]:
    """Each generated document and its complete text."""
    shown_rows, steps = documented_rows(rows, signed), documented_steps(rows, signed)
    yield accesspage.PAGE, accesspage.page(steps)
    yield README, TABLE.sub(lambda match: sop_table(shown_rows), README.read_text(encoding="utf-8"))
    for page in sorted(GUIDE.glob("*.md")):
        yield page, with_times(page.read_text(encoding="utf-8"), shown_rows)


def main() -> None:
    for page, text in documents():
        if page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            print(f"{page.relative_to(HOUSE)} says what the tables say now")


if __name__ == "__main__":
    main()
