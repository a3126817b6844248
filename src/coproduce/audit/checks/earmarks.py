"""Checks that what is set aside for contracts is there, is set aside once, and is all that they are delivered."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from ..arrays import floats
from ..available import KEY, available
from ..case import Case
from ..earmarks import own, set_aside
from ..judge import Rule
from ..origin import products_of
from ..report import Check

PART = Rule("A992", "no more is set aside for contracts than the plan does and the input gives", "runs or units")
KEPT = Rule("A993", "what is set aside for a contract is there before it leaves, and all of it is delivered", "units")
REST = Rule("A994", "what is set aside and not yet delivered is in stock", "units")
OWN = Rule("A995", "units are set aside only for contracts with a limit on origin of their own", "rows")


def limited(case: Case) -> dict[str, set[str]]:
    """Return the products of every contract whose limit on origin is on what is set aside for it."""
    rows = case.tables["origin_limits"].iter_rows(named=True)
    return {str(row["contract"]): products_of(case.tables, row) for row in rows if own(row)}


def checks(case: Case) -> Iterator[Check]:
    """Check what is set aside against the plan, then each contract by itself."""
    frame = case.frames["earmarks"]
    products = limited(case)
    place = case.row_place("earmarks", "contract", "kind", "name", "item", "site")
    yield OWN.none(~frame["contract"].is_in(list(products)).to_numpy(), place)
    yield _part(case, frame)
    asides = {contract: set_aside(case, contract, items) for contract, items in products.items()}
    below, scale, all_ = [], [], np.zeros((case.nodes.count, case.clock.count))
    for aside in asides.values():
        left = aside.closing
        all_ += left
        off = -left
        off[:, -1] = np.abs(left[:, -1])
        below.append(off)
        scale.append(np.cumsum(aside.moved, axis=1))
    names, size = list(asides), case.nodes.count * case.clock.count

    def words(at: int) -> str:
        which, where = divmod(at, size)
        return f"contract {names[which]}: {case.node_place(where)}"

    empty = np.zeros((0, case.nodes.count, case.clock.count))
    yield KEPT.on(np.array(below) if below else empty, np.array(scale) if scale else empty, words)
    whole = np.abs(case.moves.throughput)
    yield REST.on(all_ - case.moves.closing if asides else empty, whole if asides else empty, case.node_place)


def _part(case: Case, frame: pl.DataFrame) -> Check:
    """Compare what is set aside for all contracts with what there is, key by key; unknown keys have nothing."""
    mine = frame.with_columns(pl.col("kind").cast(pl.String)).group_by(list(KEY), maintain_order=True)
    sums = mine.agg(pl.col("quantity").sum())
    if sums.is_empty():
        return PART.none(np.zeros(0, dtype=bool), str)
    joined = sums.join(available(case), on=list(KEY), how="left", nulls_equal=True, maintain_order="left")
    whole = floats(joined["whole"])

    def words(at: int) -> str:
        row = joined.row(at, named=True)
        return (
            f"{row['kind']} {row['name'] or ''} of {row['item']} at {row['site']} in {case.clock.place(row['bucket'])}"
        )

    return PART.on(floats(joined["quantity"]) - whole, whole, words)
