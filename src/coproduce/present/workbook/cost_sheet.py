"""Draws the costs by kind, summed live from the sheet of all costs."""

from __future__ import annotations

import math

import polars as pl
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from ..words.costs import KINDS
from ..words.formats import counted
from .book import Book, Placed, write_text
from .rounding import cents
from .styles import MONEY, PALE

SPENT = "Costs by kind"
HEADER = 4
FIRST = HEADER + 1


def sums(costs: pl.DataFrame) -> dict[str, float]:
    """Return the sum of each kind that occurs, of the amounts as they are written in cents."""
    amounts: dict[str, list[float]] = {}
    for kind, amount in zip(costs["kind"].to_list(), cents(costs["amount"].to_list()), strict=True):
        amounts.setdefault(kind, []).append(amount)
    return {kind: round(math.fsum(amounts[kind]), 2) for kind in KINDS if kind in amounts}


def add(book: Book, costs: pl.DataFrame, currency: str) -> Worksheet:
    """Add the sheet, to be drawn when the sheet of all costs stands."""
    about = f"{currency} over the horizon. Income and the value of stock left at the end are negative."
    return book.sheet(SPENT, "What the plan costs, by kind", about, counted(costs["kind"].n_unique(), "row"))


def draw(book: Book, sheet: Worksheet, costs: pl.DataFrame, placed: Placed | None, currency: str) -> str:
    """Draw the costs and return the cell of the total, for a formula; `placed` is where all costs stand."""
    found = sums(costs)
    styles = book.styles
    for column, title in enumerate(("Kind", f"Amount ({currency})", "Share of the total", "Kind in the sheet costs")):
        write_text(sheet, HEADER, column, title, styles.header)
    last, end = FIRST + max(len(found), 1) - 1, FIRST + max(len(found), 1)
    whole = round(math.fsum(found.values()), 2)
    for row, (kind, amount) in enumerate(found.items(), FIRST):
        write_text(sheet, row, 0, KINDS[kind], styles())
        if placed is None:
            sheet.write_number(row, 1, amount, styles(num_format=MONEY))
        else:
            kinds, amounts = placed.range("Kind"), placed.range(f"Amount ({currency})")
            formula = f"=SUMIFS({amounts},{kinds},D{row + 1})"
            sheet.write_formula(row, 1, formula, styles(num_format=MONEY), amount)
        share = amount / whole if whole else 0.0
        sheet.write_formula(row, 2, f"=IF($B${end + 1}<>0,B{row + 1}/$B${end + 1},0)", styles(num_format="0.0%"), share)
        write_text(sheet, row, 3, kind, styles(font_color="#595959"))
    sheet.set_row(HEADER, 30)
    strong = {"bold": True, "bg_color": PALE, "top": 1}
    write_text(sheet, end, 0, "Total", styles(**strong))
    sheet.write_formula(end, 1, f"=SUM({xl_range(FIRST, 1, last, 1)})", styles(**strong, num_format=MONEY), whole)
    for column, width in enumerate((26, 24, 14, 24)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(FIRST, 1)
    sheet.fit_to_pages(1, 0)
    _chart(book, sheet, last, currency)
    return f"'{SPENT}'!$B${end + 1}"


def _chart(book: Book, sheet: Worksheet, last: int, currency: str) -> None:
    chart = book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": f"Amount ({currency})",
            "categories": [SPENT, FIRST, 0, last, 0],
            "values": [SPENT, FIRST, 1, last, 1],
            "fill": {"color": "#1F5FA8"},
        }
    )
    chart.set_title({"name": "Costs by kind", "name_font": {"size": 12}})
    chart.set_x_axis({"name": currency, "num_format": "#,##0", "major_gridlines": {"visible": True}})
    chart.set_y_axis({"reverse": True, "name": "Kind of cost"})
    chart.set_legend({"none": True})
    chart.set_size({"width": 760, "height": 380})
    sheet.insert_chart(2, 5, chart, {"description": "Costs by kind"})
