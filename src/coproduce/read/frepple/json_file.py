"""frePPLe's fixtures (JSON lists of database rows) as records, each with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .records import Cell, Record, Store
from .vocabulary import field_of, kind_of
from .xml_file import LARGEST, TooLargeError

_SPACE = " \t\r\n"
_MOST_ROWS = 500_000
_WINDOWS = (1 << 12, 1 << 16, 1 << 20)
_DECODER = json.JSONDecoder()


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


def _entries(text: str) -> Iterator[tuple[int, Any]]:
    """Yield the elements of the list, each with the line in which it begins."""
    row, counted, count = 1, 0, 0
    at = _skip(text, 0)
    if at >= len(text) or text[at] != "[":
        raise ValueError("it is not a list")
    at = _skip(text, at + 1)
    while at < len(text) and text[at] != "]":
        row, counted, count = row + text.count("\n", counted, at), at, count + 1
        if count > _MOST_ROWS:
            raise TooLargeError(f"it has more than {_MOST_ROWS:,} rows")
        entry, at = _entry(text, at, row)
        yield row, entry
        at = _skip(text, at)
        if at < len(text) and text[at] == ",":
            at = _skip(text, at + 1)
        elif at >= len(text) or text[at] != "]":
            raise ValueError(f"the list breaks off or is damaged after line {row}")
    if at >= len(text):
        raise ValueError("the list breaks off")


def _entry(text: str, at: int, row: int) -> tuple[Any, int]:
    """Return the element at a place and where it ends; what a row unfolds to is bounded by its length."""
    for window in _WINDOWS:
        try:
            entry, length = _DECODER.raw_decode(text[at : at + window])
        except ValueError:
            continue
        return entry, at + length
    raise ValueError(f"the row in line {row} is damaged, or longer than {_WINDOWS[-1] >> 20} MiB")


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
