"""The ways through the panel as the guide writes them: each role's tasks, step by step from the start page."""

import re
from pathlib import Path

from tests.browser.served import ROOT

PAGES = ROOT / "docs" / "panduan"
WAY = re.compile(r"\*Beranda → ([^*]+?)\.?\*")
Way = tuple[str, ...]


def text_of(page: str) -> str:
    return (PAGES / f"{page}.md").read_text(encoding="utf-8")


def ways(page: str) -> dict[str, Way]:
    """What stands below each heading of a role's page as a way: what one presses (capital letter) and does."""
    parts = re.split(r"^##+ (.+)$", text_of(page), flags=re.MULTILINE)
    found = [
        (heading, way) for heading, text in zip(parts[1::2], parts[2::2], strict=True) for way in WAY.findall(text)
    ]
    assert len(dict(found)) == len(found), f"two ways below one heading in {page}.md"
    return {heading: tuple(" ".join(way.split()).split(" → ")) for heading, way in found}


def pages() -> list[Path]:
    return sorted(PAGES.glob("*.md"))
