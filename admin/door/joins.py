"""Where every query begins: the rows that the person signed in may see, joined with the parents a view names."""

from collections.abc import Iterable, Mapping
from typing import Any

import peewee
from flask_login import current_user

from admin.door.extensions import behind
from admin.door.flaskadmin import FlaskAdminView
from models.complaint import scope
from models.complaint.search_words import hangs_on_cases, rows_read_by, ways_to_read
from models.office.people import BY_NAME, Dated, User
from models.store.base import now

ROWS_IN_A_SELECT = 500


class Joined(FlaskAdminView):
    """Mixin of PanelView: each parent is joined once under its own alias, so two keys to one table stay apart."""

    joins: tuple[str, ...] = ()  # foreign keys to join, nested ones dotted: ("division", "complaint.category")

    def get_query(self) -> Any:
        """The rows of this person, each joined with the parents that the view names."""
        query = self.own_rows()
        if self.joins:
            query = query.select(self.model, *self._aliases().values())
        return self.joined(query, self._aliases())

    def own_rows(self) -> Any:
        """The rows of this person, without anything beside them."""
        return scope.visible(signed_in(), self.model)

    def ways_to_read(self) -> list[Any]:
        """The same rows in parts, each found by an index of its own; one part where that is best."""
        if not hangs_on_cases(self.model):
            return [self.own_rows()]
        who = scope.viewer(signed_in())
        return [rows_read_by(who, self.model, way) for way in ways_to_read(who)] or [self.own_rows()]

    def joined(self, query: Any, paths: Iterable[str]) -> Any:
        """The rows with these parents beside them."""
        for path in paths:
            parent = self._aliases()[path]
            above, _, name = path.rpartition(".")
            child = self._aliases()[above] if above else self.model
            on = getattr(child, name) == getattr(parent, self._field(path).rel_field.name)
            query = query.join_from(child, parent, peewee.JOIN.LEFT_OUTER, on=on, attr=name)
        return query

    def paths_to(self, columns: Iterable[Any]) -> list[str]:
        """The parents that these columns may be of, each behind those above it; all for what is more than a column."""
        bare = [_without_function(column) for column in columns]
        if not all(isinstance(column, (peewee.Field, peewee.FieldAlias)) for column in bare):
            return list(self._aliases())
        named = {column.source.alias for column in bare if isinstance(column, peewee.FieldAlias)}
        asked = [path for path, parent in self._aliases().items() if parent.alias in named]
        return [path for path in self._aliases() if any(f"{one}.".startswith(f"{path}.") for one in asked)]

    def _aliases(self) -> dict[str, Any]:
        if "_joined" not in self.__dict__:
            self._joined: dict[str, Any] = {}
            for path in sorted(self.joins, key=lambda p: p.count(".")):
                field = self._field(path)
                self._joined[path] = field.rel_model.alias(path.replace(".", "_"))
        return self._joined

    def _field(self, path: str) -> Any:
        model = self.model
        *parents, name = path.split(".")
        for parent in parents:
            model = model._meta.fields[parent].rel_model
        return model._meta.fields[name]

    def computed_columns(self) -> Mapping[str, Any]:
        """Names that stand for no column of a table: an expression, or conditions that rank the rows."""
        return {}

    def column(self, name: Any) -> Any:
        """The column behind a name such as "number" or "division.name"; a column stays itself."""
        if not isinstance(name, str):  # a column compared with a name would be a condition, which counts as true
            return name
        if name in (computed := self.computed_columns()):
            return computed[name]
        above, _, leaf = name.rpartition(".")
        if above and above not in self._aliases():
            raise ValueError(f"{type(self).__name__}: '{name}' needs '{above}' in joins")
        return getattr(self._aliases()[above] if above else self.model, leaf)

    def choosable(self, key: Any) -> Iterable[Any]:
        """Rows that a foreign key may be set or filtered to: visible ones, and of masters the active ones."""
        parent = key.rel_model
        query = scope.visible(signed_in(), parent)
        if "active" in parent._meta.fields:
            query = query.where(parent.active)
        if issubclass(parent, Dated):
            query = query.where(parent.on(now().date()))
        if parent is User:
            query = query.order_by(BY_NAME)
        rows: Iterable[Any] = query.limit(ROWS_IN_A_SELECT)
        return rows


def signed_in() -> User:
    """The person signed in, as the record itself."""
    person: User = behind(current_user)
    return person


def _without_function(column: Any) -> Any:
    """The column that a function is asked of: LOWER(name) is of the same table as the name."""
    return column.arguments[0] if isinstance(column, peewee.Function) and len(column.arguments) == 1 else column
