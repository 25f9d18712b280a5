"""Flask-Admin's marks on a method, which keeps its type: a page of the view, an action of the list."""

from collections.abc import Callable, Iterable

import flask_admin
import flask_admin.actions

from admin.door.cost import Cost, Marked, costs


def expose(
    address: str = "/", *, methods: Iterable[str] = ("GET",), cost: Cost | None = None
) -> Callable[[Marked], Marked]:
    """The method answers at this address, which stands below that of its view, and costs what its view says or this."""
    mark: Callable[[Marked], Marked] = flask_admin.expose(address, methods)
    return (lambda method: mark(costs(cost)(method))) if cost else mark


def action(key: str, label: str, question: str | None = None) -> Callable[[Marked], Marked]:
    """The method is done to the rows that were ticked, under this label; asked before, if there is a question."""
    mark: Callable[[Marked], Marked] = flask_admin.actions.action(key, label, question)
    return mark
