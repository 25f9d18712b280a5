"""The panel's version: the latest one in CHANGELOG.md."""

import re
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
HEADING = re.compile(r"^## (\d+\.\d+\.\d+)", re.MULTILINE)
UNKNOWN = "tidak diketahui"


def version(house: Path = HOUSE) -> str:
    """Such as 0.1.0; UNKNOWN if CHANGELOG.md is missing or has no version."""
    try:
        heading = HEADING.search((house / "CHANGELOG.md").read_text(encoding="utf-8"))
    except OSError:
        return UNKNOWN
    return heading[1] if heading else UNKNOWN
