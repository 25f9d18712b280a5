"""Where the rows and columns of a table stand once reportlab has set it: it draws them, but tells nobody."""

from reportlab.platypus.tables import Table


def body_rows(table: Table) -> int:
    """How many rows a table has, or the part of it on one page, without its repeated head."""
    return int(table._nrows - table.repeatRows)


def row_edges(table: Table, row: int) -> tuple[float, float]:
    """Top and bottom of a row of the body, counted from 0, measured from the table's foot."""
    place = table.repeatRows + row
    return table._rowpositions[place], table._rowpositions[place + 1]


def column_edges(table: Table, column: int) -> tuple[float, float]:
    """Left and right of a column."""
    return table._colpositions[column], table._colpositions[column + 1]
