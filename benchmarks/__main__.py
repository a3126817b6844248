"""Runs all benchmarks and prints one table each: `python -m benchmarks [--quick]`."""

from __future__ import annotations

import argparse

from benchmarks import build_model, read_check_compile


def main() -> None:
    """Run everything; `--quick` takes small sizes, once each."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, one repetition")
    quick = parser.parse_args().quick
    read_check_compile.run(quick=quick)
    build_model.run(quick=quick)


if __name__ == "__main__":
    main()
