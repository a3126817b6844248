"""The back-test knows nothing that was published after its start, says what its README says, and agrees with an oracle."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from evidence_cells import Example
from markdown_tables import markdown_tables, number
from ramp_oracle import BODIES, CHARGES, EDGES, LOADING, TARGETS, Tables, earliest, first_month, lateness

from coproduce import api
from coproduce.results.result import PlanResult

FOLDER = Path(__file__).parents[2] / "examples" / "ramp_back_test"
HAPPENED = FOLDER / "what_happened" / "happened.csv"
EXAMPLE = Example("ramp_back_test")
PAGE = markdown_tables(FOLDER / "README.md")
START = "2024-06-01"
DATES = ("2024-10", "2025-04", "2025-10")
# Printed after the start; it is named for what it says was announced in February 2024, see the README.
PRINTED_LATER = {"defenseone-2025-06": "2024-02-29"}
Row = dict[str, str]
