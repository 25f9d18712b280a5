"""What could not be printed: the card of the start pages, the list's filter, and having it printed again."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, flash, redirect, request, url_for
from werkzeug.local import LocalProxy

from admin.door.flaskadmin import PageView, ViewPart, view_at
from admin.door.gate import READS, action, admits_to, expose
from admin.door.rows import safe_target, signed_in
from admin.door.sessions import once_a_request
from admin.lists.filters import Choice
from models.complaint.paper import Paper, PaperToPrint, PaperToReprint
from models.complaint.scope import viewer
from models.reading import casefile
from models.store.base import now
from papers.printing.failure import again_words
from papers.printing.press import ask_again

ACT, LABEL = "reprint", "Cetak ulang yang gagal"
ASKED = "{} dokumen dicetak ulang sekarang. Muat ulang halaman ini sebentar lagi untuk melihat hasilnya."
NOTHING = "Tidak ada yang dicetak ulang: yang dipilih tidak gagal dicetak, atau diterbitkan orang lain."
OTHERS = "{} dokumen lain dilewati: tidak gagal dicetak, atau diterbitkan orang lain."
FAILED, WAITING = "gagal", "menunggu"
BY_PRINT = ((FAILED, "Gagal dicetak"), (WAITING, "Belum dicetak"))


class ByPrint(Choice):
    """Papers whose print failed, and those that the press has not come to yet."""

    key = "print"

    def __init__(self) -> None:
        super().__init__(PaperToReprint.again_at, "Cetakan", BY_PRINT)

    def apply(self, query: Any, value: str) -> Any:
        queue = {FAILED: PaperToReprint, WAITING: PaperToPrint}[value]
        return query.join_from(Paper, queue, on=queue.paper == Paper.id)


@dataclass(frozen=True)
class MisprintLine:
    """Papers of one kind that failed for one reason: how many, why, and when they are tried again."""

    kind: str
    title: str
    count: int
    why: str


class MisprintCard:
    """What the person may have printed again: asked for once a request, by the start page that shows it."""

    @cached_property
    def lines(self) -> list[MisprintLine]:
        if not admits_to((casefile.NOUN,)):
            return []
        groups, at = casefile.misprints_by_kind(viewer(signed_in())), now()
        return [
            MisprintLine(one.kind, one.title, one.count, f"{one.reason} {again_words(one.again_at, at)}")
            for one in groups
        ]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)

    @property
    def list_url(self) -> str:
        """The list of them, for whoever reads papers."""
        return "" if casefile.keeps_press(viewer(signed_in())) else misprints_url()


class Reprinting(ViewPart):
    """Part of the list of papers: what failed is printed again, for whoever may."""

    def allows(self, action: str) -> bool:
        return action != ACT or (_of_failures() and admits_to((casefile.NOUN,)))

    @action(ACT, LABEL)
    def reprint(self, ids: list[int]) -> None:
        asked = _ask_again(Paper.id.in_(ids))
        if asked and asked < len(ids):
            flash(OTHERS.format(len(ids) - asked), "info")


class CetakUlangView(PageView):
    """/dokumen/cetak-ulang/ – not in the menu: where the buttons of the start pages lead."""

    noun, home, cost = casefile.NOUN, "dokumen", READS

    @expose("/", methods=("POST",))
    def index(self) -> Any:
        """All that the person may have printed again, or what of it is of one kind."""
        kind = request.form.get("kind", "")
        _ask_again(Paper.kind == kind if kind else Paper.id.is_null(False))
        return redirect(safe_target(request.form.get("url")) or "/")


def _of_failures() -> bool:
    """Whether the list shows what failed: elsewhere the bar under it has no room for one more button."""
    return request.method == "POST" or FAILED in request.args.values()


def _ask_again(which: Any) -> int:
    """Let the press try those of the person's failed papers; how many, which is told."""
    papers = casefile.own_misprints(viewer(signed_in())).where(which)
    asked = ask_again([number for (number,) in papers.select(Paper.id).tuples()], now())
    flash(ASKED.format(asked) if asked else NOTHING, "success" if asked else "warning")
    return asked


def misprints_url() -> str:
    """The list of papers, narrowed to those that could not be printed."""
    filters = getattr(view_at("dokumen"), "offered_filters", ())
    index = next(index for index, one in enumerate(filters) if isinstance(one, ByPrint))
    return f"{url_for('dokumen.index_view')}?flt{index}_{index}={FAILED}"


def install(app: Flask) -> None:
    """Lazy, as the rest of the frame: a page that does not ask must not touch the database."""
    app.context_processor(lambda: {"misprints": LocalProxy(_card)})


@once_a_request
def _card() -> MisprintCard:
    return MisprintCard()


def views() -> list[PageView]:
    return [CetakUlangView(name="Cetak ulang", endpoint="cetak-ulang", url="/dokumen/cetak-ulang")]
