"""Every row that a list's search and filters leave, chosen at once; frozen as ids: what comes later stays out."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import abort, flash, redirect, request
from flask_admin.model.base import ViewArgs

from admin.door.flaskadmin import FlaskAdminView
from admin.door.ids import MOST_IDS
from models.complaint.accesslog import IdSpans
from models.store.base import among, now
from sop.words import format_moment

CHOOSE = "semua"  # the act that chooses, and does nothing else
CHOSEN = "pilihan"  # the blank in which a choice travels: ids as spans, "3 7-12"
ONE = r"[1-9][0-9]{0,9}(?:-[1-9][0-9]{0,9})?"
SPANS = re.compile(rf"{ONE}(?: {ONE})*", re.ASCII)
SPANS_OF = IdSpans()
GONE = "{} yang dipilih tidak lagi dapat Anda buka dan tidak diikutkan."
NOTHING = "Tidak ada yang dipilih: daftar ini sudah kosong."


class ChosenAct(NamedTuple):
    """An act that may be done on a choice; of how many it is the turn, None where that is not asked."""

    key: str
    label: str
    waiting: int | None = None


class ChoosingAll(FlaskAdminView):
    """Mixin of PanelView: the button "Pilih semua … hasil" and the page that it leads to."""

    def first_ids(self, args: ViewArgs, most: int) -> tuple[list[int], int]:
        """The first rows that the address asks for, and how many there are as far as they are counted."""
        raise NotImplementedError

    def own_rows(self) -> Any:
        """The rows of this person."""
        raise NotImplementedError

    def chosen_acts(self, ids: list[int]) -> list[ChosenAct]:
        """What may be done on these rows."""
        return [ChosenAct(key, str(label)) for key, label in self.get_actions_list()[0]]

    def chosen_filters(self, args: ViewArgs) -> Sequence[str]:
        """What the rows were found by, in words."""
        raise NotImplementedError

    def chosen_summary(self, ids: list[int]) -> Sequence[tuple[str, str, int]]:
        """What the rows are: (state, unit, how many) of the cases behind them."""
        return ()

    def all_link(self, count: int, shown: int) -> tuple[str, str] | None:
        """Words and address of the button that chooses more than the page shows; None where it shows all."""
        if count <= shown:
            return None
        words = f"Pilih semua {'lebih dari 1.000' if count > 1_000 else count} hasil"
        return words, self.get_url(".action_view", **self.carried())

    def carried(self) -> dict[str, object]:
        """Search, filters and order of the list as parts of an address."""
        raise NotImplementedError

    def choose_all(self) -> Any:
        """The page on which a choice is acted on; it is made at this moment, and carried by the page itself."""
        args = self.list_args()
        ids, count = self.first_ids(args, MOST_IDS)
        if not ids:
            flash(NOTHING, "warning")
            return redirect(self.get_url(".index_view"))
        return self.render(
            "admin/choosing/whole.html",
            chosen=SPANS_OF.db_value(ids),
            number=len(ids),
            count=count,
            at=format_moment(now()),
            acts=self.chosen_acts(ids),
            confirmations=self.get_actions_list()[1],
            summary=self.chosen_summary(ids),
            filters=self.chosen_filters(args),
            back=self.list_address(args.clone(page=None)),
        )

    def chosen_ids(self) -> list[int]:
        """The rows of a choice that the person may still see; what is gone meanwhile is told."""
        ids = _read(request.form.get(CHOSEN, ""))
        left = self.own_rows().where(among(self.model._meta.primary_key, ids)).select(self.model._meta.primary_key)
        seen = {number for (number,) in left.tuples()}
        if len(seen) < len(ids):
            flash(GONE.format(len(ids) - len(seen)), "warning")
        return [number for number in ids if number in seen]


def _read(text: str) -> list[int]:
    """The ids of a choice, each once. 400 for what no page has made."""
    spans = SPANS_OF.python_value(text) if SPANS.fullmatch(text) else None
    if not spans or not all(spans) or sum(map(len, spans)) > MOST_IDS:
        abort(400, "Pilihan pada halaman ini tidak terbaca. Pilih sekali lagi dari daftarnya.")
    return list(dict.fromkeys(number for span in spans for number in span))
