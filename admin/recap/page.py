"""/rekapitulasi/: a range of days in figures, each a link to its list; the same as XLSX and CSV."""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, request, url_for

from admin.door.flaskadmin import FlaskAdminPage
from admin.door.gate import Gated
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.kit.export import KINDS
from admin.kit.noted import REPORTS
from admin.recap.files import recap_file
from admin.recap.links import figure_links
from models.office.people import today
from models.recap.counting import recap
from models.recap.period import Period, usual_periods
from models.store.base import now
from models.tables.scope import viewer

NOUN = "rekapitulasi"


@dataclass(frozen=True)
class AskedPeriod:
    """The range of the address: as it was typed, what it is, or why it is none."""

    first: str
    last: str
    period: Period | None
    why: str = ""

    @classmethod
    def of_address(cls) -> "AskedPeriod":
        """Of the address; the present month where none is asked for."""
        month = usual_periods(today())[0]
        whole = {"dari": month.first.isoformat(), "sampai": month.last.isoformat()}
        first, last = (request.args.get(name, usual)[:20] for name, usual in whole.items())
        try:
            return cls(first, last, Period.read(first, last))
        except ValueError as fault:
            return cls(first, last, None, str(fault))


class RekapitulasiView(Gated, FlaskAdminPage):
    """Counts what the person may open, and says so."""

    noun = NOUN

    @expose("/")
    def index(self) -> Any:
        asked, who = AskedPeriod.of_address(), viewer(signed_in())
        counted = recap(who, asked.period, now()) if asked.period else None
        page = self.render(
            "admin/recap/recap.html",
            asked=asked,
            recap=counted,
            link=figure_links(),
            usual=[(one.words, _page_of(one)) for one in usual_periods(today())],
            files=[(words, _file_of(kind, asked.period)) for kind, words in KINDS.items()] if asked.period else [],
            reads_all=who.reads_all,
        )
        return make_response(page, 200 if counted else 422)

    @expose("/export/<any(xlsx,csv):export_type>/")
    def export(self, export_type: str) -> Response:
        asked = AskedPeriod.of_address()
        if asked.period is None:
            return make_response(self.index(), 422)
        return recap_file(signed_in(), asked.period, export_type)


def _page_of(period: Period) -> str:
    return url_for(f"{NOUN}.index", dari=period.first, sampai=period.last)


def _file_of(kind: str, period: Period) -> str:
    return url_for(f"{NOUN}.export", export_type=kind, dari=period.first, sampai=period.last)


def views() -> list[FlaskAdminPage]:
    return [RekapitulasiView(name="Rekapitulasi", endpoint=NOUN, url="/rekapitulasi", category=REPORTS)]
