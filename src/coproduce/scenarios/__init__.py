"""Applies a scenario to the cells of a programme as they were read, and checks what comes of it."""

from .check import BASE, check, scenario_names

__all__ = ["BASE", "check", "scenario_names"]
