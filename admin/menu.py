"""The menu as each person sees it: nine entries in sight at most, the rest folded under their noun."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from admin.desk.counts import waiting_at

MOST = 9
FIRST = ("/pengguna/", "/pengaturan/", "/serah-terima/", "/nomor/")  # stand before their fold while there is room


@dataclass(frozen=True)
class MenuEntry:
    """A page in the menu: whether one is there ("page") or beside it ("true"), and how much waits behind it."""

    name: str
    url: str
    current: str
    waiting: str


@dataclass(frozen=True)
class MenuFold:
    """Pages under a noun: open where one is, with how much waits in all of them."""

    name: str
    entries: list[MenuEntry] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return any(entry.current for entry in self.entries)

    @property
    def waiting(self) -> str:
        return waiting_at(*(entry.url for entry in self.entries))


def install(app: Flask) -> None:
    """Let the frame ask for it."""
    app.context_processor(lambda: {"menu_lines": menu_lines})


def menu_lines(view: Any) -> list[MenuEntry | MenuFold]:
    """The menu beside a page, for whoever is signed in."""
    sections = list(_sections_beside(view))
    before: tuple[str, ...] = ()
    for url in FIRST:
        tried = (*before, url)
        before = tried if len(_folded(sections, tried)) <= MOST else before
    return _folded(sections, before)


def _sections_beside(view: Any) -> Iterator[MenuEntry | MenuFold]:
    """What the person may open, all of it, in the order in which the panel was put together."""
    for item in view.admin.menu():
        if item.is_category():
            yield MenuFold(item.name, [_entry_of(child, view) for child in item.get_children()])
        elif item.is_accessible() and item.is_visible():
            yield _entry_of(item, view)


def _entry_of(item: Any, view: Any) -> MenuEntry:
    url = item.get_url()
    current = "page" if item.is_active(view) else "true" if url == getattr(view, "beside", None) else ""
    return MenuEntry(item.name, url, current, waiting_at(url))


def _folded(sections: list[MenuEntry | MenuFold], before: tuple[str, ...]) -> list[MenuEntry | MenuFold]:
    """With these pages before their folds; a noun over one page alone would only hide it."""
    lines: list[MenuEntry | MenuFold] = []
    for section in sections:
        if isinstance(section, MenuEntry):
            lines.append(section)
            continue
        inside = [entry for entry in section.entries if entry.url not in before]
        lines += [entry for entry in section.entries if entry.url in before]
        lines += [MenuFold(section.name, inside)] if len(inside) > 1 else inside
    return lines
