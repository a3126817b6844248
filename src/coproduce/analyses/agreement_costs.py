"""What agreements cost: the programme is planned again without one of them, or without all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import polars as pl

from ..compile import compile_network
from ..errors import NoPlanError, UnboundedError
from ..plan.assemble import assemble
from ..plan.solve import Infeasible, Options, solve
from ..solution import Stage
from ..tables import Tables

Progress = Callable[[int, int], None]

KINDS = {
    "shares": "share",
    "sets": "set",
    "fair_shares": "fair_share",
    "export_floors": "export_floor",
    "reservations": "reservation",
    "borders": "border",
    "transit_limits": "transit_limit",
    "origin_limits": "origin_limit",
}
"""By table of agreements: their kind; what contracts keep to is `cash`. A border without its row has no
capacity of its own and is always open."""
ALL, CASH = "all", "cash"


@dataclass(frozen=True)
class Without:
    """A plan without an agreement.

    Attributes
    ----------
    kind, agreement : what was left out; `all` for all
    stages : what was found; empty where no plan was
    """

    kind: str
    agreement: str
    stages: tuple[Stage, ...]


def left_out(tables: Tables) -> Iterator[tuple[str, str, Tables]]:
    """Yield kind and id of every agreement with the programme without it; last, if there are several, without all."""
    given = [(table, row) for table in KINDS for row in range(tables[table].height)]
    for table, row in given:
        kept = tables[table].with_row_index("at").filter(pl.col("at") != row).drop("at")
        yield KINDS[table], str(tables[table].item(row, 0)), _with(tables, {table: kept})
    free = pl.lit("nothing").alias("plan_keeps")
    waits = tables["contracts"].filter(pl.col("plan_keeps") != "nothing")["contract"].to_list()
    for contract in waits:
        own = pl.when(pl.col("contract") == contract).then(free).otherwise(pl.col("plan_keeps")).alias("plan_keeps")
        yield CASH, contract, _with(tables, {"contracts": _cast(tables, own)})
    if len(given) + len(waits) > 1:
        none = {table: tables[table].clear() for table in KINDS} | {"contracts": _cast(tables, free)}
        yield ALL, ALL, _with(tables, none)


def _cast(tables: Tables, column: pl.Expr) -> pl.DataFrame:
    """Return the contracts with another column `plan_keeps` of the same type."""
    return tables["contracts"].with_columns(column.cast(tables["contracts"].schema["plan_keeps"]))


def _with(tables: Tables, frames: dict[str, pl.DataFrame]) -> Tables:
    """Return the programme with other agreements; demands leave sets that are gone."""
    sets = frames.get("sets", tables["sets"])["set"]
    demands = tables["demands"].with_columns(
        set=pl.when(pl.col("set").is_in(sets.implode())).then(pl.col("set")).cast(pl.String)
    )
    return replace(tables, frames={**tables.frames, **frames, "demands": demands})


def plans_without(tables: Tables, options: Options, progress: Progress) -> list[Without]:
    """Plan the programme without each of its agreements.

    Parameters
    ----------
    options : as for the plan with all of them; every plan has the whole time limit to itself
    progress : called with the number of the plan that begins, and how many there are
    """
    cases = list(left_out(tables))
    found = []
    for number, (kind, agreement, rest) in enumerate(cases, start=1):
        progress(number, len(cases))
        found.append(Without(kind, agreement, _stages(rest, replace(options, bottlenecks=0))))
    return found


def _stages(tables: Tables, options: Options) -> tuple[Stage, ...]:
    try:
        return solve(assemble(compile_network(tables)), options).stages
    except (Infeasible, NoPlanError, UnboundedError):
        return ()
