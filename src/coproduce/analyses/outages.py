"""What an outage of a site, supplier, lane, border or party leaves of the bounds of the rest of a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..calendar import DAY, Floats, Ints, Timeline
from ..network import Network
from ..plan.duality import Bounds
from ..plan.grown import Grown, rate_in_plan
from ..stress.targets import Finder
from ..tables import Tables
from .remainder import Remainder

# Kinds of column, and rows with all that a bucket allows, by what an event of the stress test reaches.
_COLUMNS = {"resource": ("overtime",), "process": ("run",), "supply": ("buy",)}
_ROWS = {"resource": "capacity", "lane": "lane_capacity", "process": "run_rate"}


@dataclass(frozen=True)
class Target:
    """What is lost: the table that it stands in (`sites`, `supplies`, `parties`, `lanes`, `borders`) and its id."""

    table: str
    name: str


def targets_of(tables: Tables) -> list[Target]:
    """Return every site, supply, party, lane and border of a programme, in the order of its tables."""
    names: dict[str, list[str]] = {
        "sites": tables["sites"]["site"].to_list(),
        "supplies": tables["supplies"]["supply"].to_list(),
        "parties": tables["parties"]["party"].to_list(),
        "lanes": tables["lanes"]["lane"].to_list(),
        "borders": list(dict.fromkeys([*tables["borders"]["border"], *tables["lanes"]["border"].drop_nulls()])),
    }
    return [Target(table, name) for table, column in names.items() for name in column]


@dataclass(frozen=True)
class Closing:
    """The bounds that an outage lowers.

    Attributes
    ----------
    columns, rows : numbers of columns and rows of the remainder
    column_bucket, row_bucket : their buckets
    amount : (row,) all that the bucket allows, of which an outage takes its share
    """

    columns: Ints
    column_bucket: Ints
    rows: Ints
    row_bucket: Ints
    amount: Floats

    def bounds(self, open_bounds: Bounds, closed: Floats) -> Bounds:
        """Return the bounds of an outage; `closed` is (bucket,) the share of each bucket that it covers.

        What knows no limit stops where a whole bucket is covered. Runs begun before keep what they take meanwhile.
        """
        upper, row_upper = open_bounds.upper.copy(), open_bounds.row_upper.copy()
        share = closed[self.column_bucket]
        left = np.where(share >= 1, 0.0, upper[self.columns] * np.where(share >= 1, 1.0, 1 - share))
        upper[self.columns] = np.maximum(left, open_bounds.lower[self.columns])
        own = row_upper[self.rows]
        row_upper[self.rows] = np.minimum(own, np.maximum(own - closed[self.row_bucket] * self.amount, 0.0))
        return replace(open_bounds, upper=upper, row_upper=row_upper)


def closed_shares(timeline: Timeline, start: int, days: float) -> Floats:
    """Return (bucket,) the share of each bucket that an outage covers which begins with bucket `start`."""
    begin = timeline.edges[start]
    covered = np.clip(timeline.edges[1:], begin, begin + days * DAY) - np.clip(
        timeline.edges[:-1], begin, begin + days * DAY
    )
    return np.asarray(covered / np.diff(timeline.edges))


class Closings:
    """Finds what an outage of a target closes: the same that a drill of the stress test closes."""

    def __init__(self, tables: Tables, network: Network, plan: Grown) -> None:
        self._finder = Finder(tables, network)
        self._network = network
        self._amounts = {
            "resource": plan.capacity,
            "lane": network.lanes.amount,
            "process": rate_in_plan(network, plan),
        }

    def of(self, target: Target, rest: Remainder) -> Closing:
        """Return the bounds of the rest of a plan that an outage of a target lowers."""
        reached: dict[str, list[int]] = defaultdict(list)
        for (channel, row), _ in self._finder.reached("capacity", target.table, target.name):
            reached[channel].append(row)
        columns, rows = list(self._columns(reached, rest)), list(self._rows(reached, rest))
        return Closing(
            columns=np.concatenate([column for column, _ in columns]),
            column_bucket=np.concatenate([bucket for _, bucket in columns]),
            rows=np.concatenate([row for row, _, _ in rows]),
            row_bucket=np.concatenate([bucket for _, bucket, _ in rows]),
            amount=np.concatenate([amount for _, _, amount in rows]),
        )

    def _columns(self, reached: dict[str, list[int]], rest: Remainder) -> Iterator[tuple[Ints, Ints]]:
        for channel, kinds in _COLUMNS.items():
            for kind in kinds:
                yield rest.local_columns(kind, np.array(reached[channel], dtype=np.int64))
        arcs = np.flatnonzero(np.isin(self._network.lanes.arc_lane, reached["lane"]))
        yield rest.local_columns("ship", arcs)

    def _rows(self, reached: dict[str, list[int]], rest: Remainder) -> Iterator[tuple[Ints, Ints, Floats]]:
        for channel, group in _ROWS.items():
            row, entity, bucket = rest.local_rows(group, np.array(reached[channel], dtype=np.int64))
            amount = self._amounts[channel][entity, bucket]
            yield row, bucket, np.where(np.isfinite(amount), amount, 0.0)
