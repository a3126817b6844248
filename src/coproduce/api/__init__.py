"""What a Python user calls: read, check, plan, write, compare, stress-test, and the money beside it."""

from __future__ import annotations

from ..check import Checked
from ..check.drills import Drills, read_drills
from ..eligibility.evaluate import Eligibility
from ..eligibility.origins import origins_of
from ..read import Raw, from_frames, read
from ..results.comparison import Comparison
from ..results.funding import FundingResult
from ..results.load import load_result
from ..results.origin_repair import Repair, repair_origin
from ..results.questions import exportable, remedies, single_sources, time_to_survive
from ..results.repairs import RepairResult, repairs
from ..results.result import PlanResult
from ..results.statistics import statistics
from ..results.stress.fitting import load_fitting
from ..results.stress.further import Further, check_further, with_further
from ..results.stress.settings import Settings
from ..scenarios import check, scenario_names
from .comparison import compare
from .money import eligibility, finance, fund
from .planning import absorbed_changes, load, plan, plan_path, with_baseline, write
from .stress_test import stress

__all__ = [
    "Checked",
    "Comparison",
    "Drills",
    "Eligibility",
    "FundingResult",
    "Further",
    "PlanResult",
    "Raw",
    "Repair",
    "RepairResult",
    "Settings",
    "absorbed_changes",
    "check",
    "check_further",
    "compare",
    "eligibility",
    "exportable",
    "finance",
    "from_frames",
    "fund",
    "load",
    "load_fitting",
    "load_result",
    "origins_of",
    "plan",
    "plan_path",
    "read",
    "read_drills",
    "remedies",
    "repair_origin",
    "repairs",
    "scenario_names",
    "single_sources",
    "statistics",
    "stress",
    "time_to_survive",
    "with_baseline",
    "with_further",
    "write",
]
