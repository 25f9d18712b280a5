"""Choosing every row that filters leave; and Tampilan saya, named views of a list."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from flask import abort, current_app, flash, g, redirect, request

from admin.door.flaskadmin import Handler, ViewPart, view_at
from admin.door.gate import PRINTS_MUCH, expose
from admin.door.rows import MOST_IDS, signed_in, valid_id, valid_ids
from admin.lists.saved_query import NamesOfList
from models.complaint.accesslog import IdSpans
from models.complaint.search_words import hangs_on_cases
from models.office.preferences import KeptView, drop_view, keep_view, release_views, use_view, views_of
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


class RowActs(ViewPart):
    """Part of a list: what is done to rows that were ticked, or to all by "Pilih semua … hasil" and its page."""

    @expose("/action/", methods=("POST",), cost=PRINTS_MUCH)
    def action_view(self) -> Any:
        view, name = self.view, request.form.get("action", "")
        if name in VIEW_ACTS and view.saved_views.is_offered():
            return view.saved_views.act(name)
        if name == CHOOSE and view.get_actions_list()[0]:
            return self.choose_all()
        handler = view.action_handler(name)
        if handler is None or not view.is_action_allowed(name):
            abort(404)
        ids = self.chosen_ids() if CHOSEN in request.form else self._ticked_ids()
        return (handler(ids) if ids else None) or redirect(view.return_url)

    def _ticked_ids(self) -> list[int]:
        """The rows that were ticked on the list, all of which the person must see."""
        ids = valid_ids(request.form.getlist("rowid"))
        if not ids:
            flash("Pilih sedikitnya satu baris.", "warning")
        elif self.view.own_rows().where(among(self.view.model._meta.primary_key, ids)).count() != len(ids):
            abort(404)
        return ids

    def first_actions(self) -> Sequence[tuple[str, str, Handler]]:
        """Actions (key, label, what it does) that stand before those of the other parts."""
        return ()

    def acts(self, ids: list[int]) -> list[ChosenAct]:
        """What may be done on these rows."""
        return [ChosenAct(key, str(label)) for key, label in self.view.get_actions_list()[0]]

    def summary(self, ids: list[int]) -> Sequence[tuple[str, str, int]]:
        """What the rows are: (state, unit, how many) of the cases behind them."""
        return ()

    def all_link(self, count: int, shown: int) -> tuple[str, str] | None:
        """Words and address of the button that chooses more than the page shows; None where it shows all."""
        if count <= shown:
            return None
        words = f"Pilih semua {'lebih dari 1.000' if count > 1_000 else count} hasil"
        return words, self.view.get_url(".action_view", **self.view.jump.carried())

    def choose_all(self) -> Any:
        """The page on which a choice is acted on; it is made at this moment, and carried by the page itself."""
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

    def chosen_ids(self) -> list[int]:
        """The rows of a choice that the person may still see; what is gone meanwhile is named in a message."""
        ids = _read(request.form.get(CHOSEN, ""))
        key = self.view.model._meta.primary_key
        left = self.view.own_rows().where(among(key, ids)).select(key)
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


KEEP, OPEN, DROP, RELEASE = VIEW_ACTS = ("simpan-tampilan", "buka-tampilan", "hapus-tampilan", "lepas-tampilan")
COLUMNS, PLAIN = "kolom", "polos"  # which columns are shown; the list without the view that was used last
KEPT = "Tampilan disimpan. Daftar ini terbuka dengan tampilan itu."
FAILED = (
    "Tampilan “{}” tidak dapat dibuka. Daftar tampil tanpa tampilan itu; simpan kembali dari saringan yang masih ada."
)
GONE_FROM_VIEW = "Sebagian saringan atau urutan pada tampilan ini sudah tidak ada dan dilewati."
NOTHING_TO_KEEP = "Pilih lebih dahulu saringan, urutan, kolom, atau jumlah baris yang ingin disimpan."


class SavedViews(ViewPart):
    """Part of a list: its named views, where it tells of cases."""

    def is_offered(self) -> bool:
        return hangs_on_cases(self.view.model)

    def stored(self) -> list[KeptView]:
        """The person's views of this list, read once a request."""
        if not self.is_offered():
            return []
        of_lists: dict[str, list[KeptView]] = g.setdefault("kept_views", {})
        page = self.view.endpoint
        if page not in of_lists:
            of_lists[page] = views_of(signed_in(), page)
        return of_lists[page]

    def last(self) -> KeptView | None:
        """The view that the list opens with."""
        return next((view for view in self.stored() if view.last), None)

    def address_of_last(self) -> str:
        """Where the bare list leads for whom a view was open last; "" for everybody else."""
        last = None if request.args else self.last()
        return self._address_of(last.asked) if last else ""

    def names(self) -> NamesOfList:
        """How views name the filters and columns of this list."""
        columns = [name for name, _ in self.view.get_list_columns()]
        return NamesOfList(self.view.endpoint, [item.key for item in self.view.offered_filters], columns)

    def _address_of(self, saved: str) -> str:
        """Where a view leads today; a message names what of it is gone."""
        asked, is_whole = self.names().to_address(saved)
        if not is_whole:
            flash(GONE_FROM_VIEW, "warning")
        return f"{self.view.get_url('.index_view')}?{asked or f'{PLAIN}=1'}"

    def or_plain(self, address: str) -> str:
        """The address of a list; the bare one has another name while a view would take its place."""
        return f"{address}?{PLAIN}=1" if "?" not in address and self.last() else address

    def shown_columns(self) -> frozenset[str]:
        """The columns of the list that are shown."""
        names = [name for name, _ in self.view.get_list_columns()]
        asked = set(str(self.view.list_args().extra_args.get(COLUMNS, "")).split(",")) & set(names)
        return frozenset(asked | {self.view.titled} if asked else names)

    def columns_asked(self, typed: Iterable[str]) -> str:
        """The columns that an address names, "" where they are all."""
        names = {name for name, _ in self.view.get_list_columns()} - {self.view.titled}
        asked = {one for part in typed for one in part.split(",")} & names
        return ",".join(sorted(asked)) if asked and asked != names else ""

    def act(self, act: str) -> Any:
        """Keep, open, drop or leave a view; then the list as it is asked for."""
        view, person, page = self.view, signed_in(), self.view.endpoint
        if act == OPEN:
            saved = use_view(person, page, valid_id(request.form.get("tampilan", "")))
            return redirect(self._address_of(saved) if saved else view.get_url(".index_view"))
        if act == KEEP:
            asked = urlsplit(view.jump.address_at()).query
            is_bare = asked in ("", f"{PLAIN}=1")
            saved = self.names().to_saved(asked)
            wrong = NOTHING_TO_KEEP if is_bare else keep_view(person, page, request.form.get("nama", ""), saved)
            flash(wrong or KEPT, "warning" if wrong else "success")
            return redirect(view.jump.address_at())
        if act == DROP:
            drop_view(person, page, valid_id(request.form.get("tampilan", "")))
            flash("Tampilan dihapus.", "success")
            return redirect(view.jump.address_at())
        release_views(person, page)
        return redirect(view.get_url(".index_view"))


def leave_failing_view() -> str:
    """The bare list's address, if what just failed is the kept view that its list opens with; "" for anything else."""
    try:
        view = view_at((request.endpoint or "").rpartition(".")[0])
        saved = getattr(view, "parts_by_name", {}).get("saved_views") if request.method == "GET" else None
        last = saved.last() if saved else None
        asked = parse_qsl(saved.names().to_address(last.asked)[0]) if saved and last else []
        if last is None or parse_qsl(request.query_string.decode()) != asked:
            return ""
        release_views(signed_in(), view.endpoint)
    except Exception:
        current_app.logger.exception("a kept view that fails cannot be left")
        return ""
    flash(FAILED.format(last.name), "warning")
    return str(view.get_url(".index_view"))
