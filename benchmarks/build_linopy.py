"""The natural linear programme from linopy to HiGHS."""

from __future__ import annotations

import highspy
import linopy
import numpy as np
import xarray as xr

from benchmarks.natural import natural
from coproduce.network import Network


def build(network: Network) -> highspy.Highs:
    """Declare one variable and, by sense, two groups of rows summed from their terms; hand over directly.

    The triplets come from the plain script: what is measured is linopy, not how quickly the terms are found.
    """
    linopy.options["semantics"] = "v1"
    lp = natural(network)
    model = linopy.Model()
    x = model.add_variables(
        lower=xr.DataArray(lp.lower, dims="column"), upper=xr.DataArray(lp.upper, dims="column"), name="x"
    )
    equal = lp.row_lower == lp.row_upper
    for name, chosen, sign, right in (
        ("equal", equal, "=", lp.row_upper),
        ("most", ~equal & np.isfinite(lp.row_upper), "<=", lp.row_upper),
        ("least", ~equal & np.isfinite(lp.row_lower), ">=", lp.row_lower),
    ):
        if not chosen.any():
            continue
        inside = chosen[lp.row]
        entry = {"term": np.arange(inside.sum())}
        terms = x.isel(column=xr.DataArray(lp.column[inside], dims="term")).assign_coords(entry)
        values = xr.DataArray(lp.value[inside], dims="term", coords=entry)
        row = xr.DataArray(lp.row[inside], dims="term", coords=entry, name="row")
        left = (terms * values).groupby(row).sum()
        limit = xr.DataArray(right[chosen], dims="row", coords={"row": left.indexes["row"]})
        model.add_constraints(left, sign, limit, name=name)
    model.add_objective((x * xr.DataArray(lp.cost, dims="column")).sum())
    assert model.nvars == len(lp.lower)
    assert model.ncons == len(lp.row_lower)
    highs: highspy.Highs = model.to_highspy()
    return highs
