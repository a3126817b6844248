"""The way in: one file of frePPLe to raw tables, and what is wrong with the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...codes import problem
from ...errors import InputError, Origin
from ..grid import Grid
from ..raw import Raw
from .convert import convert
from .json_file import read_json
from .sheets import is_workbook, read_sheets
from .xml_file import TooLargeError, read_xml

__all__ = ["SUFFIXES", "from_workbook", "is_workbook", "read_frepple"]

SUFFIXES = {".xml": read_xml, ".json": read_json}
"""Suffixes of the files that only frePPLe writes, with their readers."""


def read_frepple(path: Path, bucket: str = "") -> Raw:
    """Read an XML file or a JSON fixture of frePPLe.

    Parameters
    ----------
    bucket : length of the time buckets (hour, day, week); empty: chosen by the durations and the horizon

    Raises
    ------
    InputError
        if the file cannot be read, or holds nothing of frePPLe.
    """
    try:
        store = SUFFIXES[path.suffix.lower()](path)
    except TooLargeError as failure:
        raise InputError([problem("E104", Origin(path.name), f"the file is too large: {failure}")]) from None
    except (ValueError, RecursionError, MemoryError) as failure:
        message = f"this is no sound file of frePPLe ({failure})"
        raise InputError([problem("E130", Origin(path.name), message)]) from None
    if not store.named:
        raise InputError([problem("E130", Origin(path.name), "the file holds none of frePPLe's entities")])
    return convert(store, bucket)


def from_workbook(name: str, grids: Sequence[Grid], bucket: str = "") -> Raw:
    """Take the sheets of a workbook of frePPLe as a programme."""
    store, strange = read_sheets(name, grids)
    raw = convert(store, bucket)
    ignored = [
        problem("W502", Origin(grid.file, grid.sheet), f'"{grid.sheet}" is no sheet of frePPLe; it is ignored')
        for grid in strange
        if grid.frame.height
    ]
    return Raw(raw.name, raw.sheets, raw.order, (*raw.problems, *ignored), raw.spoilt)
