"""Joint set-ups, whoever asks: the kind of their columns, and what they take of a process's resources."""

from __future__ import annotations

import numpy as np

from ..calendar import Floats
from ..network import Network

SET_UP = "set_up"
# Rows (process, bucket) that tie its lots, or its runs where lots are not counted, to the set-up.
SET_UP_ROWS = "set_up_most"


def taken_of(network: Network) -> Floats:
    """Return (process, resource) what the joint set-up of a process takes of each resource; 0 without one."""
    groups, resources = network.setup_groups, len(network.resources.cost)
    result = np.zeros((len(groups.group), resources))
    member = np.flatnonzero(groups.group >= 0)
    result[member] = groups.taken(resources)[groups.group[member]]
    return result
