"""Finds the constraint families: every module of `constraints`, and entry points of installed packages."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from typing import cast

from ..block import Family
from . import constraints

ENTRY_POINTS = "coproduce.constraints"


@cache
def families() -> tuple[Family, ...]:
    """Return all families, ordered by name."""
    found: dict[str, object] = {
        module.name: importlib.import_module(f"{constraints.__name__}.{module.name}")
        for module in pkgutil.iter_modules(constraints.__path__)
    }
    found.update({point.name: point.load() for point in entry_points(group=ENTRY_POINTS)})
    return tuple(cast("Family", found[name]) for name in sorted(found))
