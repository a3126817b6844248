"""The few values that whole numbers of a model can take together, each as a linear programme of its own.

One option to buy once would make all stages of a large model mixed-integer, and every one of them a search; two linear
programmes side by side, of which the worse one drops out at the first stage that tells them apart, are sooner done.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from .assemble import Model

# Combinations that are solved one by one; more are left to branch and bound.
MOST = 4


def branches(model: Model) -> list[Model]:
    """Return a model as linear programmes, one for each combination of its whole numbers, the smallest values first.

    The model itself comes back alone where it has no whole numbers, or more than a few combinations of them.
    """
    whole = np.flatnonzero(model.integer)
    lower, upper = np.ceil(model.lower[whole] - 1e-9), np.floor(model.upper[whole] + 1e-9)
    # Multiplied by Python, to which the product of a thousand ranges is infinite; NumPy would warn the user.
    count = math.prod((upper - lower + 1).tolist()) if len(whole) else math.inf
    return list(_fixed(model)) if 0 < count <= MOST else [model]


def _fixed(model: Model) -> Iterator[Model]:
    whole = np.flatnonzero(model.integer)
    ranges = [
        range(int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9)) + 1)
        for low, high in zip(model.lower[whole], model.upper[whole], strict=True)
    ]
    for values in product(*ranges):
        lower, upper = model.lower.copy(), model.upper.copy()
        lower[whole] = upper[whole] = values
        yield replace(model, lower=lower, upper=upper, integer=np.zeros_like(model.integer))
