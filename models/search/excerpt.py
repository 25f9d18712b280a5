"""Why a case was found: the part of its words that holds most of what was asked, the match told apart."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from models.search.notation import TRIGRAM, Term
from models.search.texts import APART, without_marks
from models.tables.casetext import CaseText

BEFORE, LENGTH = 50, 180  # letters before the first match, and of the whole


class MarkedText(NamedTuple):
    """A stretch of a text, and whether it is what was asked for."""

    text: str
    marked: bool


def marker(terms: Sequence[Term]) -> re.Pattern[str]:
    """Finds the terms in a text; those of one or two letters as words of their own."""
    pieces = (piece for term in terms for piece in term)
    told = (re.escape(one) if len(one) >= TRIGRAM else rf"\b{re.escape(one)}\b" for one in pieces)
    return re.compile("|".join(sorted(told, key=len, reverse=True)) or "$^", re.IGNORECASE)


def pieces_of(text: str, mark: re.Pattern[str]) -> list[MarkedText]:
    """The text, cut where the match begins and ends."""
    plain = without_marks(text)
    text, pieces, end = text if len(text) == len(plain) else plain, [], 0
    for match in mark.finditer(plain):
        pieces += [MarkedText(text[end : match.start()], False), MarkedText(text[match.start() : match.end()], True)]
        end = match.end()
    return [piece for piece in (*pieces, MarkedText(text[end:], False)) if piece.text]


def excerpts(shown_anyway: Mapping[int, Iterable[str]], mark: re.Pattern[str]) -> dict[int, list[MarkedText]]:
    """For each case the part that tells most beside what is shown of it anyway."""
    rows = CaseText.select(CaseText.case, CaseText.text).where(CaseText.case.in_(list(shown_anyway)))
    shown = {case: {without_marks(" ".join(text.split())) for text in texts} for case, texts in shown_anyway.items()}
    parts: dict[int, list[str]] = {case: [] for case in shown_anyway}
    for case, text in rows.order_by(CaseText.main.desc(), CaseText.id).tuples():
        parts[case] += [part for part in text.strip().split(APART) if part not in shown[case]]
    return {case: pieces_of(_around(_best(texts, mark), mark), mark) for case, texts in parts.items()}


def _best(parts: Iterable[str], mark: re.Pattern[str]) -> str:
    """The part with most different matches; without any the first that tells something."""
    told = list(parts)
    return max(told, key=lambda part: len({match[0].lower() for match in mark.finditer(part)}), default="")


def _around(part: str, mark: re.Pattern[str]) -> str:
    first = mark.search(part)
    start = max(0, first.start() - BEFORE) if first else 0
    start = part.find(" ", start) + 1 if start else 0
    cut = part[start : start + LENGTH]
    if start + LENGTH < len(part):
        cut = cut.rpartition(" ")[0] or cut
    return f"{'… ' if start else ''}{cut}{' …' if start + LENGTH < len(part) else ''}"
