"""Losses traced to single risks: hand-solved shares, and that they always add up."""

from __future__ import annotations

import numpy as np
import pytest
from random_programmes import random_plan, random_tables, tables_of
from stressed import LOSS, failure, planned, shop

from coproduce.calendar import Floats
from coproduce.results.stress.case import make_case
from coproduce.results.stress.settings import Settings
from coproduce.stress.attribution import orders_of
from coproduce.stress.chunk import Chunk, carry_out, with_quiet
from coproduce.stress.fallbacks import read_ranks
from coproduce.stress.periods import period_network
from coproduce.stress.policy import FollowPlan
from coproduce.stress.sampling import read_risks
from coproduce.stress.study import Study

ITEM = {"target_table": "items", "target": "x"}
PARTY = {"target_table": "parties", "target": "maker"}


def shares(*risks: dict[str, object], replications: int = 4) -> Floats:
    """Return (risk, replication) late unit-days that each risk causes."""
    tables = shop(*risks, parties=[{"party": "buyer"}, {"party": "maker"}])
    tables["supplies"][0]["party"] = "maker"
    result = planned(tables)
    case = make_case(result.tables, result.frames, Settings(replications, taken_apart=replications))
    return np.asarray(carry_out(case.study, 0, replications).losses[:, 0])


def test_a_risk_alone_causes_the_whole_loss() -> None:
    assert shares(failure("f")).tolist() == [[LOSS] * 4]


def test_two_risks_that_each_do_it_alone_share_the_loss_equally() -> None:
    # Whichever comes first adds 6, the other nothing; each is first in half of the orders.
    assert shares(failure("f"), failure("g", **ITEM))[:, 0].tolist() == [LOSS / 2, LOSS / 2]


def test_rows_of_one_cause_share_what_one_risk_would_have() -> None:
    # Cause against g: half each; inside the cause again half each. Without a cause all three would have a third.
    together = shares(failure("f", cause="c"), failure("g", **ITEM), failure("h", cause="c", **PARTY))
    assert together[:, 0].tolist() == pytest.approx([LOSS / 4, LOSS / 2, LOSS / 4])
    alone = shares(failure("f"), failure("g", **ITEM), failure("h", **PARTY))
    assert alone[:, 0].tolist() == pytest.approx([LOSS / 3] * 3)


def test_what_only_two_risks_together_cause_is_shared_equally() -> None:
    # The stand-in t needs no time to step in, so neither risk alone costs anything. Both leave 4 units, which both
    # supplies bring on the day after, 2 each: 4 unit-days.
    tables = shop(failure("f"), failure("g", target="t"))
    tables["supplies"].append({**tables["supplies"][0], "supply": "t", "price": 9, "fallback_rank": 1})
    result = planned(tables)
    case = make_case(result.tables, result.frames, Settings(2, taken_apart=2))
    assert carry_out(case.study, 0, 2).losses[:, 0, 0].tolist() == pytest.approx([2, 2])


def test_beyond_the_orders_that_are_counted_the_shares_are_right_on_average_and_add_up_always() -> None:
    # Six equal risks have 720 orders; one order and its reverse give 3 to two of them: 1 on average.
    rows = [failure(f"f{n}", **(ITEM if n % 2 else {})) for n in range(6)]
    found = shares(*rows, replications=500)
    assert found.sum(axis=0) == pytest.approx(np.full(500, LOSS))
    # A share is 3 with probability 1/3, else 0: variance 2, three standard errors 3 x sqrt(2/500) = 0.19.
    assert found.mean(axis=1) == pytest.approx(np.ones(6), abs=0.19)


def test_all_orders_keep_causes_together_and_are_counted_once() -> None:
    result = planned(shop(failure("f", cause="c"), failure("g"), failure("h", cause="c")))
    risks = make_case(result.tables, result.frames, Settings(1)).study.risks
    # Cause first or g first, f before h or after it.
    assert set(orders_of(risks, [0, 1, 2], np.zeros((2, 3)))) == {(0, 2, 1), (2, 0, 1), (1, 0, 2), (1, 2, 0)}


def random_chunk(seed: int) -> tuple[Study, Chunk]:
    tables = tables_of(random_tables(seed))
    network = period_network(tables)
    study = Study.of(
        network, random_plan(tables, seed), read_risks(tables, network), FollowPlan(), read_ranks(tables, network),
        seed=seed, members=np.zeros((0, len(tables["demands"])), dtype=bool), curves=0, windows=(),
        taken_apart=(40, 40),
    )  # fmt: skip
    study = with_quiet(study)
    return study, carry_out(study, 0, 40)


@pytest.mark.parametrize("seed", [2, 4, 7])
def test_on_random_programmes_the_shares_add_up_in_every_replication(seed: int) -> None:
    study, chunk = random_chunk(seed)
    for measure, name in enumerate(("late", "undelivered")):
        whole = chunk.rows[study.layout[name]][-1]
        caused = whole - study.quiet[study.layout[name]][-1]
        assert chunk.losses[:, measure].sum(axis=0) == pytest.approx(caused, rel=1e-9, abs=1e-6 * whole.max())
        assert whole.max() > 0
