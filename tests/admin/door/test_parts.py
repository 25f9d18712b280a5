"""Views name their parts: three levels of classes at most, no order of bases that matters, and each route once."""

from collections.abc import Iterator
from inspect import unwrap
from itertools import combinations
from typing import Any

import pytest
from flask import Flask
from flask_admin import Admin

from admin.door.flaskadmin import PageView, ViewPart, views_of
from admin.door.gate import READS, expose, pages_of

pytestmark = pytest.mark.only("sqlite")
MOST_LEVELS = 3


def ours(kind: type) -> list[type]:
    """The classes of the panel that a class stands on, itself first."""
    return [one for one in kind.__mro__ if one.__module__.startswith("admin.")]


def parts_of(view: Any) -> list[ViewPart]:
    return list(view.parts_by_name.values())


def routes(panel: Flask) -> Iterator[tuple[Any, str]]:
    """Each view with the name of each of its routes."""
    for view in views_of(panel):
        names = {endpoint.rpartition(".") for endpoint in panel.view_functions}
        yield from ((view, name) for of, _, name in names if of == view.endpoint and name != "static")


def definitions(view: Any, name: str) -> list[str]:
    """Where a route is written: in classes of the view or in its parts, wherever these took it from."""
    in_classes = [
        kind.__qualname__
        for kind in ours(type(view))
        if name in vars(kind) and unwrap(vars(kind)[name]).__qualname__ == f"{kind.__qualname__}.{name}"
    ]
    in_parts = [kind.__qualname__ for part in parts_of(view) for kind in ours(type(part)) if name in vars(kind)]
    return in_classes + in_parts


def test_a_view_and_each_of_its_parts_stand_on_three_classes_of_ours_at_most(panel: Flask) -> None:
    deep = {
        kind.__name__: [one.__name__ for one in ours(kind)]
        for view in views_of(panel)
        for kind in (type(view), *map(type, parts_of(view)))
        if len(ours(kind)) > MOST_LEVELS
    }
    assert not deep


def test_the_order_of_bases_decides_nothing(panel: Flask) -> None:
    """Of two base classes neither may declare what the other declares: else the first one would win."""
    for view in views_of(panel):
        for kind in (type(view), *map(type, parts_of(view))):
            for one, other in combinations(ours(kind), 2):
                if not issubclass(one, other):
                    both = {name for name in vars(one).keys() & vars(other).keys() if not name.startswith("__")}
                    assert not both, (kind, one, other)


def test_each_route_of_a_view_is_written_once(panel: Flask) -> None:
    found = {f"{view.endpoint}.{name}": definitions(view, name) for view, name in routes(panel)}
    assert len(found) > 100
    assert not {endpoint: places for endpoint, places in found.items() if len(places) != 1}


class Bell(ViewPart):
    def __init__(self, tone: str) -> None:
        self.tone = tone

    @expose("/bell/", cost=READS)
    def ring(self) -> str:
        return f"{self.tone} for {self.view.name}"


class Tower(PageView):
    noun = "beranda"
    bell = Bell("ding")

    def is_accessible(self) -> bool:
        return True

    @expose("/")
    def index(self) -> str:
        return "tower"


def test_a_part_s_route_is_one_of_its_view_s_with_its_own_marks() -> None:
    app = Flask(__name__)
    app.secret_key = "toy"
    admin = Admin(app)
    admin.add_view(Tower(name="north", endpoint="north"))
    admin.add_view(Tower(name="south", endpoint="south"))
    asked = app.test_client()
    assert [asked.get(f"/admin/{tower}/bell/").text for tower in ("north", "south")] == [
        "ding for north",
        "ding for south",
    ]
    assert pages_of(app, "north.ring") == ("beranda",)
    assert vars(app.view_functions["north.ring"].__func__)["cost"] is READS


def test_two_parts_with_one_route_are_refused_as_the_view_is_written() -> None:
    with pytest.raises((TypeError, RuntimeError)) as refused:  # Python 3.11 wraps what a __set_name__ raises
        type("Belfry", (PageView,), {"first": Bell("ding"), "second": Bell("dong")})
    assert "Belfry.ring stands twice" in f"{refused.value} {refused.value.__cause__}"
