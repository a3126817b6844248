"""A run in a process of its own, killed a moment after it has kept some of its work."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path


def killed(code: str, arguments: tuple[str, ...], kept: tuple[Path, str], after: int, luck: random.Random) -> bool:
    """Kill a run; return whether it was still going on.

    Parameters
    ----------
    kept : folder and pattern of the files that hold what is done
    after : how many of them there must be before
    """
    folder, pattern = kept
    with subprocess.Popen([sys.executable, "-c", code, *arguments]) as process:
        while process.poll() is None and sum(1 for _ in folder.glob(pattern)) < after:
            time.sleep(0.002)
        time.sleep(luck.uniform(0, 0.03))
        going = process.poll() is None
        process.send_signal(signal.SIGKILL)
    return going
