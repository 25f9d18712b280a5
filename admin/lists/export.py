"""Export of a list as a file, streamed in batches and recorded in the access log; PDF responses."""

import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Response, abort, copy_current_request_context, current_app, request, stream_with_context
from peewee import SQL

from admin.door.extensions import set_current_user
from admin.door.flaskadmin import ViewPart
from admin.door.gate import READS_MUCH, expose
from admin.door.rows import signed_in
from admin.lists.export_files import Cell, ExportColumn, ExportTable, ExtraCells, cell_of, chunks, csv_lines, xlsx_file
from admin.lists.works import begin_file_work, large_work_page
from models.complaint.accesslog import record_export
from models.complaint.complaint import Complaint
from models.office.long_work import Progress
from models.store.base import database
from models.store.keyset import keys_in_order
from sop.clock import WIB
from sop.words import format_number

TICKET = re.compile(r"[a-z0-9]{4,12}", re.ASCII)


def pdf_response(data: bytes, name: str, *, download: bool = False) -> Response:
    """A PDF response that browsers neither cache nor sniff."""
    return Response(data, mimetype="application/pdf", headers=download_headers(name, download=download))


def download_headers(name: str, *, download: bool = True) -> dict[str, str]:
    headers = {
        "Content-Disposition": f'{"attachment" if download else "inline"}; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    ticket = request.form.get("unduhan", "")
    if TICKET.fullmatch(ticket):  # by this cookie the page sees that the download has arrived
        headers["Set-Cookie"] = f"unduhan={ticket}; Max-Age=60; Path=/; SameSite=Strict"
    return headers


EXPORTED = 100_000
AT_ONCE = 1_000  # rows; more are asked for once more, and exported in a thread
PORTION = 1_000
CUT = "Dipotong pada 100.000 baris. Persempit saringan untuk mengekspor sisanya."
KINDS = {"xlsx": "Excel (XLSX)", "csv": "CSV"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NO_EXTRA_CELLS = ExtraCells()


class Export(ViewPart):
    """Part of a view: export of the filtered list in the view's export columns, logged before it is sent."""

    @expose("/export/<any(xlsx,csv):export_type>/", methods=("GET", "POST"), cost=READS_MUCH)
    def export(self, export_type: str) -> Any:
        """The file; of many rows first the question whether so many are wanted."""
        if not self.view.opens("export"):
            abort(404)
        args = self.view.list_args()
        keys = self.keys(args)
        if request.method == "GET" and len(keys) > AT_ONCE:
            return self._question(len(keys), self.view.list_address(args))
        return self.file(export_type, keys=keys)

    def _question(self, count: int, back: str) -> str:
        count, cut = min(count, EXPORTED), CUT if count > EXPORTED else ""
        words = f"{format_number(count)} {self.view.noun_in_sentence}"
        return large_work_page(self.view, f"Ekspor {words}?", f"Ekspor {words}", back=back, cut=cut)

    def links(self, **asked: Any) -> list[tuple[str, str]]:
        """(label, address) of each export format."""
        return [(label, self.view.get_url(".export", export_type=kind, **asked)) for kind, label in KINDS.items()]

    def file(
        self,
        kind: str,
        extra: ExtraCells = NO_EXTRA_CELLS,
        reason: str = "",
        keys: Sequence[int] | None = None,
    ) -> Any:
        """The filtered list as a file; recorded in the access log before anything is sent. Many rows are written in a
        thread, and the answer is the page of this work."""
        view, args = self.view, self.view.list_args()
        keys = self.keys(args) if keys is None else keys
        self.note(keys[:EXPORTED], args.search, args.filters, reason)
        name = f"{view.endpoint}-{datetime.now(WIB):%Y%m%d-%H%M}.{kind}"
        columns = self.columns()
        heads = [*(column.head for column in columns), *extra.heads]
        rows, cut = min(len(keys), EXPORTED), CUT if len(keys) > EXPORTED else ""
        table = ExportTable(str(view.name), heads, self._portions(keys[:rows], columns, extra), rows, cut)
        if rows > AT_ONCE:
            again = "" if reason else request.full_path
            return begin_file_work(f"Ekspor {view.name}", _writer(table, name), unit="baris", total=rows, again=again)
        return csv_response(table, name) if kind == "csv" else xlsx_response([table], name)

    def columns(self) -> list[ExportColumn]:
        """The export columns. Headings come from the model's verbose_name: on screen a column may combine two values,
        in the export never."""
        view, columns = self.view, list[ExportColumn]()
        for name, label in view.get_export_columns():
            parent, _, leaf = name.rpartition(".")
            model = view.parents.field(parent).rel_model if parent else view.model
            field = model._meta.fields.get(leaf)
            head = label if parent or field is None else str(field.verbose_name or label)
            columns.append(ExportColumn(head, view.column(name), cell_of(field)))
        return columns

    def note(self, keys: Sequence[int], search: Any, filters: Any, reason: str = "") -> None:
        """Record the export; called before the first row is sent, so that no export goes unlogged. `reason` is given
        for an export with identities."""
        asked = self.view.listing.log_text(search, filters)
        record_export(
            signed_in(),
            f"ekspor {self.view.endpoint}" + (" dengan identitas" if reason else ""),
            self._cases(keys),
            rows=len(keys),
            asked="; ".join(filter(None, [f"alasan: {reason}" if reason else "", asked])),
        )

    def _cases(self, keys: Sequence[int]) -> list[int]:
        model = self.view.model
        if model is Complaint:
            return list(keys)
        if "complaint" not in model._meta.fields:
            return []
        column, key = model.complaint, model._meta.primary_key
        listed = SQL(f"({', '.join(map(str, keys)) or 'NULL'})")
        cases = model.select(column).where(key.in_(listed) & column.is_null(False)).distinct()
        return [number for (number,) in cases.tuples()]

    def keys(self, args: Any) -> Sequence[int]:
        """The keys in order, as one snapshot; one more than the limit, to detect truncation."""
        listing = self.view.listing
        order = listing.order_by(listing.sorting_column(args.sort), bool(args.sort_desc))
        return array("q", keys_in_order(listing.in_order(args.search, args.filters, order), order, EXPORTED + 1))

    def _portions(
        self, keys: Sequence[int], columns: Sequence[ExportColumn], extra: ExtraCells
    ) -> Iterator[list[Sequence[Cell]]]:
        """The rows in batches. Each batch checks again what the user may read; no statement stays open between
        batches. The request's connection may be closed by then, so each batch opens one if needed."""
        for start in range(0, len(keys), PORTION):
            opened = database.connect(reuse_if_open=True)
            try:
                portion = self._portion(list(keys[start : start + PORTION]), columns, extra)
            finally:
                if opened:
                    database.close()
            yield portion

    def _portion(self, keys: list[int], columns: Sequence[ExportColumn], extra: ExtraCells) -> list[Sequence[Cell]]:
        view, key = self.view, self.view.model._meta.primary_key
        listed = SQL(f"({', '.join(map(str, keys))})")
        paths = view.parents.paths_to(one.column for one in columns)
        query = view.parents.joined(view.own_rows().where(key.in_(listed)), paths)
        rows = query.select(key, *(one.column for one in columns)).tuples().iterator()
        writers = [one.cell for one in columns]
        cells = {row[0]: [cell(value) for cell, value in zip(writers, row[1:], strict=True)] for row in rows}
        more = extra.of(list(cells))
        return [[*cells[number], *more.get(number, ())] for number in keys if number in cells]


def _writer(table: ExportTable, name: str) -> Callable[[Progress], str]:
    """Writes the table as the user of this request, who is asked for with each batch, in another thread."""
    user, place = signed_in(), Path(current_app.config["VAR_DIR"])

    @copy_current_request_context
    def write(progress: Progress) -> str:
        set_current_user(user)
        counted = replace(table, portions=_counted(table.portions, progress))
        if name.endswith(".csv"):
            progress.store_file(name, "text/csv", "".join(csv_lines(counted)).encode())
        else:
            with xlsx_file([counted], place) as file:
                progress.store_file(name, XLSX, file.read())
        return f"{format_number(progress.done)} baris diekspor."

    return write


def _counted(portions: Iterator[list[Sequence[Cell]]], progress: Progress) -> Iterator[list[Sequence[Cell]]]:
    for portion in portions:
        yield portion
        progress.advance(len(portion))


def csv_response(table: ExportTable, name: str) -> Response:
    lines = stream_with_context(csv_lines(table))
    return Response(lines, mimetype="text/csv", headers=download_headers(name))


def xlsx_response(tables: Sequence[ExportTable], name: str) -> Response:
    """One sheet per table. Written completely before it is sent: an XLSX cannot be streamed."""
    file = xlsx_file(tables, Path(current_app.config["VAR_DIR"]))
    answer = Response(chunks(file), mimetype=XLSX, headers=download_headers(name))
    answer.call_on_close(file.close)
    return answer
