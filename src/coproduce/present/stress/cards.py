"""The key figures of a stress test: service and loss, each with what the plan itself promises beside it."""

from __future__ import annotations

from typing import Any

import polars as pl

from ...results.stress.levels import ALL
from ...results.stress.result import StressResult
from ..words.formats import counted, quantity
from .words import percent

_TITLES = {
    "alpha": "Demands in full and in time (alpha)",
    "beta": "Units in time (beta)",
    "gamma": "Little lateness (gamma)",
    "late_unit_days": "Late unit-days",
    "undelivered": "Units never delivered",
}
Row = dict[str, Any]


def headline(result: StressResult) -> str:
    """Return the answer in two sentences."""
    beta = _all(result.frames["service"], measure="beta")
    promises = result.frames["promises"]
    sure = promises.filter(pl.col("kept_low") >= 0.9).height
    return (
        f"The plan promises {percent(beta['planned'])} of the units in time. Carried out in "
        f"{counted(result.summary['periods'], 'period')}, it delivers {percent(beta['quiet'])} in time without any "
        f"risk and {percent(beta['mean'])} in the mean where risks strike. {sure:,} of "
        f"{counted(promises.height, 'demand')} can be promised with 90 % or more."
    )


def cards(result: StressResult) -> list[dict[str, Any]]:
    """Return the key figures: title, figure, and lines of what stands beside it."""
    service = [_service(_all(result.frames["service"], measure=one)) for one in ("beta", "alpha", "gamma")]
    losses = [_loss(_all(result.frames["lateness"], loss=one)) for one in ("late_unit_days", "undelivered")]
    return service + losses


def _all(frame: pl.DataFrame, **keys: str) -> Row:
    return frame.row(by_predicate=pl.all_horizontal(pl.col(name) == key for name, key in {"tier": ALL, **keys}.items()),
                     named=True)  # fmt: skip


def _service(row: Row) -> dict[str, Any]:
    lines = (
        ("The plan promises", percent(row["planned"])),
        ("Without any risk", percent(row["quiet"])),
        ("95 % interval", f"{percent(row['low'])} to {percent(row['high'])}"),
        ("In 95 % of the replications at least", percent(row["q05"])),
    )
    return {"title": _TITLES[row["measure"]], "figure": percent(row["mean"]), "lines": lines, "note": row["formula"]}


def _loss(row: Row) -> dict[str, Any]:
    lines = (
        ("In the plan itself", quantity(row["planned"])),
        ("Without any risk", quantity(row["quiet"])),
        ("95 % interval", f"{quantity(row['low'])} to {quantity(row['high'])}"),
        ("Mean of the worst 5 % (CVaR)", quantity(row["cvar_95"])),
    )
    note = f"{row['unit']}, mean of a replication; {row['replications']:,} replications"
    return {"title": _TITLES[row["loss"]], "figure": quantity(row["mean"]), "lines": lines, "note": note}
