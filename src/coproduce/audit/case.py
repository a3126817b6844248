"""One audit's material: the plan as it was given, and everything about it computed anew, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..tables import Tables
from .arrays import Ints
from .capacity import Rates
from .clock import Clock
from .growth import Growth
from .judge import Place
from .loads import ResourceUse, resource_use
from .money import Ledger, RowCosts, converted, ledger, row_costs
from .replay import Movements, replay
from .rows import Nodes, PlanRows
from .service import Service, service
from .stability import TABLES, Against, against


@dataclass(frozen=True)
class Case:
    """A plan under audit.

    Attributes
    ----------
    tables : the checked input
    frames : the result tables, in their declared columns and types
    clock, rates, nodes, plan : time, integrals of rates, item-site pairs and rows of the plan
    growth : milestones and options of the plan
    moves, use, served, costs, ledger : the replay of stocks, resources, demands and costs
    against : the plan against the baseline
    """

    tables: Tables
    frames: Mapping[str, pl.DataFrame]
    clock: Clock
    rates: Rates
    nodes: Nodes
    plan: PlanRows
    growth: Growth
    moves: Movements
    use: ResourceUse
    served: Service
    costs: RowCosts
    ledger: Ledger
    against: Against

    @classmethod
    def of(cls, tables: Tables, frames: Mapping[str, pl.DataFrame]) -> Case:
        """Replay a plan."""
        clock = Clock.of(tables.programme.start, tables.programme.buckets)
        rates = Rates(clock, tables["calendars"])
        plan = PlanRows.of(tables, frames, clock)
        nodes = Nodes.of(tables, frames, plan)
        moves = replay(tables, clock, plan, nodes)
        growth = Growth.of(tables, frames, clock)
        use = resource_use(tables, clock, rates, plan, growth, frames["resource_load"])
        served = service(tables, clock, plan)
        costs = row_costs(tables, clock, plan, nodes, moves, use, growth)
        prices = {kind: converted(tables, table, "change_price") for kind, table in TABLES.items()}
        compared = against(tables, clock, plan, prices)
        return cls(
            tables=tables,
            frames=frames,
            clock=clock,
            rates=rates,
            nodes=nodes,
            plan=plan,
            growth=growth,
            moves=moves,
            use=use,
            served=served,
            costs=costs,
            ledger=ledger(tables, plan, nodes, moves, use, served, costs, growth, compared),
            against=compared,
        )

    def known(self, entity: Ints, bucket: pl.Series) -> Ints:
        """Return the positions of the rows whose entity was found (not -1) and whose bucket exists."""
        number = bucket.to_numpy()
        return np.flatnonzero((entity >= 0) & (number >= 0) & (number < self.clock.count)).astype(np.int64)

    def row_place(self, table: str, *columns: str) -> Place:
        """Return a namer of rows of a result table: its key columns and its bucket, in words."""
        frame = self.frames[table]

        def place(row: int) -> str:
            cells = [f"{column} {frame[column][row]}" for column in columns]
            if "bucket" in frame.columns:
                cells.append(self.clock.place(int(frame["bucket"][row])))
            return f"{table}: " + ", ".join(cells)

        return place

    def entity_place(self, table: str, word: str) -> Place:
        """Return a namer of elements of an (entities, buckets) array over the rows of an input table."""
        ids = self.tables[table][word]

        def place(at: int) -> str:
            entity, bucket = divmod(at, self.clock.count)
            return f"{word} {ids[entity]} in {self.clock.place(bucket)}"

        return place

    def id_place(self, table: str, word: str) -> Place:
        """Return a namer of the rows of an input table by their id."""
        ids = self.tables[table][word]
        return lambda at: f"{word} {ids[at]}"

    def node_place(self, at: int) -> str:
        """Name an element of a (nodes, buckets) array."""
        node, bucket = divmod(at, self.clock.count)
        return f"{self.nodes.place(node)} in {self.clock.place(bucket)}"
