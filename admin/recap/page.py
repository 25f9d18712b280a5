"""/rekapitulasi/: a range of days in figures, each a link to its list; the same as XLSX and CSV."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request, url_for

from admin.door.cost import CHECKS_PASSWORD, PRINTS, READS, READS_MUCH
from admin.door.flaskadmin import FlaskAdminPage
from admin.door.gate import Gated, belongs_to
from admin.door.ids import valid_id
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.factor.proof import require_proof_to_sign
from admin.kit.export import KINDS
from admin.kit.noted import REPORTS
from admin.recap.asked import AskedPeriod
from admin.recap.files import recap_file
from admin.recap.links import figure_links
from admin.recap.paper import OFFICIAL, latest_issued, may_issue, reads_issued, recap_pdf
from models.complaint.scope import Viewer, viewer
from models.demo.demo import is_demo
from models.office.people import today
from models.reading.figures import DEFINITION, PART_BY_KEY, PARTS
from models.reading.period import Period, usual_periods
from models.reading.recap import PartTable, part_tables, recap
from models.reading.recap_paper import issue
from models.reading.times import DAYS_KEY, MEANING, AnswerTable, answer_tables
from models.reading.times import HEADS as HEADS_OF_ANSWERS
from models.store.base import now

NOUN = "rekapitulasi"
MOST, BRIEF = 100, 30  # lines of a table that stands alone, and beside others


class RekapitulasiView(Gated, FlaskAdminPage):
    """Counts what the person may open, and says so."""

    noun, cost = NOUN, READS

    @expose("/")
    def index(self) -> Any:
        asked = AskedPeriod.of_address()
        return make_response(self._page(asked), 200 if asked.period else 422)

    def _page(self, asked: AskedPeriod, why: str = "") -> str:
        who, at, sections = viewer(signed_in()), now(), _sections()
        key = _asked_section(sections)
        page = self.render(
            "admin/recap/recap.html",
            asked=asked,
            at=at,
            section=key,
            sections=[(words, _page_of(asked.period, name), name == key) for name, words in sections if asked.period],
            **(_counted(who, asked.period, at, key) if asked.period else {}),
            definition=DEFINITION,
            meaning=MEANING,
            answer_heads=HEADS_OF_ANSWERS,
            why=why or asked.why,
            link=figure_links(),
            usual=[(one.words, _page_of(one, key)) for one in usual_periods(today())],
            files=[(words, _file_of(kind, asked.period)) for kind, words in KINDS.items()] if asked.period else [],
            reads_all=who.reads_all,
            may_issue=may_issue() and asked.period is not None and asked.period.begins <= at,
            issued=latest_issued(who),
        )
        return str(page)

    @expose("/export/<any(xlsx,csv):export_type>/", cost=READS_MUCH)
    def export(self, export_type: str) -> Response:
        asked = AskedPeriod.of_address()
        if asked.period is None:
            return make_response(self.index(), 422)
        return recap_file(signed_in(), asked.period, export_type)

    @expose("/terbit/", methods=("POST",), cost=CHECKS_PASSWORD)
    @belongs_to(OFFICIAL)
    def issue(self) -> Any:
        """Numbered and frozen; the same once more is the one that there is."""
        require_proof_to_sign()
        try:
            period = Period.read(*(request.form.get(name, "")[:20] for name in ("dari", "sampai")))
            paper = issue(signed_in(), period, now(), demo=is_demo())
        except ValueError as fault:
            return make_response(self._page(AskedPeriod.of_address(), str(fault)), 422)
        flash(f"Rekapitulasi {period.words} telah terbit dengan nomor {paper.number.text}.", "success")
        return redirect(_page_of(period))

    @expose("/terbit/<row:number>.pdf", cost=PRINTS)
    def issued(self, number: str) -> Response:
        pdf = recap_pdf(valid_id(number)) if reads_issued(viewer(signed_in())) else None
        return pdf or abort(404)


def _sections() -> list[tuple[str, str]]:
    """What the page tells one at a time, by the key in its address: all figures, each part, the days to an answer."""
    parts = [part for part in PARTS if not part.is_optional or part.column.rel_model.select().exists()]
    return [("", "Angka pokok"), *((part.key, part.title) for part in parts), (DAYS_KEY, "Hari sampai dijawab")]


def _asked_section(sections: Collection[tuple[str, str]]) -> str:
    asked = request.args.get("rinci", "")
    return asked if asked.partition("-")[0] in dict(sections) else ""


def _counted(who: Viewer, period: Period, at: datetime, key: str) -> dict[str, object]:
    """The section's figures: of a long table so many lines as the address asks for."""
    if not key:
        return {"recap": recap(who, period, at, parts=(), answers=False)}
    tables: tuple[PartTable | AnswerTable, ...]
    if key.startswith(DAYS_KEY):
        every, one = answer_tables(who, period), key.removeprefix(DAYS_KEY).lstrip("-")
        tables = tuple(table for table in every if table.key == one) or every
    else:
        tables = part_tables(who, period, at, [PART_BY_KEY[key]])
    alone = len(tables) == 1
    last = max(len(tables[0].lines) - 1, 0) if alone else 0
    start = min(max(request.args.get("mulai", 0, type=int), 0), last) // MOST * MOST
    return {"tables": tables, "shown": slice(start, start + (MOST if alone else BRIEF)), "alone": alone, "most": MOST}


def _page_of(period: Period, section: str = "") -> str:
    return url_for(f"{NOUN}.index", dari=period.first, sampai=period.last, rinci=section or None)


def _file_of(kind: str, period: Period) -> str:
    return url_for(f"{NOUN}.export", export_type=kind, dari=period.first, sampai=period.last)


def views() -> list[FlaskAdminPage]:
    return [RekapitulasiView(name="Rekapitulasi", endpoint=NOUN, url="/rekapitulasi", category=REPORTS)]
