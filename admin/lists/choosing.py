"""Choosing every row that filters leave; and Tampilan saya, named views of a list."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from flask import abort, current_app, flash, g, redirect, request
from flask_admin.model.base import ViewArgs

from admin.door.flaskadmin import FlaskAdminView, view_at
from admin.door.rows import MOST_IDS, signed_in, valid_id
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
        """The rows of a choice that the person may still see; what is gone meanwhile is named in a message."""
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


KEEP, OPEN, DROP, RELEASE = VIEW_ACTS = ("simpan-tampilan", "buka-tampilan", "hapus-tampilan", "lepas-tampilan")
COLUMNS, PLAIN = "kolom", "polos"  # which columns are shown; the list without the view that was used last
KEPT = "Tampilan disimpan. Daftar ini terbuka dengan tampilan itu."
FAILED = (
    "Tampilan “{}” tidak dapat dibuka. Daftar tampil tanpa tampilan itu; simpan kembali dari saringan yang masih ada."
)
GONE_FROM_VIEW = "Sebagian saringan atau urutan pada tampilan ini sudah tidak ada dan dilewati."
NOTHING_TO_KEEP = "Pilih lebih dahulu saringan, urutan, kolom, atau jumlah baris yang ingin disimpan."


class NamedViews(FlaskAdminView):
    """Mixin of PanelView: for lists that tell of cases."""

    @property
    def titled(self) -> str:
        """The column that no view leaves out."""
        raise NotImplementedError

    def address_at(self, **place: str) -> str:
        """The list as it was asked for."""
        raise NotImplementedError

    def kept_views(self) -> list[KeptView]:
        """The person's views of this list, read once a request."""
        if not hangs_on_cases(self.model):
            return []
        kept: dict[str, list[KeptView]] = g.setdefault("kept_views", {})
        if self.endpoint not in kept:
            kept[self.endpoint] = views_of(signed_in(), self.endpoint)
        return kept[self.endpoint]

    def keeps_views(self) -> bool:
        return hangs_on_cases(self.model)

    def last_view(self) -> KeptView | None:
        return next((view for view in self.kept_views() if view.last), None)

    def remembered_address(self) -> str:
        """Where the bare list leads for whom a view was open last; "" for everybody else."""
        last = None if request.args else self.last_view()
        return self._address_of(last.asked) if last else ""

    def names_in_views(self) -> NamesOfList:
        """How views name the filters and columns of this list."""
        columns = [name for name, _ in self.get_list_columns()]
        return NamesOfList(self.endpoint, [item.key for item in self.offered_filters], columns)

    def _address_of(self, saved: str) -> str:
        """Where a view leads today; a message names what of it is gone."""
        asked, is_whole = self.names_in_views().to_address(saved)
        if not is_whole:
            flash(GONE_FROM_VIEW, "warning")
        return f"{self.get_url('.index_view')}?{asked or f'{PLAIN}=1'}"

    def or_plain(self, address: str) -> str:
        """The address of a list; the bare one has another name while a view would take its place."""
        return f"{address}?{PLAIN}=1" if "?" not in address and self.last_view() else address

    def shown_columns(self) -> frozenset[str]:
        """The columns of the list that are shown."""
        names = [name for name, _ in self.get_list_columns()]
        asked = set(str(self.list_args().extra_args.get(COLUMNS, "")).split(",")) & set(names)
        return frozenset(asked | {self.titled} if asked else names)

    def columns_asked(self, typed: Iterable[str]) -> str:
        """The columns that an address names, "" where they are all."""
        names = {name for name, _ in self.get_list_columns()} - {self.titled}
        asked = {one for part in typed for one in part.split(",")} & names
        return ",".join(sorted(asked)) if asked and asked != names else ""

    def act_on_view(self, act: str) -> Any:
        """Keep, open, drop or leave a view; then the list as it is asked for."""
        person, page = signed_in(), self.endpoint
        if act == OPEN:
            saved = use_view(person, page, valid_id(request.form.get("tampilan", "")))
            return redirect(self._address_of(saved) if saved else self.get_url(".index_view"))
        if act == KEEP:
            asked = urlsplit(self.address_at()).query
            is_bare = asked in ("", f"{PLAIN}=1")
            saved = self.names_in_views().to_saved(asked)
            wrong = NOTHING_TO_KEEP if is_bare else keep_view(person, page, request.form.get("nama", ""), saved)
            flash(wrong or KEPT, "warning" if wrong else "success")
            return redirect(self.address_at())
        if act == DROP:
            drop_view(person, page, valid_id(request.form.get("tampilan", "")))
            flash("Tampilan dihapus.", "success")
            return redirect(self.address_at())
        release_views(person, page)
        return redirect(self.get_url(".index_view"))


def leave_failing_view() -> str:
    """The bare list's address, if what just failed is the kept view that its list opens with; "" for anything else."""
    try:
        view = view_at((request.endpoint or "").rpartition(".")[0])
        last = view.last_view() if isinstance(view, NamedViews) and request.method == "GET" else None
        asked = parse_qsl(view.names_in_views().to_address(last.asked)[0]) if last else []
        if last is None or parse_qsl(request.query_string.decode()) != asked:
            return ""
        release_views(signed_in(), view.endpoint)
    except Exception:
        current_app.logger.exception("a kept view that fails cannot be left")
        return ""
    flash(FAILED.format(last.name), "warning")
    return str(view.get_url(".index_view"))
