"""Flask-Admin's private names that the panel stands on: here a new release fails first, and says what to mend."""

import inspect
from collections.abc import Callable
from typing import Any

import peewee as pw
import pytest
from flask import Flask
from flask_admin import Admin, BaseView, expose
from flask_admin.actions import ActionsMixin
from flask_admin.contrib.peewee import ModelView
from flask_admin.form import BaseForm
from flask_admin.model.base import BaseModelView, ViewArgs

from admin.door import flaskadmin, rows
from admin.door.flaskadmin import PageView, TableView
from admin.lists.base import PanelView
from admin.server import headers

pytestmark = pytest.mark.only("sqlite")

ANSWERED = {
    "is_accessible",
    "inaccessible_callback",
    "is_visible",
    "get_query",
}  # hooks that Flask-Admin has for subclasses
MENDED_IN = "Flask-Admin has moved {}: see how it does this now, and mend {} of admin/door/flaskadmin.py alone."
CALLED: tuple[tuple[Callable[..., object], str, str], ...] = (  # what we call or override: its signature; our name
    (BaseView._run_view, "(self, fn, *args, **kwargs)", "_run_once"),
    (BaseModelView._get_list_extra_args, "(self)", "list_args"),
    (BaseModelView._get_list_filter_args, "(self)", "asked_filters"),
    (BaseModelView._get_filters, "(self, filters)", "filter_args"),
    (BaseModelView._get_list_url, "(self, view_args)", "list_address"),
    (BaseModelView._get_default_order, "(self)", "default_order"),
    (BaseModelView._refresh_filters_cache, "(self)", "offered_filters"),
)
TIED: tuple[tuple[Callable[..., object], tuple[str, ...], str], ...] = (  # who uses which, since ours stands in for it
    (BaseModelView.index_view, ("self._get_list_extra_args()", "self._get_list_url("), "list_args, list_address"),
    (BaseModelView.index_view, ("filters=self._filters", "filter_args=self._get_filters("), "filter_args"),
    (BaseModelView._get_list_extra_args, ("filters=self._get_list_filter_args()",), "asked_filters"),
    (BaseModelView._refresh_cache, ("self._refresh_filters_cache()",), "offered_filters"),
    (
        BaseModelView._refresh_filters_cache,
        ("self._filters ", "self._filter_groups ", "self._filter_args "),
        "the same",
    ),
    (
        ActionsMixin.get_actions_list,
        ("in self._actions:", "self._actions_data[name][2]"),
        "offer_first",
    ),
    (
        BaseModelView._get_list_value,
        ("self._column_choices_map.get(name, {})", "return choices_map.get(value) or value"),
        "label_by",
    ),
    (BaseModelView.get_save_return_url, ("get_redirect_target()",), "decide_targets_by"),
    (ActionsMixin.handle_action, ("get_redirect_target()",), "decide_targets_by"),
)


class Sheep(pw.Model):
    name = pw.CharField()

    class Meta:
        database = pw.SqliteDatabase(":memory:")


class Flock(TableView):
    column_filters = ("name",)
    column_default_sort = ("name", True)

    def is_accessible(self) -> bool:
        return True  # there is no sign-in here

    def own_rows(self) -> Any:
        return self.model.select()

    def render(self, template: str, **context: Any) -> str:
        return template  # what Flask-Admin draws is not in question


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__)
    app.secret_key = "toy"
    headers.install_language(app)
    Admin(app).add_view(Flock(Sheep, endpoint="flock"))
    return app


@pytest.fixture
def flock(app: Flask) -> Flock:
    return flaskadmin.views_of(app)[-1]


def bare(signature: inspect.Signature) -> str:
    """A signature without its hints."""
    names = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=names, return_annotation=signature.empty))


@pytest.mark.parametrize(("theirs", "signature", "ours"), CALLED, ids=lambda part: getattr(part, "__name__", ""))
def test_flask_admin_still_has_what_we_call(theirs: Callable[..., object], signature: str, ours: str) -> None:
    assert bare(inspect.signature(theirs)) == signature, MENDED_IN.format(theirs.__qualname__, ours)


