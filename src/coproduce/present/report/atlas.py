"""The outlines of the countries, prepared by `tools/make_map.py` under the policy of `docs/map.md`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Country:
    """A country or territory.

    Attributes
    ----------
    code : ISO 3166 alpha-2; empty for shapes without one
    part_of : code of the state that a territory with a code of its own belongs to
    polygons : outer ring and holes, each (points, 2) of longitude and latitude in degrees
    """

    code: str
    name: str
    part_of: str
    polygons: tuple[tuple[Points, ...], ...]


def _ring(numbers: Sequence[int], arcs: Sequence[Points]) -> Points:
    return np.vstack([arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers])


@cache
def countries() -> tuple[Country, ...]:
    """Read the outlines."""
    data = json.loads((files(__package__) / "assets" / "countries.json").read_text(encoding="utf-8"))
    arcs = [np.cumsum(np.reshape(arc, (-1, 2)), axis=0) * data["scale"] for arc in data["arcs"]]
    return tuple(
        Country(
            one["code"],
            one["name"],
            one["part_of"],
            tuple(tuple(_ring(ring, arcs) for ring in polygon) for polygon in one["polygons"]),
        )
        for one in data["countries"]
    )


def holds(ring: Points, longitude: float, latitude: float) -> bool:
    """Say whether a ring surrounds a point, by counting the edges that a ray to the east crosses."""
    here, there = ring, np.roll(ring, -1, axis=0)
    crosses = (here[:, 1] > latitude) != (there[:, 1] > latitude)
    here, there = here[crosses], there[crosses]
    slope = (there[:, 0] - here[:, 0]) / (there[:, 1] - here[:, 1])
    return bool(np.count_nonzero(longitude < here[:, 0] + slope * (latitude - here[:, 1])) % 2)


def country_at(longitude: float, latitude: float) -> str:
    """Return the code of the country whose land holds a point; empty for none."""
    for country in countries():
        for outer, *holes in country.polygons:
            if holds(outer, longitude, latitude) and not any(holds(hole, longitude, latitude) for hole in holes):
                return country.code
    return ""
