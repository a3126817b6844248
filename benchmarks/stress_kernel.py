"""How fast plans are carried out against risks: `python -m benchmarks.stress_kernel [--quick]`."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass, replace

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import stress_peers
from benchmarks.stress_programmes import large, small
from coproduce import api
from coproduce.compile import compile_network
from coproduce.network import Network
from coproduce.stress.activities import activities_of
from coproduce.stress.fallbacks import Ranks, read_ranks
from coproduce.stress.periods import period_network
from coproduce.stress.plan import Plan, read_plan
from coproduce.stress.policy import FollowPlan
from coproduce.stress.result import Simulation
from coproduce.stress.run import simulate
from coproduce.stress.sampling import Risks, read_risks
from coproduce.tables import Tables

LEAST_EVENTS = 10
POLICY = FollowPlan(keep_minimum=True)


@dataclass(frozen=True)
class Job:
    """A programme ready to be simulated."""

    name: str
    network: Network
    plan: Plan
    risks: Risks
    ranks: Ranks
    policy: FollowPlan = POLICY

    @property
    def arcs(self) -> int:
        """Number of flows, loads and lane terms."""
        activities = activities_of(self.network)
        lines = (activities.inputs, activities.outputs, activities.loads)
        return sum(len(part.node) for part in lines) + int((activities.lane >= 0).sum())

    def run(self, replications: int, threads: int = 1, risks: Risks | None = None) -> Simulation:
        """Simulate with fixed random numbers."""
        chosen = self.risks if risks is None else risks
        return simulate(
            self.network,
            self.plan,
            chosen,
            ranks=self.ranks,
            policy=self.policy,
            replications=replications,
            threads=threads,
            seed=1,
        )


def job(name: str, tables: Tables) -> Job:
    """Plan a programme and compile it on days."""
    network = period_network(tables)
    plan = read_plan(tables, compile_network(tables), api.plan(tables, bottlenecks=0).frames)
    return Job(name, network, plan, read_risks(tables, network), read_ranks(tables, network))


def demand_active(everything: Job) -> None:
    """Fail if a kind of risk or a feature changes nothing, a stand-in is idle, or there are too few events.

    Raises
    ------
    SystemExit
        naming the inactive feature.
    """
    base = everything.run(512)
    if base.events.mean() < LEAST_EVENTS:
        raise SystemExit(f"only {base.events.mean():.1f} events a replication")
    for risk in everything.risks.risks:
        without = everything.run(512, risks=everything.risks.without(risk.risk))
        same = np.array_equal(base.amount, without.amount) and np.array_equal(base.late_days, without.late_days)
        if risk.kind == "late_payment":
            same = bool(np.array_equal(base.events, without.events))
        if same:
            raise SystemExit(f"the risk {risk.risk} changes nothing")
    for feature, less in without_each(everything).items():
        if np.array_equal(base.amount, less.run(512).amount):
            raise SystemExit(f"the benchmark would be the same without {feature}")
    planned = everything.plan.quantity.sum(axis=1)
    for activity in np.flatnonzero(everything.ranks.rank > 0):
        if (base.amount[activity] <= planned[activity] + 1e-6).all():
            raise SystemExit(f"the stand-in {activity} is never called")


def without_each(everything: Job) -> dict[str, Job]:
    """Return the job without each feature of the network, of the plan or of the policy."""
    network, plan = everything.network, everything.plan
    supplies, lanes, resources = network.supplies, network.lanes, network.resources
    endless, none = np.full_like(supplies.total, np.inf), np.zeros_like(network.fixed.quantity)
    networks = {
        "limits of supplies": replace(
            network, supplies=replace(supplies, amount=np.full_like(supplies.amount, np.inf))
        ),
        "totals of supplies": replace(network, supplies=replace(supplies, total=endless)),
        "capacities of lanes": replace(network, lanes=replace(lanes, amount=np.full_like(lanes.amount, np.inf))),
        "capacities of resources": replace(
            network, resources=replace(resources, amount=np.full_like(resources.amount, 1e12))
        ),
        "bookings of firm runs": replace(network, resources=replace(resources, firm=0.0 * resources.firm)),
        "receipts and firm runs": replace(network, fixed=replace(network.fixed, quantity=none)),
        "opening stock": replace(network, nodes=replace(network.nodes, opening=0.0 * network.nodes.opening)),
    }
    return {name: replace(everything, network=one) for name, one in networks.items()} | {
        "set-ups": replace(everything, plan=replace(plan, lots=None)),
        "minimum stocks": replace(everything, policy=FollowPlan()),
    }


def measure(one: Job, replications: int, repeats: int) -> list[str]:
    """Return the row of the table: rates of `simulate` as a whole, drawing of events included, best of some runs."""
    one.run(64)
    nodes, periods = len(one.network.nodes.item), one.network.timeline.count
    rates = []
    for threads in (1, 2):
        seconds = []
        for _ in range(repeats):
            start = time.perf_counter()
            result = one.run(replications, threads)
            seconds.append(time.perf_counter() - start)
        rates.append(periods * replications / min(seconds))
    return [
        one.name,
        f"{nodes}",
        f"{one.arcs}",
        f"{result.events.mean():.1f}",
        *(f"{rate * nodes / 1e6:.0f}" for rate in rates),
        *(f"{rate * one.arcs / 1e6:.0f}" for rate in rates),
        f"{rates[1] / rates[0]:.2f}",
    ]


def warm_start() -> float:
    """Return the seconds from a fresh process to the end of a first block, the kernel being on the disk."""
    code = (
        "import time; t = time.perf_counter(); import benchmarks.stress_kernel as k;"
        "from coproduce.stress.run import simulate; from coproduce.stress.kernel import run_block;"
        "from benchmarks.stress_programmes import small; tables = small(); network = k.period_network(tables);"
        "shape = (k.activities_of(network).count, 12);"
        "plan = k.Plan(k.compile_network(tables).timeline, k.np.ones(shape), network.demands.due);"
        "t = time.perf_counter(); simulate(network, plan, k.read_risks(tables, network), replications=1);"
        "print(time.perf_counter() - t)"
    )
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def run(*, quick: bool) -> None:
    """Measure and print."""
    everything = job("ten nodes", small())
    demand_active(everything)
    table = Table(
        "network", "nodes", "arcs", "events", "M node-p/s, 1", "2 threads", "M arc-p/s, 1", "2 threads", "gain"
    )
    repeats = 2 if quick else 5
    table.add_row(*measure(everything, 4096 if quick else 16384, repeats))
    table.add_row(*measure(job("many stages", large()), 1024 if quick else 8192, repeats))
    console = Console()
    console.print(table)
    for name, rate in (("stockpyl", stress_peers.stockpyl_rate), ("simpy", stress_peers.simpy_rate)):
        console.print(
            f"{name}: {rate():,.0f} node-periods/s" if stress_peers.installed(name) else f"{name}: not installed"
        )
    console.print(f"first block in a fresh process: {warm_start():.2f} s after the imports")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer replications")
    run(quick=parser.parse_args().quick)
