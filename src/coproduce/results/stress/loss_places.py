"""The table `loss_places`: the loss by the place that its risks strike, for a map of where a programme can be hurt."""

from __future__ import annotations

import polars as pl

from ...tables import STRESS_TABLES, Tables
from .losses import together
from .source import Source

_AT_SITES = {"resources": "resource", "processes": "process", "supplies": "supply"}


def loss_places(source: Source) -> pl.DataFrame:
    """Return the table, a row for each place, in the order of its first risk."""
    sites = _sites(source.case.tables)
    struck: dict[tuple[str, str], list[int]] = {}
    for number, risk in enumerate(source.case.study.risks.risks):
        target = (risk.target_table, risk.target)
        struck.setdefault(("sites", sites[target]) if target in sites else target, []).append(number)
    rows = [{"place_table": table, "place": place, **together(source, own)} for (table, place), own in struck.items()]
    return pl.DataFrame(rows, schema=STRESS_TABLES["loss_places"].empty().schema)


def _sites(tables: Tables) -> dict[tuple[str, str], str]:
    """Return the site of every resource, process and supply."""
    return {
        (table, one): site
        for table, column in _AT_SITES.items()
        for one, site in tables[table].select(column, "site").iter_rows()
        if site is not None
    }
