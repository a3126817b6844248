"""Lets these tests use the good programme of the tests of the check."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "check"))
