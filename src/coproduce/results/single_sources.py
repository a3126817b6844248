"""The table of what comes from one place only."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import polars as pl

from ..analyses.planned import grown_in
from ..compile import compile_network
from ..plan.grown import open_in_plan
from ..reach import reach
from .result import PlanResult
from .survival import framed

Source = tuple[str, str]
"""Table and id: a site, a party, or a supply without one."""


def single_sources(result: PlanResult, survival: pl.DataFrame) -> pl.DataFrame:
    """Return the table `single_sources`; `survival` is the table `time_to_survive`, which may be empty."""
    tables = result.tables
    possible, given = _possible(result), _given(result)
    rows = [
        _row(item, possible[item["item"]], given[item["item"]], survival)
        for item in tables["items"].iter_rows(named=True)
        if possible[item["item"]]
    ]
    return framed("single_sources", rows)


def _supplier(row: dict[str, str | None]) -> Source:
    return ("parties", str(row["party"])) if row["party"] is not None else ("supplies", str(row["supply"]))


def _possible(result: PlanResult) -> dict[str, set[Source]]:
    """Return the sources of every item that time, milestones and the options bought allow within the horizon."""
    tables = result.tables
    network = compile_network(tables)
    known, plan = reach(network), grown_in(tables, network, result.frames)
    bought = known.buy & open_in_plan(network, plan, "buy", len(known.buy))
    run = known.run & open_in_plan(network, plan, "run", len(known.run))
    found: dict[str, set[Source]] = defaultdict(set)
    for row, ever in zip(tables["supplies"].iter_rows(named=True), bought, strict=True):
        if ever.any():
            found[row["item"]].add(_supplier(row))
    running = {
        row["process"]: row["site"]
        for row, ever in zip(tables["processes"].iter_rows(named=True), run, strict=True)
        if ever.any()
    }
    for process, item, quantity in tables["flows"].select("process", "item", "quantity").iter_rows():
        if quantity > 0 and process in running:
            found[item].add(("sites", running[process]))
    return found


def _given(result: PlanResult) -> dict[str, dict[Source, float]]:
    """Return the units of every item that each source gives in the plan."""
    tables = result.tables
    found: dict[str, dict[Source, float]] = defaultdict(lambda: defaultdict(float))
    offers = {row["supply"]: row for row in tables["supplies"].iter_rows(named=True)}
    for supply, quantity in result.frames["purchases"].select("supply", "quantity").iter_rows():
        found[offers[supply]["item"]][_supplier(offers[supply])] += quantity
    runs = result.frames["runs"].join(tables["processes"].select("process", "yield_rate"), on="process")
    outputs = tables["flows"].filter(pl.col("quantity") > 0).select("process", "item", output="quantity")
    made = runs.join(outputs, on="process")
    for site, item, quantity, output, good in made.select(
        "site", "item", "quantity", "output", "yield_rate"
    ).iter_rows():
        found[item][("sites", site)] += quantity * output * good
    return found


def _row(
    item: dict[str, object], possible: set[Source], given: dict[Source, float], survival: pl.DataFrame
) -> dict[str, object]:
    quantity, worth = float(sum(given.values())), item["unit_value"]
    only = next(iter(possible)) if len(possible) == 1 else None
    single = quantity if only else 0.0
    row = {
        "item": item["item"],
        "unit": item["unit"],
        "sources": len(possible),
        "used": sum(units > 0 for units in given.values()),
        "quantity": quantity,
        "single": single,
        "share": single / quantity if quantity > 0 else np.nan,
        "value": quantity * worth if isinstance(worth, float) else None,
        "single_value": single * worth if isinstance(worth, float) else None,
    }
    if only is None:
        return row
    asked = survival.filter(target_table=only[0], target=only[1])
    days, loss = asked["survives_days"].min(), asked["loss_at_recovery"].max()
    return row | {"target_table": only[0], "target": only[1], "survives_days": days, "loss": loss}
