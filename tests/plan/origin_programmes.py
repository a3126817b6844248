"""Random programmes with limits on origin, drawn from a seed on top of the random programmes with agreements."""

from __future__ import annotations

from typing import Any

import numpy as np
from agreed_programmes import FAMILIES, random_agreements
from programmes import random_lots, random_programme, tables_of
from test_versions_against_oracle import random_versions

from coproduce.tables import Tables

Row = dict[str, Any]
COUNTRIES = ("FR", "UA", "US", None)
# One of so many seeds draws on a programme with other agreements, and one on a programme with lots.
AGREED, LOTS, VERSIONS = 4, 7, 5


def random_origins(seed: int) -> Tables:
    """Return the random programme with limits on origin that belongs to a seed."""
    draw = random_agreements if seed % AGREED == 0 else random_lots if seed % LOTS == 0 else random_programme
    rows = {name: frame.to_dicts() for name, frame in draw(seed).frames.items()}
    rng = np.random.default_rng(seed + 60_000)
    _mark(rng, rows)
    for k in range(int(rng.choice([1, 1, 2]))):
        rows["origin_limits"].append(_limit(rng, rows, k))
    return tables_of(rows)


def random_earmarks(seed: int) -> Tables:
    """Return the random programme with limits on the origin of what contracts are delivered that belongs to a seed."""
    draw = random_versions if seed % VERSIONS == 0 else random_lots if seed % LOTS == 0 else random_programme
    rows = {name: frame.to_dicts() for name, frame in draw(seed).frames.items()}
    rng = np.random.default_rng(seed + 70_000)
    _mark(rng, rows)
    rows["parties"] = [{"party": "p"}]
    contracts = int(rng.choice([1, 2, 2]))
    rows["contracts"] = [{"contract": f"c{k}", "buyers": "p"} for k in range(contracts)]
    for row in rows["demands"]:
        row["contract"] = _one(rng, ("c0", "c0", "c1", None)[: 2 + contracts])
    for k in range(contracts):
        limit = _limit(rng, rows, k)
        rows["origin_limits"].append({**limit, "item": None, "family": None, "contract": f"c{k}"})
    if rng.random() < 0.3:  # two limits on what is set aside for one contract
        again = {**rows["origin_limits"][0], "limit": "again", "countries": "FR; US", "share": 0.6}
        rows["origin_limits"].append(again)
    return tables_of(rows)


def _one(rng: np.random.Generator, options: Any) -> Any:
    return options[int(rng.integers(len(options)))]


def _mark(rng: np.random.Generator, rows: dict[str, list[Row]]) -> None:
    """Give components their cost, and all that comes from outside its origin; every offer has an alternative."""
    for row in rows["items"]:
        row["component_cost"] = round(float(rng.uniform(1, 30)), 2) if rng.random() < 0.9 else None
        row["family"] = row["family"] or _one(rng, (*FAMILIES, None))
    for table in ("supplies", "stocks", "receipts"):
        for row in rows[table]:
            row["origin"] = _one(rng, COUNTRIES)
    for row in list(rows["supplies"]):
        if rng.random() < 0.5:
            other = {"supply": f"{row['supply']}_other", "origin": "FR", "price": (row["price"] or 0.0) * 1.5 + 1.0}
            rows["supplies"].append({**row, **other})


def _limit(rng: np.random.Generator, rows: dict[str, list[Row]], number: int) -> Row:
    scope = _one(rng, ({}, {}, {"item": rows["demands"][0]["item"]}, {"family": _one(rng, FAMILIES)}))
    countries = _one(rng, ("FR", "FR; UA", "UA;US", "FR; UA; US"))
    share = float(rng.choice([0.1, 0.35, 0.5, 0.8]))
    stock = _one(rng, ("counted", "left_out", "left_out"))
    return {"limit": f"o{number}", "countries": countries, "share": share, "stock": stock, **scope}
