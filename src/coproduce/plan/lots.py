"""The columns and rows that lots need, whatever starts in lots: runs, orders or shipments.

With x what starts in a bucket, n its number of lots and q its number of multiples:

    x = multiple q,    minimum n <= x <= M n,    M = the largest lot, or the most that can be of use in the bucket.

One lot is always enough up to the largest lot, so that n is a binary where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..block import COST, Columns, Limit, Rows, Terms
from ..calendar import Floats, Ints
from ..network import Bools, Lots

# A range this close to a whole number of lots or multiples holds that number.
NEARLY = 1e-9


@dataclass(frozen=True)
class Sized:
    """What starts in lots.

    Attributes
    ----------
    kind : kind of the columns x: run, buy or ship
    table : table that the sizes come from
    row : (entity,) row of that table; None where it is the entity itself
    lots : sizes, per entity
    allowed : (entity, bucket) where there is a column x
    range : (entity, bucket) the most that can be of use
    """

    kind: str
    table: str
    row: Ints | None
    lots: Lots
    allowed: Bools
    range: Floats


def lots_kind(kind: str) -> str:
    """Return the kind of the columns that count the lots of a kind."""
    return f"{kind}_lots"


def steps_kind(kind: str) -> str:
    """Return the kind of the columns that count the multiples of a kind."""
    return f"{kind}_steps"


def _rounded(sized: Sized) -> Floats:
    """Return (entity, bucket) the range, on a multiple where there is one."""
    step = np.where(sized.lots.multiple > 0, sized.lots.multiple, 1.0)[:, None]
    down = np.floor(sized.range / step + NEARLY) * step
    return np.where(sized.lots.multiple[:, None] > 0, down, sized.range)


def _largest(sized: Sized) -> Floats:
    """Return (entity, bucket) M, the most that one lot can hold in a bucket."""
    return np.minimum(sized.lots.maximum[:, None], _rounded(sized))


def declare_lots(sized: Sized) -> list[Columns]:
    """Return n and q, each where it is needed; none where there are no lots at all."""
    if not sized.lots.sized.any():
        return []
    entity, bucket = np.nonzero(sized.allowed & sized.lots.counted[:, None])
    upper, largest = _rounded(sized)[entity, bucket], _largest(sized)[entity, bucket]
    fits = (largest > 0) & (largest >= sized.lots.minimum[entity])
    most = np.where(fits, np.ceil(upper / np.where(fits, largest, 1.0) - NEARLY), 0.0)
    stepped, when = np.nonzero(sized.allowed & (sized.lots.multiple > 0)[:, None])
    steps = np.rint(_rounded(sized)[stepped, when] / sized.lots.multiple[stepped])
    return [
        Columns(
            kind=lots_kind(sized.kind),
            entity=entity,
            bucket=bucket,
            lower=np.zeros(len(entity)),
            upper=most,
            stages={COST: sized.lots.cost[entity]},
            integer=True,
        ),
        Columns(
            kind=steps_kind(sized.kind),
            entity=stepped,
            bucket=when,
            lower=np.zeros(len(stepped)),
            upper=steps,
            integer=True,
        ),
    ]


def lot_rows(sized: Sized, lots: Columns, steps: Columns) -> tuple[list[Terms], list[Rows]]:
    """Return the rows that tie x to n and q, with the terms of n and q; those of x come from `sized_terms`."""
    kind, sizes = sized.kind, sized.lots
    every, each = np.arange(len(lots)), np.arange(len(steps))
    largest = _largest(sized)[lots.entity, lots.bucket]
    least = np.flatnonzero(sizes.minimum[lots.entity] > 0)
    terms = [
        Terms(lots.kind, f"{kind}_most", "lots", lots.entity, lots.bucket, every, -largest),
        Terms(
            lots.kind,
            f"{kind}_least",
            "lots",
            lots.entity[least],
            lots.bucket[least],
            least,
            -sizes.minimum[lots.entity[least]],
        ),
        Terms(steps.kind, f"{kind}_multiple", "lots", steps.entity, steps.bucket, each, -sizes.multiple[steps.entity]),
    ]
    shape = sized.allowed.shape
    none, endless = np.zeros(shape), np.full(shape, np.inf)
    has_least = np.broadcast_to((sizes.minimum > 0)[:, None], shape)
    counted = np.broadcast_to(sizes.counted[:, None], shape)
    stepped = np.broadcast_to((sizes.multiple > 0)[:, None], shape)
    return terms, [
        Rows(f"{kind}_most", -endless, np.where(counted, 0.0, np.inf)),
        Rows(
            f"{kind}_least",
            np.where(has_least, none, -np.inf),
            endless,
            lower_limit=Limit("", sized.table, "minimum_size", sized.row),
        ),
        Rows(
            f"{kind}_multiple",
            np.where(stepped, none, -np.inf),
            np.where(stepped, none, np.inf),
            Limit("", sized.table, "multiple_size", sized.row),
            Limit("", sized.table, "multiple_size", sized.row),
        ),
    ]


def sized_terms(kind: str, columns: Columns, lots: Lots) -> Sequence[Terms]:
    """Return what x adds to the rows of its lots; nothing where there are no lots at all.

    Parameters
    ----------
    lots : sizes, per entity of the columns
    """
    if not lots.sized.any():
        return []
    groups = {
        f"{kind}_most": lots.counted,
        f"{kind}_least": lots.counted & (lots.minimum > 0),
        f"{kind}_multiple": lots.multiple > 0,
    }
    chosen = {group: np.flatnonzero(has[columns.entity]) for group, has in groups.items()}
    return [
        Terms(kind, group, "sized", columns.entity[at], columns.bucket[at], at, np.ones(len(at)))
        for group, at in chosen.items()
    ]


def of_arcs(network_lots: Lots, arc_lane: Ints) -> Lots:
    """Return the lots of lanes for each of their arcs."""
    return Lots(
        minimum=network_lots.minimum[arc_lane],
        multiple=network_lots.multiple[arc_lane],
        maximum=network_lots.maximum[arc_lane],
        cost=network_lots.cost[arc_lane],
        counted=network_lots.counted[arc_lane],
        joint=network_lots.joint[arc_lane],
    )
