"""Which version of the panel this is: the latest that the list of changes names."""

import re
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
HEADING = re.compile(r"^## (\d+\.\d+\.\d+)", re.MULTILINE)
UNKNOWN = "tidak diketahui"


def version(house: Path = HOUSE) -> str:
    """Such as 0.1.0; a word where the list of changes is gone or names none."""
    try:
        said = HEADING.search((house / "CHANGELOG.md").read_text(encoding="utf-8"))
    except OSError:
        return UNKNOWN
    return said[1] if said else UNKNOWN
