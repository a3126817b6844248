"""Which sources make the share of component cost from outside a zone least and largest, without trying all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .roll_up import RollUp, is_finite
from .sources import UNKNOWN, Floats, Ints, Sources

_ROUNDS = 60
_CLOSE = 1e-12


@dataclass(frozen=True)
class Aim:
    """A ratio of two costs whose extreme is looked for.

    Attributes
    ----------
    words : what the configuration is called, with the place of the zone's name
    part, whole : (source,) what one unit adds to the ratio's two sides
    sign : 1 for the largest ratio, -1 for the least
    """

    words: str
    part: Floats
    whole: Floats
    sign: float


def aims(sources: Sources, zone: frozenset[str]) -> list[Aim]:
    """Return the aims that decide whether a ceiling on what comes from outside a zone holds in every configuration.

    The least share counts what has no declared origin as inside, the largest as outside. Where components have no
    estimated cost, a configuration that takes most of them is looked for as well.
    """
    cost = sources.cost
    declared = np.array([country not in (*zone, UNKNOWN) for country in sources.countries] + [False])[sources.country]
    unknown = np.array([country == UNKNOWN for country in sources.countries] + [False])[sources.country]
    found = [
        Aim("least from outside {zone}", cost * declared, cost, -1.0),
        Aim("most from outside {zone}", cost * (declared | unknown), cost, 1.0),
    ]
    if sources.unpriced.any():
        bare = sources.unpriced.astype(np.float64)
        found.append(Aim("most without an estimated cost", bare, bare + (cost > 0), 1.0))
    return found


def extreme(roll_up: RollUp, roots: Ints, aim: Aim) -> Ints:
    """Return (item, root) the choice of sources that is extreme for each root; roots are free of cycles.

    The ratio is largest where the largest of `part - level x whole` over all choices is 0 (Dinkelbach 1967,
    doi:10.1287/mnsc.13.7.492); the least is the largest of the negative. For one level the sources of all items
    are chosen independently of each other.
    """
    at, level = np.arange(len(roots)), np.zeros(len(roots))
    reached = np.full(len(roots), -np.inf)
    choice = np.repeat(roll_up.sources.first[:-1, None], len(roots), axis=1)
    for _ in range(_ROUNDS):
        part, whole, better = roll_up.best(aim.sign * aim.part, aim.whole, level)
        ratio = np.divide(part[roots, at], whole[roots, at], out=np.zeros(len(roots)), where=whole[roots, at] > 0)
        gained = ratio - reached > _CLOSE
        if not gained.any():
            break
        choice, reached = np.where(gained, better, choice), np.where(gained, ratio, reached)
        level = reached
    return choice


def extreme_units(roll_up: RollUp, root: int, aim: Aim) -> Floats | None:
    """Return (source,) what one unit of a root takes of each source at the extreme, where its items form cycles.

    The linear-fractional programme is solved as a linear one (Charnes and Cooper 1962, doi:10.1002/nav.3800090303).
    Sources may be mixed in it, but an extreme point takes one for each item. None where nothing has a cost, or where a
    cycle that gives back all it takes is best.
    """
    from scipy.optimize import linprog  # slow to import

    sources = roll_up.sources
    members = np.array(roll_up.closure(root), dtype=np.int64)
    own = np.flatnonzero(np.isin(sources.item, members))
    recipe = sources.recipe[own][:, members].toarray()
    balance = (sources.item[own][:, None] == members).astype(np.float64) - recipe
    asked = -(members == root).astype(np.float64)
    rows = np.vstack([np.column_stack([balance.T, asked]), np.append(aim.whole[own], 0.0)])
    right = np.append(np.zeros(len(members)), 1.0)
    done = linprog(np.append(-aim.sign * aim.part[own], 0.0), A_eq=rows, b_eq=right, method="highs")
    if done.x is None or not done.success or done.x[-1] <= _CLOSE:
        return None
    units = np.zeros(len(sources.item))
    units[own] = done.x[:-1] / done.x[-1]
    return units if is_finite(units) else None
