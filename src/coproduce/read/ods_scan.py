"""What the reader does not tell of OpenDocument sheets: error cells, and cells repeated beyond all measure."""

from __future__ import annotations

from dataclasses import dataclass, field

from .xml import parse_xml

Cell = tuple[int, int]

_CELLS = {"table-cell", "covered-table-cell"}
_MOST_MARKS = 100_000


@dataclass
class OdsScan:
    """Collects what is met while the content of a document is parsed.

    Attributes
    ----------
    marks : the error text of each error cell, by sheet (every one), row and column counted from 0
    extents : rows and columns up to the last filled cell of each sheet
    """

    marks: dict[str, dict[Cell, str]] = field(default_factory=dict)
    extents: dict[str, Cell] = field(default_factory=dict)
    _sheet: str = ""
    _row: int = 0
    _rows: int = 1
    _column: int = 0
    _columns: int = 1
    _error: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take note of the beginning of an element."""
        tag = name.rpartition(":")[2]
        if name == "table:table":
            self._sheet, self._row = attributes.get("table:name", ""), 0
            self.marks.setdefault(self._sheet, {})
        elif tag == "table-row":
            self._rows, self._column = _repeated(attributes, "rows"), 0
        elif tag in _CELLS:
            self._columns = _repeated(attributes, "columns")
            if any(key.endswith(":value-type") for key in attributes):
                high, wide = self.extents.get(self._sheet, (0, 0))
                self.extents[self._sheet] = max(high, self._row + self._rows), max(wide, self._column + self._columns)
            self._error = [] if attributes.get("calcext:value-type") == "error" else None

    def text(self, characters: str) -> None:
        """Take note of the text of an error cell."""
        if self._error is not None:
            self._error.append(characters)

    def end(self, name: str) -> None:
        """Take note of the end of an element."""
        tag = name.rpartition(":")[2]
        if tag in _CELLS:
            if self._error is not None:
                self._mark("".join(self._error).strip())
            self._error = None
            self._column += self._columns
        elif tag == "table-row":
            self._row += self._rows

    def _mark(self, text: str) -> None:
        marks = self.marks[self._sheet]
        if self._rows * self._columns + len(marks) > _MOST_MARKS:
            return
        for row in range(self._row, self._row + self._rows):
            for column in range(self._column, self._column + self._columns):
                marks[row, column] = text if text.startswith("#") else "#ERROR!"


def _repeated(attributes: dict[str, str], what: str) -> int:
    return max(int(attributes.get(f"table:number-{what}-repeated", 1)), 1)


def scan_ods(content: bytes) -> OdsScan:
    """Look through the `content.xml` of an OpenDocument workbook.

    Raises
    ------
    ValueError
        if it is not well formed or declares entities.
    """
    scan = OdsScan()
    parse_xml(content, scan.start, scan.end, scan.text)
    return scan
