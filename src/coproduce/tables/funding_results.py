"""The tables of an evaluation of contracts under the rules of instruments: findings, their evidence, a summary."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, integer, label, number, text

VERDICTS = ("met", "failed", "unknown", "not_applicable")
_MEANT = "failed: the facts say that it does not hold; unknown: a fact that decides is missing"


class EligibilityFindings(dy.Schema):
    """What every rule finds about every contract, in words that can be checked; no legal advice."""

    contract = label("The contract", part_of_key=True)
    instrument = label("The instrument", part_of_key=True)
    rule = label("The rule", part_of_key=True)
    fund = label("The fund, for rules about funds", part_of_key=True)
    configuration = label("The product configuration, for rules about its components", part_of_key=True)
    provision = text("Provision of the regulation", required=True)
    meaning = text("What it asks, in our words", required=True)
    verdict = choice(VERDICTS, f"met: it holds; {_MEANT}; not_applicable: nothing falls under it", required=True)
    counts = choice(("yes", "no"), "Whether the verdict counts for the contract; definitions do not", required=True)
    facts = text("The facts that the verdict rests on")
    arithmetic = text("The sum that was done")
    missing = text("Facts that are missing and would decide, separated by ;")
    value = number("What was computed; where it is not known exactly its least value", "as the rule")
    limit = number("The limit", "as the rule")
    margin = number("How far inside the limit at least; negative: outside", "as the rule")
    unit = text("Unit of value, limit and margin")
    margin_money = number("The margin in money", "currency")
    coverage = number("Share of the component cost with declared origin", "share")
    verified = text("What of the wording was looked up, and what could not be")


class EligibilityEvidence(dy.Schema):
    """The cells that every finding rests on."""

    contract = label("The contract", part_of_key=True)
    instrument = label("The instrument", part_of_key=True)
    rule = label("The rule", part_of_key=True)
    fund = label("The fund", part_of_key=True)
    configuration = label("The product configuration", part_of_key=True)
    line = integer("Number of the cell", minimum=1, part_of_key=True)
    table = text("Table of the cell", required=True)
    key = text("Key of its row, parts joined by /", required=True)
    column = text("Its column", required=True)
    said = text("What stands there; empty where the cell is")
    file = text("File of the cell", required=True)
    cell = text("The cell", required=True)


class EligibilitySummary(dy.Schema):
    """The verdict of all rules of an instrument about a contract."""

    contract = label("The contract", part_of_key=True)
    instrument = label("The instrument", part_of_key=True)
    as_of = text("Day on which the rules were applied", required=True)
    verdict = choice(VERDICTS, f"met: all rules that apply are met; {_MEANT}", required=True)
    met = integer("Rules met")
    failed = integer("Rules failed")
    unknown = integer("Rules that cannot be decided")
    not_applicable = integer("Rules that do not apply")
    reasons = text("The first rules that failed or are unknown, and why")