@pytest.mark.parametrize(("caller", "words", "ours"), TIED, ids=lambda part: getattr(part, "__name__", ""))
def test_flask_admin_still_asks_for_what_we_put_in(
    caller: Callable[..., object], words: tuple[str, ...], ours: str
) -> None:
    lacking = [word for word in words if word not in inspect.getsource(caller)]
    assert not lacking, MENDED_IN.format(f"{lacking} in {caller.__qualname__}", ours)


def test_no_name_of_ours_is_one_of_flask_admin_s() -> None:
    """Else Flask-Admin would call ours without knowing."""
    ours = {name for name in vars(TableView) if not name.startswith("_")}
    assert ours & set(dir(ModelView)) <= exposed() | ANSWERED, ours & set(dir(ModelView))


def exposed() -> set[str]:
    """Flask-Admin puts every page of a view onto each class anew."""
    return {name for name in dir(ModelView) if hasattr(getattr(ModelView, name), "_urls")}


def test_the_address_goes_through_our_names(app: Flask, flock: Flock, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    for name in ("list_args", "asked_filters", "filter_args", "list_address"):
        whole = getattr(TableView, name)
        monkeypatch.setattr(TableView, name, lambda *args, _n=name, _w=whole: heard.append(_n) or _w(*args))
    Sheep.create_table(safe=True)
    assert app.test_client().get("/admin/flock/?page=1").status_code == 200
    assert set(heard) == {"list_args", "asked_filters", "filter_args", "list_address"}, MENDED_IN.format(
        "what a list asks itself", "the methods that were not heard"
    )


def test_filters_orders_and_actions_are_read_as_flask_admin_stores_them(app: Flask, flock: Flock) -> None:
    assert [item.column for item in flock.offered_filters] == [Sheep.name] * len(flock.offered_filters)
    assert flock.offered_filters
    assert flock.default_order == [("name", True)]
    assert flock.action_handler("delete") == flock.action_delete
    assert flock.action_handler("shear") is None
    flock.offer_first([("shear", "Cukur", print)])
    assert flock.action_handler("shear") is print
    assert [key for key, _ in flock.get_actions_list()[0]] == ["shear", "delete"]
    with app.test_request_context("/?page=2&sort=0"):
        assert isinstance(flock.list_args(), ViewArgs)
        assert flock.list_args().page == 2


def test_a_view_is_found_by_its_name(app: Flask, flock: Flock) -> None:
    with app.app_context():
        assert flaskadmin.view_at("flock") is flock
        assert flaskadmin.view_at("herd") is None


def test_a_form_knows_the_row_behind_it() -> None:
    sheep = Sheep(name="Dolly")
    assert flaskadmin.row_behind(BaseForm(obj=sheep)) is sheep, MENDED_IN.format("BaseForm._obj", "row_behind")
    assert flaskadmin.row_behind(BaseForm()) is None


def test_a_fault_of_a_page_is_seen_and_the_page_run_once(app: Flask) -> None:
    runs = []

    class Broken(PageView):
        def is_accessible(self) -> bool:
            return True

        @expose("/")
        def index(self) -> str:
            runs.append(1)
            raise TypeError("ours")

    app.extensions["admin"][0].add_view(Broken(endpoint="broken"))
    app.testing = True
    with pytest.raises(TypeError, match="ours"):
        app.test_client().get("/admin/broken/")
    assert runs == [1], MENDED_IN.format("BaseView._run_view", "_run_once")


def test_where_a_request_leads_back_to_is_ours_to_say(
    app: Flask, flock: Flock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in rows.TARGET_MODULES:
        monkeypatch.setattr(module, "get_redirect_target", module.get_redirect_target)
    rows.set_redirect_rule(lambda param_name="url": "/ours")
    with app.test_request_context("/"):
        assert flock.get_save_return_url(Sheep()) == "/ours", MENDED_IN.format("the target", "decide_targets_by")


def test_the_panel_s_view_stands_on_the_door_alone() -> None:
    """A part that stood on ModelView itself would be asked after the door, and never heard."""
    order = PanelView.__mro__
    above = order[: order.index(TableView)]
    assert [part.__name__ for part in above if ModelView in part.__bases__] == []
