"""The natural linear programme from plain numpy to HiGHS."""

from __future__ import annotations

import highspy
import numpy as np

from benchmarks.natural import natural
from coproduce.network import Network


def build(network: Network) -> highspy.Highs:
    """Sort the triplets by column, add up double entries and hand over."""
    lp = natural(network)
    height, width = len(lp.row_lower), len(lp.lower)
    key = lp.column * height + lp.row
    order = np.argsort(key, kind="stable")
    key = key[order]
    fresh = np.empty(len(key), dtype=bool)
    fresh[:1] = True
    np.not_equal(key[1:], key[:-1], out=fresh[1:])
    first = np.flatnonzero(fresh)
    value = np.add.reduceat(lp.value[order], first)
    column, row = key[first] // height, key[first] % height
    start = np.zeros(width + 1, dtype=np.int32)
    start[1:] = np.cumsum(np.bincount(column, minlength=width))
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    status = highs.passModel(
        width, height, len(value), int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize), 0.0,
        lp.cost, lp.lower, lp.upper, lp.row_lower, lp.row_upper,
        start, row.astype(np.int32), value, np.zeros(width, dtype=np.int32),
    )  # fmt: skip
    assert status == highspy.HighsStatus.kOk, status
    return highs
