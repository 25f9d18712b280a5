"""What every view stands on, and the parts that it names; the one place that knows Flask-Admin's private names.

When a new release moves one, tests/admin/door/test_flaskadmin.py fails first and says which: mend it here alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, redirect, url_for
from flask_admin import BaseView
from flask_admin.contrib.peewee import ModelView
from flask_admin.form import BaseForm
from flask_admin.model.base import ViewArgs

from admin.door.gate import admits_to, expose, refusal_answer
from admin.door.rows import Parents, rows_to_choose, signed_in
from models.complaint import scope
from sop.access import ABOUT

Handler = Callable[[list[int]], Any]  # what an action of a list does to the rows of these ids
ActiveFilters = list[tuple[int, str, str]]  # which filter of the list, its name, the value as typed
FLAGS = {"details": "can_view_details", "edit": "can_edit", "create": "can_create", "export": "can_export"}


class ViewPart:
    """One subject of a view, which the view names as an attribute: `exports = Export()`.

    Its exposed methods are routes of the view and its actions actions of the view's list, each under its own name, as
    if they were written there. `view` is the view that it serves.
    """

    view: Any

    def __set_name__(self, owner: type, name: str) -> None:
        """Called before Flask-Admin looks the class through for what is exposed."""
        for key in dir(type(self)):
            method = getattr(type(self), key)
            if not (hasattr(method, "_urls") or hasattr(method, "_action")):
                continue
            if key in vars(owner):
                raise TypeError(f"{owner.__name__}.{key} stands twice")
            setattr(owner, key, _entrance(name, method))

    def of(self, view: Any) -> "ViewPart":
        """The part as it serves this view."""
        own = copy(self)
        own.view = view
        return own

    def allows(self, action: str) -> bool:
        """Whether this person may do an action of the list, as far as the part has a say in it."""
        return True


def _entrance(part: str, method: Any) -> Any:
    """The view's method that leads to that of its part, with the marks that it bears."""

    @wraps(method)
    def enter(view: Any, *args: Any, **words: Any) -> Any:
        return getattr(getattr(view, part), method.__name__)(*args, **words)

    return enter


def bound_parts(view: Any) -> dict[str, ViewPart]:
    """The parts that a view names, each as it serves this view from now on."""
    named = {name: getattr(type(view), name, None) for name in dir(type(view))}
    bound = {name: part.of(view) for name, part in named.items() if isinstance(part, ViewPart)}
    vars(view).update(bound)
    return bound


def _run_once(view: Any, fn: Any, *args: Any, **kwargs: Any) -> Any:
    """A TypeError of ours is seen: Flask-Admin calls the page a second time and hides it."""
    return fn(view, *args, **kwargs)


def _admits(view: Any) -> bool:
    return admits_to(view.pages)


def _refuse(view: Any, name: str, **kwargs: Any) -> Any:
    return refusal_answer()


