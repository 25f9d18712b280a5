"""Ids as they come in, the rows that a person may see, and where a browser may be sent next."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

import flask_admin.actions
import flask_admin.helpers
import flask_admin.model.base
import peewee
from flask import Flask, Response, abort, current_app, request
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from admin.door.extensions import behind
from models.complaint import scope
from models.complaint.search_words import hangs_on_cases, rows_read_by, ways_to_read
from models.office.people import BY_NAME, Dated, User
from models.store.base import now

ROW_ID = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
MOST_IDS = 500


def valid_id(typed: Any) -> int:
    """A row id as typed into an address or form, else 404."""
    if not isinstance(typed, str) or not ROW_ID.fullmatch(typed):
        abort(404)
    return int(typed)


def valid_ids(typed: list[str]) -> list[int]:
    """Distinct row ids in the order given; more than 500 are 400, anything but an id is 404."""
    if len(typed) > MOST_IDS:
        abort(400, f"Paling banyak {MOST_IDS} baris sekaligus.")
    return list(dict.fromkeys(valid_id(one) for one in typed))


ROWS_IN_A_SELECT = 500


class Parents:
    """The parents that a view joins: each once under its own alias, so two keys to one table stay apart."""

    def __init__(self, model: Any, paths: Iterable[str]) -> None:
        self.model, self.aliases = model, dict[str, Any]()
        for path in sorted(paths, key=lambda p: p.count(".")):
            self.aliases[path] = self.field(path).rel_model.alias(path.replace(".", "_"))

    def field(self, path: str) -> Any:
        """The field behind a dotted name."""
        model = self.model
        *parents, name = path.split(".")
        for parent in parents:
            model = model._meta.fields[parent].rel_model
        return model._meta.fields[name]

    def joined(self, query: Any, paths: Iterable[str]) -> Any:
        """The rows with these parents beside them."""
        for path in paths:
            parent = self.aliases[path]
            above, _, name = path.rpartition(".")
            child = self.aliases[above] if above else self.model
            on = getattr(child, name) == getattr(parent, self.field(path).rel_field.name)
            query = query.join_from(child, parent, peewee.JOIN.LEFT_OUTER, on=on, attr=name)
        return query

    def paths_to(self, columns: Iterable[Any]) -> list[str]:
        """The parents that these columns may be of, each behind those above it; all for what is more than a column."""
        bare = [_without_function(column) for column in columns]
        if not all(isinstance(column, (peewee.Field, peewee.FieldAlias)) for column in bare):
            return list(self.aliases)
        named = {column.source.alias for column in bare if isinstance(column, peewee.FieldAlias)}
        asked = [path for path, parent in self.aliases.items() if parent.alias in named]
        return [path for path in self.aliases if any(f"{one}.".startswith(f"{path}.") for one in asked)]

    def column(self, name: str) -> Any:
        """The column behind a name such as "number" or "division.name". ValueError for a parent that is not joined."""
        above, _, leaf = name.rpartition(".")
        if above and above not in self.aliases:
            raise ValueError(f"'{name}' needs '{above}' in joins")
        return getattr(self.aliases[above] if above else self.model, leaf)


def rows_in_parts(model: Any) -> list[Any]:
    """The person's rows in parts, each found by an index of its own; one part where that is best."""
    if not hangs_on_cases(model):
        return []
    who = scope.viewer(signed_in())
    return [rows_read_by(who, model, way) for way in ways_to_read(who)]


def rows_to_choose(parent: Any) -> Any:
    """The rows of a table that a key to it may be set to: visible ones, and of masters the active ones."""
    query = scope.visible(signed_in(), parent)
    if "active" in parent._meta.fields:
        query = query.where(parent.active)
    if issubclass(parent, Dated):
        query = query.where(parent.on(now().date()))
    if parent is User:
        query = query.order_by(BY_NAME)
    return query.limit(ROWS_IN_A_SELECT)


def signed_in() -> User:
    """The person signed in, as the record itself."""
    person: User = behind(current_user)
    return person


def _without_function(column: Any) -> Any:
    """The column that a function is asked of: LOWER(name) is of the same table as the name."""
    return column.arguments[0] if isinstance(column, peewee.Function) and len(column.arguments) == 1 else column


OWN_PAGE = re.compile(r"/(?!.*//)(?!/)[!-\[\]-~]{0,1999}")  # printable ASCII, one leading slash, no backslash


def safe_target(url: str | None, default: str | None = None) -> str | None:
    """The address itself if it is a page of this panel, else the default."""
    return url if url and OWN_PAGE.fullmatch(url) else default


def redirect_target(param_name: str = "url") -> str | None:
    """The return address that the request names, if it is safe to follow."""
    return safe_target(request.values.get(param_name))


def page_of_sending() -> str:
    """The page that what was sent came from, by GET: it stands in the browser's history in place of the answer, so that
    going back or loading anew sends nothing again. "" where no page has that address."""
    try:
        chosen = request.form.get("cases", "").split(",")
    except HTTPException:  # what was sent could not be read, which is what the page is about
        chosen = []
    ids = [("id", one.partition(":")[0]) for one in chosen if one]
    address = request.full_path if request.query_string or not ids else f"{request.path}?{urlencode(ids)}"
    routes = current_app.create_url_adapter(request)
    return address.rstrip("?") if routes and routes.test(method="GET") else ""


ASKS_FOR_TARGET = (flask_admin.actions, flask_admin.helpers, flask_admin.model.base)  # each holds the function by name


def decide_targets_by(rule: Callable[..., str | None]) -> None:
    """Let this function say where a request of Flask-Admin's may lead back to."""
    for module in ASKS_FOR_TARGET:
        module.get_redirect_target = rule


def install(app: Flask) -> None:
    """Give Flask-Admin our rule, and every redirect after something was sent the code by which the next page is asked
    for by GET: whoever goes back or loads it anew sends nothing once more."""
    decide_targets_by(redirect_target)
    app.after_request(_see_other)
    app.context_processor(lambda: {"page_of_sending": page_of_sending})


def _see_other(answer: Response) -> Response:
    if answer.status_code == 302 and request.method not in ("GET", "HEAD"):
        answer.status_code = 303
    return answer
