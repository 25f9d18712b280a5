"""The query of a list: search, filters, order and paging as in the address."""

from collections.abc import Iterable, Sequence
from functools import partial, reduce
from operator import and_, or_
from typing import Any

from flask import flash, g, request
from flask_admin.model.base import ViewArgs
from peewee import SQL, Field, Select, SqliteDatabase, Value

from admin.door.flaskadmin import ViewPart
from admin.door.rows import rows_in_parts, signed_in
from admin.lists.filters import Choice, Since, Until, YesNo
from admin.lists.jump import places_of, without_place
from admin.lists.paging import (
    END_OF_LIST,
    PLACES,
    TO_COUNT,
    Among,
    RequestedPage,
    Walk,
    decoded_place,
    field_of,
    list_order,
    page_of_few,
    page_of_many,
    walk_scanning,
)
from admin.lists.saved_views import COLUMNS
from models.case import access_notes
from models.complaint.complaint import Complaint
from models.office.contacts import is_masked
from models.store import prepared
from models.store.base import among, database
from models.store.keyset import (
    Few,
    OrderKey,
    Place,
    Spread,
    in_slots,
    places_query,
    read_places,
    sort_few,
    walk,
)
from models.store.peewee_patches import has_index
from sop.words import in_a_sentence

COUNTED = 1_000
MOST_SKIPPED = 10_000  # rows before a page that an address names by its number; farther ones are reached by place
TOO_FAR = (
    "Halaman sejauh itu tidak dibuka menurut nomornya; daftar tampil dari awal. Persempit daftar dengan pencarian atau "
    "saringan."
)
BY_COLUMN = (Choice, Since, Until)  # filters that compare nothing but their column
WORDS, LETTERS = 8, 100
DIGITS = 5  # in a word: from this many on it may be part of a NIK or a telephone number; fewer may be a year


