"""Sets the results of several plans side by side and says how each differs from the first."""

from .compare import Comparison, compare
from .differences import only_differences

__all__ = ["Comparison", "compare", "only_differences"]
