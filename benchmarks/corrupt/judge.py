"""Reads and checks a spoilt programme under limits, and says how well the damage was found."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from benchmarks.corrupt.programme import Damage
from benchmarks.measure import peak_mib, resident_mib
from coproduce import api
from coproduce.errors import InputError, Origin, Problem, Severity
from coproduce.read.names import canonical
from coproduce.tables import INPUT_TABLES, Tables

VERDICTS = ("cell or row", "sheet or file", "elsewhere", "same reading", "other text", "undetected", "failure")
SECONDS, MIB = 10.0, 1500.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended: one of `VERDICTS`, with time, memory above the beginning, and what was said first."""

    verdict: str
    seconds: float
    mib: float
    words: str


class TooSlow(BaseException):
    """The time limit of a case is over."""


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Interrupt what runs too long."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def judge(damage: Damage, clean: Tables) -> Outcome:
    """Read and check in this process."""
    start, begun = resident_mib(), time.perf_counter()
    try:
        with limited(SECONDS):
            problems, tables = said(damage.path)
    except KeyboardInterrupt:
        raise
    except BaseException as failure:
        where = traceback.extract_tb(failure.__traceback__)[-1]
        words = f"{type(failure).__name__}: {str(failure)[:200]} at {Path(where.filename).name}:{where.lineno}"
        return Outcome("failure", time.perf_counter() - begun, peak_mib() - start, words)
    seconds, mib = time.perf_counter() - begun, peak_mib() - start
    verdict = "failure" if mib > MIB else found(damage, problems, tables, clean)
    return Outcome(verdict, seconds, mib, str(problems[0]) if problems else "")


def said(path: Path) -> tuple[Sequence[Problem], Tables | None]:
    """Return the problems and, without an error, the tables."""
    try:
        checked = api.check(api.read(path))
    except InputError as refusal:
        return refusal.problems, None
    return checked.problems, checked.tables


def found(damage: Damage, problems: Sequence[Problem], tables: Tables | None, clean: Tables) -> str:
    """Return the verdict on what was said."""
    places = [_place(damage, problem) for problem in problems]
    if tables is None and not any(problem.severity is Severity.ERROR for problem in problems):
        return "failure"
    if any(not problem.origin.file for problem in problems):
        return "failure"
    if places:
        return VERDICTS[min(places)]
    return "undetected" if tables is None else _difference(tables, clean)


def _place(damage: Damage, problem: Problem) -> int:
    """Return how near a problem is: 0 at the cell or row, 1 at the sheet or file, 2 elsewhere."""
    at = problem.origin
    whole = not damage.table or not at.sheet
    if not whole and canonical(at.sheet) != canonical(damage.table):
        return 2
    if damage.row and at.row == damage.row and not whole:
        return 0
    return 1 if whole or not damage.row or not at.row else 2


def _difference(tables: Tables, clean: Tables) -> str:
    """Compare a reading without a word with the clean one; free texts apart from all else."""
    verdict = "same reading"
    for table, spec in INPUT_TABLES.items():
        one, other = tables[table], clean[table]
        free = [column.name for column in spec.columns.values() if column.kind == "text" and column.name != "unit"]
        if not one.drop(free).equals(other.drop(free)):
            return "undetected"
        if not one.equals(other):
            verdict = "other text"
    return verdict


def judge_apart(damage: Damage, clean: Tables) -> Outcome:
    """Read and check in a process of its own that cannot take more than 4 GiB, for what may bring down a process."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.corrupt.judge", str(damage.path)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=6 * SECONDS, check=False, env={**os.environ}
        )
    except subprocess.TimeoutExpired:
        return Outcome("failure", time.perf_counter() - begun, 0.0, "it does not end")
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["killed"])[-1]
        return Outcome("failure", time.perf_counter() - begun, 0.0, f"exit {done.returncode}: {last[:200]}")
    report = json.loads(done.stdout.strip().splitlines()[-1])
    problems = [
        Problem(code, Severity(severity), Origin(file, sheet, row, column), message)
        for code, severity, file, sheet, row, column, message in report["problems"]
    ]
    same = clean if report["equal"] else None
    slow = report["seconds"] > SECONDS or report["mib"] > MIB
    verdict = "failure" if slow else found(damage, problems, same, clean)
    return Outcome(verdict, report["seconds"], report["mib"], str(problems[0]) if problems else "")


def main() -> None:
    """Report on one path as JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    start, begun = resident_mib(), time.perf_counter()
    problems, tables = said(Path(sys.argv[1]))
    facts = [
        (p.code, p.severity, p.origin.file, p.origin.sheet, p.origin.row, p.origin.column, p.message)
        for p in problems[:1000]
    ]
    spent = {"seconds": time.perf_counter() - begun, "mib": peak_mib() - start}
    print(json.dumps({"problems": facts, "equal": tables is not None, **spent}))


if __name__ == "__main__":
    main()
