"""What a stress test is asked for: settings that its result depends on, and how it is to be carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

PolicyName = Literal["follow", "base-stock"]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Settings:
    """What a result depends on beside the input and the plan.

    Attributes
    ----------
    replications : how often the plan is carried out, unless `precision` ends the run before
    seed : two runs with one seed meet the same events
    period_days : length of the periods
    policy : follow the plan, or order up to the levels that it had at most
    precision : half-width of the 95 % interval of beta over all demands at which the run ends; None: never
    taken_apart : replications whose loss is attributed to risks, spread evenly over the run

    Raises
    ------
    ValueError
        if a number is out of bounds.
    """

    replications: int = 1000
    seed: int = 0
    period_days: float = 1.0
    policy: PolicyName = "follow"
    precision: float | None = None
    taken_apart: int = 400

    def __post_init__(self) -> None:
        if self.replications < 1 or self.taken_apart < 0:
            raise ValueError("at least one replication is needed, and none fewer than 0 can be taken apart")
        if not 1 / 86400 <= self.period_days <= 1e5:
            raise ValueError("a period lasts at least one second and at most 100,000 days")
        if self.precision is not None and not self.precision > 0:
            raise ValueError("a precision is above 0")


@dataclass(frozen=True)
class How:
    """How a run is carried out, on which its result does not depend.

    Attributes
    ----------
    workers : threads; 0: one for each core
    cluster : address of a Dask scheduler; empty: threads of this machine
    chunks : folder of the chunks; None: a temporary one
    resume, replace : go on with the chunks that are there, or begin anew although there are some
    """

    workers: int = 0
    cluster: str = ""
    chunks: Path | None = None
    resume: bool = False
    replace: bool = False
