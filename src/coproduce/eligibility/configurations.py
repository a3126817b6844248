"""The origin of the components of end products: of every configuration where they are few, else of the extreme ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import NamedTuple, TypeVar

import numpy as np

from .extremes import aims, extreme, extreme_units
from .origin import Origin
from .roll_up import CYCLIC, RollUp, is_finite
from .sources import Floats, Ints, Sources
from .verdict import Row

FEW = 12
"""So many configurations of a product are told one by one; of more, those that are extreme for a zone."""
ONLY = "only configuration"
SMALL = 1e-12
_ROWS = 40
_SIDE_BY_SIDE = 256

_T = TypeVar("_T")
Zones = Mapping[str, frozenset[str]]
"""Countries inside, by the words for the zone."""


class _Asked(NamedTuple):
    """One configuration to be rolled up: its product, its name (empty: by its choices), and (item,) its choice."""

    root: int
    name: str
    choice: Ints


@dataclass(frozen=True)
class Products:
    """The configurations of end products, rolled up side by side."""

    roll_up: RollUp

    @property
    def sources(self) -> Sources:
        """The sources of all items."""
        return self.roll_up.sources

    @cached_property
    def _open(self) -> frozenset[int]:
        """Items with several sources."""
        return frozenset(np.flatnonzero(np.diff(self.sources.first) > 1).tolist())

    def of(self, zones: Mapping[int, Zones]) -> dict[int, dict[str, Origin]]:
        """Return the origin of one unit of every product, by the name of its configuration.

        Parameters
        ----------
        zones : by product (position of the item) the zones whose ceilings must be decided
        """
        found: dict[int, dict[str, Origin]] = {root: {} for root in zones}
        few = {root: self._combinations(root) for root in zones}
        flat = [root for root in zones if self.roll_up.level[root] != CYCLIC]
        looped = [root for root in zones if self.roll_up.level[root] == CYCLIC]
        asked = [one for root in flat for one in few[root] or ()]
        asked += self._extremes({root: zones[root] for root in flat if few[root] is None})
        for root, name, units in self._units(asked):
            self._add(found[root], name, units)
        for root in looped:
            for name, units in self._looped(root, few[root], zones[root]):
                self._add(found[root], name, units)
        return found

    def _combinations(self, root: int) -> list[_Asked] | None:
        """Return every combination of sources that a product may be made of; None where they are too many to tell."""
        first = self.sources.first
        several = [item for item in self.roll_up.closure(root) if item in self._open]
        every = product(*(range(first[item], first[item + 1]) for item in several))
        combinations = list(islice(every, FEW + 1))
        if len(combinations) > FEW:
            return None
        found = []
        for chosen in combinations:
            choice = first[:-1].copy()
            choice[several] = chosen
            found.append(_Asked(root, "" if several else ONLY, choice))
        return found

    def _extremes(self, zones: Mapping[int, Zones]) -> Iterator[_Asked]:
        """Yield the configurations of many that are extreme for a zone."""
        by_zone: dict[frozenset[str], dict[int, str]] = {}
        for root, own in zones.items():
            for name, zone in own.items():
                by_zone.setdefault(zone & set(self.sources.countries), {}).setdefault(root, name)
        for zone, names in by_zone.items():
            for roots in _batches(list(names)):
                for aim in aims(self.sources, zone):
                    choice = extreme(self.roll_up, np.array(roots), aim)
                    for at, root in enumerate(roots):
                        yield _Asked(root, aim.words.format(zone=names[root]), choice[:, at])

    def _units(self, asked: Sequence[_Asked]) -> Iterator[tuple[int, str, Floats]]:
        """Yield the units of every source that one unit of each configuration takes."""
        for some in _batches(list(asked)):
            wanted = np.zeros((len(self.sources.items), len(some)))
            wanted[[one.root for one in some], np.arange(len(some))] = 1.0
            units = np.ascontiguousarray(self.roll_up.units(np.stack([one.choice for one in some], axis=1), wanted).T)
            for at, one in enumerate(some):
                yield one.root, one.name, units[at]

    def _looped(self, root: int, few: list[_Asked] | None, zones: Zones) -> Iterator[tuple[str, Floats]]:
        """Yield configurations of a product with a cycle in its bill of materials, one by one."""
        if few is None:
            for name, zone in zones.items():
                for aim in aims(self.sources, zone):
                    extreme_one = extreme_units(self.roll_up, root, aim)
                    if extreme_one is not None:
                        yield aim.words.format(zone=name), extreme_one
            return
        wanted = np.zeros((len(self.sources.items), 1))
        wanted[root] = 1.0
        for one in few:
            weight = np.zeros(len(self.sources.item))
            weight[one.choice] = 1.0
            units = self.roll_up.mixed(weight, wanted)[:, 0]
            if is_finite(units):
                yield one.name, np.maximum(units, 0.0)

    def _add(self, found: dict[str, Origin], name: str, units: Floats) -> None:
        """Add a configuration, unless the same is there."""
        origin = origin_of(self.sources, units)
        words = name or "; ".join(f"{item} {source}" for item, source in origin.choices.items()) or ONLY
        if not any(origin.choices == other.choices for other in found.values()):
            found[words] = origin


def origin_of(sources: Sources, units: Floats, *, mixed: bool = False) -> Origin:
    """Return the origin of what is taken of every source, (source,); `mixed` where items come from several at once."""
    taken = np.flatnonzero(units > SMALL * max(1.0, float(units.max(initial=0.0))))
    bought = taken[sources.country[taken] >= 0]
    amount = units[bought] * sources.cost[bought]
    by_country: dict[str, float] = {}
    for at, cost in zip(bought.tolist(), amount.tolist(), strict=True):
        country = sources.countries[sources.country[at]]
        by_country[country] = by_country.get(country, 0.0) + cost
    unknown = by_country.pop("", 0.0)
    bare = {sources.name(item) for item in sources.item[bought[sources.unpriced[bought]]].tolist()}
    several = np.diff(sources.first) > 1
    chosen = {} if mixed else {
        sources.items[sources.item[at]]: sources.sources[at].words for at in taken.tolist() if several[sources.item[at]]
    }  # fmt: skip
    order = bought[np.argsort(-amount, kind="stable")].tolist()
    rows = tuple(islice((row for at in order for row in _rows(sources, at)), _ROWS))
    return Origin(dict(sorted(by_country.items())), unknown, tuple(sorted(bare)), rows, chosen)


def _rows(sources: Sources, at: int) -> Iterator[Row]:
    item = int(sources.item[at])
    price = sources.price[item]
    yield Row("items", sources.name(item), "component_cost", "" if np.isnan(price) else f"{price:.15g}")
    yield from sources.sources[at].rows


def _batches(many: list[_T]) -> Iterator[list[_T]]:
    return (many[at : at + _SIDE_BY_SIDE] for at in range(0, len(many), _SIDE_BY_SIDE))
