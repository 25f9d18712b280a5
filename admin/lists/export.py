"""A list as a file, told portion by portion, and its entry in the access log; a PDF as an answer."""

import re
from array import array
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, request, stream_with_context
from peewee import SQL

from admin.door.flaskadmin import FlaskAdminView
from admin.door.gate import READS_MUCH, expose
from admin.door.rows import Joined, signed_in
from admin.lists.export_files import Cell, CellsBeside, ExportColumn, ExportTable, cell_of, chunks, csv_lines, xlsx_file
from models.case import access_notes
from models.complaint.accesslog import note_file
from models.complaint.complaint import Complaint
from models.store.base import database
from models.store.keyset import keys_in_order
from sop.clock import WIB


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


TICKET = re.compile(r"[a-z0-9]{4,12}", re.ASCII)


def pdf_response(data: bytes, name: str, *, download: bool = False) -> Response:
    """A PDF that no browser keeps or takes for something else."""
    return Response(data, mimetype="application/pdf", headers=kept_private(name, download=download))


def kept_private(name: str, *, download: bool = True) -> dict[str, str]:
    return {
        "Content-Disposition": f'{"attachment" if download else "inline"}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        **_arrival_cookie(request.form.get("unduhan", "")),
    }


def _arrival_cookie(ticket: str) -> dict[str, str]:
    """Tells the page that asked for a file that it has come: a cookie with the ticket that the form brought."""
    if not TICKET.fullmatch(ticket):
        return {}
    return {"Set-Cookie": f"unduhan={ticket}; Max-Age=60; Path=/; SameSite=Strict"}


EXPORTED = 100_000
PORTION = 1_000
CUT = "Dipotong pada 100.000 baris. Persempit saringan untuk mengekspor sisanya."
KINDS = {"xlsx": "Excel (XLSX)", "csv": "CSV"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING_BESIDE = CellsBeside()


class Exporting(Logged, Joined):
    """Mixin of PanelView: the list with its search and filters, in the columns named for export."""

    @expose("/export/<any(xlsx,csv):export_type>/", cost=READS_MUCH)
    def export(self, export_type: str) -> Any:
        if not self.opens("export"):
            abort(404)
        return self.exported_file(export_type)

    def export_links(self, **asked: Any) -> list[tuple[str, str]]:
        """(words, address) of each way to take the list that is shown."""
        return [(label, self.get_url(".export", export_type=kind, **asked)) for kind, label in KINDS.items()]

    def exported_file(self, kind: str, beside: CellsBeside = NOTHING_BESIDE, reason: str = "") -> Response:
        """The list as it is asked for; noted before anything of it leaves."""
        args = self.list_args()
        keys = self._exported_keys(args)
        self.on_exported(keys[:EXPORTED], args.search, args.filters, reason)
        name = f"{self.endpoint}-{datetime.now(WIB):%Y%m%d-%H%M}.{kind}"
        table = self._table(keys, beside)
        return csv_response(table, name) if kind == "csv" else xlsx_response([table], name)

    def export_columns(self) -> list[ExportColumn]:
        """Each column with a head of its own: a column of the model is called as there. On screen two facts may stand
        under one head, in the export never."""
        return [self._export_column(name, label) for name, label in self.get_export_columns()]

    def _export_column(self, name: str, label: str) -> ExportColumn:
        above, _, leaf = name.rpartition(".")
        model = self._field(above).rel_model if above else self.model
        field = model._meta.fields.get(leaf)
        head = label if above or field is None else str(field.verbose_name or label)
        return ExportColumn(head, self.column(name), cell_of(field))

    def _exported_keys(self, args: Any) -> Sequence[int]:
        """The rows in their order, as they were at one moment; one more than is exported tells that there are more."""
        order = self.order_by(self.sorting_column(args.sort), bool(args.sort_desc))
        return array("q", keys_in_order(self.in_order(args.search, args.filters, order), order, EXPORTED + 1))

    def _table(self, keys: Sequence[int], beside: CellsBeside) -> ExportTable:
        columns = self.export_columns()
        heads = [column.head for column in columns] + list(beside.heads)
        rows, cut = min(len(keys), EXPORTED), CUT if len(keys) > EXPORTED else ""
        return ExportTable(str(self.name), heads, self._portions(keys[:rows], columns, beside), rows, cut)

    def _portions(
        self, keys: Sequence[int], columns: Sequence[ExportColumn], beside: CellsBeside
    ) -> Iterator[list[Sequence[Cell]]]:
        """The rows a portion at a time. Whether one may still be read is asked once more; between two portions no
        statement is open. The request's connection may be gone by then, so each sees to its own."""
        for start in range(0, len(keys), PORTION):
            opened = database.connect(reuse_if_open=True)
            try:
                portion = self._portion(list(keys[start : start + PORTION]), columns, beside)
            finally:
                if opened:
                    database.close()
            yield portion

    def _portion(self, keys: list[int], columns: Sequence[ExportColumn], beside: CellsBeside) -> list[Sequence[Cell]]:
        key = self.model._meta.primary_key
        listed = SQL(f"({', '.join(map(str, keys))})")
        query = self.joined(self.own_rows().where(key.in_(listed)), self.paths_to(one.column for one in columns))
        rows = query.select(key, *(one.column for one in columns)).tuples().iterator()
        tell = [one.cell for one in columns]
        found = {row[0]: [cell(value) for cell, value in zip(tell, row[1:], strict=True)] for row in rows}
        more = beside.of(list(found))
        return [[*found[number], *more.get(number, ())] for number in keys if number in found]


def csv_response(table: ExportTable, name: str) -> Response:
    lines = stream_with_context(csv_lines(table))
    return Response(lines, mimetype="text/csv", headers=kept_private(name))


def xlsx_response(tables: Sequence[ExportTable], name: str) -> Response:
    """A sheet each. Written to its end before it is sent, since the first part of such a file tells of the last."""
    file = xlsx_file(tables, Path(current_app.config["VAR_DIR"]))
    answer = Response(chunks(file), mimetype=XLSX, headers=kept_private(name))
    answer.call_on_close(file.close)
    return answer
