"""How many copies of a paper are made: as many as it says itself, "dibuat dalam rangkap 2 (dua)"."""

import re

from models.records.berita_acara import ALONE
from models.tables.paper import Content

_SAID = re.compile(r"\brangkap ([1-9])\b")  # in its closing sentence, in whatever words the office has put that


def copies_of(content: Content) -> int:
    """What is printed so often and handed out, one to each party; 1 for a paper that says nothing of copies."""
    said = _SAID.search(content.get("wording", {}).get(_closing(content), ""))
    return int(said[1]) if said else 1


def _closing(content: Content) -> str:
    """The key of the sentence that it closes with: of one party, where it was frozen with one for that."""
    kind = content["paper"]["key"]
    alone, end = f"{kind}.closing_alone", content.get("records", {}).get(kind, {}).get("codes", {}).get("outcome")
    return alone if end in ALONE and alone in content["wording"] else f"{kind}.closing"
