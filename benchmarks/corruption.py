"""Spoils the example programmes in thousands of ways and prints, kind by kind, how the damage was found.

Usage: `python benchmarks/corruption.py --count 10000 --seed 1`, or `python -m benchmarks --corruption`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

if not __package__:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.corrupt.cells import CELLS
from benchmarks.corrupt.files import FILES
from benchmarks.corrupt.judge import VERDICTS, Outcome, judge, judge_apart
from benchmarks.corrupt.large import LARGE
from benchmarks.corrupt.programme import Corruption, Damage, Programme, load
from benchmarks.corrupt.tables import TABLES
from benchmarks.corrupt.workbooks import HEAVY, WORKBOOKS
from benchmarks.measure import Report, show
from coproduce.tables import Tables

LIGHT: dict[str, Corruption] = {**CELLS, **TABLES, **FILES, **WORKBOOKS}
APART: dict[str, Corruption] = {**HEAVY, **LARGE}
EACH_APART = 10
"""Cases of each kind that needs a process of its own."""

NAMES, WEIGHTS = ("small", "letter_of_intent", "transformers"), (18, 1, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """One corruption to be made: its kind and the seed from which it follows."""

    kind: str
    seed: str


def cases(count: int, seed: int) -> Iterator[Case]:
    """Yield cases in turn over the kinds, those that need a process of their own first."""
    apart = [Case(kind, f"{seed}/{kind}/{number}") for number in range(EACH_APART) for kind in APART]
    yield from apart[: count // 2]
    kinds = list(LIGHT)
    for number in range(max(count - len(apart), count - count // 2)):
        kind = kinds[number % len(kinds)]
        yield Case(kind, f"{seed}/{kind}/{number // len(kinds)}")


def make(case: Case, programmes: dict[str, Programme], folder: Path) -> tuple[Damage, Programme]:
    """Spoil an example as the case says; where it has nothing to be spoilt so, draw again."""
    luck = random.Random(case.seed)
    corruption = (LIGHT | APART)[case.kind]
    while True:
        programme = programmes[luck.choices(NAMES, WEIGHTS)[0]]
        shutil.rmtree(folder, ignore_errors=True)
        damage = corruption(luck, programme, folder / "programme")
        if damage is not None:
            return damage, programme


def run_case(case: Case, programmes: dict[str, Programme], folder: Path) -> Outcome:
    """Make and judge one case."""
    damage, programme = make(case, programmes, folder)
    judged: Callable[[Damage, Tables], Outcome] = judge_apart if case.kind in APART else judge
    return judged(damage, programme.reading)


def table_of(outcomes: Sequence[tuple[Case, Outcome]]) -> list[Report]:
    """Return one line per kind, and their sum."""
    lines = []
    for kind in [*dict.fromkeys(case.kind for case, _ in outcomes), "all"]:
        mine = [outcome for case, outcome in outcomes if kind in (case.kind, "all")]
        counts = Counter(outcome.verdict for outcome in mine)
        slowest, most = max(outcome.seconds for outcome in mine), max(outcome.mib for outcome in mine)
        lines.append(
            {"kind": kind, "cases": len(mine), **{v: counts[v] for v in VERDICTS}, "max s": slowest, "max MiB": most}
        )
    return lines


def run(count: int, seed: int) -> int:
    """Run the campaign, print the table and every failure; return the number of failures."""
    programmes = {name: load(name) for name in NAMES}
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        outcomes = [(case, run_case(case, programmes, Path(name) / "case")) for case in cases(count, seed)]
    show(f"{len(outcomes):,} corruptions, seed {seed}, {time.perf_counter() - begun:.0f} s", table_of(outcomes))
    failures = [(case, outcome) for case, outcome in outcomes if outcome.verdict == "failure"]
    for case, outcome in failures:
        print(f"failure {case.kind} [{case.seed}] {outcome.seconds:.1f} s {outcome.mib:.0f} MiB: {outcome.words}")
    return len(failures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(1 if run(given.count, given.seed) else 0)


if __name__ == "__main__":
    main()
