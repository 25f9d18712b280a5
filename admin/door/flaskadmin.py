"""The base classes of views and their parts; the one module that uses Flask-Admin's private names.

When a new release changes one, tests/admin/door/test_flaskadmin.py fails first and names it; only this module changes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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

Handler = Callable[[list[int]], Any]  # of an action: takes the row ids, returns a response or None
ActiveFilters = list[tuple[int, str, str]]  # index of the filter, its name, the value as typed
FLAGS = {"details": "can_view_details", "edit": "can_edit", "create": "can_create", "export": "can_export"}


class ViewPart:
    """One subject of a view, which the view names as an attribute: `exports = Export()`.

    Its exposed methods become routes of the view and its actions become actions of the view's list, under their own
    names. `view` is the view that the part belongs to.
    """

    view: Any
    pages_of_actions: Mapping[str, str] = {}  # actions that only those may take who may open this page

    def __set_name__(self, owner: type, name: str) -> None:
        """Add the part's routes and actions to the class, before Flask-Admin inspects it."""
        for key in dir(type(self)):
            method = getattr(type(self), key)
            if not (hasattr(method, "_urls") or hasattr(method, "_action")):
                continue
            if key in vars(owner):
                raise TypeError(f"{owner.__name__}.{key} stands twice")
            setattr(owner, key, _delegate(name, method))

    def of(self, view: Any) -> "ViewPart":
        """A copy of the part, bound to this view."""
        bound = copy(self)
        bound.view = view
        return bound

    def allows(self, action: str) -> bool:
        """Whether the part permits the user this action of the list; True for actions of other parts."""
        return True


def _delegate(part: str, method: Any) -> Any:
    """A method of the view that calls the part's, with the same attributes (routes, costs, pages)."""

    @wraps(method)
    def call(view: Any, *args: Any, **kwargs: Any) -> Any:
        return getattr(getattr(view, part), method.__name__)(*args, **kwargs)

    return call


def bound_parts(view: Any) -> dict[str, ViewPart]:
    """Bind copies of the view's parts to it; the parts by name."""
    named = {name: getattr(type(view), name, None) for name in dir(type(view))}
    bound = {name: part.of(view) for name, part in named.items() if isinstance(part, ViewPart)}
    vars(view).update(bound)
    return bound


def _run_once(view: Any, fn: Any, *args: Any, **kwargs: Any) -> Any:
    """Call the page once: Flask-Admin catches a TypeError, which may be our bug, and calls it again."""
    return fn(view, *args, **kwargs)


def _own_page(view: Any) -> tuple[str, ...]:
    """Keys of the access table; access to any one of them is enough."""
    return (view.noun,)


def _purpose(view: Any) -> str:
    """The purpose of the screen, in one sentence."""
    return ABOUT.get(view.endpoint or view.noun, "")


def _admits(view: Any) -> bool:
    return admits_to(view.pages)


def _is_in_menu(view: Any) -> bool:
    return not view.home


def _refuse(view: Any, name: str, **kwargs: Any) -> Any:
    return refusal_answer()


class PageView(BaseView):
    """Base class of pages that are no lists: closed unless the access table admits the user to one of `pages`."""

    noun = ""  # a key of sop.access.PAGES; a view without one stays closed
    home = ""  # endpoint of the menu entry it belongs to; "" if the view is one itself

    if TYPE_CHECKING:  # methods of Flask-Admin, which is untyped

        def render(self, template: str, **context: Any) -> str: ...

        def get_url(self, endpoint: str, **words: Any) -> str: ...

    def __init__(self, *args: Any, **named: Any) -> None:
        self.parts_by_name = bound_parts(self)
        super().__init__(*args, **named)

    @property
    def sibling_url(self) -> str:
        """The address of the menu entry that the page belongs to."""
        return url_for(f"{self.home}.index_view") if self.home else ""

    pages, about = property(_own_page), property(_purpose)
    is_accessible, inaccessible_callback, _run_view, is_visible = _admits, _refuse, _run_once, _is_in_menu


class ListInstead(ViewPart):
    """Part of a page without an index: redirects to the list of complaints."""

    @expose("/")
    def index(self) -> Any:
        return redirect(url_for("pengaduan.index_view"))


