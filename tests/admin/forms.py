"""A page's form as a browser would send it: read from the page, changed here and there, sent back."""

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from PIL import Image

from admin.door.flaskadmin import views_of
from tests.admin.doors import Visitor


class FormReader(HTMLParser):
    """Collects what the form with this class would send, and the choices of its selects."""

    def __init__(self, css: str) -> None:
        super().__init__()
        self.css, self.inside, self.text = css, False, ""
        self.sent: dict[str, str] = {}
        self.choices: dict[str, list[str]] = {}
        self.kinds: dict[str, str] = {}
        self.labels: dict[str, str] = {}  # by id, which is the name
        self.select = self.area = self.label = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs} | {"": ""}
        flags = {name for name, _ in attrs}
        if tag == "form":
            self.inside = self.css in given.get("class", "").split()
        elif self.inside and tag == "label":
            self.label = given["for"]
            self.labels[self.label] = ""
        elif self.inside and tag == "input" and given.get("name"):
            self._input(given, flags)
        elif self.inside and tag == "select":
            self.select = given["name"]
            self.choices[self.select], self.kinds[self.select] = [], "select"
        elif self.inside and tag == "option" and self.select:
            self._option(given, flags)
        elif self.inside and tag == "textarea":
            self.area, self.text, self.kinds[given["name"]] = given["name"], "", "textarea"

    def _input(self, given: dict[str, str], flags: set[str]) -> None:
        name, kind = given["name"], given.get("type", "text")
        self.kinds[name] = kind
        if kind != "file" and (kind not in ("checkbox", "radio") or "checked" in flags):
            self.sent[name] = given.get("value", "y" if kind == "checkbox" else "")

    def _option(self, given: dict[str, str], flags: set[str]) -> None:
        self.choices[self.select].append(given["value"])
        if "selected" in flags or self.select not in self.sent:
            self.sent[self.select] = given["value"]

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data
        if self.label:
            self.labels[self.label] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            self.sent[self.area], self.area = self.text.removeprefix("\r").removeprefix("\n"), ""
        elif tag == "select":
            self.select = ""
        elif tag == "label":
            self.label = ""
        elif tag == "form":
            self.inside = False


def form_on(page: str, css: str = "sheet") -> FormReader:
    """The form of a page."""
    reader = FormReader(css)
    reader.feed(page)
    return reader


def send(visitor: Visitor, path: str, sent: dict[str, str], **changed: Any) -> Any:
    """Send a form that was open, with these fields changed; None takes a tick away."""
    data = {name: value for name, value in {**sent, **changed}.items() if value is not None}
    return visitor.client.post(path, data=data)


def save(visitor: Visitor, path: str, **changed: Any) -> Any:
    """Open a page, change these fields, send it."""
    return send(visitor, path, form_on(visitor.get(path).text).sent, **changed)


def edit_views(app: Any) -> Iterator[Any]:
    """Every view of the panel that has an edit form, whatever it is called."""
    yield from (view for view in views_of(app) if getattr(view, "can_edit", False))


@cache
def scan() -> bytes:
    """A small picture, as of a decree that lay on a desk."""
    buffer = BytesIO()
    Image.new("RGB", (40, 56), "white").save(buffer, "PNG")
    return buffer.getvalue()
