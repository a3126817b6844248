"""The only place where currencies are converted."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl


def rates_in_force(exchange_rates: pl.DataFrame, currency: str, start: datetime) -> dict[str, float]:
    """Return what one unit of each currency is worth in the programme's currency.

    Of several rates of a currency the last one dated on or before the start holds; an undated one counts as
    older than any date.
    """
    usable = exchange_rates.filter(pl.col("date").is_null() | (pl.col("date") <= start)).sort(
        "date", nulls_last=False, maintain_order=True
    )
    rates = dict(zip(usable["currency"].to_list(), usable["rate"].to_list(), strict=True))
    return {**rates, currency: 1.0}


def in_programme_currency(
    amounts: pl.Series, currencies: pl.Series, rates: dict[str, float]
) -> npt.NDArray[np.float64]:
    """Return amounts converted to the programme's currency; an empty currency is the programme's, an empty amount 0.

    Raises
    ------
    KeyError
        if a currency has no rate (the checks report that first).
    """
    factors = np.ones(len(amounts))
    for code in currencies.drop_nulls().unique().to_list():
        factors[(currencies == code).fill_null(False).to_numpy()] = rates[code]
    return amounts.fill_null(0.0).to_numpy() * factors
