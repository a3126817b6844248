"""Key figures, stages, costs, limits and resources of several runs side by side."""

from __future__ import annotations

import polars as pl

from .differences import KEYS, with_difference
from .runs import Run, Runs

_FIGURES = ("demands", "on_time", "late", "short", "late_unit_days", "cost")


def runs_table(runs: Runs) -> list[dict[str, object]]:
    """Return one row for each run: what it plans and how far it is proven."""
    return [_run(run) for run in runs.runs]


def _run(run: Run) -> dict[str, object]:
    summary, programme = run.result.summary, run.result.tables.programme
    start, end = run.horizon
    same = {name: summary.get(name) for name in ("status", "gap", "audit", "input_hash", "version")}
    return {
        "run": run.name,
        "folder": run.folder,
        "programme": programme.name,
        "scenario": run.scenario,
        "start": start,
        "end": end,
        "buckets": programme.buckets,
        "currency": run.currency,
        "objective": programme.objective,
        **same,
    }


def changes(runs: Runs) -> list[dict[str, object]]:
    """Return the changes of all scenarios."""
    columns = ("scenario", "line", "words", "remark", "cell")
    return [
        {"run": run.name, **{name: change[name] for name in columns}}
        for run in runs.runs
        for change in (run.result.summary.get("scenario") or {}).get("changes", [])
    ]


def figures(runs: Runs) -> pl.DataFrame:
    """Return the key figures, counted and summed from the tables of each run."""
    parts = []
    for run in runs.runs:
        status = run.result.frames["demand_service"]["status"].cast(pl.String)
        late = run.result.frames["demand_service"]["late_unit_days"].sum()
        counts = {"demands": len(status), **{one: int((status == one).sum()) for one in ("on_time", "late", "short")}}
        values = {**counts, "late_unit_days": late, "cost": run.result.frames["costs"]["amount"].sum()}
        units = {"late_unit_days": "unit-days", "cost": run.currency}
        parts += [
            {"figure": name, "unit": units.get(name, "demands"), "run": run.name, "value": float(value)}
            for name, value in values.items()
        ]
    schema = {"figure": pl.String, "unit": pl.String, "run": pl.String, "value": pl.Float64}
    frame = with_difference(pl.DataFrame(parts, schema=schema), ("figure", "unit"), "value", runs.names, runs.names)
    total = pl.col("figure").is_in(["late_unit_days", "cost"]) & ~pl.col("run").is_in(runs.of_same_horizon())
    order = {name: place for place, name in enumerate(_FIGURES)}
    ordered = frame.sort(pl.col("figure").replace_strict(order, return_dtype=pl.Int64), maintain_order=True)
    return ordered.with_columns(pl.when(~total).then("difference").alias("difference"))


def stages(runs: Runs) -> pl.DataFrame:
    """Return the stages; the difference of two proven values is an interval made of both bounds.

    The best value of a run lies between its bound and its value, so the best values of two runs differ by at least
    `bound - value of the first` and at most `value - bound of the first`.
    """
    frame = runs.stacked("tiers").with_columns(pl.col("stage", "status").cast(pl.String))
    alike = [run.name for run in runs.runs if runs.same_horizon(run) and _same_objective(runs, run)]
    frame = with_difference(frame, KEYS["stages"], "value", runs.names, alike)
    base = frame.filter(pl.col("run") == runs.base.name).select(*KEYS["stages"], base="value", base_bound="bound")
    joined = frame.join(base, on=KEYS["stages"], how="left", maintain_order="left")
    compared = pl.col("difference").is_not_null()
    return joined.with_columns(
        pl.when(compared).then(pl.col("bound") - pl.col("base")).alias("least"),
        pl.when(compared).then(pl.col("value") - pl.col("base_bound")).alias("most"),
    )


def _same_objective(runs: Runs, run: Run) -> bool:
    return run.result.tables.programme.objective == runs.base.result.tables.programme.objective


def costs(runs: Runs) -> pl.DataFrame:
    """Return the costs by kind; a kind that a run does not have is 0."""
    parts = [
        run.frame("costs")
        .group_by("run", pl.col("kind").cast(pl.String), maintain_order=True)
        .agg(pl.col("amount").sum())
        .with_columns(pl.lit(run.currency).alias("currency"))
        for run in runs.runs
    ]
    found = pl.concat(parts)
    kinds = found.select("kind").unique(maintain_order=True)
    money = pl.DataFrame({"run": runs.names, "currency": [run.currency for run in runs.runs]})
    every = kinds.join(money, how="cross", maintain_order="left_right")
    filled = every.join(found, on=["run", "kind", "currency"], how="left", maintain_order="left").with_columns(
        pl.col("amount").fill_null(0.0)
    )
    return with_difference(filled, KEYS["costs"], "amount", runs.names, runs.of_same_horizon(money=True))


def limits(runs: Runs) -> pl.DataFrame:
    """Return the limits that bind in some run, those of the first run first, with what they are in every run."""
    keys = list(KEYS["limits"])
    found = runs.stacked("bottlenecks").with_columns(pl.col("kind").cast(pl.String))
    best = found.sort("one_more", maintain_order=True).unique(["run", *keys], keep="first", maintain_order=True)
    every = found.select(keys).unique(maintain_order=True).join(pl.DataFrame({"run": runs.names}), how="cross")
    shown = ("one_more", "first_binding", "last_binding", "cell")
    joined = every.join(best.select("run", *keys, *shown), on=["run", *keys], how="left", maintain_order="left")
    binds = pl.when(pl.col("one_more").is_not_null()).then(pl.lit("yes")).otherwise(pl.lit("no"))
    return joined.with_columns(binds.alias("binds"))


def resources(runs: Runs) -> pl.DataFrame:
    """Return the use of every resource; an amount over the horizon is the sum over its buckets."""
    parts = []
    for run in runs.runs:
        units = run.result.tables["resources"].select("resource", "unit")
        used = (pl.col("firm") + pl.col("planned")).sum()
        whole = pl.col("capacity").sum()
        parts.append(
            run.frame("resource_load")
            .group_by("run", "resource", "site", maintain_order=True)
            .agg(whole.alias("capacity"), used.alias("used"), pl.col("utilisation").max().alias("peak"))
            .join(units, on="resource", how="left", maintain_order="left")
        )
    frame = pl.concat(parts).with_columns(
        pl.when(pl.col("capacity") > 0).then(pl.col("used") / pl.col("capacity")).alias("utilisation")
    )
    order = frame.select("resource").unique(maintain_order=True).with_row_index("at")
    ordered = frame.join(order, on="resource").sort("at", maintain_order=True)
    return with_difference(ordered, KEYS["resources"], "used", runs.names, runs.of_same_horizon())
