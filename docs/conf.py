"""Sphinx settings; pages of reference are written from the declarations before every build."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from reference import write_reference  # noqa: E402

write_reference(HERE / "generated")

project = "Coproduce"
author = "The Coproduce maintainers"
release = installed("coproduce")
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Coproduce {release}"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
