"""What the flagship example takes from its sources is what they say, and no more."""

from __future__ import annotations

from evidence_cells import Example

TABLES = Example("letter_of_intent").tables


def test_an_opinion_of_the_sources_is_not_part_of_the_plan() -> None:
    """One article holds that Aster could be made in Ukraine; nobody announced it, so no process does it."""
    in_ukraine = {row["site"] for row in TABLES["sites"] if row["country"] == "UA"}
    at = {row["process"]: row["site"] for row in TABLES["processes"]}
    makers = {at[row["process"]] for row in TABLES["flows"] if row["item"] == "aster" and float(row["quantity"]) > 0}
    assert makers
    assert makers.isdisjoint(in_ukraine)


def test_published_output_is_not_entered_as_capacity() -> None:
    """About 1200 kits a year is output; twice that is what was called possible: nameplate 200, half of it qualified."""
    line = next(row for row in TABLES["resources"] if row["resource"] == "fr_kit_line")
    first = next(row for row in TABLES["calendars"] if row["calendar"] == "ramp_aasm")
    assert float(line["capacity"]) == 2 * 1200 / 12
    assert float(line["capacity"]) * float(first["factor"]) == 1200 / 12


def test_the_aster_chain_adds_up_to_the_published_lead_times() -> None:
    """30 and 18 months of 365.25 / 12 days: 913 and 548 days."""
    lead = {row["process"]: float(row["lead_days"]) for row in TABLES["processes"]}
    post = {row["process"]: float(row["post_days"] or 0) for row in TABLES["processes"]}
    lane = {row["lane"]: float(row["lead_days"]) for row in TABLES["lanes"]}
    supply = {row["supply"]: float(row["lead_days"]) for row in TABLES["supplies"]}
    after_boards = (
        lead["electronics_aster"] + lane["elec_int_aster"] + lead["integrate_aster_fr"] + post["integrate_aster_fr"]
    )
    month = 365.25 / 12
    assert round((supply["boards_fr_long"] + after_boards) / month, 1) == 30.0
    assert round((supply["boards_fr_short"] + after_boards) / month, 1) == 18.0
