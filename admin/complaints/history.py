"""Riwayat: every act as a sentence, and the verification of the history's hash chain."""

from typing import Any

from flask import flash, redirect
from markupsafe import Markup, escape

from admin.case.sentences import act_labels, history_entries, shorten_text
from admin.door.gate import READS_MUCH, belongs_to, expose
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.case_filters import case_filters
from admin.lists.cells import NOTHING, nowrap, number_in_compact_row, short_moment, sub_line
from admin.lists.filters import Choice, Contains, Since, Until
from admin.lists.jump import Jump
from admin.papers.status import complaint_link
from models.complaint.event import Event, Verification, last_verified
from models.complaint.scope import may_open
from models.operations.duties import save_verification
from models.store.base import now
from models.workflow.proof import verified
from sop.words import format_moment, format_number

BLANKS_IN_A_ROW = 5  # fields of an act in the list, in the form's order; the complaint's page has all
CHECK = "periksa-riwayat"


class RiwayatView(PanelView):
    """/riwayat/: the acts on cases that the user may see."""

    noun, shows_case_text, list_class = "riwayat", True, "deeds"
    joins = ("complaint",)
    column_list = ("at", "who", "act", "complaint.number", "blanks")
    column_labels = {"act": "Yang dilakukan", "complaint.number": "Pengaduan", "blanks": "Isian"}
    column_sortable_list = ("at", "complaint.number")
    column_orders = {"complaint.number": Event.complaint}
    column_default_sort = ("at", True)
    jump = Jump(day="at", number="complaint.number")
    column_searchable_list = ("who", "complaint.number")
    search_names = {"who": "pelaku", "complaint.number": "nomor pengaduan"}
    column_filters = (
        Since("at", "Tanggal"),
        Until("at", "Tanggal"),
        Choice("act", "Langkah", lambda: list(act_labels().items())),
        Contains("who", "Nama petugas"),
        *case_filters(Event),
    )
    column_formatters = {
        "at": lambda view, context, row, name: nowrap(short_moment(row.at)),
        "who": lambda view, context, row, name: who_cell(row.who),
        "act": lambda view, context, row, name: row.act_sentence,
        "complaint.number": lambda view, context, row, name: (
            complaint_link(row.complaint, number_in_compact_row) if row.complaint else NOTHING
        ),
        "blanks": lambda view, context, row, name: blanks_cell(row.fields_in_words),
    }
    counted = "catatan"
    list_template = "admin/complaints/history.html"
    empty_text = "Belum ada catatan riwayat yang dapat Anda buka."

    @property
    def pages(self) -> tuple[str, ...]:
        """Users who may verify the history may open the page too; the rows are still limited to their cases."""
        return (self.noun, CHECK)

    def rows(self, keys: list[int]) -> list[Any]:
        """With decrypted bodies: all rows belong to cases that the user may see."""
        rows = super().rows(keys)
        for row, entry in zip(rows, history_entries(rows, signed_in(), digests=False), strict=True):
            row.act_sentence, row.fields_in_words = entry.deed, entry.blanks
        return rows

    def may_check(self) -> bool:
        return may_check()

    def checks_only(self) -> bool:
        """Whether the user may verify the history but read no case, so that the list is empty whatever happens."""
        return not may_open(signed_in(), self.noun)

    def last_check(self) -> Verification | None:
        return last_verified()

    moment, amount = staticmethod(format_moment), staticmethod(format_number)

    @expose("/periksa/", methods=("POST",), cost=READS_MUCH)
    @belongs_to(CHECK)
    def check(self) -> Any:
        """Verify the whole history and the data whose hashes it records."""
        count, broken = verified()
        save_verification(count, broken, now())
        if broken:
            intact = f"{format_number(count)} catatan riwayat diperiksa dan utuh."
            flash(f"Riwayat tidak utuh: {' '.join(broken)} {intact}", "danger")
        else:
            flash(f"Riwayat utuh – {format_number(count)} catatan diperiksa.", "success")
        return redirect(self.get_url(".index_view"))


def may_check() -> bool:
    return may_open(signed_in(), CHECK)


def who_cell(who: str) -> Markup:
    """The name, and below it the title in which the user acted."""
    name, _, title = who.partition(" (")
    return Markup(" ").join([escape(name), sub_line(title.removesuffix(")"))]) if title else escape(name)


def blanks_cell(filled: Any) -> Any:
    """The fields of an act: the first one, and in a <details> some more, one line each."""
    lines = [
        Markup('<span class="muted">{}:</span> {}').format(label, shorten_text(value))
        for label, value in filled.items()
    ]
    if not lines:
        return NOTHING
    first, more, rest = lines[0], lines[1:BLANKS_IN_A_ROW], len(lines) - BLANKS_IN_A_ROW
    if rest > 0:
        more.append(Markup('<span class="muted">dan {} isian lain</span>').format(rest))
    if not more:
        return first
    return Markup('<details class="disclosure"><summary>{}</summary>{}</details>').format(
        first, Markup("<br>").join(more)
    )


def views() -> list[PanelView]:
    return [RiwayatView(Event, "Riwayat", endpoint="riwayat", url="/riwayat")]
