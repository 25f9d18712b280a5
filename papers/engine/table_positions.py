"""Rows of reportlab tables: where they stand, which only private attributes say, and which stay together."""

from reportlab.platypus.tables import Table


def body_rows(table: Table) -> int:
    """Number of rows of a table, or of its part on one page, without the repeated header."""
    return int(table._nrows - table.repeatRows)


def row_heights(table: Table) -> tuple[list[float], list[float]]:
    """The heights (pt) of a laid-out table's repeated header rows and of its body rows."""
    heights = list(table._rowHeights)
    return heights[: table.repeatRows], heights[table.repeatRows :]


def row_edges(table: Table, row: int) -> tuple[float, float]:
    """Top and bottom (pt, from the table's foot) of a body row, counted from 0."""
    place = table.repeatRows + row
    return table._rowpositions[place], table._rowpositions[place + 1]


def column_edges(table: Table, column: int) -> tuple[float, float]:
    """Left and right (pt) of a column."""
    return table._colpositions[column], table._colpositions[column + 1]


def keep_outer_rows(table: Table, rows: str) -> Table:
    """No page parts so many of a table's first rows from its header, nor so many of its last ones from one another."""
    head = int(table.repeatRows)
    table.setStyle([("NOSPLIT", (0, 0), (-1, head - 1 + int(rows))), ("NOSPLIT", (0, -int(rows)), (-1, -1))])
    return table
