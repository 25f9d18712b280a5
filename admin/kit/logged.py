"""Lists and exports stand in the access log before their rows leave: whose they were, and what was asked for."""

from collections.abc import Sequence
from typing import Any

from peewee import SQL

from admin.door.flaskadmin import FlaskAdminView
from admin.door.joins import signed_in
from models.case import access_notes
from models.complaint.accesslog import note_file
from models.complaint.complaint import Complaint


class Logged(FlaskAdminView):
    """Mixin of PanelView: notes the complaints behind the rows of a list, and every export."""

    tells = False  # the list shows what was written in a case, so each reading is noted, not only of secret ones

    def get_list(
        self, page: Any, sort_column: Any, sort_desc: Any, search: Any, filters: Any, *args: Any, **more: Any
    ) -> Any:
        count, rows = super().get_list(page, sort_column, sort_desc, search, filters, *args, **more)
        asked, every = self.asked_for(search, filters), self.tells or self.tells_of(search)
        access_notes.note_list(signed_in(), f"daftar {self.endpoint}", self._cases(rows), asked=asked, every=every)
        return count, rows

    def tells_of(self, search: Any) -> bool:
        """Whether what was typed makes each row tell more than the list does."""
        return False

    def on_exported(self, keys: Sequence[int], search: Any, filters: Any, reason: str = "") -> None:
        """Called before the first row leaves: an export that cannot be noted does not begin. A reason is given where
        it holds who the people are."""
        asked = self.asked_for(search, filters)
        note_file(
            signed_in(),
            f"ekspor {self.endpoint}" + (" dengan identitas" if reason else ""),
            self._exported_cases(keys),
            rows=len(keys),
            asked="; ".join(filter(None, [f"alasan: {reason}" if reason else "", asked])),
        )

    def asked_for(self, search: Any, filters: Any) -> str:
        """The search and the filters in words, as the access log keeps them."""
        active = [(self.offered_filters[index], value) for index, _, value in filters or ()]
        chosen = [f"{one.label}: {one.value_words(value)}" for one, value in active]
        return "; ".join([f"cari: {search}"] * bool(search) + chosen)

    def _cases(self, rows: list[Any]) -> list[Complaint]:
        if self.model is Complaint:
            return rows
        return [row.complaint for row in rows if row.complaint_id] if "complaint" in self.model._meta.fields else []

    def _exported_cases(self, keys: Sequence[int]) -> list[int]:
        if self.model is Complaint:
            return list(keys)
        if "complaint" not in self.model._meta.fields:
            return []
        column, key = self.model.complaint, self.model._meta.primary_key
        listed = SQL(f"({', '.join(map(str, keys)) or 'NULL'})")
        found = self.model.select(column).where(key.in_(listed) & column.is_null(False)).distinct()
        return [number for (number,) in found.tuples()]
