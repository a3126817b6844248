"""What an event at a target reaches: channels of the kernel, such as a capacity, a yield or a delay."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Floats, Ints
from ..compile.index import positions
from ..network import Network
from ..tables import Tables

Channel = tuple[str, int]
"""What, and which row: `resource`, `process`, `supply`, `lane`, `yield`, `asked`, `delay_lane` or `delay_supply`."""

Reached = tuple[tuple[Channel, float], ...]
"""Channels, each with the factor below which it cannot fall."""


@dataclass(frozen=True)
class Targets:
    """The channels of all targets, numbered.

    Attributes
    ----------
    channels : number of each channel, from 1
    at : (target + 1,) rows of each target
    channel : (row,) number of the channel
    floor : (row,) least factor there
    """

    channels: dict[Channel, int]
    at: Ints
    channel: Ints
    floor: Floats

    @classmethod
    def number(cls, targets: Sequence[Reached]) -> Targets:
        """Give channels numbers; those that the same targets reach in the same way share one."""
        reached_by: dict[Channel, list[tuple[int, float]]] = {}
        for target, one in enumerate(targets):
            for channel, floor in one:
                reached_by.setdefault(channel, []).append((target, floor))
        alike = {by: 1 + row for row, by in enumerate(sorted({tuple(by) for by in reached_by.values()}))}
        rows = sorted((target, number, floor) for by, number in alike.items() for target, floor in by)
        target_of = np.array([target for target, _, _ in rows], dtype=np.int64)
        return cls(
            channels={channel: alike[tuple(by)] for channel, by in sorted(reached_by.items())},
            at=np.searchsorted(target_of, np.arange(len(targets) + 1)).astype(np.int64),
            channel=np.array([number for _, number, _ in rows], dtype=np.int64),
            floor=np.array([floor for _, _, floor in rows], dtype=np.float64),
        )


class Finder:
    """Finds what an effect on a target reaches."""

    def __init__(self, tables: Tables, network: Network) -> None:
        self._tables = tables
        self._network = network
        self._effects: dict[str, Callable[[str, str], list[tuple[Channel, float]]]] = {
            "capacity": self._capacity,
            "power": self._power,
            "supply": self._supply,
            "output": self._output,
            "delay": self._delay,
            "asked": self._asked,
            "record": lambda _table, _target: [],
        }

    def reached(self, effect: str, table: str, target: str) -> Reached:
        """Return the channels of an effect on a target; none where the target has nothing of the kind."""
        return tuple(self._effects[effect](table, target))

    def drilled(self, table: str, target: str, factor: float, delay_days: float) -> Reached:
        """Return what a drill reaches: demand where it is multiplied, departures if delayed, else capacity."""
        effect = "asked" if factor > 1 else "delay" if delay_days > 0 else "power" if table == "zones" else "capacity"
        return self.reached(effect, table, target)

    def _rows(self, table: str, column: str, value: str) -> list[int]:
        return self._tables[table].select(pl.col(column).eq_missing(value).arg_true()).to_series().to_list()

    def _sites(self, table: str, target: str) -> list[int]:
        column = {"sites": "site", "zones": "zone", "parties": "party"}.get(table)
        return self._rows("sites", column, target) if column else []

    def _lanes(self, table: str, target: str) -> list[int]:
        column = {"lanes": "lane", "borders": "border"}.get(table)
        return self._rows("lanes", column, target) if column else []

    def _supplies(self, table: str, target: str) -> list[int]:
        column = {"supplies": "supply", "parties": "party", "items": "item"}.get(table)
        return self._rows("supplies", column, target) if column else []

    def _processes(self, table: str, target: str) -> list[int]:
        if table == "processes":
            return self._rows("processes", "process", target)
        if table == "items":
            flows = self._tables["flows"].filter((pl.col("item") == target) & (pl.col("quantity") > 0))
            return sorted(set(positions(flows["process"], self._tables["processes"]["process"]).tolist()))
        return np.flatnonzero(np.isin(self._network.processes.site, self._sites(table, target))).tolist()

    def _works(self, sites: list[int]) -> list[Channel]:
        """Return the resources of sites, and their processes that no resource limits."""
        network = self._network
        unlimited = np.isin(network.processes.site, sites)
        unlimited[network.resources.load_process] = False
        resources = np.flatnonzero(np.isin(network.resources.site, sites))
        return [("resource", int(row)) for row in resources] + [
            ("process", int(row)) for row in np.flatnonzero(unlimited)
        ]

    def _capacity(self, table: str, target: str) -> list[tuple[Channel, float]]:
        own = {"resources": "resource", "processes": "process"}.get(table)
        channels: list[Channel] = [(own, row) for row in self._rows(table, own, target)] if own else []
        channels += self._works(self._sites(table, target))
        channels += [("lane", row) for row in self._lanes(table, target)]
        channels += [("supply", row) for row in self._supplies(table, target)]
        return [(channel, 0.0) for channel in channels]

    def _supply(self, table: str, target: str) -> list[tuple[Channel, float]]:
        return [(("supply", row), 0.0) for row in self._supplies(table, target)]

    def _power(self, table: str, target: str) -> list[tuple[Channel, float]]:
        kind, resources = self._tables["resources"]["kind"].to_list(), self._network.resources
        found: list[tuple[Channel, float]] = []
        for site in self._sites(table, target):
            here = np.flatnonzero(resources.site == site).tolist()
            power = [row for row in here if kind[row] == "power"]
            backup = resources.amount[[row for row in here if kind[row] == "backup_power"]].sum()
            need = resources.amount[power].sum()
            floor = min(float(backup / need), 1.0) if need > 0 else 0.0
            hit: list[Channel] = [("resource", row) for row in power] or self._works([site])
            found += [(channel, floor) for channel in hit]
        return found

    def _output(self, table: str, target: str) -> list[tuple[Channel, float]]:
        return [(("yield", row), 0.0) for row in self._processes(table, target)]

    def _delay(self, table: str, target: str) -> list[tuple[Channel, float]]:
        lanes: list[Channel] = [("delay_lane", row) for row in self._lanes(table, target)]
        return [(c, 0.0) for c in [*lanes, *(("delay_supply", row) for row in self._supplies(table, target))]]

    def _asked(self, table: str, target: str) -> list[tuple[Channel, float]]:
        column = {"items": "item", "demands": "demand", "parties": "party"}[table]
        return [(("asked", row), 0.0) for row in self._rows("demands", column, target)]
