"""From the Network to the solver: ours against plain numpy and against linopy, on the same linear programme.

All three build the matrix of the natural model of `docs/model.md` from the same Network and hand it to HiGHS. The
plain script is the yardstick: it knows the families by heart, and does nothing but fill arrays.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace

import highspy
import numpy as np

from benchmarks import build_linopy, build_plain
from benchmarks.generate import Size, generate
from benchmarks.measure import Report, in_process, medians, peak_mib, resident_mib, show
from coproduce import api
from coproduce.compile import compile_network
from coproduce.network import Network
from coproduce.plan.assemble import assemble
from coproduce.plan.duality import Bounds, Held
from coproduce.plan.highs import Highs

MODULE = "benchmarks.build_model"
SIZES = {"0.1M columns": Size(16, 55, 24), "1.1M columns": Size(40, 600, 24)}
QUICK = {"10k columns": Size(12, 14, 12)}
SMALL = Size(8, 4, 12)


def network_of(size: Size) -> Network:
    """Return the compiled network of a generated programme."""
    checked = api.check(api.from_frames(generate(size)))
    assert checked.tables is not None
    network = compile_network(checked.tables)
    # One row per demand in every way: no demands gathered in series.
    alone = np.full(len(network.demands.node), -1, dtype=np.int64)
    return replace(network, demands=replace(network.demands, series=alone, series_head=alone[:0]))


def ours(network: Network) -> highspy.Highs:
    """Build by the constraint families and hand over."""
    model = assemble(network)
    return Highs(model, model.objective("cost"), Held(Bounds.of(model), (), 0), threads=1)._highs


WAYS: dict[str, Callable[[Network], highspy.Highs]] = {
    "plain numpy": build_plain.build,
    "coproduce": ours,
    "linopy": build_linopy.build,
}


def measure(way: str, size: Size) -> Report:
    """Return seconds from the Network to the solver, the added peak memory and the size that HiGHS reports."""
    network = network_of(size)
    before = resident_mib()
    begin = time.perf_counter()
    highs = WAYS[way](network)
    seconds = time.perf_counter() - begin
    return {
        "columns": highs.getNumCol(),
        "rows": highs.getNumRow(),
        "nonzeros": highs.getNumNz(),
        "build s": seconds,
        "added MiB": peak_mib() - before,
    }


def assert_same_optimum() -> None:
    """Solve the small programme for its cost in every way; the optima must be equal."""
    network = network_of(SMALL)
    optima: dict[str, float] = {}
    for way, build in WAYS.items():
        highs = build(network)
        highs.setOptionValue("output_flag", False)
        highs.run()
        assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal, way
        # Relative to the largest cost, since Coproduce scales the objective inside.
        optima[way] = highs.getObjectiveValue() / max(highs.getLp().col_cost_)
    values = list(optima.values())
    assert np.allclose(values, values[0], rtol=1e-7, atol=1e-6), optima


def compare(name: str, size: Size, repeats: int) -> None:
    """Measure every way in processes of its own, by turns, and print medians and ratios."""
    given = json.dumps([size.sites, size.products, size.months])
    runs: dict[str, list[Report]] = {way: [] for way in WAYS}
    for _ in range(repeats):
        for way, reports in runs.items():
            reports.append(in_process(MODULE, "--way", way, "--size", given))
    found = {way: medians(reports) for way, reports in runs.items()}
    yardstick = found["plain numpy"]
    for way, report in found.items():
        for count in ("columns", "rows", "nonzeros"):
            assert report[count] == yardstick[count], (way, count, report[count], yardstick[count])
    show(
        f"Network to solver, {name} (median of {repeats})",
        [{"way": way, **report, "ratio": report["build s"] / yardstick["build s"]} for way, report in found.items()],
        "aim: coproduce within 1.5 of plain numpy; optimum equal in all ways on a small programme",
    )


def run(*, quick: bool) -> None:
    """Compare at all sizes."""
    assert_same_optimum()
    for name, size in (QUICK if quick else SIZES).items():
        compare(name, size, 1 if quick else 3)


def main() -> None:
    """Measure one way (called in a process of its own), or compare all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--way", choices=tuple(WAYS))
    parser.add_argument("--size", type=json.loads)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    if given.way:
        print(json.dumps(measure(given.way, Size(*given.size))))
    else:
        run(quick=given.quick)


if __name__ == "__main__":
    main()
