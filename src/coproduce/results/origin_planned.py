"""A plan made to see whether it keeps a limit on origin: its stages, what it does, and the share from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from ..audit import audit
from ..audit.case import Case
from ..audit.earmarks import own_share
from ..audit.origin import OriginShare, origin_share
from ..block import TIDY
from ..compile import compile_network
from ..eligibility.covered import covered, inside_of, of_contract
from ..eligibility.origins import planned_origins
from ..errors import AuditError, NoPlanError
from ..plan.assemble import assemble
from ..plan.solve import Infeasible, Options, solve
from ..tables import Tables
from .stages import stage_label
from .tables import result_tables

CLOSE = 1e-6
"""Share of a quantity by which figures may differ and count as equal."""


@dataclass(frozen=True)
class Planned:
    """An audited plan: value and bound by stage, units ordered by supply, what it does, the share from outside.

    `unmet` has the units that are never delivered, by item.
    """

    stages: dict[str, tuple[float, float]]
    ordered: dict[str, float]
    done: dict[tuple[str, str, str], float]
    share: float
    excess: float
    unmet: dict[str, float]

    def less_delivered_than(self, other: Planned) -> float:
        """Return the units that this plan never delivers and another one does, added up over items."""
        fewer = {item: units - other.unmet.get(item, 0.0) for item, units in self.unmet.items()}
        return sum(units for item, units in fewer.items() if units > CLOSE * max(1.0, self.unmet[item]))

    @property
    def order(self) -> tuple[float, ...]:
        """What plans are compared by: earlier stages first."""
        return tuple(value for value, _ in self.stages.values())


def planned(tables: Tables, row: dict[str, Any], options: Options) -> Planned | None:
    """Plan and audit a programme; None where there is no plan."""
    network = compile_network(tables)
    model = assemble(network)
    try:
        solution = solve(model, options)
    except (Infeasible, NoPlanError):
        return None
    frames = result_tables(tables, network, model, solution)
    report = audit(tables, frames)
    if not report.passed:
        raise AuditError(report.failed)
    found = _share(tables, frames, row)
    share = found.outside / found.used if found.used > 0 else float(found.outside > 0)
    room = CLOSE * max(1.0, found.outside, found.used)
    stages = {stage_label(network, one.name): (one.value, one.bound) for one in solution.stages if one.name != TIDY}
    ordered = frames["purchases"].group_by("supply", maintain_order=True).agg(pl.col("quantity").sum())
    unmet = frames["demand_service"].group_by("item", maintain_order=True).agg(pl.col("unmet").sum())
    return Planned(
        stages=stages,
        ordered=dict(ordered.iter_rows()),
        done=_done(tables, frames, row),
        share=share,
        excess=found.outside - row["share"] * found.used - room,
        unmet=dict(unmet.iter_rows()),
    )


def _share(tables: Tables, frames: dict[str, pl.DataFrame], row: dict[str, Any]) -> OriginShare:
    """Return the component cost that a limit is about; where nothing is set aside, by the plan's mix."""
    if not of_contract(row):
        return origin_share(Case.of(tables, frames), row)
    if row["limit"] in tables["origin_limits"]["limit"]:
        return own_share(Case.of(tables, frames), row)
    origin = planned_origins(tables, frames)[row["contract"]]
    return OriginShare(origin.outside(inside_of(row)) + origin.unknown, origin.total)


def _done(tables: Tables, frames: dict[str, pl.DataFrame], row: dict[str, Any]) -> dict[tuple[str, str, str], float]:
    """Return by kind, name and item what a plan orders, makes and buys of what a limit covers."""
    covers = pl.Series(covered(tables, row).items, dtype=pl.Boolean)
    items = tables["items"]["item"].filter(covers).implode()
    makes = tables["flows"].filter(pl.col("quantity") > 0)
    good = tables["processes"].select("process", "yield_rate")
    runs = frames["runs"].select("process", "site", "quantity").join(makes, on="process").join(good, on="process")
    made = runs.with_columns(pl.col("quantity") * pl.col("quantity_right") * pl.col("yield_rate"))
    parts = (
        ("supply", frames["purchases"].select("supply", "item", "quantity")),
        ("site", made.select("site", "item", "quantity")),
    )
    found: dict[tuple[str, str, str], float] = {}
    for kind, frame in parts:
        for name, item, units in frame.filter(pl.col("item").is_in(items)).iter_rows():
            found[kind, name, item] = found.get((kind, name, item), 0.0) + units
    for option, units in frames["investments"].select("option", "quantity").iter_rows():
        found["option", option, ""] = found.get(("option", option, ""), 0.0) + units
    return found
