"""Compiles the money that contracts wait for: pools of contracts, days, what is owed, what funds and buyers pay."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from ..calendar import Ints, Timeline
from ..cash import Cash, FundLimits, Pools
from ..money.contracts import Contract, contracts
from ..money.dated import exchange_rates, price_indices
from ..money.funds import Fund, funds
from ..money.terms import Terms, last_day, terms_of
from ..network import Bools, Nodes, Processes, Versions
from ..tables import Tables
from ..tables.keys import listed
from .cash_days import Calendar, Work
from .cash_lines import fund_lines
from .cash_paid import buyers_pay, receipts
from .index import floats, positions
from .milestones import dated

LEFT = 4
"""Powers of ten that are left of the largest sum in the unit of money."""


@dataclass(frozen=True)
class Flows:
    """What leads from item to item: processes, arcs of lanes, newer versions."""

    nodes: Nodes
    processes: Processes
    arc_from: Ints
    arc_to: Ints
    versions: Versions


def cash(tables: Tables, timeline: Timeline, flows: Flows) -> Cash:
    """Return what contracts wait for; empty where none does."""
    known, rates = contracts(tables), exchange_rates(tables)
    held = funds(tables, rates)
    pools = _pools(tables, known, flows)
    calendar = Calendar(timeline)
    work = Work(tables, timeline, rates, price_indices(tables), _terms(tables, timeline), calendar)
    some = len(pools.contract) > 0
    owed = work.owed() if some else work.nothing()
    members = [[known[name] for name in _names(known, pools.of == at)] for at in range(len(pools.contract))]
    paid = buyers_pay(members, tables, work)
    days = calendar.days()
    waits = np.array([one[0].keeps == "cash" for one in members], dtype=bool)
    sums = [fund.amount for fund in held.values()] + [one.amount for one in paid]
    return Cash(
        unit=10.0 ** max(math.floor(math.log10(max([*sums, 1.0]))) - LEFT, 0),
        days=days,
        pools=pools,
        owed=owed,
        paid=receipts(paid, waits & pools.paid, np.array([one[0].own_cash for one in members], dtype=np.float64)),
        lines=fund_lines(members, held, days, timeline, _budgets(tables)),
        limits=_limits(tables, held),
    )


def _names(known: Mapping[str, Contract], own: Bools) -> list[str]:
    return [name for name, mine in zip(known, own, strict=True) if mine]


def _terms(tables: Tables, timeline: Timeline) -> Terms:
    """Return the terms of payment; milestones that the plan decides count as the last day of the plan."""
    milestones = dated(tables, timeline)
    reached = {
        name: None if decided or at >= timeline.horizon else timeline.moment(int(at))
        for name, at, decided in zip(
            tables["milestones"]["milestone"], milestones.reached, milestones.decided, strict=True
        )
    }
    return terms_of(tables, reached, last_day(timeline.moment(timeline.horizon)))


def _pools(tables: Tables, known: Mapping[str, Contract], flows: Flows) -> Pools:
    """Put contracts that the same funds pay on the same terms together: any split of their costs fits alike."""
    number: dict[object, int] = {}
    of = np.full(len(known), -1, dtype=np.int64)
    for at, one in enumerate(known.values()):
        if one.keeps == "nothing":
            continue
        alike = (one.funds, one.keeps, one.cost_type, one.bridging, one.bridging_rate)
        of[at] = number.setdefault(one.name if one.terms else alike, len(number))
    first = np.array([int(np.argmax(of == pool)) for pool in range(len(number))], dtype=np.int64)
    asked = positions(tables["demands"]["contract"], pl.Series(list(known), dtype=pl.String))
    pool = np.where(asked >= 0, np.append(of, -1)[asked], -1)
    reached = [_upstream(flows, np.unique(_nodes(tables, flows)[pool == at])) for at in range(len(number))]
    node = np.array([one for one, _ in reached], dtype=bool).reshape(len(number), len(flows.nodes.item))
    process = np.array([one for _, one in reached], dtype=bool).reshape(len(number), len(flows.processes.site))
    resource = _loaded(tables, process)
    names = list(known.values())
    paid = np.array([names[at].terms is not None for at in first], dtype=bool)
    funded = ~paid | np.array([bool(names[at].funds) for at in first], dtype=bool)
    return Pools(of, first, node, process, resource, _opened(tables, flows, node, process, resource), paid, funded)


def _nodes(tables: Tables, flows: Flows) -> Ints:
    """Return (demand,) the node of each."""
    sites = tables["sites"].height
    code = flows.nodes.item * sites + flows.nodes.site
    demands = tables["demands"]
    item = positions(demands["item"], tables["items"]["item"])
    return np.searchsorted(code, item * sites + positions(demands["site"], tables["sites"]["site"])).astype(np.int64)


def _upstream(flows: Flows, wanted: Ints) -> tuple[Bools, Bools]:
    """Return (node,) and (process,) whether it may serve some nodes."""
    processes, node = flows.processes, np.zeros(len(flows.nodes.item), dtype=bool)
    made = processes.flow_quantity > 0
    process = np.zeros(len(processes.site), dtype=bool)
    node[wanted] = True
    before = -1
    while before != node.sum():
        before = int(node.sum())
        process[processes.flow_process[made & node[processes.flow_node]]] = True
        node[processes.flow_node[~made & process[processes.flow_process]]] = True
        node[flows.arc_from[node[flows.arc_to]]] = True
        node[flows.versions.new[node[flows.versions.old]]] = True
    return node, process


def _loaded(tables: Tables, process: Bools) -> Bools:
    """Return (pool, resource) whether processes that may serve the pool load it."""
    loads = tables["loads"]
    result = np.zeros((len(process), tables["resources"].height), dtype=bool)
    at = positions(loads["process"], tables["processes"]["process"])
    of = positions(loads["resource"], tables["resources"]["resource"])
    for pool, own in enumerate(process):
        result[pool, of[own[at]]] = True
    return result


def _opened(tables: Tables, flows: Flows, node: Bools, process: Bools, resource: Bools) -> Bools:
    """Return (pool, option) whether something that the option opens or adds to may serve the pool."""
    number = {name: at for at, name in enumerate(tables["options"]["option"])}
    result = np.zeros((len(node), len(number)), dtype=bool)
    sites = tables["sites"].height
    code = flows.nodes.item * sites + flows.nodes.site
    supplies = tables["supplies"]
    offered = positions(supplies["item"], tables["items"]["item"]) * sites
    offered = np.searchsorted(code, offered + positions(supplies["site"], tables["sites"]["site"]))
    added = tables["option_capacity"]
    parts = [
        (added["option"], resource[:, positions(added["resource"], tables["resources"]["resource"])]),
        (tables["processes"]["option"], process),
        (supplies["option"], node[:, offered]),
    ]
    for cells, serves in parts:
        for at, cell in enumerate(cells):
            for name in listed(cell):
                result[:, number[name]] |= serves[:, at]
    return result


def _budgets(tables: Tables) -> dict[tuple[str, int], int]:
    """Return the row of every budget by fund and year."""
    keys = tables["fund_budgets"].select("fund", "year").iter_rows()
    return {(fund, year): row for row, (fund, year) in enumerate(keys)}


def _limits(tables: Tables, held: Mapping[str, Fund]) -> FundLimits:
    every = list(held.values())
    budgets = tables["fund_budgets"]
    given = [
        held[fund].advance_amount if held[fund].advance_slot.arrives.year == year else 0.0
        for fund, year in budgets.select("fund", "year").iter_rows()
    ]
    return FundLimits(
        advance=np.array([fund.advance_cents / 100 for fund in every], dtype=np.float64),
        amount=np.array([max(fund.amount - fund.advance_amount, 0.0) for fund in every], dtype=np.float64),
        share=np.array([fund.share for fund in every], dtype=np.float64),
        year=np.maximum(floats(budgets["amount"], 0.0) - np.array(given, dtype=np.float64), 0.0),
        year_fund=positions(budgets["fund"], tables["funds"]["fund"]),
    )
