"""Lets these tests use the small programmes of the tests of the plan."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "plan"))
