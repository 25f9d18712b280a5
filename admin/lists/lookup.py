"""A list of complaints that is searched as every page is: by words, and by whole telephone numbers and NIKs."""

from collections.abc import Sequence
from typing import Any

from flask import g
from markupsafe import Markup

from admin.door.joins import signed_in
from admin.kit.base import PanelView
from admin.kit.due import sub_line
from admin.kit.listing import COUNTED
from admin.paging.looking import Among
from models.complaint.complaint import Complaint
from models.complaint.lookup import CasesOfNumber, asked_number, find, finds_at_all
from models.complaint.scope import viewer
from models.complaint.search import Answer, answer
from sop.access import FINDERS

MANY = 4 * COUNTED  # cases of some filters that are looked at one by one before what a search holds is gathered
SOUGHT = ("nomor", "judul", "uraian", "nama")
NUMBERS = {"phone": "telepon", "nik": "NIK"}


class FindingView(PanelView):
    """A view of complaints whose search takes whole numbers beside words."""

    def init_search(self) -> bool:
        """Words are looked for in what a case says, whatever columns the list has."""
        self.searched = []
        return True

    def search_label(self) -> str:
        """With the numbers that find something for this person."""
        who = viewer(signed_in())
        *names, last = [*SOUGHT, *(NUMBERS[kind] for kind in FINDERS if finds_at_all(who, kind))]
        return f"Cari {', '.join(names)}, atau {last}"

    def matching(self, search: str) -> Any:
        """The rows that hold what was typed, and those of the number that it is."""
        if not search:
            return None
        words, found = answered(search), looked_up(search)
        held = words.sight.holding(words.terms) if words.is_more else Complaint.id.in_(words.ids)
        return held | Complaint.id.in_(found.cases) if found else held

    def _some_ids(self, search: str | None, filters: Any, most: int = 0) -> list[int]:
        """Of more cases than are counted those that the search has come upon first; beside filters each of some that
        these leave is looked at."""
        if not search or not answered(search).is_more:
            return super()._some_ids(search, filters, most)
        if not filters:
            return answered(search).ids
        narrowed = super()._some_ids("", filters, MANY)
        held = sorted(self.belonging(search, ())(narrowed))
        return held if len(narrowed) < MANY or len(held) > COUNTED else super()._some_ids(search, filters, most)

    def belonging(self, search: str | None, filters: Any) -> Among:
        """Of what is searched for each case is looked at by itself."""
        if not search:
            return super().belonging(search, filters)
        words, number = answered(search), looked_up(search)
        left = super().belonging("", filters) if filters else set

        def among(ids: Sequence[int]) -> set[int]:
            held = words.sight.among(ids, words.terms) | (number.among(ids) if number else set())
            return left(list(held))

        return among

    def searched_instead(self, search: str | None) -> str:
        """What the list shows if nothing holds all words that were typed; "" if it shows what was asked for."""
        return answered(search).instead if search else ""

    def meant_by(self, search: str | None) -> list[str]:
        """What may have been meant by words that stand in a few cases."""
        meant = answered(search).meant if search else None
        return meant.queries if meant else []

    def rows(self, keys: list[int]) -> list[Any]:
        """With how each was found if a number led there."""
        rows, found = super().rows(keys), g.get("looked_up")
        of_number = found.among(keys) if found else set()
        for row in rows:
            row.way_found = found.way if row.id in of_number else ""
        return rows

    def tells_of(self, search: Any) -> bool:
        """A row that a number has found tells whose number it is."""
        return bool(g.get("looked_up"))

    def asked_for(self, search: Any, filters: Any) -> str:
        """Without a number that could be read there as long as the log is kept."""
        asked = asked_number(search or "")
        return super().asked_for(asked.masked if asked else search, filters)


def looked_up(search: str) -> CasesOfNumber | None:
    """What the number that was typed finds for the person: asked and noted once, however often a list is narrowed."""
    if "looked_up" not in g:
        g.looked_up = find(search, viewer(signed_in()))
    found: CasesOfNumber | None = g.looked_up
    return found


def answered(search: str) -> Answer:
    """What the words that were typed find for the person: looked for once, however often a list is narrowed."""
    if "answered" not in g:
        g.answered = answer(search, viewer(signed_in()))
    found: Answer = g.answered
    return found


def way_found(row: Any) -> Markup:
    """The line that says by which kind of number a row was found; the number itself stands nowhere."""
    return sub_line(row.way_found) if row.way_found else Markup("")
