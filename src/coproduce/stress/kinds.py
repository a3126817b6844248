"""Finds the kinds of risk: every module of `risks`, and entry points of installed packages."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol, cast

from . import risks
from .events import Events
from .occurrences import Occurrences, Risk

ENTRY_POINTS = "coproduce.risks"


class Kind(Protocol):
    """A kind of risk: one file that makes events of occurrences and knows nothing of the kernel.

    Attributes
    ----------
    EFFECT : what its events reach at a target (`targets.Finder`)
    """

    EFFECT: str

    def events(self, risk: Risk, found: Occurrences, target: int) -> Events:
        """Return the events of a risk at a target, by its number."""


@cache
def kinds() -> Mapping[str, Kind]:
    """Return all kinds by name."""
    found: dict[str, object] = {
        module.name: importlib.import_module(f"{risks.__name__}.{module.name}")
        for module in pkgutil.iter_modules(risks.__path__)
    }
    found.update({point.name: point.load() for point in entry_points(group=ENTRY_POINTS)})
    return {name: cast("Kind", found[name]) for name in sorted(found)}
