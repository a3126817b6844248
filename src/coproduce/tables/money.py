"""Exchange rates between the currencies of the input and the programme's."""

from __future__ import annotations

import dataframely as dy

from .columns import date, number


class ExchangeRates(dy.Schema):
    """What one unit of a currency is worth in the programme's currency."""

    currency = dy.String(
        nullable=False,
        regex=r"^[A-Z]{3}$",
        metadata={"kind": "currency", "example": "USD"},
        description="Currency that is converted (ISO 4217)",
    )
    date = date("Date of the rate; empty: always. The last rate dated on or before the start of the horizon holds")
    rate = number("Programme currency for one unit of this currency", "currency", above=0, required=True)
