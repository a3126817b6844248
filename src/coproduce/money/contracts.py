"""Facts of the contracts that money needs: buyers, prices of their units, currency and base of indexation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from ..tables import Tables
from ..tables.keys import listed
from .dated import exchange_rates
from .days import day


@dataclass(frozen=True)
class Order:
    """One demand under a contract.

    Attributes
    ----------
    price : of one unit, in `currency`
    buyers : who pays for it, with weights that add up to 1; empty: nobody that is named
    """

    demand: str
    quantity: float
    price: float
    currency: str | None
    buyers: Mapping[str, float]


@dataclass(frozen=True)
class Contract:
    """One contract.

    Attributes
    ----------
    base : day of the prices
    funds : funds that may pay
    keeps : what the plan keeps to: nothing, budget or cash
    own_cash : money of the contractor that is there from the start, in the programme's currency of that day
    """

    name: str
    contractor: str | None
    signed: datetime | None
    base: datetime
    terms: str | None
    index: str | None
    cost_type: str
    funds: tuple[str, ...]
    bridging: bool
    bridging_rate: float
    damages_per_day: float
    damages_limit: float | None
    keeps: str
    own_cash: float
    orders: tuple[Order, ...]

    @property
    def value(self) -> float:
        """Value at the prices of the base, in the currency of its orders."""
        return sum(order.price * order.quantity for order in self.orders)


def contracts(tables: Tables) -> dict[str, Contract]:
    """Return the declared contracts by name."""
    demands: dict[str, list[dict[str, Any]]] = {}
    for row in tables["demands"].filter(pl.col("contract").is_not_null()).iter_rows(named=True):
        demands.setdefault(row["contract"], []).append(row)
    rows = tables["contracts"].iter_rows(named=True)
    return {row["contract"]: _contract(tables, row, demands.get(row["contract"], [])) for row in rows}


def _contract(tables: Tables, row: dict[str, Any], demands: list[dict[str, Any]]) -> Contract:
    signed = None if row["signed"] is None else day(row["signed"])
    return Contract(
        name=row["contract"],
        contractor=row["contractor"],
        signed=signed,
        base=row["index_base"] or signed or tables.programme.start,
        terms=row["payment_terms"],
        index=row["price_index"],
        cost_type=row["cost_type"],
        funds=tuple(dict.fromkeys(listed(row["funds"]))),
        bridging=row["bridging"] == "yes",
        bridging_rate=row["bridging_rate"],
        damages_per_day=row["damages_per_day"] or 0.0,
        damages_limit=row["damages_limit"],
        keeps=row["plan_keeps"],
        own_cash=row["own_cash"] * exchange_rates(tables).at(row["currency"], tables.programme.start),
        orders=_orders(row, demands),
    )


def _orders(row: dict[str, Any], demands: list[dict[str, Any]]) -> tuple[Order, ...]:
    """Return the demands with their prices: of the value, else of one end product, else of the demand."""
    units = sum(demand["quantity"] for demand in demands)
    of_value = row["value"] / units if row["value"] is not None and units > 0 else None
    price = row["product_value"] if of_value is None else of_value
    buyers = listed(row["buyers"])
    return tuple(
        Order(
            demand["demand"],
            demand["quantity"],
            demand["price"] if price is None else price,
            demand["currency"] if price is None else row["currency"],
            _who_pays(demand["party"], buyers),
        )
        for demand in demands
    )


def _who_pays(party: str | None, buyers: tuple[str, ...]) -> dict[str, float]:
    """Return the customer if it is a buyer or none is named, else all buyers equally."""
    if party is not None and (party in buyers or not buyers):
        return {party: 1.0}
    return {buyer: 1 / len(buyers) for buyer in buyers}
