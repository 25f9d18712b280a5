"""The list behind a view: searched, filtered, sorted and paged, whatever the address says."""

from functools import reduce
from operator import and_, or_
from typing import Any

import peewee
from flask_admin.model.base import ViewArgs

from admin.door.flaskadmin import FlaskAdminView
from admin.kit.filters import field_of
from sop.words import in_a_sentence

COUNTED = 1_000
LAST_PAGE = 9_999
WORDS, LETTERS = 8, 100


class Listing(FlaskAdminView):
    """Mixin of PanelView: ids first, then their rows; counted up to a thousand."""

    column_orders: dict[Any, Any] = {}  # what stands for a column in the order of rows: as text 10 comes before 2
    kept_args: tuple[str, ...] = ()  # further query arguments that the list's links carry along
    simple_list_pager = True

    def init_search(self) -> bool:
        self.searched = [self.column(name) for name in self.column_searchable_list or ()]
        return bool(self.searched)

    def search_label(self) -> str:
        """What the search looks through: "Cari nomor register, perihal"."""
        names = [self.get_column_name(name) for name in self.column_searchable_list or ()]
        lowered = (name if name[1:2].isupper() else in_a_sentence(name) for name in names)
        return f"Cari {', '.join(lowered)}"

    def get_list(
        self,
        page: int | None,
        sort_column: str | None,
        sort_desc: bool | None,
        search: str | None,
        filters: Any,
        execute: bool = True,
        page_size: int | None = None,
    ) -> tuple[int | None, Any]:
        narrowed = self._narrow(search, filters)
        size = page_size or self.page_size
        keys = self._ordered(narrowed, sort_column, bool(sort_desc)).limit(size).offset((page or 0) * size)
        return narrowed.limit(COUNTED + 1).count(), self.rows([key for (key,) in keys.tuples()])

    def _narrow(self, search: str | None, filters: Any) -> Any:
        query, sought = self.get_query().select(self.model._meta.primary_key), self.matching(search or "")
        query = query if sought is None else query.where(sought)
        for index, _, value in filters or ():
            query = self.offered_filters[index].apply(query, self.offered_filters[index].clean(value))
        return query

    def matching(self, search: str) -> Any:
        """The rows that hold each word that was typed, as a condition; None if nothing was."""
        words = search.split()[:WORDS] if self.searched else ()
        holding = [reduce(or_, [column.contains(word) for column in self.searched]) for word in words]
        return reduce(and_, holding) if holding else None

    def _ordered(self, query: Any, sort_column: str | None, desc: bool) -> Any:
        order = [(self.get_sortable_columns()[sort_column], desc)] if sort_column else self.default_order
        columns = [(self._sorted_by(name), down) for name, down in order]
        key = self.model._meta.primary_key
        return query.order_by(*(_ordering(column, down) for column, down in columns), key.desc())

    def _sorted_by(self, name: Any) -> Any:
        """What rows are sorted by for a column: a text without regard to its capitals."""
        column = self.column(self.column_orders.get(name, name))
        field = field_of(column)
        texts = isinstance(field, peewee.CharField) and not field.choices
        return peewee.fn.LOWER(column) if texts else column

    def rows(self, keys: list[int]) -> list[Any]:
        """The rows of these keys in this order, joined, in one query."""
        if not keys:
            return []
        found = {row.get_id(): row for row in self.get_query().where(self.model._meta.primary_key.in_(keys))}
        return [found[key] for key in keys if key in found]

    def list_args(self) -> ViewArgs:
        args = super().list_args()
        args.page = min(max(args.page or 0, 0), LAST_PAGE)
        args.sort = args.sort if self.sorting_column(args.sort) else None
        args.search = " ".join((args.search or "").replace("\0", "").split())[:LETTERS] or None
        args.extra_args = {name: args.extra_args[name] for name in self.kept_args if name in args.extra_args}
        return args

    def sorting_column(self, place: int | None) -> str | None:
        """The column that stands at this place of the list, if the list can be sorted by it."""
        names = dict(enumerate(name for name, _ in self.get_list_columns()))
        name = names.get(-1 if place is None else place)
        return name if name in self.get_sortable_columns() else None


def _ordering(column: Any, down: bool) -> Any:
    """A column in the order of rows: what it may lack stands last whichever way, on every database."""
    nulls = "LAST" if getattr(column, "null", False) else None
    return column.desc(nulls=nulls) if down else column.asc(nulls=nulls)
