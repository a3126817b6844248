"""Where components originate: component cost by country, of one configuration, a contract or the programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .verdict import Row


@dataclass(frozen=True)
class Origin:
    """Component cost of one end product (or of a contract's quantity) by country of origin.

    A component is what comes from outside the programme: bought, received or in stock at the start.

    Attributes
    ----------
    cost : component cost by country, in the programme's currency; of a configuration per unit, of a contract in all
    unknown : component cost whose origin is not declared
    unpriced : components without an estimated cost, whose share cannot be known
    rows : cells that it rests on, those of the largest costs first
    units : units of the end product that it is counted for; None where that is not one number, as for several products
    choices : of every component with several sources the one that this configuration takes; empty where plans mix them
    """

    cost: Mapping[str, float]
    unknown: float = 0.0
    unpriced: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=())
    choices: Mapping[str, str] = field(default_factory=dict)
    units: float | None = 1.0

    @property
    def total(self) -> float:
        """Component cost in all."""
        return sum(self.cost.values()) + self.unknown

    @property
    def coverage(self) -> float | None:
        """Share of the component cost whose origin is declared; None where there is no cost, or some has no price."""
        return None if self.unpriced or self.total <= 0 else 1 - self.unknown / self.total

    def outside(self, zone: frozenset[str]) -> float:
        """Return the component cost that is declared to originate outside a zone."""
        return sum(amount for country, amount in self.cost.items() if country not in zone)

    def outside_shares(self, zone: frozenset[str]) -> tuple[float, float]:
        """Return the least and the largest share of the component cost from outside a zone that facts leave open.

        What has no declared origin counts as inside for the least share and as outside for the largest. A component
        without an estimated cost may be any part of the whole: the shares are then 0 and 1.
        """
        if self.unpriced:
            return 0.0, 1.0
        if self.total <= 0:
            return 0.0, 0.0
        outside = self.outside(zone)
        return outside / self.total, (outside + self.unknown) / self.total
