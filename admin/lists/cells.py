"""Cells of lists: formatted values, badges for urgency and lateness, tallies, unread changes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

from flask import g
from markupsafe import Markup, escape

from admin.door.sessions import cached_per_request
from models.case.clocks import WARN_AT, minutes
from models.case.news import News
from models.complaint.complaint import case_is_late_by_law, case_is_late_by_row
from models.complaint.scope import Viewer
from models.office.calendar import clock
from models.reading import news
from models.records import in_words
from models.records.fields import KINDS, BlankKind, blank_in_words
from models.store.base import now
from sop.access import SECRECY, URGENCY
from sop.clock import Clock
from sop.flow import current_procedure
from sop.procedure import FINALS
from sop.vocabulary import PAUSED, vocabulary
from sop.words import NOW_DUE, format_date, format_long_moment, format_short_date, humanize_due, in_wib

NOTHING = Markup('<span class="muted" role="img" aria-label="kosong">–</span>')


NO_BREAK = "\N{NO-BREAK SPACE}"  # keeps a date on one line


@lru_cache(maxsize=1_000, typed=True)  # by type too: text that is markup is equal to the same text that is none
def badge(tone: str, words: str) -> Markup:
    """A badge in the colour of a tone: good, info, warn, bad, wait or neutral."""
    return Markup('<span class="badge {}">{}</span>').format(tone, words)


def without_breaks(words: str) -> str:
    return words.replace(" ", NO_BREAK)


def short_date(day: date) -> str:
    """24 Nov 2026, for a column."""
    return without_breaks(format_short_date(day))


def short_moment(moment: datetime) -> str:
    """24 Nov 2026 09.14, for a column."""
    return without_breaks(in_words.short_moment(moment))


def breaking_long_words(text: str) -> Markup:
    """A text with a chance to wrap after each twenty letters of a word, which would widen the table."""
    return Markup("<wbr>").join(re.sub(r"(\S{20})(?=\S)", "\\1\0", text).split("\0"))


def breaking_at_slash(number: str) -> Markup:
    """A long number that may wrap only after a slash."""
    return Markup("/<wbr>").join(number.split("/"))


def _short(kind: BlankKind) -> Any:
    return lambda view, value, name: without_breaks(kind.short(value))


def names_of_ids(view: Any, context: Any, row: Any, name: str) -> str:
    """Column formatter for a list of ids: the names of the rows, as in the form."""
    return in_words.value_in_words(blank_in_words(view.model._meta.fields[name], getattr(row, name), in_words.Names()))


VALUES = {kind.value: kind for kind in KINDS if kind.value}
TYPES: dict[type, Any] = {
    type(None): lambda view, value, name: NOTHING,
    **{value: _short(kind) for value, kind in VALUES.items()},
    bool: lambda view, value, name: badge("good", "Ya") if value else badge("neutral", "Tidak"),
    Enum: lambda view, value, name: str(value.value),
    list: lambda view, values, name: ", ".join(map(str, values)),
}
LONG: dict[type, Any] = dict.fromkeys((datetime, date), lambda view, value, name: in_words.value_in_words(value))


@dataclass(frozen=True)
class Tally:
    """A figure of a page."""

    label: str
    count: int
    tone: str = "neutral"
    url: str = ""


ROW_LATE, LAW_LATE = "Lewat SOP", "Lewat batas peraturan"
ROW_SOON, LAW_SOON = "Hampir lewat SOP", "Hampir lewat batas peraturan"
CLOSED_NOW = "Di luar jam kerja, jam SOP berhenti"
BREAK = Markup("<br>")
WHOLE = 14  # characters that fit into a column: PGD/12/XI/2026
COMPACT = 18  # the same of a list with fixed column widths: PGD/12345/XII/2026
Marks = list[tuple[str, str]]  # (text, CSS classes: the tone, for late or secret also a shape)


@cached_per_request
def office_clock() -> Clock:
    return clock()


def nowrap(text: str) -> Markup:
    return Markup('<span class="nowrap">%s</span>') % text


def number_in_column(number: str, most: int = WHOLE) -> Markup:
    """A number on one line; one too long for its column wraps after a slash."""
    return (
        nowrap(number) if len(number) <= most else Markup('<span class="parts">%s</span>') % breaking_at_slash(number)
    )


def number_in_compact_row(number: str) -> Markup:
    """The same in a list with fixed column widths."""
    return escape(without_breaks(number)) if len(number) <= COMPACT else breaking_at_slash(number)


def badges(marks: Marks) -> Markup:
    return Markup(" ").join(badge(tone, words) for words, tone in marks)


def state_badge(state: str) -> Markup:
    """The state as a badge: waiting, on hold, done, or ended otherwise."""
    return badge(state_tone(state), vocabulary().states[state])


def state_tone(state: str) -> str:
    if state in current_procedure().awaited:
        return "wait"
    return FINALS[state].tone if state in FINALS else "info" if state == PAUSED else "neutral"


def urgency_marks(case: Any) -> Marks:
    """Emergency, then urgency and secrecy where they differ from the default."""
    marks = [("Darurat", "bad")] if case.emergency else []
    if not case.emergency and case.urgency != next(iter(URGENCY)):
        marks.append((URGENCY[case.urgency], "warn"))
    if case.secrecy != next(iter(SECRECY)):
        marks.append((SECRECY[case.secrecy], "info locked" if case.secrecy == "rahasia" else "info"))
    return marks


def due_marks(case: Any, started: datetime | None = None) -> Marks:
    """Late by law (red), late by the SOP's row (amber), or nearly so."""
    return _law_mark(case, now()) + _row_mark(case, started)


