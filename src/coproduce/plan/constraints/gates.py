"""Gates: what waits for decided milestones and options is at most what they let through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...block import Columns, Rows, Terms
from ...network import Network
from ...reach import Reach
from ..gates import gate_rows


def declare(network: Network, reach: Reach) -> Sequence[Columns]:  # noqa: ARG001
    """No columns of its own."""
    return []


def contribute(network: Network, columns: Mapping[str, Columns]) -> tuple[Sequence[Terms], Sequence[Rows]]:  # noqa: ARG001
    """run_gate, ship_gate, ... [gate, t]: what waits <= range x what it waits for."""
    return [], gate_rows(network)
