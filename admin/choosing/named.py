"""Tampilan saya: a list's filters, order, columns and rows a page under a name; the last used comes back by itself."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, g, redirect, request

from admin.door.flaskadmin import FlaskAdminView, view_at
from admin.door.ids import valid_id
from admin.door.joins import signed_in
from models.complaint.search_words import hangs_on_cases
from models.office.preferences import KeptView, drop_view, keep_view, release_views, use_view, views_of

KEEP, OPEN, DROP, RELEASE = VIEW_ACTS = ("simpan-tampilan", "buka-tampilan", "hapus-tampilan", "lepas-tampilan")
COLUMNS, PLAIN = "kolom", "polos"  # which columns are shown; the list without the view that was used last
KEPT = "Tampilan disimpan. Daftar ini terbuka dengan tampilan itu."
FAILED = (
    "Tampilan “{}” tidak dapat dibuka. Daftar tampil tanpa tampilan itu; simpan kembali dari saringan yang masih ada."
)
NOTHING = "Pilih lebih dahulu saringan, urutan, kolom, atau jumlah baris yang ingin disimpan."


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
        return f"{self.get_url('.index_view')}?{last.asked}" if last else ""

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
            asked = use_view(person, page, valid_id(request.form.get("tampilan", "")))
            return redirect(f"{self.get_url('.index_view')}{'?' if asked else ''}{asked}")
        if act == KEEP:
            asked = urlsplit(self.address_at()).query
            wrong = keep_view(person, page, request.form.get("nama", ""), asked) if _asks(asked) else NOTHING
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
        if last is None or request.query_string.decode() != last.asked:
            return ""
        release_views(signed_in(), view.endpoint)
    except Exception:
        current_app.logger.exception("a kept view that fails cannot be left")
        return ""
    flash(FAILED.format(last.name), "warning")
    return str(view.get_url(".index_view"))


def _asks(query: str) -> bool:
    return query not in ("", f"{PLAIN}=1")
