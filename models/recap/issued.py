"""The recap that the Kepala Dinas signs: numbered, its content frozen, with the head of the history at that moment."""

import hashlib
from datetime import datetime

from models.content.unkept import frame
from models.loose.recap import RecapPaper
from models.office.identity import demand_identity
from models.office.people import User, posts_by_unit, signatory, title_of
from models.office.settings import values
from models.recap.counting import FigureLine, told_figures, told_lines
from models.recap.discreet import REST, DiscreetRecap, discreet_recap
from models.recap.figures import DEFINITION, OF_PARTS
from models.recap.period import Period
from models.recap.rowtimes import RowStatistics, TimeSpread
from models.store.base import canonical_words, database, insert_rows
from models.tables.event import append_written, head_of_history
from models.tables.number import OF_NO_CASE, Number, draw
from models.tables.paper import Content
from models.tables.scope import viewer
from sop.clock import WIB
from sop.procedure import KEPALA_DINAS
from sop.words import format_duration, format_number

SERIES = KEY = OF_NO_CASE
TITLE = "Rekapitulasi Penanganan Pengaduan"
NOT_ALL = "Rekapitulasi untuk ditandatangani menghitung semua pengaduan; hanya Kepala Dinas yang menerbitkannya."
TOO_EARLY = "Rentang ini belum dimulai."
APART = "Dihitung tersendiri, tidak termasuk di atas:"
OF_SHEET = OF_PARTS[:-1]  # as many columns as there is room for in letters that can be read
ANCHOR = 32  # letters of the history's head that are printed: nobody finds another history with the same


def issue(user: User, period: Period, at: datetime, *, demo: bool) -> RecapPaper:
    """The paper of a range; the one that there is, if nothing has changed since. ValueError in a sentence if none."""
    who = viewer(user)
    if KEPALA_DINAS not in who.lanes:
        raise ValueError(NOT_ALL)
    if period.begins > at:
        raise ValueError(TOO_EARLY)
    demand_identity(values())
    says = _says(discreet_recap(who, period, at), period)
    counted = hashlib.sha256(canonical_words(says).encode()).hexdigest()
    with database.atomic():
        head = head_of_history()
        same = (RecapPaper.counted == counted) & (RecapPaper.issued_by == user)
        known: RecapPaper | None = RecapPaper.select().where(same).order_by(RecapPaper.id.desc()).first()
        if known:
            return known
        number = _numbered(at)
        anchor = {"count": head.last, "head": bytes(head.mac).hex()[:ANCHOR]}
        signer = signatory(user, title_of(user, posts_by_unit(at.astimezone(WIB).date()))).printed
        content = {**frame(KEY, TITLE, at=at, demo=demo), **says, "signer": signer, "history": anchor}
        content["paper"] = {**content["paper"], "number": number.text}
        return _kept(content, number, period, counted, user, at)


def _numbered(at: datetime) -> Number:
    [drawn] = draw(SERIES, 1, at, values())
    row = {"series": SERIES, "year": drawn.year, "place": drawn.place, "text": drawn.text, "complaint": None}
    insert_rows(Number, [{**row, "round": 0, "given_at": at}])
    here = (Number.series == SERIES) & (Number.year == drawn.year) & (Number.place == drawn.place)
    number: Number = Number.get(here)
    return number


def _kept(content: Content, number: Number, period: Period, counted: str, user: User, at: datetime) -> RecapPaper:
    text = canonical_words(content)
    row = {"number": number.id, "first": period.first, "last": period.last, "counted": counted, "content": text}
    row |= {"sha256": hashlib.sha256(text.encode()).hexdigest(), "issued_by": user.id, "issued_at": at}
    insert_rows(RecapPaper, [row])
    append_written()
    paper: RecapPaper = RecapPaper.get(RecapPaper.number == number.id)
    return paper


def _says(made: DiscreetRecap, period: Period) -> Content:
    """All in words, as the paper prints it."""
    heads = [period.words, period.before.words, period.year_ago.words]
    lines = told_lines(made.lines)
    figures = [_in_numbers(one) for one in lines if not one.figure.apart]
    figures += [[APART, "", "", ""], *(_in_numbers(one) for one in lines if one.figure.apart)]
    places = [(OF_PARTS.index(one.key), one.short or one.label) for one in told_figures(made.lines, OF_SHEET)]
    rows = [
        [str(row.mark), row.row.title, row.standard, *map(format_number, (row.cases, row.late)), *_spreads(row)]
        for row in made.rows
    ]
    parts = [
        {
            "title": table.part.title,
            "heads": [head for _, head in places],
            "rows": [
                [name, *(format_number(counts[place]) for place, _ in places)]
                for name, counts in (*table.lines, (REST, table.rest))
            ],
        }
        for table in made.parts
    ]
    return {
        "span": period.words,
        "definition": DEFINITION,
        "heads": heads,
        "figures_of": figures,
        "rows": rows,
        "parts_of": parts,
    }


def _in_numbers(line: FigureLine) -> list[str]:
    return [line.figure.label, *map(format_number, (line.now, line.before, line.year_ago))]


def _spreads(row: RowStatistics) -> list[str]:
    """Median and 90th percentile, in working and in calendar time."""
    return [_in_words(row.working), _in_words(row.calendar)]


def _in_words(spread: TimeSpread | None) -> str:
    return f"{format_duration(spread.median)} / {format_duration(spread.ninth)}" if spread else "–"
