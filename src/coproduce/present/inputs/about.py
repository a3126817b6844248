"""The first sheet of a template: what each sheet is for, which are needed, and what to do when they are filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...check.columns import REQUIRED
from ...tables import INPUT_TABLES, TableSpec
from ..workbook.styles import DARK, LINK
from .sheets import Book

ABOUT = "About"
TITLE = "A joint production programme"


@dataclass(frozen=True)
class Group:
    """Tables that are filled in one step."""

    title: str
    colour: str
    tables: tuple[str, ...]


_GROUPS = (
    Group("1. What every plan needs", DARK, REQUIRED),
    Group(
        "2. How an item comes to be where it is asked for: at least one way",
        "#3D7A5C",
        ("supplies", "processes", "flows", "lanes", "stocks", "receipts", "wip"),
    ),
    Group("3. What limits it", "#A8612A", ("resources", "loads", "setup_groups", "setup_loads", "calendars")),
    Group("4. Who takes part, in which money", "#6B5B95", ("parties", "exchange_rates")),
    Group(
        "5. What was agreed on",
        "#2E7D6B",
        (
            *("shares", "sets", "fair_shares", "export_floors", "reservations", "borders", "transit_limits"),
            "origin_limits",
        ),
    ),
    Group("6. Where the figures come from", "#7A7A7A", ("sources", "evidence", "commitments")),
    Group(
        "7. What comes into being over time",
        "#2F7F86",
        ("milestones", "milestone_loads", "ramps", "options", "option_capacity"),
    ),
    Group(
        "8. What if: changes to plan beside it, and the plan that was promised", "#8A3B52", ("scenarios", "baseline")
    ),
    Group("9. What can happen: the stress test", "#8C4A4A", ("risks",)),
    Group(
        "10. Who orders, who pays, and under which rules",
        "#4A6A8C",
        (
            *("funds", "fund_budgets", "contracts", "subcontracts", "payment_terms", "price_indices"),
            *("ownership", "site_exceptions", "partner_agreements", "concern_countries"),
        ),
    ),
)


def groups() -> tuple[Group, ...]:
    """Return the steps in order; a table that no step names comes last."""
    named = {table for group in _GROUPS for table in group.tables}
    others = tuple(table for table in INPUT_TABLES if table not in named)
    return (*_GROUPS, Group("11. Further tables", "#7A7A7A", others)) if others else _GROUPS


def order() -> list[TableSpec]:
    """Return the tables in the order in which to fill them."""
    return [INPUT_TABLES[table] for group in groups() for table in group.tables]


def tab_colours() -> dict[str, str]:
    """Return the colour of each table's tab."""
    return {table: group.colour for group in groups() for table in group.tables}


_HOW = (
    "Fill the sheets from left to right. The smallest programme: programme, sites, items, demands, and one way to get "
    "each item (a supply; or a process with its flows; or stock), with lanes between the sites.",
    "Row 1 of a sheet holds the column names and stays as it is. Dark: required. Pale: may stay empty. Grey italics: "
    "read, but not used yet. Point at a name to see what it means. The unit beside a name is display only.",
    "Leave a cell empty where you have nothing to say; the note on the column tells what empty means. "
    "Write dates as 2027-03-31 and decimals with a point in text files; in a workbook, as your spreadsheet shows them.",
    "A sheet or column whose name begins with # or _ is your own remark. Sheets that you do not need may be deleted.",
)
_COMMANDS = (
    ("coproduce check FILE.xlsx", "lists every problem, with sheet and cell"),
    ("coproduce check FILE.xlsx --annotate PROBLEMS.xlsx", "a copy with the problem cells coloured and explained"),
    ("coproduce plan FILE.xlsx --out RESULT", "plans; open RESULT/report.html and RESULT/results.xlsx"),
)


def write_about(book: Book, title: str) -> None:
    """Write the first sheet."""
    styles = book.styles
    sheet = book.file.add_worksheet(ABOUT)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 110)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, title, styles.title)
    row = 2
    for line in _HOW:
        sheet.merge_range(row, 0, row, 2, line, styles(text_wrap=True))
        sheet.set_row(row, 32)
        row += 1
    row += 1
    for group in groups():
        sheet.write_string(row, 0, group.title, styles(bold=True, font_color=group.colour))
        row += 1
        for name, duty, meaning in _entries(group):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", styles(font_color=LINK, underline=1), name)
            sheet.write_string(row, 1, duty, styles())
            sheet.write_string(row, 2, meaning, styles(text_wrap=True))
            row += 1
        row += 1
    sheet.write_string(row, 0, "When it is filled", styles(bold=True, font_color=DARK))
    for command, what in _COMMANDS:
        row += 1
        sheet.merge_range(row, 0, row, 1, command, styles(font_name="Consolas", text_wrap=True))
        sheet.write_string(row, 2, what, styles(text_wrap=True))
        sheet.set_row(row, 32)


def _entries(group: Group) -> Iterator[tuple[str, str, str]]:
    for table in group.tables:
        yield table, "required" if table in REQUIRED else "as needed", INPUT_TABLES[table].meaning
