"""Long stress tests: who carries them out, kills and settings leave no trace in the result."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from killed import killed
from random_programmes import random_tables, tables_of
from stressed import failure, planned, shop

from coproduce import api
from coproduce.errors import CoproduceError
from coproduce.results.result import PlanResult
from coproduce.results.stress import run
from coproduce.results.stress.chunks import Chunks, UnfinishedRunError
from coproduce.results.stress.cluster import ClusterError
from coproduce.results.stress.result import StressResult
from coproduce.stress.chunk import CHUNK, Chunk

KILLS = 12 if os.environ.get("COPRODUCE_ALL_SEEDS") else 5
HERE = Path(__file__).parent
LONG = api.Settings(5000, seed=2, period_days=1, taken_apart=100)

# Reads the plan and goes on with the run in a folder, as the command does.
GOES_ON = """
import sys
from coproduce import api
plan = api.load_result(sys.argv[1])
settings = api.Settings(5000, seed=2, period_days=1, taken_apart=100)
api.stress(plan, settings, workers=2, chunks=sys.argv[2], resume=sys.argv[3] == "resume")
"""


def same(one: StressResult, other: StressResult) -> None:
    """Assert that two results are the same to the last bit."""
    for name, frame in one.frames.items():
        assert frame.equals(other.frames[name]), name
    assert one.summary == other.summary


@pytest.fixture(scope="module")
def plan() -> PlanResult:
    return api.plan(tables_of(random_tables(4)), threads=1)


@pytest.fixture(scope="module")
def unbroken(plan: PlanResult) -> StressResult:
    return api.stress(plan, LONG, workers=1)


@pytest.mark.parametrize("workers", [2, 4])
def test_the_result_does_not_depend_on_the_number_of_workers(
    plan: PlanResult, unbroken: StressResult, workers: int
) -> None:
    same(unbroken, api.stress(plan, LONG, workers=workers))


def test_a_run_killed_again_and_again_ends_like_the_unbroken_one(
    plan: PlanResult, unbroken: StressResult, tmp_path: Path
) -> None:
    luck = random.Random(8)
    api.write(plan, tmp_path / "plan", {})
    moments = sorted(luck.sample(range(1, 9), KILLS)) if KILLS <= 8 else [1 + n % 8 for n in range(KILLS)]
    going = [
        killed(
            GOES_ON,
            (str(tmp_path / "plan"), str(tmp_path / "chunks"), "resume" if number else "begin"),
            (tmp_path / "chunks", "[0-9]*[0-9].npy"),
            after,
            luck,
        )
        for number, after in enumerate(sorted(moments))
    ]
    assert any(going)
    assert 0 < sum(1 for _ in (tmp_path / "chunks").glob("[0-9]*[0-9].npy")) <= 10
    loaded = api.load_result(tmp_path / "plan")
    same(unbroken, api.stress(loaded, LONG, workers=2, chunks=tmp_path / "chunks", resume=True))


@pytest.fixture
def half(plan: PlanResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the chunks of a run that broke off after three of them."""
    written = Chunks.write

    def write(self: Chunks, number: int, chunk: Chunk) -> None:
        if number >= 3:
            raise KeyboardInterrupt
        written(self, number, chunk)

    with monkeypatch.context() as patch:
        patch.setattr(Chunks, "write", write)
        with pytest.raises(KeyboardInterrupt):
            api.stress(plan, LONG, workers=1, chunks=tmp_path)
    yield tmp_path


