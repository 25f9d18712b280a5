"""Positions of the rows and columns of a laid-out reportlab table, which only its private attributes have."""

from reportlab.platypus.tables import Table


def body_rows(table: Table) -> int:
    """Number of rows of a table, or of its part on one page, without the repeated header."""
    return int(table._nrows - table.repeatRows)


def row_edges(table: Table, row: int) -> tuple[float, float]:
    """Top and bottom (pt, from the table's foot) of a body row, counted from 0."""
    place = table.repeatRows + row
    return table._rowpositions[place], table._rowpositions[place + 1]


def column_edges(table: Table, column: int) -> tuple[float, float]:
    """Left and right (pt) of a column."""
    return table._colpositions[column], table._colpositions[column + 1]
