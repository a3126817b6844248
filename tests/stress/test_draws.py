"""Random numbers: known answers, independence of everything else, and the distributions of occurrences."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

import numpy as np
import pytest

from coproduce.calendar import Timeline
from coproduce.stress.draws import Draws, key_of, philox
from coproduce.stress.occurrences import Risk, occurrences

YEAR = Timeline.build(datetime(2026, 1, 1), "365 days")
MANY = np.arange(20000)
RISK = Risk(
    risk="r",
    kind="closure",
    target_table="lanes",
    target="l",
    rate=4.0,
    date=None,
    probability=None,
    duration="fixed",
    duration_days=5.0,
    duration_low=None,
    duration_high=None,
    duration_deviation=None,
    severity=0.0,
    recovery=None,
    delay_days=None,
    cause=None,
    cause_share=1.0,
    season=None,
)

# Random123 1.14, tests/kat_vectors, philox4x32 10: counter, key, result.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def words(text: str) -> tuple[np.uint64, ...]:
    return tuple(np.uint64(int(word, 16)) for word in text.split())


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_philox_gives_the_known_answers(counter: str, key: str, result: str) -> None:
    assert philox(*words(counter), *words(key)) == tuple(int(word) for word in words(result))


def test_a_key_is_the_same_on_every_machine() -> None:
    # The definition: eight bytes of BLAKE2b, little endian, as two words.
    digest = int.from_bytes(blake2b(b"7\x1frisk\x1fr", digest_size=8).digest(), "little")
    assert key_of(7, "risk", "r") == (digest & 0xFFFFFFFF, digest >> 32)


def test_a_draw_depends_on_nothing_but_its_own_names_and_numbers() -> None:
    draws = Draws.of(1, "risk", "r", "starts")
    all_at_once, _ = draws.uniform(MANY, np.zeros_like(MANY))
    some, _ = draws.uniform(MANY[100:200][::-1].copy(), np.zeros(100, dtype=np.int64))
    assert np.array_equal(some[::-1], all_at_once[100:200])


def test_events_of_a_rate_are_poisson() -> None:
    # 4 a year over a year: mean and variance 4; standard errors sqrt(4/20000) and about sqrt(2) x 4 / sqrt(20000).
    found = occurrences(RISK, 3, MANY, YEAR)
    counts = np.bincount(found.replication, minlength=len(MANY))
    assert abs(counts.mean() - 4.0) < 3 * np.sqrt(4 / len(MANY))
    assert abs(counts.var() - 4.0) < 3 * np.sqrt((4 + 2 * 16) / len(MANY))


def test_an_event_on_a_date_happens_with_its_probability() -> None:
    risk = replace(RISK, rate=None, date=datetime(2026, 6, 1), probability=0.3)
    found = occurrences(risk, 3, MANY, YEAR)
    assert abs(len(found.replication) / len(MANY) - 0.3) < 3 * np.sqrt(0.21 / len(MANY))
    assert set(found.start) == {151 * 86400}  # 31 + 28 + 31 + 30 + 31 days to the first of June


@pytest.mark.parametrize(
    ("changes", "mean", "deviation"),
    [
        ({"duration": "exponential"}, 5.0, 5.0),
        ({"duration": "lognormal", "duration_deviation": 2.0}, 5.0, 2.0),
        ({"duration": "uniform", "duration_low": 2.0, "duration_high": 10.0}, 6.0, 8 / np.sqrt(12)),
        # Triangular: mean (a + b + c)/3, variance (a2 + b2 + c2 - ab - ac - bc)/18.
        (
            {"duration": "triangular", "duration_low": 1.0, "duration_high": 12.0},
            6.0,
            np.sqrt((1 + 25 + 144 - 5 - 12 - 60) / 18),
        ),
    ],
)
def test_durations_have_the_mean_and_deviation_of_their_distribution(
    changes: dict[str, object], mean: float, deviation: float
) -> None:
    found = occurrences(replace(RISK, **changes), 5, MANY, YEAR)  # type: ignore[arg-type]
    days = (found.end - found.start) / 86400
    assert abs(days.mean() - mean) < 4 * deviation / np.sqrt(len(days))
    assert abs(days.std() - deviation) < 0.03 * deviation


def test_a_season_keeps_the_events_that_begin_in_its_months() -> None:
    all_year, winter = occurrences(RISK, 3, MANY, YEAR), occurrences(replace(RISK, season="12; 1"), 3, MANY, YEAR)
    day = all_year.start // 86400
    assert np.array_equal(winter.start, all_year.start[(day < 31) | (day >= 334)])


def test_rows_of_one_cause_share_their_events_and_are_hit_with_their_share() -> None:
    first = occurrences(replace(RISK, cause="storm"), 3, MANY, YEAR)
    second = occurrences(replace(RISK, risk="s", target="m", cause="storm", cause_share=0.25), 3, MANY, YEAR)
    pairs = set(zip(first.replication.tolist(), first.start.tolist(), first.end.tolist(), strict=True))
    hit = set(zip(second.replication.tolist(), second.start.tolist(), second.end.tolist(), strict=True))
    assert hit < pairs
    assert abs(len(hit) / len(pairs) - 0.25) < 0.01
