"""Which subcontractors the rules on participants reach, and when one from outside may still work along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .book import Facts, cell, day, said
from .clause import Clause, any_of, decided, every, not_known, stated
from .exact import exact, percent


@dataclass(frozen=True)
class Involvement:
    """What makes a subcontractor one that the rules on participants reach; all of it must hold.

    Attributes
    ----------
    share : least share of the value of the contract
    critical : whether its input must be critical, with unique attributes
    classified : whether it must need classified information
    supplier_exempt : whether a supplier of components of its own design or production is never one
    """

    share: Fraction
    critical: bool
    classified: bool
    supplier_exempt: bool = False


@dataclass(frozen=True)
class Cooperation:
    """When a subcontractor that is not established or managed inside may still work along.

    Attributes
    ----------
    least, most : ends of the share of the value of the contract, both included
    before : a direct contract must be older than this day
    study_months : within how many months a replacement may be studied instead; None: that does not count
    unread : the provision, where its wording could not be read; what else it asks is then not known
    """

    least: Fraction
    most: Fraction
    before: date
    study_months: int | None
    unread: str = ""


def involved(row: Facts, rule: Involvement) -> Clause:
    """Return the condition that a subcontractor is one that the rules on participants reach."""
    clauses = [share_within(row, rule.share, None)]
    if rule.critical:
        clauses.append(_fact(row, "critical", "delivers a critical input with unique attributes"))
    if rule.classified:
        clauses.append(_fact(row, "classified", "needs classified information"))
    if rule.supplier_exempt:
        clauses.append(_no_supplier(row))
    return every(clauses)


def _no_supplier(row: Facts) -> Clause:
    at, party = cell("subcontracts", row, "own_design"), row["party"]
    what = "components of its own design or production"
    if row["own_design"] is None:
        return not_known(f"whether {party} supplies {what} is not known", f"subcontracts.own_design of {party}", at)
    words = f"{party} supplies {what}" if row["own_design"] == "yes" else f"{party} does not supply {what}"
    return decided(row["own_design"] == "no", words, at)


def may_cooperate(row: Facts, rule: Cooperation) -> Clause:
    """Return the condition that a subcontractor from outside may work along."""
    span = share_within(row, rule.least, rule.most)
    if rule.unread:
        return every((span, not_known(f"what {rule.unread} asks could not be read", f"the wording of {rule.unread}")))
    reasons = [_prior_contract(row, rule.before)]
    if rule.study_months is not None:
        reasons.append(_study(row, rule.study_months))
    return every((span, any_of(reasons)))


def share_within(row: Facts, least: Fraction, most: Fraction | None) -> Clause:
    """Return the condition that a subcontractor has a share of the value in a range; both ends are included."""
    at = cell("subcontracts", row, "share")
    if row["share"] is None:
        return not_known(
            f"the share of {row['party']} in the value of the contract is not known",
            f"subcontracts.share of {row['party']}", at,
        )  # fmt: skip
    share = exact(row["share"])
    span = f"at least {percent(least)}" if most is None else f"{percent(least)} to {percent(most)}"
    inside = least <= share and (most is None or share <= most)
    return decided(inside, f"{row['party']} has {percent(share)} of the value ({span})", at)


def _fact(row: Facts, column: str, words: str) -> Clause:
    party = row["party"]
    question = f"subcontracts.{column} of {party} (whether it {words})"
    return stated(
        row[column], question, f"{party} {words}", f"it is not so that {party} {words}",
        cell("subcontracts", row, column),
    )  # fmt: skip


def _prior_contract(row: Facts, before: date) -> Clause:
    party, since = row["party"], day(row["prior_contract"])
    if since is not None:
        words = f"{party} has a direct contract since {since} (asked: before {before})"
        return decided(since < before, words, cell("subcontracts", row, "prior_contract"))
    return stated(
        row["had_prior_contract"],
        f"subcontracts.prior_contract of {party} (a direct contract before {before})",
        f"{party} had a direct contract before {before}",
        f"{party} had no direct contract before {before}",
        cell("subcontracts", row, "had_prior_contract"),
    )


def _study(row: Facts, months: int) -> Clause:
    party = row["party"]
    if row["study_months"] is not None:
        words = f"the contractor will study a replacement of {party} within {said(row['study_months'])} months"
        at = cell("subcontracts", row, "study_months")
        return decided(exact(row["study_months"]) <= months, f"{words} (asked: within {months})", at)
    return stated(
        row["study_committed"],
        f"subcontracts.study_months of {party} (commitment to study a replacement within {months} months)",
        f"the contractor is committed to study a replacement of {party}",
        f"the contractor is not committed to study a replacement of {party}",
        cell("subcontracts", row, "study_committed"),
    )
