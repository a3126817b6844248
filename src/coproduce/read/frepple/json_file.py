"""frePPLe's fixtures (JSON lists of database rows) as records, each with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .records import Cell, Record, Store
from .vocabulary import field_of, kind_of
from .xml_file import LARGEST, TooLargeError

_SPACE = " \t\r\n"
_MOST_ROWS = 1_000_000


def read_json(path: Path) -> Store:
    """Read a fixture.

    Raises
    ------
    TooLargeError
        if the file is beyond the limits.
    ValueError
        if it is no list of rows with `model` and `fields`.
    """
    if path.stat().st_size > LARGEST:
        raise TooLargeError(f"it is larger than {LARGEST >> 20} MiB")
    text = path.read_bytes().decode("utf-8-sig")
    store = Store(path.name)
    try:
        for row, entry in _entries(text):
            record = _record(entry, path.name, row)
            if record is not None:
                store.add(record)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return store


def _entries(text: str) -> list[tuple[int, Any]]:
    """Return the elements of the list, each with the line in which it begins."""
    decoder, entries = json.JSONDecoder(), []
    at, row, counted = _skip(text, 0), 1, 0
    if at >= len(text) or text[at] != "[":
        raise ValueError("it is not a list")
    at = _skip(text, at + 1)
    while at < len(text) and text[at] != "]":
        row, counted = row + text.count("\n", counted, at), at
        entry, at = decoder.raw_decode(text, at)
        entries.append((row, entry))
        if len(entries) > _MOST_ROWS:
            raise TooLargeError(f"it has more than {_MOST_ROWS:,} rows")
        at = _skip(text, at)
        if at < len(text) and text[at] == ",":
            at = _skip(text, at + 1)
        elif at >= len(text) or text[at] != "]":
            raise ValueError(f"the list breaks off or is damaged in line {row + text.count(chr(10), counted, at)}")
    if at >= len(text):
        raise ValueError("the list breaks off")
    return entries


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _record(entry: Any, file: str, row: int) -> Record | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("model"), str):
        raise ValueError(f"line {row} holds no row with model and fields")
    kind = kind_of(entry["model"])
    fields = entry.get("fields")
    record = Record(kind or entry["model"], file, entry["model"].rpartition(".")[2], row)
    if not isinstance(fields, dict):
        raise ValueError(f"line {row} holds no row with model and fields")
    for name, value in fields.items():
        text = _text(value)
        if text:
            record.fields[field_of(name)] = Cell(text, row, name)
    key = entry.get("pk")
    if isinstance(key, str) and key:
        record.fields.setdefault("name", Cell(key, row, "pk"))
    return record


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
