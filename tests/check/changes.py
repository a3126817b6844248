"""Small changes to a good programme, as functions that make them."""

from __future__ import annotations

from collections.abc import Callable

from good_programme import Programme, Table, rows

# Where a problem is expected: table, row as a spreadsheet shows it, column.
Place = tuple[str, int, str]


Change = Callable[[Programme], object]


def put(table: str, row: int, /, **cells: str) -> Change:
    """Return a change of some cells; the row counts as in a spreadsheet (the first is 2)."""

    def change(programme: Programme) -> None:
        for line in programme[table]:
            for column in cells:
                line.setdefault(column, "")
        programme[table][row - 2].update(cells)

    return change


def add(table: str, text: str) -> Change:
    """Return a change that adds rows; columns that they leave out are empty."""
    new = rows(text)

    def change(programme: Programme) -> None:
        lines = programme.setdefault(table, [])
        columns = list(dict.fromkeys(column for line in [*lines, *new] for column in line))
        programme[table] = [{column: line.get(column, "") for column in columns} for line in [*lines, *new]]

    return change


def without(table: str, column: str = "") -> Change:
    """Return a change that drops a table or a column."""

    def change(programme: Programme) -> None:
        if column:
            programme[table] = [{c: v for c, v in line.items() if c != column} for line in programme[table]]
        else:
            del programme[table]

    return change


def both(*changes: Change) -> Change:
    """Return several changes as one."""

    def change(programme: Programme) -> None:
        for each in changes:
            each(programme)

    return change


def replace(table: str, lines: Table) -> Change:
    """Return a change of a whole table."""
    return lambda programme: programme.__setitem__(table, lines)
