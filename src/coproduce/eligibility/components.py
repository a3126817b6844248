"""What share of a product's components originates where, as far as origin and cost are known."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .case import Case
from .clause import Clause, concluded, decided, every, not_known
from .exact import at_least, at_most, exact, percent
from .origin import Origin
from .verdict import Finding, Verdict

PLAN = "plan"
"""Configuration that stands for all that a plan delivers, and not for one end product."""
_ROUNDING = Fraction(1, 1_000_000)
_UNPRICED_SHOWN = 5


@dataclass(frozen=True)
class Content:
    """Component cost by where it originates, exact.

    Attributes
    ----------
    inside, outside, unknown : cost by origin
    unpriced : whether any component has no cost
    """

    inside: Fraction
    outside: Fraction
    unknown: Fraction
    unpriced: bool

    @property
    def total(self) -> Fraction:
        """Component cost in all that is known."""
        return self.inside + self.outside + self.unknown

    @property
    def outside_share(self) -> tuple[Fraction, Fraction]:
        """Ends of the share from outside; what has no cost may weigh anything."""
        if self.total == 0 or self.unpriced:
            high = Fraction(1) if self.total == 0 or self.unpriced else Fraction(0)
            return Fraction(0), high
        return self.outside / self.total, (self.outside + self.unknown) / self.total

    @property
    def coverage(self) -> float:
        """Share of the component cost with declared origin."""
        return float((self.inside + self.outside) / self.total) if self.total else 0.0


def content(origin: Origin, zone: frozenset[str]) -> Content:
    """Return the component cost inside and outside a zone."""
    inside = sum((exact(cost) for country, cost in origin.cost.items() if country in zone), Fraction(0))
    outside = sum((exact(cost) for country, cost in origin.cost.items() if country not in zone), Fraction(0))
    return Content(inside, outside, exact(origin.unknown), bool(origin.unpriced))


def no_concern(case: Case) -> Clause:
    """Return the condition that no component comes from a country of concern."""
    concerns = case.book.concerns()
    if not concerns:
        return decided(True, "no country of concern is declared")
    if case.origin is None:
        return not_known("the origin of the components is not known", "the origin of the components")
    found = sorted(country for country, cost in case.origin.cost.items() if cost and country in concerns)
    if found:
        return decided(False, f"components come from {', '.join(found)}, declared a country of concern")
    if case.origin.unknown or case.origin.unpriced:
        said = "components of unknown origin may come from a country of concern"
        return not_known(said, "whether components of unknown origin come from a country of concern")
    return decided(True, "no component comes from a country of concern")


def rounding(case: Case) -> Fraction:
    """Return the part of the whole by which the rounding of a plan may miss a limit."""
    return _ROUNDING if case.configuration == PLAN else Fraction(0)


def ceiling(case: Case, zone: frozenset[str], limit: Fraction) -> Finding:
    """Find whether components from outside a zone cost at most a share of all components.

    Quantities of a plan are no decimal figures: what its rounding leaves beyond the limit (1e-6 of the whole, as in the
    audit) is none.
    """
    if case.origin is None:
        return _no_origin()
    found, room = content(case.origin, zone), rounding(case)
    low, high = found.outside_share
    words = "of the component cost is from outside"
    between = f"between {percent(low)} and {percent(high)} {words}"
    ratio = _judged(case.origin, found, at_most(low, high, limit + room), f"{percent(low)} {words}", between)
    whole = every((ratio, no_concern(case)))
    end = {Verdict.MET: min(high, limit) if room else high, Verdict.FAILED: low}.get(ratio.verdict)
    return concluded(
        Clause(whole.verdict, whole.said, whole.missing, (*whole.rows, *case.origin.rows)),
        arithmetic=_sum(found, "outside", found.outside, limit, case.book.currency),
        value=float(low),
        limit=float(limit),
        margin=None if end is None else float(limit - end),
        margin_money=None if end is None else float((limit - end) * found.total),
        unit="share",
        coverage=found.coverage,
    )


def floor(case: Case, zone: frozenset[str], limit: Fraction, value: float | None) -> Finding:
    """Find whether components from a zone cost at least a share of the value of the end product.

    Parameters
    ----------
    value : value of what the origin is counted for, in the programme's currency; None where it is not known
    """
    if case.origin is None:
        return _no_origin()
    if not value:
        clause = not_known(
            "the value of the end product is not known", "contracts.product_value", case.cell("product_value")
        )
        return concluded(every((clause, no_concern(case))), unit="share", limit=float(limit))
    found, whole = content(case.origin, zone), exact(value)
    low = found.inside / whole
    high = max(Fraction(1), low) if found.unpriced else (found.inside + found.unknown) / whole
    ratio = _judged(case.origin, found, at_least(low, high, limit),
                    f"components from inside cost {percent(low)} of the value of the end product",
                    f"components from inside cost between {percent(low)} and {percent(high)} of its value")  # fmt: skip
    end = {Verdict.MET: low, Verdict.FAILED: high}.get(ratio.verdict)
    joined = every((ratio, no_concern(case)))
    return concluded(
        Clause(
            joined.verdict, joined.said, joined.missing, (*joined.rows, case.cell("product_value"), *case.origin.rows)
        ),
        arithmetic=f"inside {float(found.inside):.6g} / value {float(whole):.6g} {case.book.currency} = {percent(low)}"
        f" (limit {percent(limit)}); origin unknown {float(found.unknown):.6g}",
        value=float(low),
        limit=float(limit),
        margin=None if end is None else float(end - limit),
        margin_money=None if end is None else float((end - limit) * whole),
        unit="share",
        coverage=found.coverage,
    )


def _no_origin() -> Finding:
    clause = not_known("the origin of the components is not known", "the origin and the cost of the components")
    return concluded(clause, unit="share", coverage=0.0)


def _judged(origin: Origin, found: Content, verdict: Verdict, exactly: str, between: str) -> Clause:
    missing = []
    if found.unknown:
        missing.append(f"the origin of components of {float(found.unknown):.6g}")
    if origin.unpriced:
        more = len(origin.unpriced) - _UNPRICED_SHOWN
        names = ", ".join(origin.unpriced[:_UNPRICED_SHOWN]) + (f" and {more} more" if more > 0 else "")
        missing.append(f"the cost of {names}")
    if found.total == 0 and not origin.unpriced:
        missing.append("the cost of the components")
    known = not found.unknown and not found.unpriced and found.total > 0
    return Clause(verdict, exactly if known else between, tuple(missing) if verdict is Verdict.UNKNOWN else ())


def _sum(found: Content, name: str, part: Fraction, limit: Fraction, currency: str) -> str:
    if found.total == 0:
        return "no component has a cost"
    said = f"{name} {float(part):.6g} / components {float(found.total):.6g} {currency} = {percent(part / found.total)}"
    unknown = (
        f"; origin unknown {float(found.unknown):.6g} = {percent(found.unknown / found.total)}" if found.unknown else ""
    )
    return f"{said} (limit {percent(limit)}){unknown}"
