"""Whether material can flow from where it begins to where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Problem
from .cycles import closed_cycles, instant_cycles
from .material import build_material
from .obtainable import unobtainable_demands
from .view import View


def material_flow(view: View) -> Iterator[Problem]:
    """Report demands that nothing can meet, cycles that nothing enters and cycles that take no time."""
    material = build_material(view)
    if material is None:
        return
    there = material.obtainable()
    yield from unobtainable_demands(view, material, there)
    yield from closed_cycles(view, material, there)
    yield from instant_cycles(view, material)
