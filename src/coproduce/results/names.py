"""From positions back to ids and dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Floats, Ints
from ..network import Network
from ..tables import RESULT_TABLES, Tables


@dataclass(frozen=True)
class Names:
    """Ids of all entities, by position."""

    site: pl.Series
    item: pl.Series
    process: pl.Series
    resource: pl.Series
    lane: pl.Series
    supply: pl.Series
    demand: pl.Series
    option: pl.Series
    fund: pl.Series
    setup_group: pl.Series
    starts: pl.Series
    ends: pl.Series

    @classmethod
    def of(cls, tables: Tables, network: Network) -> Names:
        """Collect the ids of a programme."""
        edges = [network.timeline.moment(int(edge)) for edge in network.timeline.edges]
        return cls(
            site=tables["sites"]["site"],
            item=tables["items"]["item"],
            process=tables["processes"]["process"],
            resource=tables["resources"]["resource"],
            lane=tables["lanes"]["lane"],
            supply=tables["supplies"]["supply"],
            demand=tables["demands"]["demand"],
            option=tables["options"]["option"],
            fund=tables["funds"]["fund"],
            setup_group=tables["setup_groups"]["setup_group"],
            starts=pl.Series(edges[:-1], dtype=pl.Datetime("us")),
            ends=pl.Series(edges[1:], dtype=pl.Datetime("us")),
        )


def pick(names: pl.Series, positions: Ints) -> pl.Series:
    """Return the names at positions; empty where the position is -1."""
    index = pl.Series(positions).cast(pl.Int64)
    return names.gather(pl.select(pl.when(index >= 0).then(index)).to_series().cast(pl.UInt32))


def declared(table: str, **columns: pl.Series | Floats | Ints | list[str] | list[str | None]) -> pl.DataFrame:
    """Return a result table with the declared columns, types and order; infinities and NaN become empty."""
    spec = RESULT_TABLES[table]
    frame = pl.DataFrame(
        {name: pl.Series(name, np.asarray(v) if isinstance(v, np.ndarray) else v) for name, v in columns.items()}
    )
    numbers = [column.name for column in spec.columns.values() if column.kind == "number"]
    return frame.select(pl.col(column.name).cast(column.dtype) for column in spec.columns.values()).with_columns(
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in numbers
    )
