"""What prices prove: checked with the linear programming of scipy on small programmes drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from programmes import random_programme
from scipy.optimize import linprog

from coproduce.calendar import Floats
from coproduce.compile import compile_network
from coproduce.plan.assemble import assemble
from coproduce.plan.duality import Bounds, Cap, Held, dual_bound, prices, violation
from coproduce.plan.highs import Highs, Method, Outcome
from coproduce.plan.solve import Infeasible, Options, solve

SEEDS = st.integers(0, 2**32 - 1)


@dataclass(frozen=True)
class Programme:
    """min costs . x within bounds, and a point that is feasible."""

    matrix: sp.csc_array
    bounds: Bounds
    costs: Floats
    caps: tuple[Cap, ...]
    inside: Floats


def drawn(seed: int, *, caps: int = 0) -> Programme:
    """Draw a feasible programme; a column without an upper bound has a cost of at least 0, so an optimum exists."""
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(1, 5)), int(rng.integers(1, 7))
    dense = rng.integers(-3, 4, (rows, columns)) * (rng.random((rows, columns)) < 0.7)
    lower = rng.integers(-2, 3, columns).astype(float)
    inside = lower + rng.integers(0, 4, columns)
    upper = np.where(rng.random(columns) < 0.4, np.inf, inside + rng.integers(0, 4, columns))
    costs = rng.integers(-4, 5, columns).astype(float)
    costs[np.isinf(upper)] = np.abs(costs[np.isinf(upper)])
    activity = dense @ inside
    row_lower = np.where(rng.random(rows) < 0.3, -np.inf, activity - rng.integers(0, 3, rows))
    row_upper = np.where(rng.random(rows) < 0.3, np.inf, activity + rng.integers(0, 3, rows))
    extra = []
    for _ in range(caps):
        coefficients = rng.integers(-2, 3, columns).astype(float)
        extra.append(Cap(coefficients, float(coefficients @ inside + rng.integers(0, 3))))
    return Programme(
        sp.csc_array(dense.astype(float)), Bounds(lower, upper, row_lower, row_upper), costs, tuple(extra), inside
    )


def optimum(lp: Programme, costs: Floats | None = None) -> tuple[float, Floats, Floats]:
    """Return the optimum by scipy, a point that has it, and a price for every row and cap."""
    dense, bounds = lp.matrix.toarray(), lp.bounds
    above, below = np.isfinite(bounds.row_upper), np.isfinite(bounds.row_lower)
    cap_rows = np.array([cap.coefficients for cap in lp.caps]).reshape(-1, dense.shape[1])
    found = linprog(
        lp.costs if costs is None else costs,
        A_ub=np.vstack([dense[above], -dense[below], cap_rows]),
        b_ub=np.concatenate([bounds.row_upper[above], -bounds.row_lower[below], [cap.upper for cap in lp.caps]]),
        bounds=np.stack([bounds.lower, bounds.upper], axis=1),
        method="highs",
    )
    assert found.status == 0, found.message
    marginal = found.ineqlin.marginals
    row_price = np.zeros(len(above))
    row_price[above] += marginal[: above.sum()]
    row_price[below] -= marginal[above.sum() : above.sum() + below.sum()]
    return float(found.fun), found.x, np.concatenate([row_price, marginal[above.sum() + below.sum() :]])


def bound(lp: Programme, row_dual: Floats) -> float:
    return dual_bound(lp.bounds, prices(lp.matrix, lp.bounds, lp.costs, lp.caps, row_dual))


class TestDualBound:
    @settings(deadline=None)
    @given(SEEDS, st.integers(0, 2))
    def test_optimal_prices_prove_the_optimum(self, seed: int, caps: int) -> None:
        lp = drawn(seed, caps=caps)
        value, _, row_dual = optimum(lp)
        assert bound(lp, row_dual) == pytest.approx(value, abs=1e-7)

    @settings(deadline=None)
    @given(SEEDS, st.integers(0, 2), st.lists(st.floats(-10, 10), min_size=6, max_size=6))
    def test_no_prices_whatever_prove_more_than_the_optimum(self, seed: int, caps: int, wrong: list[float]) -> None:
        lp = drawn(seed, caps=caps)
        value, _, row_dual = optimum(lp)
        # Within the solver's tolerance a reduced cost below 0 counts as 0, hence the small allowance.
        assert bound(lp, np.array(wrong[: len(row_dual)])) <= value + 1e-4

    @settings(deadline=None)
    @given(SEEDS, st.floats(-1e-3, 1e-3))
    def test_prices_that_are_a_little_wrong_prove_a_little_less_or_nothing(self, seed: int, error: float) -> None:
        lp = drawn(seed)
        value, _, row_dual = optimum(lp)
        assert bound(lp, row_dual + error) <= value + 1e-4

    def test_a_programme_solved_by_hand(self) -> None:
        # min x + 2 y, x + y >= 3, x <= 2, y >= 0: x = 2, y = 1, value 4. The price of the row is 2, the reduced
        # cost of x is -1: 2 x 3 - 1 x 2 = 4. With a price of 1: 1 x 3 = 3. With a price of 3: y has a reduced cost of
        # -1 and no upper bound, so nothing is proven.
        bounds = Bounds(np.zeros(2), np.array([2.0, np.inf]), np.array([3.0]), np.array([np.inf]))
        lp = Programme(sp.csc_array(np.array([[1.0, 1.0]])), bounds, np.array([1.0, 2.0]), (), np.array([2.0, 1.0]))
        assert bound(lp, np.array([2.0])) == pytest.approx(4)
        assert bound(lp, np.array([1.0])) == pytest.approx(3)
        assert bound(lp, np.array([3.0])) == -np.inf

    def test_a_price_of_the_wrong_sign_counts_as_none(self) -> None:
        # x >= 1 only: a negative price would need an upper bound of the row. 0 x 1 + 1 x 0 = 0.
        bounds = Bounds(np.zeros(1), np.array([np.inf]), np.array([1.0]), np.array([np.inf]))
        lp = Programme(sp.csc_array(np.array([[1.0]])), bounds, np.array([1.0]), (), np.array([1.0]))
        assert bound(lp, np.array([-5.0])) == 0
        assert bound(lp, np.array([1.0])) == 1

    def test_a_cap_counts_by_its_price_and_only_below_zero(self) -> None:
        # max y (min -y) under y <= 9 with the cap y <= 4: a price of -1 on the cap proves -4; without one, -9.
        # A positive price of a cap would prove +4, more than the optimum of -4: it counts as none.
        bounds = Bounds(np.zeros(1), np.array([9.0]), np.zeros(0), np.zeros(0))
        lp = Programme(sp.csc_array((0, 1)), bounds, np.array([-1.0]), (Cap(np.array([1.0]), 4.0),), np.array([0.0]))
        assert bound(lp, np.array([-1.0])) == pytest.approx(-4)
        assert bound(lp, np.array([0.0])) == pytest.approx(-9)
        assert bound(lp, np.array([5.0])) == pytest.approx(-9)


class TestOptimalFace:
    @settings(deadline=None)
    @given(SEEDS)
    def test_what_is_held_are_the_optimal_plans_and_no_others(self, seed: int) -> None:
        lp = drawn(seed)
        value, x, row_dual = optimum(lp)
        activity = lp.matrix @ x
        known = prices(lp.matrix, lp.bounds, lp.costs, (), row_dual)
        held = Held(lp.bounds, (), 0).after(lp.matrix, lp.costs, known, x, activity, tolerance=0.0)
        assert violation(lp.matrix, held.bounds, held.caps, x, activity) <= 1e-9
        face = Programme(lp.matrix, held.bounds, lp.costs, (), x)
        worst = -optimum(face, -lp.costs)[0]
        assert worst == pytest.approx(value, abs=1e-6)

    @settings(deadline=None)
    @given(SEEDS, SEEDS)
    def test_a_later_stage_loses_nothing_that_the_earlier_one_allows(self, seed: int, other: int) -> None:
        # The second objective over the face is as good as under the row "first objective <= its optimum".
        lp = drawn(seed)
        value, x, row_dual = optimum(lp)
        known = prices(lp.matrix, lp.bounds, lp.costs, (), row_dual)
        held = Held(lp.bounds, (), 0).after(lp.matrix, lp.costs, known, x, lp.matrix @ x, tolerance=0.0)
        second = np.random.default_rng(other).integers(0, 5, len(lp.costs)).astype(float)
        by_face = optimum(Programme(lp.matrix, held.bounds, lp.costs, (), x), second)[0]
        by_row = optimum(Programme(lp.matrix, lp.bounds, lp.costs, (Cap(lp.costs, value + 1e-9),), x), second)[0]
        assert by_face == pytest.approx(by_row, abs=1e-5)

    def test_with_a_tolerance_a_row_keeps_the_stage(self) -> None:
        # min x, x >= 2: at most 2 + 10 % of 2.
        bounds = Bounds(np.array([2.0]), np.array([np.inf]), np.zeros(0), np.zeros(0))
        matrix, costs, x = sp.csc_array((0, 1)), np.array([1.0]), np.array([2.0])
        known = prices(matrix, bounds, costs, (), np.zeros(0))
        held = Held(bounds, (), 0).after(matrix, costs, known, x, np.zeros(0), tolerance=0.1)
        assert (held.bounds, held.stages) == (bounds, 1)
        assert [cap.upper for cap in held.caps] == pytest.approx([2.2])

    def test_a_later_plan_that_would_worsen_a_stage_is_held_by_a_row(self) -> None:
        # min 1e8 x + 0.01 y with x, y >= 1 ends at 1e8 + 0.01. Beside 1e8 the price of y is lost in rounding: y stays
        # free; the row allows a loss of 1e-6 (1 + 1e8 + 0.01) = 100.00000101 of the value: 10,001 units of y.
        bounds = Bounds(np.ones(2), np.full(2, np.inf), np.zeros(0), np.zeros(0))
        matrix, costs, x = sp.csc_array((0, 2)), np.array([1e8, 0.01]), np.ones(2)
        known = prices(matrix, bounds, costs, (), np.zeros(0))
        held = Held(bounds, (), 0).after(matrix, costs, known, x, np.zeros(0), tolerance=0.0)
        assert held.tightened(np.array([1.0, 10_000.0])) is None
        tightened = held.tightened(np.array([1.0, 10_002.0]))
        assert tightened is not None
        (cap,) = tightened.caps
        assert cap.upper / cap.coefficients[1] == pytest.approx(10_001, abs=0.01)
        assert tightened.tightened(np.array([1.0, 10_002.0])) is None


class TestViolation:
    BOUNDS = Bounds(np.zeros(2), np.full(2, np.inf), np.zeros(1), np.zeros(1))
    MATRIX = sp.csc_array(np.array([[1.0, -1.0]]))

    @pytest.mark.parametrize(("x", "expected"), [((1e6 + 0.1, 1e6), 0.1 / (1e6 + 1.1)), ((0.1, 0.0), 0.1 / 1.1)])
    def test_a_row_counts_relative_to_its_largest_term(self, x: tuple[float, float], expected: float) -> None:
        values = np.array(x)
        found = violation(self.MATRIX, self.BOUNDS, (), values, self.MATRIX @ values)
        assert found == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_the_first_stage_of_a_programme_ends_at_the_optimum_of_scipy_and_proves_it(seed: int) -> None:
    model = assemble(compile_network(random_programme(seed)))
    try:
        first = solve(model, Options(gap=1e-9, threads=1, bottlenecks=0)).stages[0]
    except Infeasible:
        pytest.skip("this programme has no plan")
    costs = model.objective(model.stages[0])
    value = optimum(Programme(model.matrix, Bounds.of(model), costs, (), np.zeros(0)))[0]
    small = 1e-6 * max(1.0, abs(value))
    assert first.bound == pytest.approx(value, abs=small)
    assert first.value == pytest.approx(value, abs=small)


@pytest.mark.parametrize("vertex", [True, False])
def test_solved_apart_from_presolve_values_and_prices_prove_each_other(vertex: bool) -> None:
    reduced = 0
    for seed in range(0, 60, 5):
        model = assemble(compile_network(random_programme(seed)))
        held, costs = Held(Bounds.of(model), (), 0), model.objective(model.stages[-1])
        plain = Highs(model, costs, held, 1).solve(Method("simplex"), np.inf, None)
        highs = Highs(model, costs, held, 1)
        apart = highs.solve(Method("ipx", apart=True, vertex=vertex), np.inf, None)
        if plain.outcome is not Outcome.OPTIMAL:
            continue
        reduced += 1
        value = float(costs @ plain.x)
        known = prices(model.matrix, held.bounds, costs, (), apart.row_dual)
        assert violation(model.matrix, held.bounds, (), apart.x, model.matrix @ apart.x) <= 1e-6
        assert float(costs @ apart.x) == pytest.approx(value, rel=1e-5, abs=1e-5)
        assert dual_bound(held.bounds, known) == pytest.approx(value, rel=1e-5, abs=1e-5)
    assert reduced >= 5