def _law_mark(case: Any, at: datetime) -> Marks:
    if case_is_late_by_law(case, at):
        return [(LAW_LATE, "bad late")]
    if case.legal_due_at is None or case.state not in vocabulary().open_states:
        return []
    near = office_clock().share(case.received_at, case.legal_due_at, at) >= WARN_AT
    return [(LAW_SOON, "warn late")] if near else []


def _row_mark(case: Any, started: datetime | None) -> Marks:
    due, at, row = case.row_due_at, now(), case.procedure.row(case.state)
    if case_is_late_by_row(case, at):
        return [(ROW_LATE, "warn late")]
    if due is None or row is None:
        return []
    near = started is not None and row.norm.warns and office_clock().share(started, due, at) >= WARN_AT
    return [(ROW_SOON, "warn late")] if near else []


def due_words(case: Any) -> str:
    """Time left for the awaited act, "sisa 40 menit (jam kerja)", or why no clock runs."""
    left = time_left_words(case)
    counted = case.state != PAUSED and case.row_due_at is not None and left != NOW_DUE
    return f"{left} (jam{NO_BREAK}kerja)" if counted else left


def sop_limit(case: Any) -> tuple[str, str]:
    """Label and words of the awaited act's limit, named since the case has other limits: ("Batas SOP", "4 Desember 2026
    pukul 10.23, sisa 40 menit (jam kerja)"); where no clock runs, no label and the reason."""
    if case.state == PAUSED or case.row_due_at is None:
        return "", due_words(case)
    return "Batas SOP", f"{format_long_moment(case.row_due_at)}, {due_words(case)}"


def time_left_words(case: Any) -> str:
    """The same without "(jam kerja)", for a list whose heading says it."""
    if case.state == PAUSED:
        return pause_words(case.paused_until)
    row = case.procedure.row(case.state)
    if case.row_due_at is None:
        return "Jam SOP mulai saat pengadu dihubungi" if row and row.counts_from == "attempt" else ""
    at, due, hours = now(), case.row_due_at, office_clock()
    left = minutes(hours.elapsed(at, due)) if due > at else -minutes(hours.elapsed(due, at))
    return humanize_due(left, day=day_of(due))


def pause_words(until: date | None) -> str:
    """Until when a case is paused, or that this day has come; of one paused without a day, that no clock runs."""
    if until is None:
        return "Ditunda, jam SOP berhenti"
    return (
        f"Masa tunda habis {format_date(until)}"
        if until <= in_wib(now()).date()
        else f"Ditunda sampai {format_date(until)}"
    )


def deadline_sentence(case: Any) -> str:
    """A sentence with the SOP's deadline for the awaited act, or that it has passed; "" where no clock runs."""
    if case.row_due_at is None:
        return ""
    limit = format_long_moment(case.row_due_at)
    over = f"Batas SOP {limit} sudah lewat. Selesaikan segera."
    return over if now() > case.row_due_at else f"Selesaikan paling lambat {limit} (batas SOP)."


def day_of(moment: datetime) -> int | None:
    """Working minutes of the day of a moment; None on a day off."""
    span = office_clock().span(in_wib(moment).date())
    return minutes(span[1] - span[0]) if span else None


def due_cell(case: Any, started: datetime | None = None) -> Markup:
    """A list's cell: the deadline, the time left, and the most severe lateness badge."""
    words, marks = time_left_words(case), due_marks(case, started)[:1]
    parts = [due_line(case.row_due_at)] if case.row_due_at else []
    parts += [sub_line(words)] if words else []
    parts += [badges(marks)] if marks else []
    return Markup(" ").join(parts) if parts else NOTHING


def sub_line(text: str) -> Markup:
    """A secondary line in a list's cell; truncated in a list with compact rows."""
    return Markup("<small>%s</small>") % text


def due_line(moment: datetime) -> Markup:
    """A moment as the first line of a list's cell."""
    return Markup('<span class="when">%s</span>') % short_moment(moment)


SINCE = Markup('{} <span class="muted small">sejak {}{}</span>')


def news_lines(changes: Iterable[News]) -> Markup:
    """One line per change."""
    return BREAK.join(_news_line(one) for one in changes)


def _news_line(one: News) -> Markup:
    by = f" oleh {one.who}" if one.who else ""
    return SINCE.format(badge("info fresh", one.words), short_moment(one.at), by)


def news_of_rows(who: Viewer, ids: Sequence[int]) -> dict[int, list[News]]:
    """Unseen changes of the cases on a page, by case id."""
    return news.news_on(ids, who, now(), office_clock)


def all_news(who: Viewer) -> dict[int, list[News]]:
    """Unseen changes of all cases that wait for the user, queried once per request."""
    by_user: dict[int, dict[int, list[News]]] = g.setdefault("all_news", {})
    if who.user.id not in by_user:
        by_user[who.user.id] = news.changed_cases(who, now(), office_clock)
    return by_user[who.user.id]
