"""The demo's texts: complaints of the data file with what their category says of them, drawn by unit or category."""

from collections.abc import Iterable
from random import Random
from typing import Any

from models.demo.plan import DemoText
from models.office.lists import Category, Medium
from models.writer.masters import read_data

WORDS: dict[str, Any] = read_data("demo")
REASONS: dict[str, list[str]] = read_data("reasons")
LAST = 1_000  # as if a text had come so often
TRIAL: DemoText = {
    "category": "",
    "title": "Pesan percobaan",
    "voice": "warga",
    "story": "Tes pesan masuk, mohon diabaikan.",
    "asks": "",
    "accused": "",
    "loss": "",
    "place": "",
    "evidence": "",
    "media": ["sambat"],
    "anonymous_fits": True,
    "safe_contact": "",
    "emergency_action": "",
    "pengadu": {"sex": "l", "age": [20, 40], "job": None},
    "persons": {"yang_bersangkutan": None},
    "unit": "",
    "secret": False,
    "group": "online",
    "advice": "",
}


class Texts:
    """Draws texts; one that has been drawn comes again only when the others that fit have come too."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.categories = {c.code: c for c in Category.select()}
        self.media = {m.code: m for m in Medium.select()}
        self.all = [self._known(n, text) for n, text in enumerate(WORDS["complaints"])]
        self._drawn = [0] * len(self.all)

    def _known(self, n: int, text: DemoText) -> DemoText:
        category = self.categories[text["category"]]
        advice = WORDS["assessment_suggestions"]
        return {
            **text,
            "no": n,
            "unit": category.unit.code,
            "secret": category.secrecy == "rahasia",
            "emergency_unit": category.emergency_unit and category.emergency_unit.code,
            "advice": advice[n % len(advice)],
        }

    def draw(self, unit: str, about: str = "", *, emergency: bool = False, outcome: str = "") -> tuple[DemoText, bool]:
        """A text for the unit, its category or title beginning as `about` says; and whether it comes the first time."""
        fits = [
            text
            for text in self.all
            if text["unit"] == unit
            and _is_about(text, about)
            and (not emergency or text["emergency_action"])
            and outcome in ("", text["delivery"]["outcome"])
        ]
        least = min(self._drawn[text["no"]] for text in fits)
        text = self.rng.choice([text for text in fits if self._drawn[text["no"]] == least])
        self._drawn[text["no"]] += 1
        return text, least == 0

    def set_aside(self, numbers: Iterable[int]) -> None:
        """From now on these come only where nothing else fits."""
        for no in numbers:
            self._drawn[no] += LAST

    def medium(self, text: DemoText) -> Medium:
        medium: Medium = self.media[self.rng.choice(text["media"])]
        return medium


def _is_about(text: DemoText, about: str) -> bool:
    """Whether its category or its title begins so; what is not the office's business comes only where asked for."""
    if not about:
        return bool(text["category"] != "bukan_kewenangan")
    return bool(text["category"].startswith(about) or text["title"].startswith(about))
