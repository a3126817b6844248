"""Reads, checks and compiles a million table rows from parquet and from CSV, a tenth of them from a workbook.

Finds every bad cell planted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.generate import Size, generate, rows_of, write
from benchmarks.measure import Report, in_process, medians, peak_mib, show
from benchmarks.plant import Planted, missed, plant
from coproduce import api
from coproduce.compile import compile_network
from coproduce.errors import InputError, Problem
from coproduce.present.inputs.convert import convert

MODULE = "benchmarks.read_check_compile"
FULL, QUICK = Size(60, 5600, 24), Size(20, 200, 12)
AIMS = {"parquet": 5.0, "csv": 10.0}
WORKBOOK, QUICK_WORKBOOK, WORKBOOK_AIM = Size(60, 560, 24), Size(20, 20, 12), 5.0


def measure_clean(folder: Path) -> Report:
    """Return seconds per phase and the peak memory for a folder without errors."""
    begin = time.perf_counter()
    raw = api.read(folder)
    read = time.perf_counter()
    checked = api.check(raw)
    check = time.perf_counter()
    assert checked.tables is not None, [str(problem) for problem in checked.problems[:5]]
    network = compile_network(checked.tables)
    end = time.perf_counter()
    return {
        "rows": rows_of(checked.tables.frames),
        "nodes": len(network.nodes.item),
        "read s": read - begin,
        "check s": check - read,
        "compile s": end - check,
        "total s": end - begin,
        "peak MiB": peak_mib(),
    }


def measure_planted(folder: Path) -> Report:
    """Return how many planted cells the check names and how long it takes to read and check them."""
    planted = [Planted(**cell) for cell in json.loads((folder / "planted.json").read_text())]
    begin = time.perf_counter()
    problems = _problems(folder)
    seconds = time.perf_counter() - begin
    lost = missed(planted, problems)
    return {
        "planted": len(planted),
        "found": len(planted) - len(lost),
        "problems": len(problems),
        "missed kinds": ", ".join(sorted({cell.kind for cell in lost})),
        "read and check s": seconds,
        "peak MiB": peak_mib(),
    }


def _problems(folder: Path) -> tuple[Problem, ...]:
    try:
        return api.check(api.read(folder)).problems
    except InputError as found:
        return found.problems


def prepare(size: Size, folder: Path, per_kind: int) -> None:
    """Write a clean and a planted programme in both formats."""
    frames = generate(size)
    spoilt, planted = plant(frames, per_kind, seed=size.seed)
    listed = json.dumps([{"kind": c.kind, "table": c.table, "row": c.row, "column": c.column} for c in planted])
    for form in AIMS:
        write(frames, folder / f"clean-{form}", form)
        write(spoilt, folder / f"planted-{form}", form)
        (folder / f"planted-{form}" / "planted.json").write_text(listed)


def run(*, quick: bool) -> None:
    """Measure both formats in processes of their own and print the tables."""
    repeats = 1 if quick else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(QUICK if quick else FULL, folder, 20)
        workbook = folder / "clean.xlsx"
        write(generate(QUICK_WORKBOOK if quick else WORKBOOK), folder / "clean-small", "csv")
        convert(folder / "clean-small", workbook)
        clean = {
            form: medians([in_process(MODULE, "clean", str(folder / f"clean-{form}")) for _ in range(repeats)])
            for form in AIMS
        }
        clean["xlsx"] = medians([in_process(MODULE, "clean", str(workbook)) for _ in range(repeats)])
        found = {form: in_process(MODULE, "planted", str(folder / f"planted-{form}")) for form in AIMS}
    aim = "; ".join(f"{form} {seconds:g} s per million rows" for form, seconds in AIMS.items())
    aim += f"; a workbook of 100,000 rows read and checked within {WORKBOOK_AIM:g} s"
    show(
        f"Read, check, compile (median of {repeats})",
        [{"format": form, **report} for form, report in clean.items()],
        f"aim: {aim}",
    )
    show("Planted bad cells", [{"format": form, **report} for form, report in found.items()])


def main() -> None:
    """Measure one folder (called in a process of its own), or everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("clean", "planted"))
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    if given.what and given.folder:
        measure = measure_clean if given.what == "clean" else measure_planted
        print(json.dumps(measure(given.folder)))
    else:
        run(quick=given.quick)


if __name__ == "__main__":
    main()
