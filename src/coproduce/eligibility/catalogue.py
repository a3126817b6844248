"""Finds the instruments: every module of `instruments`, and entry points of installed packages."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import cast

from . import instruments as package
from .rule import Instrument

ENTRY_POINTS = "coproduce.instruments"


@cache
def instruments() -> Mapping[str, Instrument]:
    """Return all instruments by name, in the order of their names.

    A module, or what an entry point names, holds an `Instrument` as `INSTRUMENT`.
    """
    modules = [
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    ]
    modules += [point.load() for point in entry_points(group=ENTRY_POINTS)]
    found = [cast("Instrument", module.INSTRUMENT) for module in modules]
    return {one.instrument: one for one in sorted(found, key=lambda one: one.instrument)}
