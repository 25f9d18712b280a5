"""How a list looks to its user: dense or airy rows, and which columns in which order."""

from collections.abc import Iterable
from typing import Any

from flask import redirect, request

from admin.door.flaskadmin import ViewPart
from admin.lists.paging import PLACES
from models.complaint.search_words import belongs_to_cases

COLUMNS = "kolom"  # query argument and form field: the visible columns, in order
ARRANGE = "susunan"  # the action of the form above the list
DENSITY, DENSE, AIRY = "kerapatan", "rapat", "lega"
EARLIER, LATER, ALL = "naik", "turun", "semula"  # form fields: the column to move, or all as they were
OPENED = "atur"  # query argument: the panel of columns is open, since one of them was just moved without script
A_YEAR = 365 * 24 * 60 * 60


class Look(ViewPart):
    """Part of a list about cases. The density is a cookie: it depends on the screen, as the same user has a desktop and
    a phone, and costs no query. The columns are stored for the user, beside the saved views; an address that names
    columns, as that of a saved view does, takes precedence."""

    def is_offered(self) -> bool:
        return belongs_to_cases(self.view.model)

    def is_dense(self) -> bool:
        return bool(self.view.list_class) and request.cookies.get(DENSITY) == DENSE

    def columns(self) -> list[tuple[str, str]]:
        """The visible columns, as (name, label), in the user's order; the one with the row's link keeps its place."""
        view, every = self.view, self.view.get_list_columns()
        asked = view.list_args().extra_args.get(COLUMNS) or self.requested([view.saved_views.stored_columns()])
        if not asked:
            return list(every)
        labels, names = dict(every), str(asked).split(",")
        names.insert(list(labels).index(view.titled), view.titled)
        return [(name, labels[name]) for name in names]

    def choices(self) -> list[tuple[str, str, bool]]:
        """(name, label, whether visible) of each column that can be hidden or moved, the visible ones first."""
        shown = self.columns()
        hidden = [column for column in self.view.get_list_columns() if column not in shown]
        return [(*column, column in shown) for column in (*shown, *hidden) if column[0] != self.view.titled]

    def requested(self, typed: Iterable[str]) -> str:
        """The movable columns that are named, in that order; "" for all in their own order."""
        names = [name for name, _ in self.view.get_list_columns() if name != self.view.titled]
        asked = list(dict.fromkeys(one for part in typed for one in part.split(",") if one in names))
        return ",".join(asked) if asked != names else ""

    def act(self) -> Any:
        """Store the density or the columns that were sent, and redirect to the list."""
        view, args = self.view, self.view.list_args()
        density = request.form.get(DENSITY)
        if density in (DENSE, AIRY):
            answer = redirect(view.list_address(args))
            answer.set_cookie(
                DENSITY, density, max_age=A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
            )
            return answer
        view.saved_views.store_columns(self.requested(self._sent_columns()))
        others = {name: value for name, value in args.extra_args.items() if name != COLUMNS}
        address = view.list_address(args.clone(extra_args=others))
        is_moved = EARLIER in request.form or LATER in request.form
        return redirect(f"{address}{'&' if '?' in address else '?'}{OPENED}=1#{COLUMNS}" if is_moved else address)

    def _sent_columns(self) -> list[str]:
        """The ticked columns of the form, one of them moved by one place if its button was pressed."""
        if ALL in request.form:
            return []
        names = request.form.getlist(COLUMNS)
        for field, way in ((EARLIER, -1), (LATER, 1)):
            moved = request.form.get(field)
            if moved in names:
                place = names.index(moved)
                names.insert(max(place + way, 0), names.pop(place))
        return names

    def form_address(self) -> str:
        """Where the form is sent: with all that the list is asked for, its place included."""
        view, args = self.view, self.view.list_args()
        places = {name: args.extra_args[name] for name in PLACES if name in args.extra_args}
        page = {"page": args.page} if args.page else {}
        return str(view.get_url(".action_view", **view.jump.preserved_arguments(), **places, **page))
