"""Entities of frePPLe as they stand in a file: named fields, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from ...errors import Origin


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one field and where it stands.

    Attributes
    ----------
    row : line of an XML or JSON file, row of a sheet
    column : name of the field as the file has it
    position : column of a sheet, from 0; -1 in files without columns
    """

    text: str
    row: int
    column: str
    position: int = -1


@dataclass(slots=True)
class Record:
    """One entity, or one line of a list: fields by their name in one word of small letters.

    Attributes
    ----------
    kind : kind of entity, such as `operation` or `itemsupplier`
    sheet : sheet or element in which it stands
    row : line or row at which it begins
    """

    kind: str
    file: str
    sheet: str
    row: int
    fields: dict[str, Cell] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """Return the text of a field; `default` where it is not given."""
        cell = self.fields.get(name)
        return cell.text if cell is not None else default

    @property
    def name(self) -> str:
        """The name by which others refer to the entity; empty for lines of a list."""
        return self.text("name")

    def origin(self, name: str = "") -> Origin:
        """Return the place of a field, or of the entity."""
        cell = self.fields.get(name)
        if cell is None:
            return Origin(self.file, self.sheet, self.row)
        return Origin(self.file, self.sheet, cell.row, cell.column, cell.position)


NAMED = frozenset(
    {
        *("item", "location", "customer", "supplier", "operation", "buffer", "resource", "calendar", "demand", "skill"),
        *("setupmatrix", "parameter"),
    }
)
"""Kinds whose records are merged when they have one name."""


@dataclass
class Store:
    """All records of a file, by kind; what is said of one name in several places comes together."""

    file: str
    named: dict[str, dict[str, Record]] = field(default_factory=dict)
    lines: dict[str, list[Record]] = field(default_factory=dict)

    def add(self, record: Record) -> None:
        """Take in a record; of a field that is given twice the later value counts, as in frePPLe."""
        if record.kind not in NAMED or not record.name:
            self.lines.setdefault(record.kind, []).append(record)
            return
        known = self.named.setdefault(record.kind, {}).setdefault(record.name, record)
        if known is not record:
            if not known.fields.keys() - {"name", "type"}:
                known.row, known.sheet = record.row, record.sheet
            known.fields.update(record.fields)

    def of(self, kind: str) -> Mapping[str, Record]:
        """Return the named records of a kind, in the order of the file."""
        return self.named.get(kind, {})

    def list(self, kind: str) -> Iterator[Record]:
        """Return every record of a kind, named or not."""
        return chain(self.of(kind).values(), self.lines.get(kind, ()))

    def get(self, kind: str, name: str) -> Record | None:
        """Return the entity of a name."""
        return self.of(kind).get(name)
