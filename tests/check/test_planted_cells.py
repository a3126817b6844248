"""One bad cell planted anywhere in a good programme is found at exactly its file, sheet, row and column."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import xlsxwriter
from good_programme import Programme, checked, frames_of, good, write_folder
from hypothesis import given, settings
from hypothesis import strategies as st

from coproduce.check import check
from coproduce.check.columns import parse_table
from coproduce.codes import CATALOGUE
from coproduce.errors import Origin
from coproduce.read import from_frames, read
from coproduce.tables import INPUT_TABLES, Column

BAD = {
    "number": ("1,5", "many", "inf", "12 kg", "1e999", "#N/A", "1'000", "85%", "1_000", "--1"),
    "integer": ("1.5", "x", "1e3.5", "nan", "-9"),
    "date": ("2026-02-30", "31.12.2026", "soon", "46082", "2026-1-1", "20260101", "0026-01-01", "2026-01-01 25:00"),
    "flag": ("maybe", "2", "ja nein"),
    "choice": ("nonsense", "#REF!"),
    "key": ("bad id", "naïve", "a/b"),
    "reference": ("bad id", "nowhere", "a,b"),
    "label": ("bad id", "é"),
    "pattern": ("?!", "#NAME?"),
    "country": ("France", "?!"),
    "currency": ("euro", "€"),
    "text": ("#DIV/0!", "#UNCALCULATED!"),
}
OFFSETS = st.tuples(st.integers(0, 3), st.integers(0, 2))


def bad_values(column: Column) -> tuple[str, ...]:
    """Return texts that cannot stand in a column; an empty one where a value is required."""
    bounded = ("-1e13",) if column.minimum is not None or column.above is not None else ()
    return BAD[column.kind] + bounded + (("", "  ") if column.required else ())


CELLS = [
    (table, row, column.name, bad)
    for table, lines in good().items()
    for row in range(len(lines))
    for column in INPUT_TABLES[table].columns.values()
    for bad in bad_values(column)
]


def planted(table: str, row: int, column: str, bad: str) -> Programme:
    """Return the good programme with one bad cell."""
    programme = good()
    for line in programme[table]:
        line.setdefault(column, "")
    programme[table][row][column] = bad
    return programme


def write_workbook(programme: Programme, path: Path, down: int, right: int) -> Path:
    """Write a programme as a workbook whose tables begin some blank rows down and columns to the right."""
    with xlsxwriter.Workbook(path) as book:
        for table, lines in programme.items():
            sheet = book.add_worksheet(table)
            for number, cells in enumerate([list(lines[0]), *(list(line.values()) for line in lines)]):
                for position, cell in enumerate(cells):
                    sheet.write_string(down + number, right + position, cell)
    return path


def found_at(path: Path, table: str, column: str) -> list[Origin]:
    """Return where cells are bad, or name in the planted column what does not exist.

    A spoilt id rightly makes the references to it unknown, so unknown names of other columns do not count.
    """
    return [
        p.origin
        for p in check(read(path)).problems
        if p.code.startswith("E2") or (p.code == "E302" and (p.origin.sheet, p.origin.column) == (table, column))
    ]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CELLS))
def test_a_bad_cell_of_a_folder_is_found_where_it_stands(cell: tuple[str, int, str, str]) -> None:
    table, row, column, bad = cell
    programme = planted(*cell)
    with TemporaryDirectory() as folder:
        places = found_at(write_folder(programme, Path(folder)), table, column)
    position = list(programme[table][row]).index(column)
    assert places == [Origin(f"{table}.csv", table, row + 2, column, position)], bad


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(CELLS), OFFSETS)
def test_a_bad_cell_of_a_workbook_is_found_where_it_stands(
    cell: tuple[str, int, str, str], offset: tuple[int, int]
) -> None:
    table, row, column, bad = cell
    programme, (down, right) = planted(*cell), offset
    with TemporaryDirectory() as folder:
        places = found_at(write_workbook(programme, Path(folder) / "p.xlsx", down, right), table, column)
    position = right + list(programme[table][row]).index(column)
    assert places == [Origin("p.xlsx", table, down + row + 2, column, position)], bad


def test_every_planted_cell_is_found_by_its_table() -> None:
    # All of them, one by one; files and the other tables add only what the tests above sample.
    missed = []
    for table, row, column, bad in CELLS:
        programme = planted(table, row, column, bad)
        sheet = from_frames(frames_of({table: programme[table]})).sheets[table]
        places = [(p.origin.row, p.origin.column) for p in parse_table(sheet).problems]
        # That a well-formed name does not exist is for the references to find.
        if places != [(row + 2, column)] and bad != "nowhere":
            missed.append((table, row, column, bad, places))
    assert missed == []


def test_many_bad_cells_among_many_good_ones_are_all_found(tmp_path: Path) -> None:
    # Every 97th quantity is bad: the rows are known without the checks.
    count, step = 50_000, 97
    programme = good()
    folder = write_folder(programme, tmp_path)
    (folder / "demands.csv").unlink()
    bad = list(range(0, count, step))
    quantities = ["1,5" if row % step == 0 else "2.5" for row in range(count)]
    names = [f"d{row}" for row in range(count)]
    pl.DataFrame({"demand": names, "item": "pump", "site": "B", "quantity": quantities, "due": "2026-06-30"}).write_csv(
        folder / "demands.csv"
    )
    found = [p.origin.row for p in check(read(folder)).problems if p.code == "E215"]
    assert found == [row + 2 for row in bad]


def test_problems_are_listed_in_the_order_of_file_sheet_row_and_column() -> None:
    programme = good()
    for table, row, column, bad in (CELLS[-1], CELLS[0], CELLS[len(CELLS) // 2]):
        programme[table][row][column] = bad
    places = [p.origin for p in checked(programme).problems]
    order = list(programme)
    assert places == sorted(places, key=lambda at: (order.index(at.sheet), at.row, at.position))
    assert all(p.code in CATALOGUE for p in checked(programme).problems)
