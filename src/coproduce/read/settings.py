"""Programme settings: a YAML file, or rows of `setting,value`, as one row of the programme table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from ..codes import problem
from ..errors import Origin, Problem
from ..tables import INPUT_TABLES
from .header import SETTINGS, SheetRead
from .names import canonical, is_remark
from .raw import RawSheet

Setting = tuple[str, str | None, int]
"""Name, value and record number of a setting."""

_LARGEST = 1 << 18
_MOST_BRACKETS = 500
_TABLE = "programme"


def is_settings(sheet: RawSheet) -> bool:
    """Whether a sheet lists settings below each other."""
    return sheet.table == _TABLE and set(SETTINGS) <= set(sheet.columns)


def as_one_row(sheet: RawSheet) -> SheetRead:
    """Turn rows of settings into one row; further columns are explanations and are left out."""
    names, values = sheet.frame["setting"].cast(pl.String), sheet.frame["value"].cast(pl.String)
    settings = [
        (str(name or ""), value, int(row))
        for name, value, row in zip(names, values, sheet.rows, strict=True)
        if name is None or not is_remark(name)
    ]
    return _one_row(settings, sheet.file, sheet.sheet, sheet.columns["value"])


def read_yaml(path: Path) -> SheetRead:
    """Read the settings of a programme from a YAML file; record numbers are line numbers."""
    origin = Origin(path.name, _TABLE)
    if path.stat().st_size > _LARGEST:
        return SheetRead(None, (problem("E104", origin, "a settings file of more than 256 KiB is not read"),))
    content = path.read_bytes()
    if content.count(b"[") + content.count(b"{") > _MOST_BRACKETS:
        return SheetRead(None, (problem("E114", origin, "the settings are nested too deeply", expected="name: value"),))
    try:
        # Composing keeps every value as it was written (`NO` stays text) and never expands aliases.
        node = YAML(typ="safe", pure=True).compose(content)
    except RecursionError:
        return SheetRead(None, (problem("E114", origin, "the settings are nested too deeply", expected="name: value"),))
    except (YAMLError, UnicodeError, ValueError) as failure:
        return SheetRead(None, (_not_yaml(origin, failure),))
    if node is None:
        return SheetRead(None, (), blank=True)
    node = _inner(node)
    if not isinstance(node, MappingNode):
        message = "the file is not a list of settings"
        return SheetRead(None, (problem("E114", origin, message, expected="name: value"),))
    problems = tuple(_nested(node, origin))
    scalars = [(key, value) for key, value in node.value if isinstance(key, ScalarNode)]
    settings = [(str(key.value), _text(value), key.start_mark.line + 1) for key, value in scalars]
    read = _one_row([s for s in settings if not is_remark(s[0])], path.name, _TABLE, -1)
    return SheetRead(read.sheet, (*problems, *read.problems))


def _inner(node: Node) -> Node:
    """Return the settings below a single key `programme`, if that is how they are given."""
    if isinstance(node, MappingNode) and len(node.value) == 1:
        key, value = node.value[0]
        if key.value == _TABLE and isinstance(value, MappingNode):
            return value
    return node


def _text(node: Node) -> str | None:
    if not isinstance(node, ScalarNode) or node.tag == "tag:yaml.org,2002:null":
        return None
    return " ".join(str(node.value).split()) or None


def _nested(node: MappingNode, origin: Origin) -> Iterator[Problem]:
    for key, value in node.value:
        if not isinstance(value, ScalarNode) or not isinstance(key, ScalarNode):
            name = key.value if isinstance(key, ScalarNode) else "setting"
            at = Origin(origin.file, origin.sheet, key.start_mark.line + 1, str(name))
            yield problem("E114", at, "a setting has one value, not a list or a group", expected="name: value")


def _not_yaml(origin: Origin, failure: Exception) -> Problem:
    mark = failure.problem_mark if isinstance(failure, MarkedYAMLError) else None
    row = mark.line + 1 if mark else 0
    why = failure.problem if isinstance(failure, MarkedYAMLError) else "the file is not text in UTF-8"
    return problem(
        "E114",
        Origin(origin.file, origin.sheet, row),
        f"the settings cannot be read: {why}",
        expected="name: value",
    )


def _one_row(settings: list[Setting], file: str, sheet: str, position: int) -> SheetRead:
    problems: list[Problem] = []
    values: dict[str, str | None] = {}
    rows: dict[str, int] = {}
    counts = Counter(canonical(name) for name, _, _ in settings)
    for name, value, row in settings:
        column = canonical(name) if canonical(name) in INPUT_TABLES[_TABLE].columns else name
        if not name:
            at = Origin(file, sheet, row, "", position)
            problems.append(problem("E120", at, "a value without the name of a setting", seen=value or ""))
        elif column in values:
            at = Origin(file, sheet, row, column, position)
            times = counts[canonical(name)]
            message = f'setting "{column}" is given {times} times, first in row {rows[column]}'
            problems.append(problem("E120", at, message))
        else:
            values[column], rows[column] = value, row
    frame = pl.DataFrame({name: pl.Series([value], dtype=pl.String) for name, value in values.items()})
    first = np.array([min(rows.values(), default=0)], dtype=np.int64)
    columns = dict.fromkeys(values, position)
    one = RawSheet(_TABLE, file, sheet, frame, first[: frame.height], columns, rows)
    return SheetRead(one if values else None, tuple(problems), blank=not values)
