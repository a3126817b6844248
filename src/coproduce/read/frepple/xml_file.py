"""frePPLe's native XML as records: read as a stream, nested entities linked to what they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from .records import Cell, Record, Store
from .vocabulary import field_of, kind_of

LARGEST = 64 << 20
"""Bytes of the largest file that is read."""

MOST_ELEMENTS, DEEPEST = 1_000_000, 64
_LONGEST_TEXT = 100_000
_LONGEST_TAG = 1 << 20
_CHUNK = 1 << 16

_ROLES = {"producing": "operation", "origin": "location", "destination": "location", "available": "calendar"}
_LISTS = {
    "flows",
    "loads",
    "buckets",
    "members",
    "rules",
    "suboperations",
    "itemsuppliers",
    "itemdistributions",
    "resourceskills",
    "operationplans",
    "plan",
}
_ABOVE = {"member": "owner", "suboperation": "owner", "calendarbucket": "calendar", "setuprule": "setupmatrix"}


class TooLargeError(ValueError):
    """The file would take more memory or time than a plan of this size can need."""


@dataclass(slots=True)
class _Open:
    """An element that has begun and not ended; `record` is the entity that it describes, if it is one."""

    tag: str
    row: int
    record: Record | None
    text: list[str] = field(default_factory=list)
    length: int = 0
    children: bool = False
    waiting: list[tuple[Record, str]] = field(default_factory=list)


def read_xml(path: Path) -> Store:
    """Read a file of frePPLe.

    Raises
    ------
    TooLargeError
        if the file, its nesting or one of its texts is beyond the limits.
    ValueError
        if the document is not well formed, declares entities, or its root is not `plan`.
    """
    if path.stat().st_size > LARGEST:
        raise TooLargeError(f"it is larger than {LARGEST >> 20} MiB")
    _parse(path, _Measure().parser)
    builder = _Builder(path.name)
    _parse(path, builder.parser)
    builder.store.add(builder.plan)
    return builder.store


def _parse(path: Path, parser: expat.XMLParserType) -> None:
    """Read a file with a parser, as a stream."""
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
                if stream.tell() - parser.CurrentByteIndex > _LONGEST_TAG:
                    raise TooLargeError(f"a tag or a text has more than {_LONGEST_TAG:,} bytes")
            parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, UnicodeError) as failure:
        raise ValueError(str(failure)) from None


class _Measure:
    """Finds what is unsound or too large before records are made of it, which takes twenty times as long."""

    def __init__(self) -> None:
        self._count = self._depth = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.EntityDeclHandler = _refuse
        self.parser.StartDoctypeDeclHandler = _refuse

    def _start(self, tag: str, _: dict[str, str]) -> None:
        self._count += 1
        self._depth += 1
        if self._count > MOST_ELEMENTS or self._depth > DEEPEST:
            raise TooLargeError(f"it has more than {MOST_ELEMENTS:,} elements, or they are nested beyond {DEEPEST}")
        if self._depth == 1 and tag != "plan":
            raise ValueError(f'its outermost element is "{tag}", not "plan"')

    def _end(self, _: str) -> None:
        self._depth -= 1


def _refuse(*_: object) -> None:
    raise ValueError("it has a document type declaration or declares XML entities")


class _Builder:
    """Turns the events of the parser into records."""

    def __init__(self, file: str) -> None:
        self.store = Store(file)
        self.plan = Record("plan", file, "plan", 1)
        self._open: list[_Open] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        row = self.parser.CurrentLineNumber
        above = self._open[-1] if self._open else None
        if above is not None:
            # The text of an element that has others inside is nothing but their indentation.
            above.children = True
            above.text.clear()
        record = self._record(tag, row, above)
        if record is not None:
            self._take(record, attributes, row)
        self._open.append(_Open(tag, row, record))

    def _record(self, tag: str, row: int, above: _Open | None) -> Record | None:
        """Return the entity that an element describes; none for lists and plain fields."""
        if above is None:
            return self.plan
        kind = _ROLES.get(tag) or ("calendar" if tag.endswith("_calendar") else kind_of(tag))
        if tag == "owner":
            kind = above.record.kind if above.record is not None else ""
        # The set-up of a resource and of a load is a name; only inside lists are there rules.
        return Record(kind, self.store.file, kind, row) if kind and kind != "parameter" else None

    def _take(self, record: Record, attributes: dict[str, str], row: int) -> None:
        for name, value in attributes.items():
            short = name.rpartition(":")[2]
            if name.startswith("xmlns"):
                continue
            prefix = "flow_" if record.kind == "operationmaterial" else f"{record.kind}_"
            if len(value) > _LONGEST_TEXT:
                raise TooLargeError(f"a text has more than {_LONGEST_TEXT:,} characters")
            text = value.removeprefix(prefix) if short == "type" else value
            record.fields[field_of(short)] = Cell(text, row, short)

    def _text(self, text: str) -> None:
        inside = self._open[-1]
        if inside.children:
            return
        inside.length += len(text)
        if inside.length > _LONGEST_TEXT:
            raise TooLargeError(f"a text has more than {_LONGEST_TEXT:,} characters")
        inside.text.append(text)

    def _end(self, tag: str) -> None:
        done = self._open.pop()
        above = next((each for each in reversed(self._open) if each.record is not None), None)
        if done.record is None:
            self._field(tag, done, above)
            return
        if done.record is self.plan:
            return
        self._link(tag, done, above)
        self.store.add(done.record)

    def _field(self, tag: str, done: _Open, above: _Open | None) -> None:
        if done.children or above is None or above.record is None or tag in _LISTS:
            return
        text = "".join(done.text).strip()
        if text:
            above.record.fields[field_of(tag)] = Cell(text, done.row, tag)

    def _link(self, tag: str, done: _Open, above: _Open | None) -> None:
        """Let an entity and the one that it stands in know each other by name."""
        record = done.record
        assert record is not None
        for inner, role in done.waiting:
            if record.name:
                inner.fields.setdefault(role, Cell(record.name, inner.row, role))
        if above is None or above.record is None or above.record is self.plan:
            return
        listed = bool(self._open) and self._open[-1].record is None
        if listed:
            role = _ABOVE.get("member" if self._open[-1].tag == "members" else record.kind, above.record.kind)
            above.waiting.append((record, role))
        elif record.name:
            above.record.fields[field_of(tag)] = Cell(record.name, done.row, tag)