class TableView(ModelView):
    """Base class of PanelView: access as for a page, and public names for Flask-Admin's private methods."""

    noun = ""  # a key of sop.access.PAGES; a view without one stays closed
    home = ""  # endpoint of the menu entry it belongs to; "" if the view is one itself
    joins: tuple[str, ...] = ()  # foreign keys to join, nested ones dotted: ("division", "complaint.category")
    read_with: tuple[Any, ...] = ()  # further expressions to select with each row, aliased

    if TYPE_CHECKING:

        def render(self, template: str, **context: Any) -> str: ...

        def get_url(self, endpoint: str, **words: Any) -> str: ...

    def __init__(self, model: Any, *args: Any, **named: Any) -> None:
        self.parts_by_name, self.parents = bound_parts(self), Parents(model, self.joins)
        super().__init__(model, *args, **named)

    pages, about = property(_own_page), property(_purpose)
    is_accessible, inaccessible_callback, _run_view, is_visible = _admits, _refuse, _run_once, _is_in_menu

    def may(self, door: str, row: Any = None) -> bool:
        """Whether the user may use a door (details, edit, create, export), for one row if given; override."""
        return door not in ("create", "edit") or scope.may_write(signed_in(), self.noun)

    def opens(self, door: str, row: Any = None) -> bool:
        """Whether the view has this door and the user may use it."""
        return bool(getattr(self, FLAGS[door])) and self.may(door, row)

    # Rows

    def get_query(self) -> Any:
        """The rows that the user may see, with the view's joins and `read_with`."""
        return self.rows_with(self.parents.aliases)

    def rows_with(self, paths: Collection[str]) -> Any:
        """The same with these of the view's joins only."""
        query, parents = self.own_rows(), self.parents
        if paths:
            query = query.select(self.model, *(parents.aliases[path] for path in paths))
        query = parents.joined(query, paths)
        more = self.read_with
        return query.select_extend(*more) if more else query

    def own_rows(self) -> Any:
        """The rows that the user may see, without joins."""
        return scope.visible(signed_in(), self.model)

    def shape(self) -> tuple[object, ...]:
        """What the SQL of `own_rows` and `read_with` depends on besides master tables; see `models.store.prepared`."""
        return self, *scope.shape(scope.viewer(signed_in()))

    def computed_columns(self) -> Mapping[str, Any]:
        """Sortable names without a column: an expression, or a tuple of conditions that rank the rows."""
        return {}

    def column(self, name: Any) -> Any:
        """The column for a name such as "number" or "division.name"; a column is returned unchanged."""
        if not isinstance(name, str):  # a column compared with a name would be a condition, which counts as true
            return name
        computed = self.computed_columns()
        return computed[name] if name in computed else self.parents.column(name)

    def choosable(self, key: Any) -> Iterable[Any]:
        """Rows that a foreign key may be set or filtered to."""
        rows: Iterable[Any] = rows_to_choose(key.rel_model)
        return rows

    # Public names for private methods

    def list_args(self) -> ViewArgs:
        """The arguments of the list's address: page, order, search, filters and the rest."""
        return super()._get_list_extra_args()

    def asked_filters(self) -> ActiveFilters:
        """The active filters of the address."""
        return super()._get_list_filter_args() or []

    def filter_args(self, active: ActiveFilters | None) -> dict[str, str]:
        """Filters as query arguments."""
        args: dict[str, str] = super()._get_filters(active)
        return args

    def list_address(self, args: ViewArgs) -> str:
        """The address of the list for these arguments."""
        address: str = super()._get_list_url(args)
        return address

    @property
    def offered_filters(self) -> list[Any]:
        """The filter objects of the list, created at start."""
        return self._filters or []

    def label_by(self, choices: Mapping[str, Any]) -> None:
        """Label these columns by choices that are read on every use; Flask-Admin keeps those of the start."""
        self._column_choices_map |= choices

    @property
    def default_order(self) -> list[tuple[Any, bool]]:
        """The default order: (column, descending)."""
        return self._get_default_order() or []

    def action_handler(self, key: str) -> Handler | None:
        """The handler of an action of the list, None if it has none of this key."""
        handler: Handler | None = self._actions_data.get(key, (None, "", None))[0]
        return handler

    def offer_first(self, actions: Sequence[tuple[str, str, Handler]]) -> None:
        """Insert these (key, label, handler) before the actions that the class declares."""
        self._actions[:0] = [(key, label) for key, label, _ in actions]
        self._actions_data.update({key: (handler, label, None) for key, label, handler in actions})

    # Overrides of private methods

    def _get_list_extra_args(self) -> ViewArgs:
        return self.list_args()

    def _get_list_filter_args(self) -> ActiveFilters:
        return self.asked_filters()

    def _get_filters(self, filters: Any) -> dict[str, str]:
        return self.filter_args(filters)

    def _get_list_url(self, view_args: ViewArgs) -> str:
        return self.list_address(view_args)

    def _refresh_filters_cache(self) -> None:
        """Cache the filters only: their options depend on the request."""
        self._filters = self.get_filters() or []
        self._filter_groups = self._filter_args = None


def views_of(app: Flask) -> list[Any]:
    """All views of the panel, in menu order."""
    return list(app.extensions["admin"][0]._views)


def view_at(endpoint: str) -> Any:
    """The current app's view with this endpoint, or None."""
    return next((view for view in views_of(current_app) if view.endpoint == endpoint), None)


def row_behind(form: BaseForm) -> Any:
    """The row that a form edits, None for a create form."""
    return form._obj
