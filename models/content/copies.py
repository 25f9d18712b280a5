"""How many copies of a paper are made: as many as it says itself, "dalam rangkap 2 (dua)"; of a rahasia case one.

Whoever lives with the pengadu reads what lies at home. Until such a paper has a copy of its own, none is handed out.
"""

import re
from collections.abc import Mapping

from models.case.discretion import is_secret
from models.records.berita_acara import ALONE
from models.tables.complaint import Complaint
from models.tables.paper import Content
from sop.procedure import PaperKind

_SAID = re.compile(r"\brangkap ([1-9])\b(?: \([a-z]+\))?")  # in its closing sentence, in the office's own words
ONE = "rangkap 1 (satu)"
ONCE = (
    "Karena rahasia, {title} dicetak satu kali saja, untuk kantor. Salinannya akan memberi tahu siapa pun yang "
    "serumah dengan pengadu: siapa yang mengadu dan siapa korbannya, apa yang diadukan{matter}, uraian hasil "
    "penanganannya, dan tanggapan pengadu. Sampaikan hasilnya tanpa menyerahkan salinan."
)


def copies_of(content: Content) -> int:
    """What is printed so often and handed out, one to each party; 1 for a paper that says nothing of copies."""
    said = _SAID.search(content.get("wording", {}).get(_closing(content), ""))
    return int(said[1]) if said and not content.get("complaint", {}).get("is_secret") else 1


def in_one_copy(wording: Mapping[str, str]) -> dict[str, str]:
    """The texts of a paper that is handed to nobody: where they count copies there is one."""
    return {key: _SAID.sub(ONE, text) for key, text in wording.items()}


def once_words(paper: PaperKind, cases: list[Complaint]) -> str:
    """Why no copy is made of a paper that is told to somebody; "" where one may be."""
    secret = [case for case in cases if is_secret(case)]
    if not secret or not paper.parties:
        return ""
    return ONCE.format(title=paper.title, matter=f" (“{secret[0].title}”)" if len(cases) == 1 else "")


def _closing(content: Content) -> str:
    """The key of the sentence that it closes with: of one party, where it was frozen with one for that."""
    kind = content["paper"]["key"]
    alone, end = f"{kind}.closing_alone", content.get("records", {}).get(kind, {}).get("codes", {}).get("outcome")
    return alone if end in ALONE and alone in content["wording"] else f"{kind}.closing"
