"""A run that plans anew on the way, killed at five moments and gone on with, ends like the unbroken one."""

from __future__ import annotations

import random
from pathlib import Path

from killed import killed
from stressed import failure, planned, shop

from coproduce import api
from coproduce.results.replanning import Replanning, replanning

KILLS, KEPT = 5, "replan-*.npy"
ASKED = Replanning(20, every=1, threads=1)

# Reads the plan and goes on with the run in a folder, as the command does.
GOES_ON = f"""
import sys
from pathlib import Path
from coproduce import api
from coproduce.results.replanning import Replanning, replanning
replanning(api.load_result(sys.argv[1]), {ASKED!r}, Path(sys.argv[2]))
"""


def test_plans_on_the_way_killed_again_and_again_end_like_the_unbroken_run(tmp_path: Path) -> None:
    plan = planned(shop(failure("f", probability=0.5), programme=[
        {"name": "Shop", "start": "2026-01-01", "buckets": "10 days", "currency": "EUR", "objective": "tiers"},
    ]))  # fmt: skip
    chunks = tmp_path / "chunks"
    chunks.mkdir()
    unbroken = replanning(plan, ASKED)
    api.write(plan, tmp_path / "plan", {})
    luck = random.Random(5)
    moments = sorted(luck.sample(range(1, ASKED.replications), KILLS))
    arguments = (str(tmp_path / "plan"), str(chunks))
    going = [killed(GOES_ON, arguments, (chunks, KEPT), after, luck) for after in moments]
    assert sum(going) >= 2
    assert sum(1 for _ in chunks.glob(KEPT)) >= moments[-1]
    resumed = replanning(plan, ASKED, chunks)
    assert all(resumed[name].equals(unbroken[name]) for name in unbroken)
    assert unbroken["replanned"]["plans"].n_unique() > 1
