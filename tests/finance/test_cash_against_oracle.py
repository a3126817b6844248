"""Random programmes whose contracts keep to money: every stage ends at the optimum of the natural model."""

from __future__ import annotations

import os

import pytest
from cash_programmes import random_cash
from oracle import OracleInfeasibleError, OracleRoundingError
from oracle_cash import CashOracle
from oracle_stages import check_stages
from programmes import tables_of

from coproduce.tables import Tables

PROGRAMMES = 100
STEP = 1 if os.environ.get("COPRODUCE_ALL_SEEDS") else 10


def optima(tables: Tables, room: float) -> dict[str, float] | None:
    for more in (room, 10 * room, 100 * room):
        try:
            return CashOracle(tables).solve(more)
        except OracleInfeasibleError:
            return None
        except OracleRoundingError:
            continue
    raise OracleRoundingError


@pytest.mark.parametrize("seed", range(0, PROGRAMMES, STEP))
def test_every_stage_of_a_random_programme_that_waits_for_money_ends_at_the_optimum(seed: int) -> None:
    check_stages(tables_of(random_cash(seed)), optima)
