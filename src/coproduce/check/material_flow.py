"""Whether material can flow from where it begins to where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Problem
from .cycles import closed_cycles, instant_cycles
from .material import build_material
from .obtainable import unobtainable_demands, unobtainable_inputs
from .view import View


def material_flow(view: View) -> Iterator[Problem]:
    """Report demands that nothing can meet, inputs that nothing brings, and cycles that nothing enters or delays."""
    material = build_material(view)
    if material is None:
        return
    there = material.obtainable()
    lost = list(unobtainable_demands(view, material, there))
    # What is missing for a demand is said there; otherwise it may still starve a process once the stock is used up.
    yield from lost or unobtainable_inputs(view, material, there)
    yield from closed_cycles(view, material, there)
    yield from instant_cycles(view, material)
