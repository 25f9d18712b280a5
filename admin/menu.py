"""The menu of each user: at most nine visible entries, the others grouped under a heading."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from admin.desk.counts import MEANINGS, WAITS, waiting_at
from admin.lists.masters import CATEGORY, ORGANISATION, REPORTS

MOST = 9
FIRST = (
    "/pengguna/",
    "/pengaturan/",
    "/serah-terima/",
    "/nomor/",
    "/arsip/",
)  # shown outside their group while there is room
ICONS = {  # symbols of static/icons.svg: by address of a page, by name of a group
    "/": "house",
    "/pengaduan/": "inbox",
    "/disposisi/": "send",
    "/arsip/": "archive",
    "/riwayat/": "history",
    "/sop/": "book-open",
    "/nomor/": "hash",
    "/serah-terima/": "arrow-left-right",
    "/pengaturan/": "settings",
    "/pengguna/": "users",
    REPORTS: "chart-column",
    ORGANISATION: "users",
    CATEGORY: "tags",
}
ANY_PAGE = "file-text"


@dataclass(frozen=True)
class MenuEntry:
    """A page in the menu; `current` is aria-current: "page" on it, "true" on a related page; `waiting`: its count."""

    name: str
    url: str
    current: str
    waiting: str

    @property
    def icon(self) -> str:
        return ICONS.get(self.url, ANY_PAGE)

    @property
    def counted(self) -> str:
        """What its count means, for screen readers."""
        return MEANINGS.get(self.url, WAITS)


@dataclass(frozen=True)
class MenuGroup:
    """Pages grouped under a heading: unfolded if one of them is current, with the sum of their counts."""

    name: str
    entries: list[MenuEntry] = field(default_factory=list)

    @property
    def icon(self) -> str:
        return ICONS.get(self.name, ANY_PAGE)

    @property
    def open(self) -> bool:
        return any(entry.current for entry in self.entries)

    @property
    def counted(self) -> str:
        meanings = {entry.counted for entry in self.entries if entry.waiting}
        return meanings.pop() if len(meanings) == 1 else WAITS

    @property
    def waiting(self) -> str:
        return waiting_at(*(entry.url for entry in self.entries))


def install(app: Flask) -> None:
    app.context_processor(lambda: {"menu_lines": menu_lines})


def menu_lines(view: Any) -> list[MenuEntry | MenuGroup]:
    """The menu of the signed-in user on a page."""
    sections = list(_sections_of(view))
    before: tuple[str, ...] = ()
    for url in FIRST:
        more = (*before, url)
        before = more if len(_folded(sections, more)) <= MOST else before
    return _folded(sections, before)


def _sections_of(view: Any) -> Iterator[MenuEntry | MenuGroup]:
    """All entries that the user may open, in the order of registration."""
    for item in view.admin.menu():
        if item.is_category():
            yield MenuGroup(item.name, [_entry_of(child, view) for child in item.get_children()])
        elif item.is_accessible() and item.is_visible():
            yield _entry_of(item, view)


def _entry_of(item: Any, view: Any) -> MenuEntry:
    url = item.get_url()
    current = "page" if item.is_active(view) else "true" if url == getattr(view, "sibling_url", None) else ""
    return MenuEntry(item.name, url, current, waiting_at(url))


def _folded(sections: list[MenuEntry | MenuGroup], before: tuple[str, ...]) -> list[MenuEntry | MenuGroup]:
    """The menu with the pages `before` outside their groups; a group of one page is replaced by the page."""
    lines: list[MenuEntry | MenuGroup] = []
    for section in sections:
        if isinstance(section, MenuEntry):
            lines.append(section)
            continue
        inside = [entry for entry in section.entries if entry.url not in before]
        lines += [entry for entry in section.entries if entry.url in before]
        lines += [MenuGroup(section.name, inside)] if len(inside) > 1 else inside
    return lines
