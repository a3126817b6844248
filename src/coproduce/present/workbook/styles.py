"""Cell formats of the workbook, each made once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from .grid import Kind

DARK, LINK, GREY, PALE = "#1F3A5F", "#0B5394", "#595959", "#EEF2F7"
# Told apart by lightness as well as by hue; the words stand in the cells themselves.
FILLS = {
    "short": {"bg_color": "#F4B6A6", "font_color": "#5B1200"},
    "late": {"bg_color": "#FFE3A3", "font_color": "#4D3800"},
    "on_time": {"font_color": "#0B5A4A"},
    "full": {"bg_color": "#F4B6A6", "font_color": "#5B1200"},
    "busy": {"bg_color": "#FFE3A3", "font_color": "#4D3800"},
}
WHOLE_NUMBER, MONEY, DATE, MOMENT = "#,##0", "#,##0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
# How a zero is shown, so that the eye finds what is there and a small number is not taken for nothing.
NOTHING = '"–"'


class Styles:
    """Formats of one workbook by their properties."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._fills: dict[str, Format] = {}

    def __call__(self, **properties: Any) -> Format:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"valign": "top", **properties})
        return self._made[key]

    @property
    def title(self) -> Format:
        """Title of a sheet."""
        return self(bold=True, font_size=14, font_color=DARK)

    @property
    def note(self) -> Format:
        """Small print under a title."""
        return self(font_color=GREY, italic=True)

    @property
    def link(self) -> Format:
        """Link to another sheet."""
        return self(font_color=LINK, underline=1)

    @property
    def header(self) -> Format:
        """Header of a column."""
        return self(bold=True, font_color="#FFFFFF", bg_color=DARK, text_wrap=True, valign="vcenter", border=1)

    def fill(self, name: str) -> Format:
        """Colours of a state, laid over the format of the cell."""
        if name not in self._fills:
            self._fills[name] = self._book.add_format(FILLS[name])
        return self._fills[name]


def dashed(form: str) -> str:
    """Return a number format that shows a zero as a dash."""
    return f"{form};-{form};{NOTHING}"


def number_format(kind: Kind, values: Sequence[Any]) -> str:
    """Return how the numbers of a column are shown: as many decimals as they need, at most four."""
    if kind == "money":
        return MONEY
    if kind == "date":
        return MOMENT if any(value is not None and value % 1 > 0 for value in values) else DATE
    if kind == "plain":
        return "General"
    size = max((abs(value) for value in values if value is not None), default=0.0)
    if kind == "share":
        return "0.0000%" if 0 < size < 0.001 else "0.0%"
    if kind == "whole" or all(value is None or value == round(value) for value in values):
        return WHOLE_NUMBER
    return "#,##0.0000" if size < 1 else "#,##0.00"
