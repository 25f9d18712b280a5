"""The one place that knows Flask-Admin's private names: what the panel needs of them, under names of our own.

When a new release moves one, tests/admin/door/test_flaskadmin.py fails first and says which: mend it here alone.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import flask_admin.actions
import flask_admin.helpers
import flask_admin.model.base
from flask import Flask, current_app
from flask_admin import BaseView
from flask_admin.contrib.peewee import ModelView
from flask_admin.form import BaseForm
from flask_admin.model.base import ViewArgs

Handler = Callable[[list[int]], Any]  # what an action of a list does to the rows of these ids
ActiveFilters = list[tuple[int, str, str]]  # which filter of the list, its name, the value as typed
ASKS_FOR_TARGET = (flask_admin.actions, flask_admin.helpers, flask_admin.model.base)  # each holds the function by name


class RunsOnce:
    """Mixin of every view: a TypeError of ours is seen. Flask-Admin calls the page a second time and hides it."""

    if TYPE_CHECKING:  # what Flask-Admin gives every view; it comes without types

        def render(self, template: str, **context: Any) -> str: ...

        def get_url(self, endpoint: str, **words: Any) -> str: ...

    def _run_view(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        return fn(self, *args, **kwargs)


class FlaskAdminPage(RunsOnce, BaseView):
    """What a page stands on that is no list."""


class FlaskAdminView(RunsOnce, ModelView):
    """What the parts of the panel's view stand on: Flask-Admin's hidden steps as methods to call and to override."""

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


def decide_targets_by(rule: Callable[..., str | None]) -> None:
    """Let this function say where a request may lead back to."""
    for module in ASKS_FOR_TARGET:
        module.get_redirect_target = rule
