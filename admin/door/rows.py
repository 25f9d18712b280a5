"""Validation of row ids, the rows that a user may see, and safe redirect targets."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, reduce
from typing import Any
from urllib.parse import urlencode

import flask_admin.actions
import flask_admin.helpers
import flask_admin.model.base
import peewee
from flask import Flask, Response, abort, current_app, request
from werkzeug.exceptions import HTTPException

from admin.door.extensions import get_current_user
from models.complaint import scope
from models.complaint.search_words import belongs_to_cases, readable_parts, rows_read_by
from models.office.people import BY_NAME, Dated, User
from models.store.base import now
from models.store.master_cache import rows_by_id

ROW_ID = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
MOST_IDS = 500


def valid_id(typed: Any) -> int:
    """The row id in an address or form; 404 if it is none."""
    if not isinstance(typed, str) or not ROW_ID.fullmatch(typed):
        abort(404)
    return int(typed)


def valid_ids(typed: list[str]) -> list[int]:
    """Distinct row ids in order; 400 for more than MOST_IDS, 404 for anything but an id."""
    if len(typed) > MOST_IDS:
        abort(400, f"Paling banyak {MOST_IDS} baris sekaligus.")
    return list(dict.fromkeys(valid_id(one) for one in typed))


ROWS_IN_A_SELECT = 500


class Parents:
    """The parent tables that a view joins, one alias per path, so that two keys to one table do not collide."""

    def __init__(self, model: Any, paths: Iterable[str]) -> None:
        self.model, self.aliases = model, dict[str, Any]()
        for path in sorted(paths, key=lambda p: p.count(".")):
            self.aliases[path] = self.field(path).rel_model.alias(path.replace(".", "_"))

    @cached_property
    def not_cached(self) -> list[str]:
        """The parents to join when rows are shown: all but the master tables below which nothing is joined."""
        above = {path.rpartition(".")[0] for path in self.aliases}
        return [path for path in self.aliases if path in above or not self.field(path).rel_model.cached]

    def attach_cached(self, rows: Sequence[Any]) -> None:
        """Give the rows their other parents: cached rows, which must not be changed."""
        for path in self.aliases.keys() - set(self.not_cached):
            above, _, name = path.rpartition(".")
            field = self.field(path)
            children = [child for row in rows if (child := reduce(getattr, filter(None, above.split(".")), row))]
            masters = rows_by_id(field.rel_model, (child.__data__[name] for child in children))
            for child in children:
                if number := child.__data__[name]:
                    child.__rel__[name] = masters[number]

    def field(self, path: str) -> Any:
        """The field for a dotted name."""
        model = self.model
        *parents, name = path.split(".")
        for parent in parents:
            model = model._meta.fields[parent].rel_model
        return model._meta.fields[name]

    def joined(self, query: Any, paths: Iterable[str]) -> Any:
        """The query with these parents joined."""
        for path in paths:
            parent = self.aliases[path]
            above, _, name = path.rpartition(".")
            child = self.aliases[above] if above else self.model
            on = getattr(child, name) == getattr(parent, self.field(path).rel_field.name)
            query = query.join_from(child, parent, peewee.JOIN.LEFT_OUTER, on=on, attr=name)
        return query

    def paths_to(self, columns: Iterable[Any]) -> list[str]:
        """The parents that these columns need, ancestors first; all parents where an expression cannot be read."""
        try:
            fields = [field for column in columns for field in fields_within(column)]
        except TypeError:
            return list(self.aliases)
        named = {field.source.alias for field in fields if isinstance(field, peewee.FieldAlias)}
        used = [path for path, parent in self.aliases.items() if parent.alias in named]
        return [path for path in self.aliases if any(f"{one}.".startswith(f"{path}.") for one in used)]

    def column(self, name: str) -> Any:
        """The column for a name such as "number" or "division.name". ValueError for a parent that is not joined."""
        above, _, leaf = name.rpartition(".")
        if above and above not in self.aliases:
            raise ValueError(f"'{name}' needs '{above}' in joins")
        return getattr(self.aliases[above] if above else self.model, leaf)


def rows_in_parts(model: Any) -> list[Any]:
    """The user's rows as separate queries, each with its own index; [] for models outside cases or of few cases."""
    if not belongs_to_cases(model) or model.of_few_cases:
        return []
    who = scope.viewer(signed_in())
    return [rows_read_by(who, model, way) for way in readable_parts(who)]


