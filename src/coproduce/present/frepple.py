"""Writes the orders of a plan as a workbook that frePPLe imports."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter

from ..results.orders import orders
from ..results.result import PlanResult

if TYPE_CHECKING:
    from collections.abc import Iterable

SHEETS = {
    "manufacturing": ("manufacturing order", "MO", {"start": "start date", "end": "end date"}),
    "purchase": ("purchase order", "PO", {"start": "ordering date", "end": "receipt date"}),
    "distribution": (
        "distribution order",
        "DO",
        {"location": "destination", "start": "shipping date", "end": "receipt date"},
    ),
}
"""Sheet, prefix of the references, and what frePPLe calls the columns that it names in its own way."""


def write_orders(result: PlanResult, path: Path, status: str = "approved") -> None:
    """Write the orders of a plan.

    Parameters
    ----------
    status : `approved` orders stay when frePPLe plans again, `proposed` ones are replaced
    """
    # A name may begin with an equals sign; it must stay text.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd hh:mm:ss"}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        for table, frame in orders(result).items():
            name, prefix, renamed = SHEETS[table]
            sheet = workbook.add_worksheet(name)
            _row(sheet, 0, ["reference", "status", *(renamed.get(column, column) for column in frame.columns)])
            for number, cells in enumerate(frame.iter_rows(), 1):
                _row(sheet, number, [f"{prefix} {number}", status, *cells])
            sheet.set_column(0, frame.width + 1, 20)


def _row(sheet: Any, row: int, cells: Iterable[Any]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, datetime):
            sheet.write_datetime(row, column, cell)
        elif cell is not None:
            sheet.write(row, column, cell)
