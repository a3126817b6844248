"""The table of how many changes of a design the resources of requalification absorb."""

from __future__ import annotations

import polars as pl

from ..analyses.changes import absorbed
from ..compile import compile_network
from ..plan.solve import Options
from .result import PlanResult

SCHEMA = {
    "item": pl.String(),
    "resource": pl.String(),
    "per_change": pl.Float64(),
    "left": pl.Float64(),
    "beside": pl.Int64(),
    "before_late": pl.Int64(),
    "most": pl.Int64(),
}


def absorbed_changes(result: PlanResult, options: Options) -> pl.DataFrame:
    """Return one row for every item that says what a change of its design takes of a resource."""
    tables, network = result.tables, compile_network(result.tables)
    asked = pl.col("requalification_resource").is_not_null() & pl.col("requalification_quantity").is_not_null()
    ids, load = tables["resources"]["resource"].to_list(), result.frames["resource_load"]
    rows = []
    for row in tables["items"].filter(asked).iter_rows(named=True):
        name, quantity = row["requalification_resource"], row["requalification_quantity"]
        planned = load.filter(resource=name).sort("bucket")["planned"].to_numpy()
        found = absorbed(network, ids.index(name), quantity, planned, options)
        rows.append((row["item"], name, quantity, found.slots, found.beside, found.before_late, found.most))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