def rows_to_choose(parent: Any) -> Any:
    """The rows that a foreign key may be set to: visible, active, and in force today."""
    query = scope.visible(signed_in(), parent)
    if "active" in parent._meta.fields:
        query = query.where(parent.active)
    if issubclass(parent, Dated):
        query = query.where(parent.on(now().date()))
    if parent is User:
        query = query.order_by(BY_NAME)
    return query.limit(ROWS_IN_A_SELECT)


def signed_in() -> User:
    """The signed-in user, as the model instance instead of Flask-Login's proxy."""
    user: User = get_current_user()
    return user


def fields_within(column: Any) -> Iterator[Any]:
    """The fields that a column or an expression of columns reads. TypeError for other nodes, as a subselect."""
    if isinstance(column, (peewee.Field, peewee.FieldAlias)):
        yield column
        return
    match column:
        case peewee.Expression(lhs=left, rhs=right):
            within = [left, right]
        case peewee.Function(arguments=arguments):
            within = list(arguments)
        case peewee.Case(predicate=subject, expression_tuples=cases, default=other):
            within = [subject, *(node for case in cases for node in case), other]
        case peewee.WrappedNode(node=node):
            within = [node]
        case peewee.SQL(sql=text) if text.isdigit():
            within = []
        case peewee.Node():
            raise TypeError(f"the fields of {type(column).__name__} are not known")
        case _:
            within = []
    for node in within:
        yield from fields_within(node)


OWN_PAGE = re.compile(r"/(?!.*//)(?!/)[!-\[\]-~]{0,1999}")  # printable ASCII, one leading slash, no backslash


def safe_target(url: str | None, default: str | None = None) -> str | None:
    """The address if it is a local one, else the default."""
    return url if url and OWN_PAGE.fullmatch(url) else default


def redirect_target(param_name: str = "url") -> str | None:
    """The return address in the request, if it is safe."""
    return safe_target(request.values.get(param_name))


def submitting_page() -> str:
    """The GET address of the page that sent this POST, to replace the response in the browser's history, so that back
    and reload do not submit again. "" if GET is not allowed there."""
    try:
        chosen = request.form.get("cases", "").split(",")
    except HTTPException:  # the form could not be parsed, which the page reports
        chosen = []
    ids = [("id", one.partition(":")[0]) for one in chosen if one]
    address = request.full_path if request.query_string or not ids else f"{request.path}?{urlencode(ids)}"
    routes = current_app.create_url_adapter(request)
    return address.rstrip("?") if routes and routes.test(method="GET") else ""


TARGET_MODULES = (
    flask_admin.actions,
    flask_admin.helpers,
    flask_admin.model.base,
)  # modules that import the function by name


def set_redirect_rule(rule: Callable[..., str | None]) -> None:
    """Replace Flask-Admin's function for return addresses."""
    for module in TARGET_MODULES:
        module.get_redirect_target = rule


def install(app: Flask) -> None:
    """Give Flask-Admin our redirect rule, and answer every POST's redirect with 303, so that browsers follow it by GET
    and a reload does not submit again."""
    set_redirect_rule(redirect_target)
    app.after_request(_see_other)
    app.context_processor(lambda: {"submitting_page": submitting_page})


def _see_other(answer: Response) -> Response:
    if answer.status_code == 302 and request.method not in ("GET", "HEAD"):
        answer.status_code = 303
    return answer
