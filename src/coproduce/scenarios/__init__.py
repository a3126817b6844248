"""Applies a scenario to the cells of a programme as they were read, and checks what comes of it."""

from .check import check, check_base, check_scenario, scenario_names

__all__ = ["check", "check_base", "check_scenario", "scenario_names"]
