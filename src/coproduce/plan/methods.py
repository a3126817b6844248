"""Which methods solve a stage of a linear programme, best first, and how long each gets before the next is tried."""

from __future__ import annotations

import numpy as np

from ..block import COST, TIDY
from .highs import Method

# Measured on a multi-site bill of materials over 36 months: at 44 thousand columns five stages take 102 s by simplex
# and 29 s by interior point with crossover; small models are solved in no time either way.
SIMPLEX_COLUMNS = 5_000
# Where interior point fails on the flagship (24 thousand columns), simplex then takes 7 s and interior point without
# presolve 14 s, in vain.
SECOND_SIMPLEX_COLUMNS = 30_000
# Of a generated factory of 9,000 orders (408 thousand columns) interior point takes 138 s, and crossover had not ended
# after 100 s more; what comes out has no vertex, and so no marginal values.
VERTEX_COLUMNS = 200_000
_GO_ON = Method("simplex", warm=True, iterations=2_000, primal=True)
# Simplex iterations with which HiGHS may mend what presolve has done to a vertex: sound models take fewer than 10, and
# where it takes more, interior point without presolve is done sooner.
MENDING = 200
# Ties are broken from a feasible side: on the base of the flagship that took 1.3 s, where going on from the last basis
# does not end in 25 s. On three of four scenarios it turns on the spot; interior point without presolve takes 1 s.
_FROM_ABOVE = Method("simplex", primal=True)
_SIMPLEX, _INTERIOR = Method("simplex"), Method("ipx", iterations=MENDING, primal=True)
_PLAIN_SIMPLEX, _PLAIN_INTERIOR = (
    Method("simplex", presolve=False),
    Method("ipx", presolve=False, iterations=20_000, primal=True),
)
# Costs under tiers: what presolve makes of the narrowed bounds has terms of 3e-12, and few methods end well on it. On
# the flagship and four scenarios interior point without presolve takes 2.5 to 3.9 s of processor time; simplex takes
# 6 s in the base, and turns on the spot in the scenario of twice the exports.
_BARE = Method("ipx", presolve=False, iterations=MENDING)
# On a tenth of the generated factory the vertex is lost on the way back from presolve; apart from it a stage takes 4 s,
# without presolve 23 s. Of the tiers of flagship scenarios that lose theirs, three of five take 2 s of processor time
# apart, and 7 to 56 s by simplex.
_APART, _NO_VERTEX = Method("ipx", apart=True), Method("ipx", apart=True, vertex=False)
# Where no method ends at a vertex inside the bounds, interior point alone may: in the scenario `new_electronics` of the
# flagship the third tier takes it 2.5 s, and primal simplex from the vertex of the stage before 28 s. Smaller
# models keep to simplex: in `export_opens` one demand more was short after it, for costs 0.1 % lower.
_BARE_INSIDE = Method("ipx", presolve=False, vertex=False)
# The tidy stage takes a second or two; HiGHS can turn on the spot in it without end and without counting an iteration,
# whichever the method: each gets this long before the next is tried, all together the longer.
TIDY_TURN, TIDY_SECONDS = 5.0, 40.0
# The same for the other stages of a model of up to `SECOND_SIMPLEX_COLUMNS`, whose methods take seconds; the last one
# has no end, so that no plan is lost to a slow machine.
TURN = 60.0
# The plan of the stage before is one of the optimal face on which this one is solved, and primal simplex never leaves
# the face from there; slow, and so only before a stage is given up. In the scenario `new_electronics` of the flagship
# the four methods of its third tier end outside, after 32 s, and this one takes 26 s.
LAST_RESORT = Method("simplex", presolve=False, warm=True, primal=True)


def methods_for(columns: int, stage: str) -> tuple[Method, ...]:
    """Return the methods to try, best first; HiGHS can fail after presolve on badly scaled models.

    Parameters
    ----------
    columns : how many the model has
    """
    if stage == TIDY:
        if columns > SECOND_SIMPLEX_COLUMNS:
            return (_APART if columns <= VERTEX_COLUMNS else _NO_VERTEX, _FROM_ABOVE, _GO_ON)
        if columns > SIMPLEX_COLUMNS:
            return (_PLAIN_INTERIOR, _FROM_ABOVE, _GO_ON, _SIMPLEX)
        return (_GO_ON, _FROM_ABOVE, _PLAIN_INTERIOR, _SIMPLEX)
    if columns <= SIMPLEX_COLUMNS:
        return (_SIMPLEX, _INTERIOR, _PLAIN_SIMPLEX, _PLAIN_INTERIOR)
    if columns <= SECOND_SIMPLEX_COLUMNS:
        if stage == COST:
            return (_INTERIOR, _BARE, _SIMPLEX, _PLAIN_INTERIOR)
        return (_INTERIOR, _APART, _SIMPLEX, _PLAIN_INTERIOR)
    if columns <= VERTEX_COLUMNS:
        inside = () if stage == COST else (_BARE_INSIDE,)
        return (_INTERIOR, _APART, *inside, _PLAIN_INTERIOR, _SIMPLEX)
    return (_NO_VERTEX, _INTERIOR, _PLAIN_INTERIOR, _SIMPLEX)


def turn_of(method: Method, stage: str, columns: int, *, last: bool) -> float:
    """Return the seconds that a method gets before the next is tried; `last` says that there is none."""
    if stage == TIDY:
        return np.inf if method.apart else TIDY_TURN
    return np.inf if last or columns > SECOND_SIMPLEX_COLUMNS else TURN
