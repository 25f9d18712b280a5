"""A list as CSV: streamed in portions, capped, and harmless when a spreadsheet opens it."""

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Response, abort, stream_with_context
from markupsafe import Markup

from admin.door.routes import expose
from admin.kit.logged import Logged
from models.store.base import database
from models.store.keyset import walk
from sop.clock import WIB

EXPORTED = 10_000
PORTION = 500
FORMULA = re.compile(r"""((?:\A|[;\t\r\n])[\s"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])""")
CUT = "Dipotong pada 10.000 baris. Persempit saringan untuk mengekspor sisanya."


class Exporting(Logged):
    """Mixin of PanelView: the list with its search and filters, in the columns named for export."""

    @expose("/export/<any(csv):export_type>/")
    def export(self, export_type: str) -> Any:
        if not self.opens("export"):
            abort(404)
        args = self.list_args()
        keys = self._exported_keys(args)
        self.on_exported(keys[:EXPORTED], args.search, args.filters)
        name = f"{self.endpoint}-{datetime.now(WIB):%Y%m%d-%H%M}.csv"
        return Response(
            stream_with_context(self._lines(keys)),
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def get_export_columns(self) -> list[tuple[str, str]]:
        """Each column with a head of its own: a column of the model is called as there. On screen two facts may stand
        under one head, in the export never."""
        named = {name: field.verbose_name for name, field in self.model._meta.fields.items() if field.verbose_name}
        return [(name, str(named.get(name, label))) for name, label in super().get_export_columns()]

    def _exported_keys(self, args: Any) -> list[int]:
        keys = self.order_by(self.sorting_column(args.sort), bool(args.sort_desc))
        rows = walk(self.in_order(args.search, args.filters, keys), keys, EXPORTED + 1)
        return [row[-1] for row in rows]

    def _lines(self, keys: list[int]) -> Iterator[str]:
        """Rows in portions; the request's connection may be gone by then, so the stream sees to its own."""
        write = csv.writer(Echo(), quoting=csv.QUOTE_ALL).writerow
        columns = self.get_export_columns()
        yield "\ufeff" + write([safe_cell(str(label)) for _, label in columns])
        for start in range(0, min(len(keys), EXPORTED), PORTION):
            opened = database.connect(reuse_if_open=True)
            try:
                rows = self.rows(keys[start : min(start + PORTION, EXPORTED)])
            finally:
                if opened:
                    database.close()
            yield "".join(write([safe_cell(self.get_export_value(row, name)) for name, _ in columns]) for row in rows)
        if len(keys) > EXPORTED:
            yield write([CUT])


class Echo:
    """A file that hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def safe_cell(value: Any) -> Any:
    """The value as a cell that no spreadsheet takes for a formula: such text gets an apostrophe in front.

    So does what comes after a semicolon, a tab or an end of line: a spreadsheet that splits there begins a cell with
    it, and where it does not split at our comma the quotes do not hold it together.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    text = (value.striptags() if isinstance(value, Markup) else str(value)).replace("\0", "")
    return FORMULA.sub(r"\1'", text)
