"""Where the components of a product originate, rolled up through its bill of materials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .verdict import Row


@dataclass(frozen=True)
class Origin:
    """Component cost of one end product (or of a contract's quantity) by country of origin.

    Attributes
    ----------
    cost : component cost by country, in the programme's currency; of a configuration per unit, of a contract in all
    unknown : component cost whose origin is not declared
    unpriced : components without an estimated cost, whose share cannot be known
    rows : cells that it rests on
    """

    cost: Mapping[str, float]
    unknown: float = 0.0
    unpriced: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=())

    @property
    def total(self) -> float:
        """Component cost in all."""
        return sum(self.cost.values()) + self.unknown

    def outside(self, zone: frozenset[str]) -> float:
        """Return the component cost that is declared to originate outside a zone."""
        return sum(amount for country, amount in self.cost.items() if country not in zone)
