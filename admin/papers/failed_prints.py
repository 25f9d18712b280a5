"""Papers that failed to print: the card on start pages, the list's filter, and retries."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, flash, redirect, request, url_for
from werkzeug.local import LocalProxy

from admin.door.flaskadmin import PageView, ViewPart, view_at
from admin.door.gate import READS, action, admits_to, expose
from admin.door.rows import safe_target, signed_in
from admin.door.sessions import cached_per_request
from admin.lists.filters import Choice
from models.complaint.paper import Paper, PaperToPrint, PaperToReprint
from models.complaint.scope import viewer
from models.reading import casefile
from models.store.base import now
from papers.printing.failure import again_words
from papers.printing.press import retry_now

ACT, LABEL = "reprint", "Cetak ulang yang gagal"
ASKED = "{} dokumen dicetak ulang sekarang. Muat ulang halaman ini sebentar lagi untuk melihat hasilnya."
NOTHING = "Tidak ada yang dicetak ulang: yang dipilih tidak gagal dicetak, atau diterbitkan orang lain."
OTHERS = "{} dokumen lain dilewati: tidak gagal dicetak, atau diterbitkan orang lain."
FAILED, WAITING = "gagal", "menunggu"
BY_PRINT = ((FAILED, "Gagal dicetak"), (WAITING, "Belum dicetak"))


class ByPrint(Choice):
    """Papers whose print failed or is still queued."""

    key = "print"

    def __init__(self) -> None:
        super().__init__(PaperToReprint.again_at, "Cetakan", BY_PRINT)

    def apply(self, query: Any, value: str) -> Any:
        queue = {FAILED: PaperToReprint, WAITING: PaperToPrint}[value]
        return query.join_from(Paper, queue, on=queue.paper == Paper.id)


@dataclass(frozen=True)
class FailedPrintsLine:
    """Failed papers of one kind and reason: count, reason and next retry."""

    kind: str
    title: str
    count: int
    why: str


class FailedPrintsCard:
    """The failed papers that the user may retry; queried only if the template uses it."""

    @cached_property
    def lines(self) -> list[FailedPrintsLine]:
        if not admits_to((casefile.NOUN,)):
            return []
        groups, at = casefile.failed_papers_by_kind(viewer(signed_in())), now()
        return [
            FailedPrintsLine(one.kind, one.title, one.count, f"{one.reason} {again_words(one.again_at, at)}")
            for one in groups
        ]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def list_url(self) -> str:
        """The filtered list of papers, "" for users who only maintain the print queue."""
        return "" if casefile.may_reprint_all(viewer(signed_in())) else misprints_url()


class Reprinting(ViewPart):
    """Part of the list of papers: the action that retries failed prints."""

    def allows(self, action: str) -> bool:
        # a list without the filter for failures has no room for this button in its action bar
        lists_failures = request.method == "POST" or FAILED in request.args.values()
        return action != ACT or (lists_failures and admits_to((casefile.NOUN,)))

    @action(ACT, LABEL)
    def reprint(self, ids: list[int]) -> None:
        retried = _retry(Paper.id.in_(ids))
        if retried and retried < len(ids):
            flash(OTHERS.format(len(ids) - retried), "info")


class CetakUlangView(PageView):
    """/dokumen/cetak-ulang/, not in the menu: receives the buttons of start pages."""

    noun, home, cost = casefile.NOUN, "dokumen", READS

    @expose("/", methods=("POST",))
    def index(self) -> Any:
        """Retry all failed papers of the user, or those of one kind."""
        kind = request.form.get("kind", "")
        _retry(Paper.kind == kind if kind else Paper.id.is_null(False))
        return redirect(safe_target(request.form.get("url")) or "/")


def _retry(condition: Any) -> int:
    """Queue the user's failed papers that meet the condition; flashes and returns their number."""
    papers = casefile.own_failed_papers(viewer(signed_in())).where(condition)
    count = retry_now([number for (number,) in papers.select(Paper.id).tuples()], now())
    flash(ASKED.format(count) if count else NOTHING, "success" if count else "warning")
    return count


def misprints_url() -> str:
    """The address of the list of papers, filtered by failures."""
    filters = getattr(view_at("dokumen"), "offered_filters", ())
    index = next(index for index, one in enumerate(filters) if isinstance(one, ByPrint))
    return f"{url_for('dokumen.index_view')}?flt{index}_{index}={FAILED}"


def install(app: Flask) -> None:
    """Provide `misprints` to templates; lazy, so that pages without it do not query the database."""
    app.jinja_env.globals["misprints"] = LocalProxy(_card)


@cached_per_request
def _card() -> FailedPrintsCard:
    return FailedPrintsCard()


def views() -> list[PageView]:
    return [CetakUlangView(name="Cetak ulang", endpoint="cetak-ulang", url="/dokumen/cetak-ulang")]
