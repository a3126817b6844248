"""Holds the house rules that no linter knows: files open with a sentence, functions are short, files are not long."""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src" / "coproduce"
MEDIAN_LINES = 12
FILE_LINES = 450


def function_lengths(tree: ast.Module) -> list[int]:
    """Return the lines of every function, docstring left out."""
    lengths = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lengths.append((body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0)
    return lengths


def main() -> int:
    """Print what was measured; return 1 if a rule is broken."""
    problems, lengths = [], []
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        lengths += function_lengths(tree)
        if text.strip() and not ast.get_docstring(tree):
            problems.append(f"{path}: does not open with a sentence")
        if text.count("\n") > FILE_LINES:
            problems.append(f"{path}: {text.count(chr(10))} lines; what is its second subject?")
    median = statistics.median(lengths)
    if median >= MEDIAN_LINES:
        problems.append(f"the median function has {median} lines, not under {MEDIAN_LINES}")
    sys.stdout.write(f"{len(lengths)} functions, median {median:g} lines, longest {max(lengths)}\n")
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
