"""Sums of the plan's movements per node and bucket, and of its loads per resource and bucket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..calendar import Floats
from ..network import Network
from ..plan.assemble import Model

DUST = 1e-9


@dataclass(frozen=True)
class Movements:
    """What happens at every node and resource.

    Attributes
    ----------
    by_purpose : (node, bucket) units of each of `PURPOSES`; all positive
    opening, closing : (node, bucket) units
    planned : (resource, bucket) load of planned runs, joint set-ups and milestones
    """

    by_purpose: Mapping[str, Floats]
    opening: Floats
    closing: Floats
    planned: Floats


INCOMING = ("received", "produced", "moved_in", "stood_in")
PURPOSES = (*INCOMING, "consumed", "moved_out", "delivered", "stands_in", "written_off")


def movements(network: Network, model: Model, x: Floats) -> Movements:
    """Sum the terms of the model, and the movements that are data, by what they mean."""
    shape = (len(network.nodes.item), network.timeline.count)
    by_purpose = {purpose: np.zeros(shape) for purpose in PURPOSES}
    planned = np.zeros(network.resources.amount.shape)
    target: Floats
    for terms in model.terms:
        if terms.group == "balance" and terms.purpose in by_purpose:
            target = by_purpose[terms.purpose]
        elif terms.group == "capacity" and terms.purpose == "load":
            target = planned
        else:
            continue
        quantity = np.abs(terms.value) * model.values(terms.kind, x)[terms.column]
        target += np.bincount(terms.entity * shape[1] + terms.bucket, weights=quantity, minlength=target.size).reshape(
            target.shape
        )
    _add_fixed(network, by_purpose)
    change = sum(by_purpose[purpose] if purpose in INCOMING else -by_purpose[purpose] for purpose in PURPOSES)
    closing = network.nodes.opening[:, None] + np.cumsum(change, axis=1)
    # A stock is known as well as what has moved by then; what moves later is no reason to clear it.
    closing[np.abs(closing) < DUST * np.maximum(np.maximum.accumulate(np.abs(change), axis=1), 1.0)] = 0.0
    opening = np.concatenate([network.nodes.opening[:, None], closing[:, :-1]], axis=1)
    return Movements(by_purpose, opening, closing, planned)


def _add_fixed(network: Network, by_purpose: Mapping[str, Floats]) -> None:
    fixed = network.fixed
    receipt = fixed.wip_row < 0
    for purpose, chosen in (
        ("received", receipt),
        ("produced", ~receipt & (fixed.quantity > 0)),
        ("consumed", ~receipt & (fixed.quantity < 0)),
    ):
        np.add.at(by_purpose[purpose], (fixed.node[chosen], fixed.bucket[chosen]), np.abs(fixed.quantity[chosen]))
