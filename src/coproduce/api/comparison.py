"""Set results side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..results.comparison import Comparison
from ..results.comparison import compare as compare_results
from ..results.load import load_result, results_in


def compare(folders: Sequence[Path | str]) -> Comparison:
    """Set results side by side; all changes are from the first.

    Parameters
    ----------
    folders : result folders, or folders that hold several of them (of these, `base` comes first)

    Raises
    ------
    ResultError
        if a folder neither is nor holds a result that can be read.
    NothingToCompareError
        if there are fewer than two results.
    """
    return compare_results([(folder, load_result(folder)) for folder in results_in([Path(one) for one in folders])])
