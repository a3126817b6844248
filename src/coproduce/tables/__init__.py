"""The declarations of every table: type, unit, bounds, default, key, reference and meaning, said once."""

from .registry import (
    COMPARISON_TABLES,
    FINANCE_TABLES,
    FUNDING_TABLES,
    INPUT_TABLES,
    REPAIR_TABLES,
    REPLAN_TABLES,
    RESULT_TABLES,
    STRESS_TABLES,
    SURVIVAL_TABLES,
    Column,
    TableSpec,
)
from .tables import Change, Programme, Scenario, SheetOrigin, Tables

__all__ = [
    "COMPARISON_TABLES",
    "FINANCE_TABLES",
    "FUNDING_TABLES",
    "INPUT_TABLES",
    "REPAIR_TABLES",
    "REPLAN_TABLES",
    "RESULT_TABLES",
    "STRESS_TABLES",
    "SURVIVAL_TABLES",
    "Change",
    "Column",
    "Programme",
    "Scenario",
    "SheetOrigin",
    "TableSpec",
    "Tables",
]
