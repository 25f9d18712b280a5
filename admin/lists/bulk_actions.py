"""Bulk actions: on rows that were ticked, or on every row that the filters match."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import abort, flash, redirect, request

from admin.door.flaskadmin import Handler, ViewPart
from admin.door.gate import PRINTS_MUCH, expose
from admin.door.rows import MOST_IDS, valid_ids
from admin.lists.saved_views import ARRANGE, VIEW_ACTS
from models.complaint.accesslog import IdSpans
from models.store.base import among, now
from sop.words import format_moment

CHOOSE = "semua"  # the action that selects all matching rows
CHOSEN = "pilihan"  # form field with the selected ids as spans, "3 7-12"
ONE = r"[1-9][0-9]{0,9}(?:-[1-9][0-9]{0,9})?"
SPANS = re.compile(rf"{ONE}(?: {ONE})*", re.ASCII)
SPANS_OF = IdSpans()
GONE = "{} yang dipilih tidak lagi dapat Anda buka dan tidak diikutkan."
NOTHING = "Tidak ada yang dipilih: daftar ini sudah kosong."


class BulkAct(NamedTuple):
    """An action for the selection; `waiting`: for how many it is due, None where that is not counted."""

    key: str
    label: str
    waiting: int | None = None


class BulkActions(ViewPart):
    """Part of a list: actions on ticked rows, or on all matches by "Pilih semua … hasil" and its page."""

    @expose("/action/", methods=("POST",), cost=PRINTS_MUCH)
    def action_view(self) -> Any:
        view, name = self.view, request.form.get("action", "")
        if name in (ARRANGE, *VIEW_ACTS) and view.saved_views.is_offered():
            return view.look.act() if name == ARRANGE else view.saved_views.act(name)
        if name == CHOOSE and view.get_actions_list()[0]:
            return self.select_all()
        handler = view.action_handler(name)
        if handler is None or not view.is_action_allowed(name):
            abort(404)
        ids = self.selected_ids() if CHOSEN in request.form else self._ticked_ids()
        return (handler(ids) if ids else None) or redirect(view.return_url)

    def _ticked_ids(self) -> list[int]:
        """The ticked rows; 404 unless the user may see all of them."""
        ids = valid_ids(request.form.getlist("rowid"))
        if not ids:
            flash("Pilih sedikitnya satu baris.", "warning")
        elif self.view.own_rows().where(among(self.view.model._meta.primary_key, ids)).count() != len(ids):
            abort(404)
        return ids

    def first_actions(self) -> Sequence[tuple[str, str, Handler]]:
        """Actions (key, label, handler) that precede those of the other parts."""
        return ()

    def states_of(self, rows: Sequence[Any]) -> str:
        """What decides which actions fit each row: a letter for the state of its case; "" where every action fits."""
        return ""

    def fits(self, action: str) -> Mapping[str, str]:
        """An attribute of an action's button for the script, with the letters of the states of rows that it fits:
        `main` where those rows wait for it, else `fits`. An action without it fits every row."""
        return {}

    def acts(self, ids: list[int]) -> list[BulkAct]:
        return [BulkAct(key, str(label)) for key, label in self.view.get_actions_list()[0]]

    def summary(self, ids: list[int]) -> Sequence[tuple[str, str, int]]:
        """(state, unit, count) of the cases of these rows."""
        return ()

    def all_link(self, count: int, shown: int) -> tuple[str, str] | None:
        """Label and address of the button that selects all matches; None if the page shows them all."""
        if count <= shown:
            return None
        words = f"Pilih semua {'lebih dari 1.000' if count > 1_000 else count} hasil"
        return words, self.view.get_url(".action_view", **self.view.jump.preserved_arguments())

    def select_all(self) -> Any:
        """The page for acting on all matches; the ids are fixed now and embedded in the page's form."""
        view, args = self.view, self.view.list_args()
        ids, count = view.listing.first_ids(args, MOST_IDS)
        if not ids:
            flash(NOTHING, "warning")
            return redirect(view.get_url(".index_view"))
        return view.render(
            "admin/lists/whole.html",
            chosen=SPANS_OF.db_value(ids),
            number=len(ids),
            count=count,
            at=format_moment(now()),
            acts=self.acts(ids),
            confirmations=view.get_actions_list()[1],
            summary=self.summary(ids),
            filters=view.filtering.in_words(args),
            back=view.list_address(args.clone(page=None)),
        )

    def selected_ids(self) -> list[int]:
        """The submitted ids, without duplicates, that the user may still see; a message says how many are missing."""
        text = request.form.get(CHOSEN, "")
        spans = SPANS_OF.python_value(text) if SPANS.fullmatch(text) else None
        if not spans or not all(spans) or sum(map(len, spans)) > MOST_IDS:  # no page of the panel submits this
            abort(400, "Pilihan pada halaman ini tidak terbaca. Pilih sekali lagi dari daftarnya.")
        ids = list(dict.fromkeys(number for span in spans for number in span))
        key = self.view.model._meta.primary_key
        query = self.view.own_rows().where(among(key, ids)).select(key)
        visible = {number for (number,) in query.tuples()}
        if len(visible) < len(ids):
            flash(GONE.format(len(ids) - len(visible)), "warning")
        return [number for number in ids if number in visible]