class PageView(BaseView):
    """What a page stands on that is no list: closed to whom no page of the access table admits."""

    noun = ""  # a key of sop.access.PAGES; a view without one stays closed
    home = ""  # the entry of the menu under which its pages stand; "" where the view is one itself

    if TYPE_CHECKING:  # what Flask-Admin gives every view; it comes without types

        def render(self, template: str, **context: Any) -> str: ...

        def get_url(self, endpoint: str, **words: Any) -> str: ...

    def __init__(self, *args: Any, **named: Any) -> None:
        self.parts_by_name = bound_parts(self)
        super().__init__(*args, **named)

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages by which one may come in, any of them."""
        return (self.noun,)

    @property
    def about(self) -> str:
        """What the screen is for, in one sentence."""
        return ABOUT.get(self.endpoint or self.noun, "")

    @property
    def beside(self) -> str:
        """The address of the entry under which its pages stand."""
        return url_for(f"{self.home}.index_view") if self.home else ""

    def is_visible(self) -> bool:
        return not self.home

    is_accessible, inaccessible_callback, _run_view = _admits, _refuse, _run_once


class ListInstead(ViewPart):
    """The bare address of a page that has none: it leads to the list of complaints."""

    @expose("/")
    def index(self) -> Any:
        return redirect(url_for("pengaduan.index_view"))


class TableView(ModelView):
    """What the panel's view stands on: closed as a page is, and every door shut that is not named; Flask-Admin's hidden
    steps as methods to call and to override."""

    noun = ""  # a key of sop.access.PAGES; a view without one stays closed
    joins: tuple[str, ...] = ()  # foreign keys to join, nested ones dotted: ("division", "complaint.category")
    read_with: tuple[Any, ...] = ()  # expressions that each row is read with, under their aliases

    if TYPE_CHECKING:

        def render(self, template: str, **context: Any) -> str: ...

        def get_url(self, endpoint: str, **words: Any) -> str: ...

    def __init__(self, model: Any, *args: Any, **named: Any) -> None:
        self.parts_by_name, self.parents = bound_parts(self), Parents(model, self.joins)
        super().__init__(model, *args, **named)

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages by which one may come in, any of them."""
        return (self.noun,)

    @property
    def about(self) -> str:
        """What the screen is for, in one sentence."""
        return ABOUT.get(self.endpoint or self.noun, "")

    is_accessible, inaccessible_callback, _run_view = _admits, _refuse, _run_once

    def may(self, door: str, row: Any = None) -> bool:
        """Whether this person may use a door (details, edit, create, export); override, for one row if given."""
        return door not in ("create", "edit") or scope.may_write(signed_in(), self.noun)

    def opens(self, door: str, row: Any = None) -> bool:
        """Whether the door is named by the view and open to this person."""
        return bool(getattr(self, FLAGS[door])) and self.may(door, row)

    # Rows

    def get_query(self) -> Any:
        """The rows of this person, each joined with the parents that the view names and with what else is read."""
        query, parents = self.own_rows(), self.parents
        if parents.aliases:
            query = query.select(self.model, *parents.aliases.values())
        query = parents.joined(query, parents.aliases)
        more = self.read_with
        return query.select_extend(*more) if more else query

    def own_rows(self) -> Any:
        """The rows of this person, without anything beside them."""
        return scope.visible(signed_in(), self.model)

    def computed_columns(self) -> Mapping[str, Any]:
        """Names that stand for no column of a table: an expression, or conditions that rank the rows."""
        return {}

    def column(self, name: Any) -> Any:
        """The column behind a name such as "number" or "division.name"; a column stays itself."""
        if not isinstance(name, str):  # a column compared with a name would be a condition, which counts as true
            return name
        computed = self.computed_columns()
        return computed[name] if name in computed else self.parents.column(name)

    def choosable(self, key: Any) -> Iterable[Any]:
        """Rows that a foreign key may be set or filtered to."""
        rows: Iterable[Any] = rows_to_choose(key.rel_model)
        return rows

    # Hidden steps

    def list_args(self) -> ViewArgs:
        """What the address of a list asks for: page, order, search, filters and the rest."""
        return super()._get_list_extra_args()

    def asked_filters(self) -> ActiveFilters:
        """The filters that the address sets."""
        return super()._get_list_filter_args() or []

    def filter_args(self, active: ActiveFilters | None) -> dict[str, str]:
        """Filters as parameters of an address."""
        args: dict[str, str] = super()._get_filters(active)
        return args

    def list_address(self, args: ViewArgs) -> str:
        """The address of the list that shows what `args` ask for."""
        address: str = super()._get_list_url(args)
        return address

    @property
    def offered_filters(self) -> list[Any]:
        """The filters of the list, as made at start."""
        return self._filters or []

    @property
    def default_order(self) -> list[tuple[Any, bool]]:
        """What the list is sorted by when nobody asks: (column, whether downwards)."""
        return self._get_default_order() or []

    def action_handler(self, key: str) -> Handler | None:
        """What an action of the list does; None for one that it does not have."""
        kept: tuple[Handler | None, str, str | None] = self._actions_data.get(key, (None, "", None))
        return kept[0]

    def offer_first(self, actions: Sequence[tuple[str, str, Handler]]) -> None:
        """Put these (key, label, what it does) before the actions that the class declares."""
        self._actions[:0] = [(key, label) for key, label, _ in actions]
        self._actions_data.update({key: (handler, label, None) for key, label, handler in actions})

    # As Flask-Admin calls them

    def _get_list_extra_args(self) -> ViewArgs:
        return self.list_args()

    def _get_list_filter_args(self) -> ActiveFilters:
        return self.asked_filters()

    def _get_filters(self, filters: Any) -> dict[str, str]:
        return self.filter_args(filters)

    def _get_list_url(self, view_args: ViewArgs) -> str:
        return self.list_address(view_args)

    def _refresh_filters_cache(self) -> None:
        """Only the filters themselves are kept: their options belong to the request."""
        self._filters = self.get_filters() or []
        self._filter_groups = self._filter_args = None


def views_of(app: Flask) -> list[Any]:
    """The views of the panel, in the order of the menu."""
    return list(app.extensions["admin"][0]._views)


def view_at(endpoint: str) -> Any:
    """The running panel's view of this name, None if it has none."""
    return next((view for view in views_of(current_app) if view.endpoint == endpoint), None)


def row_behind(form: BaseForm) -> Any:
    """The row that a form was opened on, None if it makes a new one."""
    return form._obj