class Listing(ViewPart):
    """Part of a view: selects the page's keys first, then their rows; counts up to 1,000, pages through all."""

    searched: Sequence[Any] = ()  # the searched columns

    def begin_search(self) -> bool:
        """Whether the list can be searched; called once the view has its columns."""
        self.searched = [self.view.column(name) for name in self.view.column_searchable_list or ()]
        return bool(self.searched)

    def search_label(self) -> str:
        """The label of the search input: "Cari nomor register, perihal"; of columns whose heading is no noun for it, by
        the view's `search_names`."""
        names = [
            self.view.search_names.get(name) or str(self.view.get_column_name(name))
            for name in self.view.column_searchable_list or ()
        ]
        lowered = (name if name[1:2].isupper() else in_a_sentence(name) for name in names)
        return f"Cari {', '.join(lowered)}"

    def page(
        self, number: int, sort_column: str | None, sort_desc: bool, search: str | None, filters: Any, size: int
    ) -> tuple[int, list[Any]]:
        """The number of matches (at most COUNTED + 1) and the rows of one page, recorded in the access log."""
        keys = self.order_by(sort_column, sort_desc, filters)
        ids = self.unordered_ids(search, filters)
        asked = self._asked_page(keys, number * size)
        if len(ids) > COUNTED:
            g.queried_page = page_of_many(
                self.walking(search, filters, keys, (sort_column, sort_desc)), keys, asked, size
            )
        else:
            g.queried_page = page_of_few(self._of_ids(ids, keys), keys, asked, size, len(ids))
        rows = self.view.rows(g.queried_page.ids)
        self._log_reading(rows, search, filters)
        return len(ids), rows

    def _log_reading(self, rows: list[Any], search: Any, filters: Any) -> None:
        """Record the rows' complaints in the access log, where the list shows content of them."""
        if self.view.model is Complaint:
            cases = rows
        elif "complaint" in self.view.model._meta.fields:
            cases = [row.complaint for row in rows if row.complaint_id]
        else:
            cases = []
        asked, every = self.log_text(search, filters), self.view.shows_case_text or self.reveals_content(search)
        access_notes.log_list(signed_in(), f"daftar {self.view.endpoint}", cases, asked=asked, every=every)

    def reveals_content(self, search: Any) -> bool:
        """Whether a match of this search reveals content, so that every row must be logged."""
        return False

    def log_text(self, search: Any, filters: Any) -> str:
        """The search and the filters in words, for the access log."""
        active = [(self.view.offered_filters[index], value) for index, _, value in filters or ()]
        chosen = [f"{one.label}: {one.value_words(value)}" for one, value in active]
        return "; ".join([f"cari: {search}"] * bool(search) + chosen)

    def first_ids(self, args: ViewArgs, most: int) -> tuple[list[int], int]:
        """The first `most` matching ids in order, and the number of matches (at most COUNTED + 1)."""
        keys = self.order_by(self.sorting_column(args.sort), bool(args.sort_desc), args.filters)
        some = self.unordered_ids(args.search, args.filters)
        if len(some) > COUNTED:
            return [row[-1] for row in walk(self.in_order(args.search, args.filters, keys), keys, most)], len(some)
        return [row[-1] for row in sort_few(self._of_ids(some, keys), keys)[:most]], len(some)

    def order_by(self, sort_column: str | None, desc: bool, filters: Any = ()) -> list[OrderKey]:
        """The sort keys for a column, or of the default order; overrides may use the filters to simplify them."""
        view = self.view
        order = [(sort_column, desc)] if sort_column else view.default_order
        return list_order(view.model, [(view.column(view.column_orders.get(name, name)), down) for name, down in order])

    def _asked_page(self, keys: list[OrderKey], offset: int) -> RequestedPage:
        """Where the page begins, from the query arguments."""
        after, before = (request.args.get(name, "") for name in PLACES)
        if before == END_OF_LIST:
            return RequestedPage(back=True)
        place = decoded_place(keys, before or after) if before or after else None
        if place is None and (before or after):
            flash("Tempat pada daftar ini tidak dapat dibaca; daftar tampil dari awal.", "warning")
        return RequestedPage(place, back=bool(before)) if place else RequestedPage(offset=offset)

    def unordered_ids(self, search: str | None, filters: Any, most: int = 0) -> list[int]:
        """Ids of matching rows, unordered, at most `most` (default COUNTED + 1).

        For a user who may read few of many cases, each reason for access is a separate query with its own index: one
        query with OR over all of them would scan every case.
        """
        most = most or COUNTED + 1
        found = None if search else self.found_in_order(filters, most)
        if found is not None:
            return found
        repeated = None if search else self._repeated(filters)
        if repeated is None:
            return [number for (number,) in database.execute(self._unordered(search, filters, most))]
        key = ("unordered_ids", *self.view.shape(), repeated, most)
        return [number for (number,) in prepared.run(key, lambda: self._unordered(None, filters, most))]

    def found_in_order(self, filters: Any, most: int) -> list[int] | None:
        """The same in the order of a filtered column that has an index, for a user who may read few of many cases; None
        without one, or if too few of the rows are his. SQLite has no statistics that tell whether fewer rows match than
        he may read; PostgreSQL has. Cases themselves are found by indexes of their units."""
        column = self._indexed_filter(filters)
        if column is None:
            return None
        own = self.view.model._meta.primary_key
        return self.own_ids_in_order(
            filters, [Spread(column, nullable=column.null, field=column), Spread(own, field=own)], most
        )

    def own_ids_in_order(
        self, filters: Any, keys: list[OrderKey], most: int, portions: Sequence[int] = TO_COUNT
    ) -> list[int] | None:
        """The ids of matching rows that the user may read, looked for in the first matching rows in this order, a
        portion after the other; None if too few of them are his, or if he reads most cases."""
        if not rows_in_parts(self.view.model):
            return None
        own = self.view.model._meta.primary_key
        matches, readable = (
            self._narrow(self.view.model.select(), None, filters, keys),
            self.view.own_rows().select(own),
        )
        places = walk_scanning(
            partial(walk, matches, keys),
            lambda ids: {number for (number,) in readable.where(among(own, ids)).tuples()},
            most,
            portions=portions,
        )
        return None if places is None else [place[-1] for place in places]

    def _indexed_filter(self, filters: Any) -> Any:
        """The first filtered column of the listed table itself that has an index, on SQLite; None without."""
        if not isinstance(database.obj, SqliteDatabase) or self.view.model is Complaint:
            return None
        asked = (self.view.offered_filters[index] for index, _, _ in filters or ())
        columns = (one.column for one in asked if type(one) in BY_COLUMN and isinstance(one.column, Field))
        return next((c for c in columns if c.model is self.view.model and has_index(c)), None)

    def _repeated(self, filters: Any) -> tuple[tuple[str, str], ...] | None:
        """Keys and values of filters that always narrow by the same SQL, for the key of a prepared query; None if one
        of them may not, as by the present time or by a typed word."""
        asked = [(self.view.offered_filters[index], value) for index, _, value in filters or ()]
        fixed = all(type(item) in (Choice, YesNo) for item, _ in asked)
        return tuple((item.key, value) for item, value in asked) if fixed else None

    def _unordered(self, search: str | None, filters: Any, most: int) -> Any:
        key = self.view.model._meta.primary_key
        ways = rows_in_parts(self.view.model) or [self.view.own_rows()]
        parts = [self._narrow(rows, search, filters).select(key.alias("id")).limit(most) for rows in ways]
        if len(parts) == 1:
            return parts[0].tuples()
        selects = [Select([part], [part.c.id]) for part in (part.alias("way") for part in parts)]
        union = reduce(lambda one, other: one.union(other), selects)
        return union.limit(most).bind(database).tuples()

    def _of_ids(self, ids: list[int], keys: list[OrderKey]) -> Any:
        """A query for these ids with the joins of the sort keys."""
        listed = SQL(f"({', '.join(map(str, ids)) or 'NULL'})")
        model, parents = self.view.model, self.view.parents
        rows = model.select().where(model._meta.primary_key.in_(listed))
        return parents.joined(rows, parents.paths_to(key.column for key in keys))

    def walking(self, search: str | None, filters: Any, keys: list[OrderKey], order: tuple[str | None, bool]) -> Walk:
        """The paging function for more matches than are counted; `order`: the sorted column, and whether downwards.
        With that many matches the next rows in order probably contain enough: scan those first, and fall back to a
        query for all matches."""
        if not (search or filters):
            return partial(self._walk, (), keys, order)
        among = self.belonging(search, filters)

        def scan_or_query(limit: int, **where: Any) -> list[Place]:
            for applied in ((), filters) if search and filters else ((),):
                met = walk_scanning(partial(self._walk, applied, keys, order), among, limit, **where)
                if met is not None:
                    return met
            if search:
                return walk(self.in_order(search, filters, keys), keys, limit, **where)
            return self._walk(filters, keys, order, limit, **where)

        return scan_or_query

    def _walk(
        self,
        filters: Any,
        keys: list[OrderKey],
        order: tuple[str | None, bool],
        limit: int,
        *,
        beyond: Place | None = None,
        back: bool = False,
        offset: int = 0,
    ) -> list[Place]:
        repeated = self._repeated(filters)
        if repeated is None:
            rows = self.in_order(None, filters, keys)
            return walk(rows, keys, limit, beyond=beyond, back=back, offset=offset)
        place, values = (None, {}) if beyond is None else in_slots(keys, beyond)
        fixed = () if place is None else tuple("slot" if isinstance(value, Value) else value for value in place)

        def build() -> Any:
            rows = self.in_order(None, filters, keys)
            return places_query(rows, keys, limit, beyond=place, back=back, offset=offset)

        kinds = (key.places for key in keys if isinstance(key, Few))
        key = ("places", *self.view.shape(), repeated, *order, *kinds, limit, back, offset, *fixed)
        return read_places(keys, prepared.run(key, build, **values))

    def belonging(self, search: str | None, filters: Any) -> Among:
        """A function that gives the matching ids among some ids."""
        key = self.view.model._meta.primary_key
        matches = self._narrow(self.view.model.select(), search, filters, few=True).select(key)
        return lambda ids: {number for (number,) in matches.where(among(key, ids)).tuples()} if ids else set()

    def in_order(self, search: str | None, filters: Any, keys: list[OrderKey]) -> Any:
        """A query for all matches with the joins of the sort keys."""
        return self._narrow(self.view.own_rows(), search, filters, keys)

    def _narrow(
        self, rows: Any, search: str | None, filters: Any, keys: Iterable[OrderKey] = (), *, few: bool = False
    ) -> Any:
        """Apply search and filters to a query and join the parents that these or the order use; `few`: the query will
        be restricted to few ids."""
        asked = [(self.view.offered_filters[index], value) for index, _, value in filters or ()]
        condition = self.matching(search or "")
        columns = [
            *(item.column for item, _ in asked),
            *(key.column for key in keys),
            *(self.searched if condition is not None else ()),
        ]
        parents = self.view.parents
        query = parents.joined(rows, parents.paths_to(columns))
        query = query if condition is None else query.where(condition)
        for item, value in asked:
            query = (item.apply_to_few if few else item.apply)(query, item.clean(value))
        return query

    def matching(self, search: str) -> Any:
        """Condition: every word occurs in some searched column; None without words. Masked columns are not searched
        for long numbers, so that a search cannot reveal them."""
        unmasked = [column for column in self.searched if not is_masked(field_of(column))]
        conditions = []
        for word in search.split()[:WORDS] if self.searched else ():
            is_number = sum(char.isdigit() for char in word) >= DIGITS
            columns = unmasked if is_number else self.searched
            conditions.append(reduce(or_, (column.contains(word) for column in columns), SQL("1 = 0")))
        return reduce(and_, conditions) if conditions else None

    def args(self, asked: ViewArgs) -> ViewArgs:
        """The arguments of the address, limited to valid values."""
        asked.page = max(asked.page or 0, 0)
        if asked.page * self.view.get_safe_page_size(asked.page_size) > MOST_SKIPPED:
            flash(TOO_FAR, "warning")
            asked.page = 0
        asked.sort = asked.sort if self.sorting_column(asked.sort) else None
        asked.search = " ".join((asked.search or "").replace("\0", "").split())[:LETTERS] or None
        known = (*self.view.preserved_args, *PLACES)
        asked.extra_args = {name: asked.extra_args[name] for name in known if name in asked.extra_args}
        named = request.args.getlist(COLUMNS)
        if columns := named and self.view.look.requested(named):
            asked.extra_args[COLUMNS] = columns
        return asked

    def address(self, args: ViewArgs) -> str:
        """The list's address without default values; without the place if search, filters or order differ from the
        current list's, where the place would be meaningless."""
        view, current = self.view, self.view.list_args()
        if places_of(args) == places_of(current) and _rows_and_order(args) != _rows_and_order(current):
            args = args.clone(page=None, extra_args=without_place(args))
        size = view.get_safe_page_size(args.page_size)
        address = view.get_url(
            ".index_view",
            page=args.page or None,
            sort=args.sort,
            desc=1 if args.sort_desc else None,
            search=args.search,
            page_size=size if size != view.page_size else None,
            **args.extra_args,
            **view.filter_args(args.filters),
        )
        return str(view.saved_views.or_plain(address))

    def address_without_search(self) -> str:
        return str(self.view.list_address(self.view.list_args().clone(page=None, search=None)))

    def sorting_column(self, place: int | None) -> str | None:
        """The column at this index, if it is sortable."""
        names = dict(enumerate(name for name, _ in self.view.get_list_columns()))
        name = names.get(-1 if place is None else place)
        return name if name in self.view.get_sortable_columns() else None


def _rows_and_order(args: ViewArgs) -> tuple[Any, ...]:
    return args.sort, args.sort_desc, args.search, args.filters or None
