"""Register, claims and promises: what figures rest on, whether sources agree, and the plan beside the promise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from coproduce.results.claims import claims
from coproduce.results.commitments import promises_against_plan
from coproduce.results.evidence import covered, totals
from coproduce.results.register import register
from coproduce.tables import INPUT_TABLES, RESULT_TABLES, Tables, TableSpec

Row = dict[str, Any]


def frame(spec: TableSpec, rows: list[Row]) -> pl.DataFrame:
    """Return rows with all declared columns; an empty cell has its default."""
    filled = [{name: row.get(name, column.default) for name, column in spec.columns.items()} for row in rows]
    return pl.DataFrame(filled, schema=spec.empty().schema, orient="row")


def tables(**rows: list[Row]) -> Tables:
    """Return a programme of four months of 2026; source `a` is of January, `b` of February, `c` has no date."""
    given: dict[str, list[Row]] = {
        "programme": [{"name": "Demo", "start": datetime(2026, 1, 1), "buckets": "4 months", "currency": "EUR"}],
        "sources": [
            {"source": "a", "title": "First", "published": datetime(2026, 1, 10)},
            {"source": "b", "title": "Second", "published": datetime(2026, 2, 10)},
            {"source": "c", "title": "Third"},
        ],
        **rows,
    }
    return Tables({name: frame(INPUT_TABLES[name], lines) for name, lines in given.items()})


SUPPLIES = [
    {"supply": "near", "item": "gear", "site": "lyon", "price": 10.0, "order_from": datetime(2026, 2, 1)},
    {"supply": "far", "item": "gear", "site": "lyon", "price": 8.0, "lead_days": 30.0},
]


def price(key: str = "*", confidence: str = "estimated", **more: Any) -> Row:
    return {"table": "supplies", "key": key, "column": "price", "confidence": confidence, **more}


def registered(*evidence: Row) -> dict[tuple[str, str], Row]:
    """Return the rows of the register by key and column."""
    found = register(tables(supplies=SUPPLIES, evidence=list(evidence)))
    assert found.schema == RESULT_TABLES["register"].empty().schema
    return {(row["key"], row["column"]): row for row in found.iter_rows(named=True)}


class TestRegister:
    def test_it_holds_every_number_and_date_that_is_not_a_default(self) -> None:
        assert registered().keys() == {
            ("near", "price"),
            ("near", "order_from"),
            ("far", "price"),
            ("far", "lead_days"),
        }

    def test_a_figure_without_evidence_says_so(self) -> None:
        row = registered()["near", "price"]
        assert (row["confidence"], row["agreement"], row["rows"], row["value"]) == ("without", "none", 0, 10.0)

    def test_a_date_stands_in_its_own_column(self) -> None:
        row = registered()["near", "order_from"]
        assert (row["value"], row["day"]) == (None, datetime(2026, 2, 1))

    def test_a_star_speaks_of_every_row_and_an_exact_key_of_one(self) -> None:
        found = registered(price("*", "assumed"), price("near", "cited", source="a"))
        assert found["near", "price"]["confidence"] == "cited"
        assert found["near", "price"]["rows"] == 2
        assert found["far", "price"]["confidence"] == "assumed"

    def test_a_star_in_a_key_with_a_dot_does_not_make_the_dot_a_wildcard(self) -> None:
        assert registered(price("n.a*"))["near", "price"]["rows"] == 0

    def test_the_firmest_evidence_is_shown_with_its_source_and_the_rest_is_named(self) -> None:
        row = registered(
            price("near", "assumed", derivation="a guess"),
            price("near", "cited", source="b", as_published="about ten", low=9.0, high=11.0),
        )["near", "price"]
        assert (row["source"], row["title"], row["source_published"]) == ("b", "Second", datetime(2026, 2, 10))
        assert (row["as_published"], row["low"], row["high"]) == ("about ten", 9.0, 11.0)
        assert row["others"] == "no source, assumed: a guess"

    @pytest.mark.parametrize(
        ("ranges", "agreement"),
        [
            ([(9.0, 11.0)], "one_source"),
            ([(9.0, 11.0), (11.0, 12.0)], "agree"),
            ([(9.0, 10.0), (11.0, 12.0)], "conflict"),
            ([(None, 10.0), (11.0, None)], "conflict"),
            ([(9.0, None), (11.0, None)], "agree"),
            ([(9.0, 11.0), (None, None)], "not_comparable"),
            ([(1.0, 5.0), (4.0, 9.0), (5.0, 6.0)], "agree"),
        ],
    )
    def test_ranges_agree_if_one_value_lies_in_all(
        self, ranges: list[tuple[float | None, float | None]], agreement: str
    ) -> None:
        evidence = [price("near", source="a", low=low, high=high) for low, high in ranges]
        assert registered(*evidence)["near", "price"]["agreement"] == agreement

    def test_the_cell_is_named(self) -> None:
        assert registered()["far", "price"]["cell"] == "supplies!3 (price)"

    def test_dates_are_not_counted_as_figures(self) -> None:
        found = register(tables(supplies=SUPPLIES, evidence=[price("*", "cited", source="a")]))
        assert totals(covered(found)) == {"cited": 2, "estimated": 0, "assumed": 0, "without": 1}

    def test_a_programme_without_figures_has_an_empty_register(self) -> None:
        assert register(tables(evidence=[price()])).is_empty()


def said(source: str, status: str = "announced", **more: Any) -> Row:
    return {"commitment": "x", "source": source, "status": status, "wording": "words", **more}


def verdicts(*rows: Row) -> dict[str, str]:
    """Return the verdict by field."""
    found = claims(tables(commitments=list(rows)))
    return dict(found.select("field", "verdict").iter_rows())


class TestClaims:
    def test_a_field_that_nobody_fills_is_left_out(self) -> None:
        assert verdicts(said("a"), said("b")) == {"status": "agree"}

    def test_a_field_that_one_source_fills_is_neither_agreed_nor_in_conflict(self) -> None:
        assert verdicts(said("a", due=datetime(2026, 3, 1)), said("b"))["due"] == "one_source"

    def test_a_later_and_firmer_status_is_progress(self) -> None:
        assert verdicts(said("b", "signed"), said("a", "announced"))["status"] == "progress"

    def test_a_later_and_weaker_status_is_a_conflict(self) -> None:
        assert verdicts(said("b", "announced"), said("a", "signed"))["status"] == "conflict"

    def test_different_status_on_one_day_is_a_conflict(self) -> None:
        day = {"said": datetime(2026, 1, 5)}
        assert verdicts(said("a", "announced", **day), said("b", "signed", **day))["status"] == "conflict"

    def test_different_status_without_a_date_is_a_conflict(self) -> None:
        assert verdicts(said("a", "announced"), said("c", "signed"))["status"] == "conflict"

    def test_an_opinion_is_no_step_of_a_promise(self) -> None:
        assert verdicts(said("a", "opinion"), said("b", "announced"))["status"] == "conflict"

    @pytest.mark.parametrize(
        ("one", "other", "verdict"),
        [
            ({"quantity": 5.0}, {"quantity": 5.0}, "agree"),
            ({"quantity": 5.0}, {"quantity": 6.0}, "conflict"),
            ({"quantity": 50.0, "per": "month"}, {"quantity": 600.0, "per": "year"}, "agree"),
            ({"quantity": 50.0, "per": "month"}, {"quantity": 150.0, "per": "quarter"}, "agree"),
            ({"quantity": 50.0, "per": "month"}, {"quantity": 50.0}, "not_comparable"),
            ({"quantity": 5.0, "notion": "actual"}, {"quantity": 9.0, "notion": "nameplate"}, "not_comparable"),
            (
                {"quantity": 0.3, "item": None, "unit": "Share"},
                {"quantity": 0.3, "item": None, "unit": "share"},
                "agree",
            ),
            (
                {"quantity": 0.3, "item": None, "unit": "a"},
                {"quantity": 0.4, "item": None, "unit": "b"},
                "not_comparable",
            ),
        ],
    )
    def test_quantities_are_compared_only_where_they_count_the_same(self, one: Row, other: Row, verdict: str) -> None:
        rows = [said("a", **{"item": "gear"} | one), said("b", **{"item": "gear"} | other)]
        assert verdicts(*rows)["quantity"] == verdict

    def test_parties_and_places_are_sets(self) -> None:
        found = verdicts(
            said("a", made_by="fr; ua", place="FR; UA"), said("b", made_by="ua ;fr", place="ua"), said("c", place="UA")
        )
        assert (found["made_by"], found["place"]) == ("agree", "conflict")

    def test_talking_of_it_twice_is_no_conflict_but_two_days_of_signing_are(self) -> None:
        days = ({"said": datetime(2026, 1, 5)}, {"said": datetime(2026, 1, 6)})
        assert "said" not in verdicts(said("a", **days[0]), said("b", **days[1]))
        assert verdicts(said("a", "signed", **days[0]), said("b", "signed", **days[1]))["said"] == "conflict"

    def test_both_values_are_shown_with_their_sources(self) -> None:
        found = claims(tables(commitments=[said("a", place="FR"), said("b", place="UA"), said("c", place="FR")]))
        assert found.filter(field="place").select("values", "given_by").rows() == [("FR; UA", "FR (a, c); UA (b)")]


DEMANDS = [
    {"demand": "d1", "item": "gear", "site": "lviv", "party": "ua", "quantity": 30.0, "due": datetime(2026, 2, 28)},
    {"demand": "d2", "item": "gear", "site": "lyon", "party": "fr", "quantity": 50.0, "due": datetime(2026, 3, 31)},
    {"demand": "e1", "item": "pump", "site": "lviv", "party": "ua", "quantity": 99.0, "due": datetime(2026, 1, 31)},
]
# d1 is served in February and March, d2 in April.
DELIVERIES = pl.DataFrame(
    {"demand": ["d1", "d1", "d2", "e1"], "bucket": [1, 2, 3, 0], "quantity": [20.0, 10.0, 50.0, 99.0]}
)


def beside(**cells: Any) -> Row:
    """Return a promise of gears beside the plan."""
    promise = said("a", **{"item": "gear", "notion": "actual"} | cells)
    programme = tables(demands=DEMANDS, commitments=[promise])
    found = promises_against_plan(programme, {"deliveries": DELIVERIES})
    assert found.schema == RESULT_TABLES["promises"].empty().schema
    return found.row(0, named=True)


class TestPromises:
    def test_a_promise_is_kept_if_as_much_is_there_by_its_day(self) -> None:
        row = beside(quantity=20.0, due=datetime(2026, 2, 15))
        assert (row["delivered"], row["verdict"], row["met_on"]) == (20.0, "kept", datetime(2026, 3, 1))

    def test_a_promise_is_short_if_less_is_there_and_says_when_it_is(self) -> None:
        row = beside(quantity=25.0, due=datetime(2026, 2, 15), made_to="ua")
        assert (row["delivered"], row["verdict"], row["demands"]) == (20.0, "short", 1)
        assert row["met_on"] == datetime(2026, 4, 1)

    def test_what_the_plan_never_delivers_has_no_day(self) -> None:
        assert beside(quantity=81.0, due=datetime(2026, 2, 15))["met_on"] is None

    def test_what_is_funded_is_compared_with_what_is_asked_for_and_never_with_deliveries(self) -> None:
        row = beside(quantity=30.0, due=datetime(2026, 2, 28), notion="funded")
        assert (row["asked"], row["delivered"], row["verdict"]) == (30.0, 20.0, "kept")

    @pytest.mark.parametrize("notion", ["nameplate", "qualified", None])
    def test_no_delivery_proves_what_could_be_made(self, notion: str | None) -> None:
        assert beside(quantity=1.0, due=datetime(2026, 4, 1), notion=notion)["verdict"] == "not_compared"

    def test_a_rate_counts_the_days_of_the_programme_up_to_and_with_its_last(self) -> None:
        # Ten a month from mid December to the end of February: ten in January, ten in February.
        row = beside(quantity=10.0, per="month", start=datetime(2025, 12, 15), due=datetime(2026, 2, 28))
        assert row["promised"] == pytest.approx(20.0)
        assert row["verdict"] == "kept"

    def test_deliveries_before_a_promise_begins_do_not_count(self) -> None:
        row = beside(quantity=10.0, start=datetime(2026, 3, 1), due=datetime(2026, 3, 31))
        assert (row["delivered"], row["asked"]) == (10.0, 50.0)

    def test_the_rows_named_stand_for_the_promise(self) -> None:
        row = beside(quantity=50.0, due=datetime(2026, 4, 30), used_in="demands:d2; calendars:x")
        assert (row["demands"], row["delivered"], row["verdict"]) == (1, 50.0, "kept")

    def test_a_promise_for_a_site_counts_what_comes_there(self) -> None:
        assert beside(quantity=30.0, due=datetime(2026, 4, 30), site="lviv")["delivered"] == 30.0

    @pytest.mark.parametrize(
        "cells",
        [
            {"due": datetime(2026, 5, 1)},
            {"due": datetime(2025, 12, 31)},
            {"start": datetime(2026, 5, 1), "per": "month"},
            {"status": "delivered", "said": datetime(2025, 12, 1)},
        ],
    )
    def test_what_lies_outside_the_programme_is_not_judged(self, cells: Row) -> None:
        row = beside(quantity=1.0, **cells)
        assert (row["verdict"], row["delivered"]) == ("outside", None)

    def test_a_promise_without_a_number_or_a_day_is_shown_but_not_judged(self) -> None:
        assert beside(due=datetime(2026, 2, 28))["verdict"] == "no_quantity"
        assert beside(quantity=80.0)["verdict"] == "no_date"

    def test_opinions_and_promises_of_no_item_are_left_out(self) -> None:
        rows = [said("a", "opinion", item="gear", quantity=1.0), said("b", quantity=1.0, unit="centres")]
        programme = tables(demands=DEMANDS, commitments=rows)
        assert promises_against_plan(programme, {"deliveries": DELIVERIES}).is_empty()
