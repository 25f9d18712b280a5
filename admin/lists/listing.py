"""The list behind a view: searched, filtered, sorted and paged, whatever the address says."""

from collections.abc import Iterable, Sequence
from functools import partial, reduce
from operator import and_, or_
from typing import Any

from flask import flash, g, request
from flask_admin.model.base import ViewArgs
from peewee import SQL, Select

from admin.door.flaskadmin import ViewPart
from admin.door.rows import rows_in_parts, signed_in
from admin.lists.choosing import COLUMNS
from admin.lists.jump import places_of, without_place
from admin.lists.paging import (
    PLACES,
    THE_END,
    Among,
    AskedPage,
    Walk,
    field_of,
    list_order,
    page_of_few,
    page_of_many,
    place_read,
    walk_looking,
)
from models.case import access_notes
from models.complaint.complaint import Complaint
from models.office.contacts import is_masked
from models.store.base import among, database
from models.store.keyset import OrderKey, Place, walk
from sop.words import in_a_sentence

COUNTED = 1_000
LAST_PAGE = 9_999  # that an address may name by its number; beyond it one goes by place
WORDS, LETTERS = 8, 100
DIGITS = 5  # in a word: fewer may be a year, more may be part of a NIK or a telephone number


class Listing(ViewPart):
    """Part of a view: keys first, then their rows; counted up to a thousand, and every row can be reached."""

    searched: Sequence[Any] = ()  # the columns that a search looks through

    def begin_search(self) -> bool:
        """Whether the list can be searched; called once the view has its columns."""
        self.searched = [self.view.column(name) for name in self.view.column_searchable_list or ()]
        return bool(self.searched)

    def search_label(self) -> str:
        """What the search looks through: "Cari nomor register, perihal"."""
        names = [self.view.get_column_name(name) for name in self.view.column_searchable_list or ()]
        lowered = (name if name[1:2].isupper() else in_a_sentence(name) for name in names)
        return f"Cari {', '.join(lowered)}"

    def page(
        self, number: int, sort_column: str | None, sort_desc: bool, search: str | None, filters: Any, size: int
    ) -> tuple[int, list[Any]]:
        """How many rows are asked for, as far as they are counted, and those of one page; noted as read."""
        keys = self.order_by(sort_column, sort_desc, filters)
        ids = self.some_ids(search, filters)
        asked = self._asked_page(keys, number * size)
        if len(ids) > COUNTED:
            g.list_found = page_of_many(self.walking(search, filters, keys), keys, asked, size)
        else:
            g.list_found = page_of_few(self._of_ids(ids, keys), keys, asked, size, len(ids))
        rows = self.view.rows(g.list_found.ids)
        self._note(rows, search, filters)
        return len(ids), rows

    def _note(self, rows: list[Any], search: Any, filters: Any) -> None:
        """The complaints behind the rows are noted, where the list tells more of each than that there is one."""
        if self.view.model is Complaint:
            cases = rows
        elif "complaint" in self.view.model._meta.fields:
            cases = [row.complaint for row in rows if row.complaint_id]
        else:
            cases = []
        asked, every = self.in_log_words(search, filters), self.view.tells or self.tells_of(search)
        access_notes.note_list(signed_in(), f"daftar {self.view.endpoint}", cases, asked=asked, every=every)

    def tells_of(self, search: Any) -> bool:
        """Whether what was typed makes each row tell more than the list does."""
        return False

    def in_log_words(self, search: Any, filters: Any) -> str:
        """The search and the filters in words, as the access log keeps them."""
        active = [(self.view.offered_filters[index], value) for index, _, value in filters or ()]
        chosen = [f"{one.label}: {one.value_words(value)}" for one, value in active]
        return "; ".join([f"cari: {search}"] * bool(search) + chosen)

    def first_ids(self, args: ViewArgs, most: int) -> tuple[list[int], int]:
        """The first rows that the address asks for, and how many there are as far as they are counted."""
        keys = self.order_by(self.sorting_column(args.sort), bool(args.sort_desc), args.filters)
        some = self.some_ids(args.search, args.filters)
        rows = self.in_order(args.search, args.filters, keys) if len(some) > COUNTED else self._of_ids(some, keys)
        return [row[-1] for row in walk(rows, keys, most)], len(some)

    def order_by(self, sort_column: str | None, desc: bool, filters: Any = ()) -> list[OrderKey]:
        """The keys of the order that a column stands for, or of the list's own; filters may leave less to order."""
        view = self.view
        order = [(sort_column, desc)] if sort_column else view.default_order
        return list_order(view.model, [(view.column(view.column_orders.get(name, name)), down) for name, down in order])

    def _asked_page(self, keys: list[OrderKey], offset: int) -> AskedPage:
        """Where the page begins, as the address says."""
        after, before = (request.args.get(name, "") for name in PLACES)
        if before == THE_END:
            return AskedPage(back=True)
        place = place_read(keys, before or after) if before or after else None
        if place is None and (before or after):
            flash("Tempat pada daftar ini tidak dapat dibaca; daftar tampil dari awal.", "warning")
        return AskedPage(place, back=bool(before)) if place else AskedPage(offset=offset)

    def some_ids(self, search: str | None, filters: Any, most: int = 0) -> list[int]:
        """Ids of what is asked for, in no order, at most so many, or one more than is counted.

        Whoever may read few cases of many is asked for way by way, each by an index: one question over all ways would
        be put to every case.
        """
        key, most = self.view.model._meta.primary_key, most or COUNTED + 1
        ways = rows_in_parts(self.view.model) or [self.view.own_rows()]
        parts = [self._narrow(rows, search, filters).select(key.alias("id")).limit(most) for rows in ways]
        if len(parts) == 1:
            return [number for (number,) in parts[0].tuples()]
        selects = [Select([part], [part.c.id]) for part in (part.alias("way") for part in parts)]
        union = reduce(lambda one, other: one.union(other), selects)
        return [number for (number,) in union.limit(most).bind(database).tuples()]

    def _of_ids(self, ids: list[int], keys: list[OrderKey]) -> Any:
        """The rows of these ids, beside what they are ordered by."""
        listed = SQL(f"({', '.join(map(str, ids)) or 'NULL'})")
        model, parents = self.view.model, self.view.parents
        rows = model.select().where(model._meta.primary_key.in_(listed))
        return parents.joined(rows, parents.paths_to(key.column for key in keys))

    def walking(self, search: str | None, filters: Any, keys: list[OrderKey]) -> Walk:
        """How one goes through more rows than are counted. What so many hold is met soon in any order: the nearest rows
        are looked at first, and all that belong there gathered where that fails."""
        if not (search or filters):
            return partial(walk, self.in_order(search, filters, keys), keys)
        among = self.belonging(search, filters)

        def looking(limit: int, **where: Any) -> list[Place]:
            for beside in ((), filters) if search and filters else ((),):
                met = walk_looking(self.in_order(None, beside, keys), keys, among, limit, **where)
                if met is not None:
                    return met
            return walk(self.in_order(search, filters, keys), keys, limit, **where)

        return looking

    def belonging(self, search: str | None, filters: Any) -> Among:
        """Which of some rows the search and the filters leave."""
        key = self.view.model._meta.primary_key
        left = self._narrow(self.view.model.select(), search, filters, few=True).select(key)
        return lambda ids: {number for (number,) in left.where(among(key, ids)).tuples()} if ids else set()

    def in_order(self, search: str | None, filters: Any, keys: list[OrderKey]) -> Any:
        """All rows that are asked for, beside what they are ordered by."""
        return self._narrow(self.view.own_rows(), search, filters, keys)

    def _narrow(
        self, rows: Any, search: str | None, filters: Any, keys: Iterable[OrderKey] = (), *, few: bool = False
    ) -> Any:
        """The rows that the search and the filters leave, with the parents that these or the order look at; `few` if
        the query will name the rows that it is asked of."""
        asked = [(self.view.offered_filters[index], value) for index, _, value in filters or ()]
        sought = self.matching(search or "")
        columns = [
            *(item.column for item, _ in asked),
            *(key.column for key in keys),
            *(self.searched if sought is not None else ()),
        ]
        parents = self.view.parents
        query = parents.joined(rows, parents.paths_to(columns))
        query = query if sought is None else query.where(sought)
        for item, value in asked:
            query = (item.apply_to_few if few else item.apply)(query, item.clean(value))
        return query

    def matching(self, search: str) -> Any:
        """The rows that hold each word that was typed, as a condition; None if nothing was. Nobody finds by a number
        what its column tells masked."""
        words = search.split()[:WORDS] if self.searched else ()
        open_to = {word: [one for one in self.searched if not _hides(one, word)] for word in words}
        holding = [reduce(or_, (one.contains(word) for one in open_to[word]), SQL("1 = 0")) for word in words]
        return reduce(and_, holding) if holding else None

    def args(self, asked: ViewArgs) -> ViewArgs:
        """What the address asks for, as far as the list has it."""
        asked.page = min(max(asked.page or 0, 0), LAST_PAGE)
        asked.sort = asked.sort if self.sorting_column(asked.sort) else None
        asked.search = " ".join((asked.search or "").replace("\0", "").split())[:LETTERS] or None
        known = (*self.view.kept_args, *PLACES)
        asked.extra_args = {name: asked.extra_args[name] for name in known if name in asked.extra_args}
        if columns := self.view.saved_views.columns_asked(request.args.getlist(COLUMNS)):
            asked.extra_args[COLUMNS] = columns
        return asked

    def address(self, args: ViewArgs) -> str:
        """The list's address without what is the default anyway; without the place if the list that is asked for has
        other rows or another order, where it would mean nothing."""
        view, here = self.view, self.view.list_args()
        if places_of(args) == places_of(here) and _question(args) != _question(here):
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

    def sorting_column(self, place: int | None) -> str | None:
        """The column that stands at this place of the list, if the list can be sorted by it."""
        names = dict(enumerate(name for name, _ in self.view.get_list_columns()))
        name = names.get(-1 if place is None else place)
        return name if name in self.view.get_sortable_columns() else None


def _hides(column: Any, word: str) -> bool:
    return is_masked(field_of(column)) and sum(letter.isdigit() for letter in word) >= DIGITS


def _question(args: ViewArgs) -> tuple[Any, ...]:
    return args.sort, args.sort_desc, args.search, args.filters or None
