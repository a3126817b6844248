"""Runs all benchmarks and prints one table each: `python -m benchmarks [--quick] [--corruption]`."""

from __future__ import annotations

import argparse

from benchmarks import build_model, corruption, eligibility, read_check_compile


def main() -> None:
    """Run everything; `--quick` takes small sizes, once each, and `--corruption` spoils programmes for half an hour."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, one repetition")
    parser.add_argument("--corruption", action="store_true", help="also 10,000 spoilt programmes (1,000 when quick)")
    given = parser.parse_args()
    read_check_compile.run(quick=given.quick)
    build_model.run(quick=given.quick)
    eligibility.run(quick=given.quick)
    if given.corruption:
        corruption.run(1_000 if given.quick else 10_000, seed=1)


if __name__ == "__main__":
    main()