def test_chunks_that_are_there_are_not_carried_out_again(
    plan: PlanResult, unbroken: StressResult, half: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    carry_out = run.carry_out
    monkeypatch.setattr(
        run, "carry_out", lambda study, first, count: done.append(first // CHUNK) or carry_out(study, first, count)
    )
    same(unbroken, api.stress(plan, LONG, workers=1, chunks=half, resume=True))
    assert done == list(range(3, -(-LONG.replications // CHUNK)))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (api.Settings(5000, seed=3, taken_apart=100), "--seed was 2 and is 3"),
        (api.Settings(6000, seed=2, taken_apart=100), "--replications was 5000 and is 6000"),
        (api.Settings(5000, seed=2, taken_apart=100, precision=0.1), "--precision was not given and is 0.1"),
        (api.Settings(5000, seed=2, taken_apart=100, policy="base-stock"), "--policy was follow and is base-stock"),
    ],
)
def test_a_run_does_not_go_on_with_other_settings(
    plan: PlanResult, half: Path, settings: api.Settings, words: str
) -> None:
    with pytest.raises(UnfinishedRunError, match=words):
        api.stress(plan, settings, chunks=half, resume=True)


def test_a_run_does_not_go_on_with_another_plan(half: Path) -> None:
    other = planned(shop(failure("f")))
    with pytest.raises(UnfinishedRunError, match="the input has changed; the plan has changed"):
        api.stress(other, LONG, chunks=half, resume=True)


def test_an_unfinished_run_is_not_lost_by_mistake(plan: PlanResult, half: Path) -> None:
    with pytest.raises(UnfinishedRunError, match="--resume goes on with it, --replace begins anew"):
        api.stress(plan, LONG, chunks=half)
    assert sum(1 for _ in half.glob("[0-9]*[0-9].npy")) == 3
    few = api.Settings(5)
    assert api.stress(plan, few, chunks=half, replace_chunks=True).summary["replications"] == 5


def test_there_must_be_something_to_resume(plan: PlanResult, tmp_path: Path) -> None:
    with pytest.raises(UnfinishedRunError, match="there is nothing to resume"):
        api.stress(plan, LONG, chunks=tmp_path / "none", resume=True)


def test_a_run_ends_at_the_first_checkpoint_that_is_precise_enough(plan: PlanResult) -> None:
    at_first = api.stress(plan, api.Settings(1024, seed=2, period_days=2, taken_apart=0)).summary["beta_half_width"]
    enough = at_first / 1.9
    wanted = api.Settings(20_000, seed=2, period_days=2, precision=enough, taken_apart=0)
    one, four = (api.stress(plan, wanted, workers=workers) for workers in (1, 4))
    same(one, four)
    chunks = one.summary["replications"] // 512
    assert one.summary["stopped_by_precision"] and chunks in run.checkpoints(40)
    assert one.summary["beta_half_width"] <= enough
    before = max(count for count in run.checkpoints(40) if count < chunks)
    fewer = api.stress(plan, api.Settings(512 * before, seed=2, period_days=2, taken_apart=0))
    assert fewer.summary["beta_half_width"] > enough


def test_checkpoints_are_fixed_and_end_with_the_whole_run() -> None:
    assert run.checkpoints(20) == (2, 3, 4, 6, 8, 12, 16, 20)
    assert run.checkpoints(1) == (1,)


def test_a_first_part_of_a_long_run_is_a_short_run(plan: PlanResult) -> None:
    # Bounds of chunks are fixed, so the first 512 of 700 replications are those of a run of 512.
    with_events = api.stress(plan, api.Settings(512, seed=2, taken_apart=0)).frames["bands"]
    longer = api.stress(plan, api.Settings(700, seed=2, taken_apart=0)).frames["bands"]
    assert not with_events.equals(longer)
    assert with_events["quiet"].equals(longer["quiet"])


def test_durations_are_said_as_people_say_them() -> None:
    said = [run.duration(seconds) for seconds in (0.2, 40, 150, 7800)]
    assert said == ["1 s", "40 s", "3 min", "2 h 10 min"]


def test_rows_read_in_parts_join_to_those_that_were_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, luck = Chunks(tmp_path, 1100), np.random.default_rng(1)
    parts = [luck.random((7, size)) for size in (512, 512, 76)]
    for number, rows in enumerate(parts):
        kept.write(number, Chunk(rows, np.zeros((1, 2, 0))))
    whole = np.concatenate(parts, axis=1)
    monkeypatch.setattr("coproduce.results.stress.chunks._AT_ONCE", 8 * 1100 * 2)
    assert np.array_equal(np.stack(list(kept.rows(slice(1, 6), 3))), whole[1:6])


def test_a_cluster_that_does_not_answer_is_said(plan: PlanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    from coproduce.results.stress import cluster

    monkeypatch.setattr(cluster, "_SECONDS", 0.5)
    with pytest.raises(ClusterError, match=r"no cluster answers at tcp://127\.0\.0\.1:9"):
        api.stress(plan, api.Settings(5), cluster="tcp://127.0.0.1:9")


def test_without_dask_the_message_says_what_to_install(plan: PlanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CoproduceError, match=r"pip install 'coproduce\[cluster\]'"):
        api.stress(plan, api.Settings(5), cluster="tcp://127.0.0.1:9")


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_gives_the_same_result(plan: PlanResult, unbroken: StressResult) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None, protocol="tcp://"
    ) as cluster:
        same(unbroken, api.stress(plan, LONG, cluster=cluster.scheduler_address))


def test_the_figures_are_plain_json(unbroken: StressResult) -> None:
    assert json.loads(json.dumps(unbroken.summary, allow_nan=False))["replications"] == 5000
