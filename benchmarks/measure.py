"""Runs one measurement per fresh process and gathers what it reports, so that peaks and caches do not mix."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

Report = dict[str, Any]
STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_mib() -> float:
    """Return the largest resident memory of this process since its start or the last reset, MiB."""
    # Not ru_maxrss where it can be avoided: Linux lets a child process begin with the peak of its parent.
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def resident_mib() -> float:
    """Begin a new peak and return the resident memory of now, MiB; the old peak where the system keeps none."""
    if RESET.exists():
        RESET.write_text("5")
    return _status("VmRSS") or peak_mib()


def _status(name: str) -> float:
    if not STATUS.exists():
        return 0.0
    lines = STATUS.read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)


def in_process(module: str, *arguments: str) -> Report:
    """Run `python -m module arguments` and return the JSON of its last line.

    Raises
    ------
    RuntimeError
        The process failed; its standard error is in the message.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    if done.returncode != 0:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr[-4000:]}")
    report: Report = json.loads(done.stdout.strip().splitlines()[-1])
    return report


def medians(reports: Sequence[Report]) -> Report:
    """Return the median of every number, and of other values the one that all reports share."""
    first = reports[0]
    result: Report = {}
    for name, value in first.items():
        if isinstance(value, float):
            result[name] = statistics.median(report[name] for report in reports)
        else:
            assert all(report[name] == value for report in reports), name
            result[name] = value
    return result


def show(title: str, rows: Sequence[Mapping[str, Any]], note: str = "") -> None:
    """Print rows as a compact table; numbers to three significant places."""
    table = Table(title=title, title_justify="left", caption=note or None, caption_justify="left")
    for name in rows[0]:
        table.add_column(name, justify="right" if isinstance(rows[0][name], (int, float)) else "left")
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    Console(width=118).print(table)


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
