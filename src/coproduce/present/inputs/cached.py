"""Puts the results of formulas back into a workbook after openpyxl, which keeps the formulas and drops the results."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook import Workbook

Results = Mapping[str, Mapping[str, bytes]]
"""By name of the sheet and cell: the attributes and the value of the stored result, as XML."""

_EMPTY_RESULT = re.compile(rb'<c r="([A-Z]+[0-9]+)"((?: s="[0-9]+")?)>(<f[^>]*?(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)</c>')


def stored_results(path: Path, book: Workbook) -> Results:
    """Return the stored results of all formulas of a workbook that was also opened with its formulas."""
    places = {sheet.title: _formulas(sheet) for sheet in book.worksheets}
    if not any(places.values()):
        return {}
    values = openpyxl.load_workbook(path, data_only=True)
    return {name: {place: _xml(values[name][place], values.epoch) for place in cells} for name, cells in places.items()}


def cells_of(sheet: Any) -> list[Any]:
    """Return the cells that a sheet has; to walk its rows would make every cell up to the farthest one."""
    return list(sheet._cells.values())


def _formulas(sheet: Any) -> list[str]:
    return [cell.coordinate for cell in cells_of(sheet) if cell.data_type == "f"]


def _xml(cell: Any, epoch: datetime) -> bytes:
    """Return the type attribute and the element of a stored result; empty if there is none."""
    value = cell.value
    if value is None:
        return b""
    if isinstance(value, bool):
        return b' t="b"><v>%d</v>' % value
    if isinstance(value, (datetime, date, time, timedelta)):
        value = to_excel(value, epoch)
    if isinstance(value, (int, float)):
        return b"><v>%s</v>" % repr(value).encode()
    kind = b"e" if cell.data_type == "e" else b"str"
    return b' t="%s"><v>%s</v>' % (kind, escape(str(value)).encode())


def put_results(path: Path, book: Workbook, results: Results) -> None:
    """Write the results into the saved workbook; `book` is what was saved there."""
    parts = {sheet.path.lstrip("/"): results.get(sheet.title, {}) for sheet in book.worksheets}
    if not any(parts.values()):
        return
    with_results = path.with_name(f"{path.name}.results")
    try:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(with_results, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, _filled(old.read(name), parts.get(name, {})))
        with_results.replace(path)
    finally:
        with_results.unlink(missing_ok=True)


def _filled(content: bytes, results: Mapping[str, bytes]) -> bytes:
    def fill(match: re.Match[bytes]) -> bytes:
        result = results.get(match[1].decode(), b"")
        kind, closed, value = result.partition(b">")
        return b'<c r="%s"%s%s>%s%s</c>' % (match[1], match[2], kind, match[3], value) if closed else match[0]

    return _EMPTY_RESULT.sub(fill, content) if results else content
