"""Growth as frozen arrays: milestones, options, overtime, and the gates that hold back what waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .calendar import Floats, Ints

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Gates:
    """What waits for decided milestones and options, one entry for each pair; the number not in use is -1.

    Attributes
    ----------
    entity : (gate,) what waits: a process, arc, supply, demand, resource, milestone, option or opening
    milestone, option : (gate,) what it waits for
    """

    entity: Ints
    milestone: Ints
    option: Ints

    def __len__(self) -> int:
        """Return the number of gates."""
        return len(self.entity)


@dataclass(frozen=True)
class Milestones:
    """Milestones; times in seconds since the start.

    Attributes
    ----------
    begin, reached : (milestone,) dates of those that are fixed or determined; NEVER for decided ones
    decided : (milestone,) whether the plan chooses when it begins
    duration : (milestone,) seconds
    allowed : (milestone, bucket) whether a decided one may begin at the start of the bucket
    load_milestone, load_resource, load_quantity : (load,) resource units in all, of decided ones
    """

    begin: Ints
    reached: Ints
    decided: Bools
    duration: Ints
    allowed: Bools
    load_milestone: Ints
    load_resource: Ints
    load_quantity: Floats


@dataclass(frozen=True)
class Options:
    """Options, ordered at the beginning of a bucket.

    Attributes
    ----------
    maximum : (option,) most that can be bought
    effect, until : (option, bucket) first instant in effect and first no longer, by bucket of the order; seconds
    allowed : (option, bucket) whether it may be ordered
    cost : (option, bucket) price and running cost inside the horizon of one ordered in the bucket
    line_option, line_resource : (line,) what adds to which resource
    line_capacity : (line, bucket of the order, bucket) resource units that one adds
    line_plain : the same without ramp and without the window of the resource
    line_full : (line, bucket) resource units of one that is in effect throughout, without ramp and window
    """

    maximum: Ints
    effect: Ints
    until: Ints
    allowed: Bools
    cost: Floats
    line_option: Ints
    line_resource: Ints
    line_capacity: Floats
    line_plain: Floats
    line_full: Floats


@dataclass(frozen=True)
class Openings:
    """Resources, and processes with a ramp, that open when decided milestones are reached or options in effect.

    Attributes
    ----------
    resource, process : (opening,) what opens; -1 where it is of the other kind
    amount : (opening, bucket opened, bucket) capacity or runs if it opens at the beginning of a bucket
    """

    resource: Ints
    process: Ints
    amount: Floats


@dataclass(frozen=True)
class Growth:
    """All that makes more possible over time.

    Attributes
    ----------
    gates : by kind of column that waits: run, ship, buy, deliver, overtime, begin, invest, opening
    overtime : (resource, bucket) most overtime
    overtime_cost : (resource,) currency per resource unit
    full_rate : (process, bucket) runs possible with no milestone or ramp in the way
    full_capacity : (resource, bucket) the same of capacity, without options and windows
    person : (resource, bucket) resource units that one person gives; NaN where people are not counted
    """

    milestones: Milestones
    options: Options
    openings: Openings
    gates: Mapping[str, Gates]
    overtime: Floats
    overtime_cost: Floats
    full_rate: Floats
    full_capacity: Floats
    person: Floats

    @property
    def most_added(self) -> Floats:
        """(resource, bucket) the most that overtime, options and openings can add to the capacity."""
        result = self.overtime.copy()
        options = self.options
        best = (options.line_capacity * options.allowed[options.line_option][:, :, None]).max(axis=1, initial=0.0)
        np.add.at(result, options.line_resource, best * options.maximum[options.line_option][:, None])
        own = self.openings.resource >= 0
        np.add.at(result, self.openings.resource[own], self.openings.amount[own].max(axis=1, initial=0.0))
        return result
