"""What the plan costs, posted: whole cents by contract, payer and day, and what index and exchange rate add to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from ..calendar import Floats
from ..money.cents import PER_UNIT, split
from ..money.dated import Dated, exchange_rates, price_indices
from ..money.days import LAST
from ..money.terms import AT_ORDER, Part, Terms
from ..tables import Tables
from .events import cost_events
from .serving import Frames, Serving

KEY = ("kind", "entity")


@dataclass(frozen=True)
class Prices:
    """What changes prices between the plan and the payment."""

    rates: Dated
    indices: Dated

    @classmethod
    def of(cls, tables: Tables) -> Prices:
        """Collect exchange rates and indices."""
        return cls(exchange_rates(tables), price_indices(tables))


def cost_postings(tables: Tables, frames: Frames, served: Serving, terms: Terms, prices: Prices) -> pl.DataFrame:
    """Return the postings of all costs of the plan that are paid, with indexation and exchange differences.

    The cents of a kind and entity are the rounded amount of the table `costs`, split by largest remainder over the
    days on which they arise, the contracts that they serve and the parts of the terms of payment.
    """
    events = cost_events(tables, frames)
    parts = _by_part(_by_contract(events, _shares(events, served), tables, served), terms)
    posted = _in_cents(parts, frames["costs"]).filter(pl.col("cents") != 0)
    return pl.concat([posted.with_columns(of=pl.lit(None, pl.String)), *_differences(posted, tables, prices)]).drop(
        "currency", "index", "base"
    )


def _shares(events: pl.DataFrame, served: Serving) -> Floats:
    """Return the (event, contract + 1) shares."""
    none = served.none
    found: list[Floats] = []
    for kind, entity, item, site in events.select("kind", "entity", "item", "site").iter_rows():
        if item is not None:
            found.append(served.nodes.get((item, site), none))
        elif kind == "process":
            found.append(served.processes.get(entity, none))
        elif kind == "setup":
            found.append(served.setups.get(entity, none))
        elif kind == "option":
            found.append(served.options.get(entity, none))
        else:
            found.append(served.resources.get(entity, none))
    return np.array(found).reshape(len(events), len(none))


def _by_contract(events: pl.DataFrame, shares: Floats, tables: Tables, served: Serving) -> pl.DataFrame:
    """Return a row for every event and contract that it serves."""
    event, contract = np.nonzero(shares)
    names = pl.Series([*served.contracts, None], dtype=pl.String)
    types = dict(tables["contracts"].select("contract", "cost_type").iter_rows())
    rows = events[event].with_columns(
        weight=pl.Series(events["weight"].to_numpy()[event] * shares[event, contract]),
        contract=names[contract],
    )
    of_contract = pl.col("contract").replace_strict(types, default="purchase", return_dtype=pl.String)
    return rows.with_columns(
        cost_type=pl.when(pl.col("kind") == "option").then(pl.lit("investment")).otherwise(of_contract)
    )


def _by_part(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Return a row for every part of the terms of payment, with the days on which it arises and is paid."""
    named = [(name, *_days(part)) for name, parts in {**terms, "": AT_ORDER}.items() for part in parts]
    schema: dict[str, PolarsDataType] = {
        "terms": pl.String,
        "share": pl.Float64,
        "event": pl.String,
        "lag": pl.Float64,
        "fixed": pl.Datetime("us"),
    }
    parts = pl.DataFrame(named, schema=schema, orient="row")
    joined = rows.with_columns(pl.col("terms").fill_null("")).join(
        parts, on="terms", how="inner", maintain_order="left"
    )
    delivered = pl.when(pl.col("event") == "delivery").then(pl.col("delivered")).otherwise(pl.col("arises"))
    joined = joined.with_columns(arises=pl.coalesce("fixed", delivered), weight=pl.col("weight") * pl.col("share"))
    lag = pl.duration(microseconds=(pl.col("lag") * 86_400_000_000).cast(pl.Int64))
    return joined.with_columns(paid=pl.min_horizontal((pl.col("arises") + lag).dt.truncate("1d"), pl.lit(LAST))).drop(
        "share", "event", "lag", "fixed"
    )


def _days(part: Part) -> tuple[float, str, float, datetime | None]:
    return part.share, part.event, part.lag_days, part.fixed


def _in_cents(rows: pl.DataFrame, costs: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with their cents."""
    totals = costs.select(*KEY, total=(pl.col("amount") * PER_UNIT).round(mode="half_to_even").cast(pl.Int64))
    totals = totals.with_columns(pl.col("kind").cast(pl.String)).with_row_index("group")
    found = rows.join(totals, on=KEY, how="inner", maintain_order="left")
    cents = split(totals["total"].to_numpy(), found["group"].to_numpy().astype(np.int64), found["weight"].to_numpy())
    columns = ("kind", "entity", "contract", "cost_type", "from_account", "to_account", "arises", "paid")
    return found.with_columns(cents=pl.Series(cents)).select(*columns, "cents", "currency", "index", "base")


def _differences(posted: pl.DataFrame, tables: Tables, prices: Prices) -> list[pl.DataFrame]:
    """Return the postings of indexation (day on which it arises against the base) and of exchange (day of payment)."""
    start = tables.programme.start
    cases = posted.select("currency", "index", "base", "arises", "paid").unique(maintain_order=True)
    factors = [
        (prices.indices.change(index, base, arises), prices.rates.change(currency, start, paid))
        for currency, index, base, arises, paid in cases.iter_rows()
    ]
    cases = cases.with_columns(
        by_index=pl.Series([one for one, _ in factors], dtype=pl.Float64),
        by_rate=pl.Series([one for _, one in factors], dtype=pl.Float64),
    )
    rows = posted.join(
        cases, on=["currency", "index", "base", "arises", "paid"], nulls_equal=True, maintain_order="left"
    )
    indexed = pl.col("cents") * (pl.col("by_index") - 1)
    exchanged = pl.col("cents") * pl.col("by_index") * (pl.col("by_rate") - 1)
    return [
        rows.with_columns(
            of=pl.col("kind"),
            kind=pl.lit(kind),
            cents=amount.round(mode="half_to_even").cast(pl.Int64),
        )
        .filter(pl.col("cents") != 0)
        .select(*posted.columns, "of")
        for kind, amount in (("indexation", indexed), ("exchange", exchanged))
    ]
