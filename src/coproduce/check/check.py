"""Checks a raw programme as a whole: every problem at once, and the typed tables if none of them is an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import polars as pl

from ..calendar import Timeline
from ..errors import InputError, Problem, errors_of
from ..read import Raw
from ..read.many import listed
from ..tables import INPUT_TABLES, SheetOrigin, Tables
from .agreements import (
    ambiguous_agreements,
    impossible_sets,
    limitless_agreements,
    pointless_agreements,
    reversed_shares,
    unvalued_items,
)
from .capacity import (
    capacity_without_load,
    distant_loads,
    loads_without_capacity,
    misplaced_loads,
    overlapping_entries,
)
from .cash import idle_own_cash, shared_costs, unpaid_contracts
from .columns import missing_tables, parse_table
from .commitments import (
    incomplete_contracts,
    misdated_statements,
    promises_twice,
    receding_promises,
    uncounted_quantities,
    unknown_names,
    unknown_rows,
)
from .demands import closed_demands, empty_demands, misdated_demands
from .evidence import doubtful_evidence
from .finance import (
    broken_terms,
    budgets_out_of_time,
    doubtful_funds,
    impossible_funds,
    missing_indices,
    missing_rates,
    worthless_contracts,
)
from .funding import (
    bare_contracts,
    circular_rows,
    groundless_categories,
    late_signatures,
    overfull_contracts,
    overfull_ownership,
    own_subcontractors,
    uneven_terms,
    unknown_contracts,
)
from .growth import (
    circular_waiting,
    falling_ramps,
    idle_milestones,
    idle_options,
    late_milestones,
    loads_of_fixed_milestones,
    options_on_waiting_resources,
    ramps_without_rate,
    uncounted_people,
)
from .horizon import build_timeline, one_programme
from .keys import duplicate_keys
from .lots import impossible_sizes
from .material_flow import material_flow
from .meant import Names
from .money import currencies_without_rate, doubtful_rates, unpriced_lateness
from .origin import scopes_without_contract, undeclared_origins, unpriced_components
from .plausible import far_dates, outliers, unknown_countries
from .position import conflicting_stock_limits, ended_runs, misdated_receipts, opening_above_maximum
from .processes import circular_lanes, empty_flows, late_inputs, processes_without_input, processes_without_output
from .references import unknown_references
from .risks import (
    differing_causes,
    idle_fallbacks,
    impossible_risks,
    incomplete_risks,
    misplaced_risks,
)
from .setups import distant_setups, idle_groups, scattered_groups, unfunded_setups
from .stability import (
    idle_change_prices,
    outside_baseline,
    unclear_baseline,
    uncovered_freeze,
    unknown_in_baseline,
)
from .units import differing_units
from .unused import columns_not_honoured
from .versions import doubtful_versions, profitable_write_offs
from .view import Check, View
from .windows import reversed_windows, unusable_windows

CHECKS: tuple[Check, ...] = (
    one_programme,
    columns_not_honoured,
    duplicate_keys,
    unknown_references,
    differing_units,
    currencies_without_rate,
    doubtful_rates,
    unpriced_lateness,
    reversed_windows,
    unusable_windows,
    conflicting_stock_limits,
    opening_above_maximum,
    misdated_receipts,
    ended_runs,
    processes_without_output,
    processes_without_input,
    empty_flows,
    late_inputs,
    circular_lanes,
    impossible_sizes,
    scattered_groups,
    idle_groups,
    distant_setups,
    unfunded_setups,
    misplaced_loads,
    distant_loads,
    loads_without_capacity,
    capacity_without_load,
    overlapping_entries,
    misdated_demands,
    empty_demands,
    closed_demands,
    ambiguous_agreements,
    reversed_shares,
    limitless_agreements,
    unvalued_items,
    pointless_agreements,
    impossible_sets,
    unclear_baseline,
    unknown_in_baseline,
    uncovered_freeze,
    idle_change_prices,
    outside_baseline,
    unpriced_components,
    undeclared_origins,
    scopes_without_contract,
    doubtful_evidence,
    unknown_names,
    unknown_rows,
    incomplete_contracts,
    misdated_statements,
    receding_promises,
    promises_twice,
    uncounted_quantities,
    circular_waiting,
    falling_ramps,
    ramps_without_rate,
    options_on_waiting_resources,
    idle_milestones,
    idle_options,
    late_milestones,
    loads_of_fixed_milestones,
    uncounted_people,
    doubtful_versions,
    profitable_write_offs,
    overfull_ownership,
    circular_rows,
    uneven_terms,
    overfull_contracts,
    unknown_contracts,
    bare_contracts,
    late_signatures,
    groundless_categories,
    own_subcontractors,
    impossible_funds,
    doubtful_funds,
    budgets_out_of_time,
    broken_terms,
    missing_indices,
    worthless_contracts,
    unpaid_contracts,
    shared_costs,
    idle_own_cash,
    missing_rates,
    material_flow,
    outliers,
    far_dates,
    unknown_countries,
    misplaced_risks,
    incomplete_risks,
    impossible_risks,
    differing_causes,
    idle_fallbacks,
)


@dataclass(frozen=True)
class Checked:
    """The outcome of all checks.

    Attributes
    ----------
    tables : the typed tables; None if there is any error
    problems : all problems, in the order of the files, sheets, rows and columns
    """

    tables: Tables | None
    problems: tuple[Problem, ...]

    def unwrap(self) -> Tables:
        """Return the tables.

        Raises
        ------
        InputError
            if there is any error.
        """
        if self.tables is None:
            raise InputError(self.problems)
        return self.tables


def check(raw: Raw, *, but: Callable[[Problem], bool] = lambda _: False) -> Checked:
    """Check a raw programme; all problems are collected, but those that `but` says are none here."""
    problems = [*raw.problems, *missing_tables(raw)]
    names = Names(raw)
    parsed = {table: parse_table(raw.sheets[table], names) for table in INPUT_TABLES if table in raw.sheets}
    problems += [p for table in parsed.values() for p in table.problems]
    frames = {table: done.frame for table, done in parsed.items()}
    flawed = {(table, column) for table, done in parsed.items() for column in done.flawed}
    view = View(raw, frames, frozenset(flawed | {(table, "") for table in raw.spoilt}))
    timeline = build_timeline(view)
    problems += [timeline] if isinstance(timeline, Problem) else []
    view = replace(view, timeline=timeline if isinstance(timeline, Timeline) else None)
    problems += [p for each in CHECKS for p in listed(each(view))]
    ordered = in_order(raw, (problem for problem in problems if not but(problem)))
    return Checked(None if errors_of(ordered) else _tables(raw, frames), ordered)


def in_order(raw: Raw, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems in the order of the files, sheets, rows and columns."""
    sheets = {place: index for index, place in enumerate(raw.order)}

    def place(problem: Problem) -> tuple[str, int, int, int, str, str]:
        at = problem.origin
        sheet = sheets.get((at.file, at.sheet), -1)
        return at.file, sheet, at.row, at.position, problem.code, problem.message

    return tuple(sorted(problems, key=place))


def _tables(raw: Raw, frames: dict[str, pl.DataFrame]) -> Tables:
    origins = {
        table: SheetOrigin(
            sheet.file,
            sheet.sheet,
            sheet.rows,
            dict(sheet.columns),
            dict(sheet.setting_rows),
            sheet.row_sheets,
            dict(sheet.written),
        )
        for table, sheet in raw.sheets.items()
    }
    return Tables(frames, origins)
