"""The planner's grids over the buckets: deliveries by item, load by resource, stock by item and site."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate

import polars as pl

from ...tables import Tables
from ..words.buckets import Timeline
from ..words.formats import NOISE
from ..words.names import Names
from .grid import Block, Line, Matrix
from .matrix_sheet import first_blocks

MOST_NUMBERS = 150_000
DELIVERIES, LOAD, STOCK = "Deliveries by period", "Load by period", "Stock by period"
ASKED, ON_TIME, LATE, DELIVERED = "Asked for, by due date", "Delivered on time", "Delivered late", "Delivered"
ASKED_SUM, DELIVERED_SUM, BEHIND = "Asked for, cumulative", "Delivered, cumulative", "Behind (+) or ahead (-)"
CAPACITY, FIRM, PLANNED, UTILISATION = "Capacity", "Used by firm runs", "Used by planned runs", "Utilisation"
IN, OUT, CLOSING = "In", "Out", "At the end of the bucket"
_IN = ("received", "produced", "moved_in", "stood_in")
_OUT = ("consumed", "moved_out", "delivered", "stands_in", "written_off")
_ROWS = tuple(f"{{r[{position}]}}" for position in range(7))

Dense = list[float]


def _flow(measure: str, values: Dense, position: int, *, formula: str = "") -> Line:
    """Return a line whose total is the sum of its buckets."""
    row = _ROWS[position]
    whole = f"SUM({{f}}{row}:{{l}}{row})"
    return Line(measure, values, total=math.fsum(values), first=formula, formula=formula, total_formula=whole)


def _running(measure: str, values: Sequence[float], position: int, of: int) -> Line:
    """Return the line of the running sums of another one."""
    added = f"{{c}}{_ROWS[of]}"
    return Line(measure, list(accumulate(values)), first=added, formula=f"{{p}}{_ROWS[position]}+{added}")


def _dense(frame: pl.DataFrame, key: str, value: str, buckets: int) -> dict[str, Dense]:
    """Spread amounts over all buckets, by key."""
    found: dict[str, Dense] = {}
    for name, bucket, amount in frame.group_by(key, "bucket").agg(pl.col(value).sum()).iter_rows():
        found.setdefault(name, [0.0] * buckets)[bucket] = amount
    return found


def item_order(tables: Tables) -> dict[str, int]:
    """Return the place of every item: products first, then as the input lists them."""
    items = tables["items"].select("item", "kind").with_row_index()
    ordered = items.sort(pl.col("kind") != "product", "index")["item"].to_list()
    return {item: place for place, item in enumerate(ordered)}


def deliveries(service: pl.DataFrame, given: pl.DataFrame, tables: Tables, names: Names, time: Timeline) -> Matrix:
    """Return what is asked for and delivered of every item, bucket by bucket."""
    count = len(time)
    due = service.select(
        "item", "asked", bucket=pl.Series([time.holding(one) for one in service["due"]], dtype=pl.Int64)
    )
    known = given.join(service.select("demand", "item"), on="demand")
    asked = _dense(due, "item", "asked", count)
    on_time = _dense(known.filter(pl.col("late_days") <= 0), "item", "quantity", count)
    late = _dense(known.filter(pl.col("late_days") > 0), "item", "quantity", count)
    order, none = item_order(tables), [0.0] * count
    blocks = [
        Block(
            (item, names.of("items", item), names.unit(item)),
            _delivery_lines(asked[item], on_time.get(item, none), late.get(item, none)),
        )
        for item in sorted(asked, key=lambda item: order[item])
    ]
    kept, left_out = first_blocks(blocks, count, MOST_NUMBERS)
    about = (
        "Units per item. What is due before the horizon counts in its first bucket, what is due after it in its last. "
        "A delivery is on time in or before the bucket that holds the due date."
    )
    return Matrix(
        DELIVERIES, "Deliveries by item and period", about, ("Item", "Item name", "Unit"), kept, left_out=left_out
    )


def _delivery_lines(asked: Dense, on_time: Dense, late: Dense) -> tuple[Line, ...]:
    both = [a + b for a, b in zip(on_time, late, strict=True)]
    behind = [a - b for a, b in zip(accumulate(asked), accumulate(both), strict=True)]
    return (
        _flow(ASKED, asked, 0),
        _flow(ON_TIME, on_time, 1),
        _flow(LATE, late, 2),
        _flow(DELIVERED, both, 3, formula="{c}{r[1]}+{c}{r[2]}"),
        _running(ASKED_SUM, asked, 4, 0),
        _running(DELIVERED_SUM, both, 5, 3),
        Line(BEHIND, behind, first="{c}{r[4]}-{c}{r[5]}", formula="{c}{r[4]}-{c}{r[5]}"),
    )


def load(used: pl.DataFrame, tables: Tables, names: Names, time: Timeline) -> Matrix:
    """Return capacity, use and utilisation of every resource, the fullest first."""
    count = len(time)
    amount = {name: _dense(used, "resource", name, count) for name in ("capacity", "firm", "planned")}
    units = dict(tables["resources"].select("resource", "unit").iter_rows())
    sites = dict(used.select("resource", "site").unique().iter_rows())
    blocks = [
        Block(
            (resource, names.of("resources", resource), names.of("sites", sites[resource]), units.get(resource, "")),
            _load_lines(*(amount[name][resource] for name in ("capacity", "firm", "planned"))),
        )
        for resource in _fullest(used)
    ]
    kept, left_out = first_blocks(blocks, count, MOST_NUMBERS)
    about = (
        "Capacity after calendar and efficiency. Utilisation is use over capacity; it is empty where there is no "
        "capacity. Red: 99.9 % and more; yellow: 85 % and more. Filter the column Measure to see one of them alone."
    )
    heads = ("Resource", "Resource name", "Site", "Unit")
    return Matrix(LOAD, "Load by resource and period, the fullest first", about, heads, kept, left_out=left_out)


def _fullest(used: pl.DataFrame) -> list[str]:
    sums = used.group_by("resource").agg(
        (pl.col("utilisation") >= 0.999).sum().alias("full"),
        ((pl.col("firm") + pl.col("planned")).sum() / pl.col("capacity").sum()).fill_nan(0.0).alias("mean"),
    )
    return sums.sort(["full", "mean", "resource"], descending=[True, True, False])["resource"].to_list()


def _load_lines(capacity: Dense, firm: Dense, planned: Dense) -> tuple[Line, ...]:
    used = [a + b for a, b in zip(firm, planned, strict=True)]
    share = [part / whole if whole > 0 else None for part, whole in zip(used, capacity, strict=True)]
    whole = math.fsum(capacity)
    ratio = 'IF({c}{r[0]}>0,({c}{r[1]}+{c}{r[2]})/{c}{r[0]},"")'
    mean = math.fsum(used) / whole if whole > 0 else None
    return (
        _flow(CAPACITY, capacity, 0),
        _flow(FIRM, firm, 1),
        _flow(PLANNED, planned, 2),
        Line(UTILISATION, share, "share", mean, ratio, ratio, ratio),
    )


def stock(balance: pl.DataFrame, tables: Tables, names: Names, time: Timeline) -> Matrix:
    """Return what comes in, goes out and lies at the end of each bucket, by item and site."""
    order = item_order(tables)
    sites = {site: place for place, site in enumerate(tables["sites"]["site"].to_list())}
    parts = balance.partition_by("item", "site", as_dict=True)
    blocks = [
        Block(
            (item, names.of("items", item), site, names.of("sites", site), names.unit(item)),
            _stock_lines(parts[(item, site)].sort("bucket")),
        )
        for item, site in sorted(parts, key=lambda place: (order[place[0]], sites[place[1]]))
        if _moved(parts[(item, site)])
    ]
    kept, left_out = first_blocks(blocks, len(time), MOST_NUMBERS)
    about = (
        "Units. In: receipts, purchases, output of runs, arrivals. Out: input of runs, departures, deliveries. "
        "Item-sites that never hold or move anything are left out."
    )
    heads = ("Item", "Item name", "Site", "Site name", "Unit")
    title = "Stock by item, site and period, products first"
    return Matrix(STOCK, title, about, heads, kept, start="At the start", left_out=left_out)


def _moved(rows: pl.DataFrame) -> bool:
    amounts = rows.select(pl.sum_horizontal(pl.col(*_IN, *_OUT, "opening", "closing").abs()).sum()).item()
    return bool(amounts > NOISE)


def _stock_lines(rows: pl.DataFrame) -> tuple[Line, ...]:
    come = rows.select(pl.sum_horizontal(_IN)).to_series().to_list()
    gone = rows.select(pl.sum_horizontal(_OUT)).to_series().to_list()
    change = "{c}{r[0]}-{c}{r[1]}"
    closing = Line(
        CLOSING, rows["closing"].to_list(), first="{o}{r[2]}+" + change, formula="{p}{r[2]}+" + change,
        start=rows["opening"][0],
    )  # fmt: skip
    return (_flow(IN, come, 0), _flow(OUT, gone, 1), closing)
