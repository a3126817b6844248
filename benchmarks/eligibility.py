"""Evaluates 1,000 contracts over a programme of 10,000 items under all instruments, and makes the tables of it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from datetime import date
from random import Random

import polars as pl

from coproduce import api
from coproduce.eligibility.catalogue import instruments
from coproduce.eligibility.evaluate import evaluate
from coproduce.eligibility.frames import eligibility_tables
from coproduce.eligibility.origin import Origin
from coproduce.read import from_frames
from coproduce.tables import Tables

COUNTRIES = ("FR", "DE", "PL", "IT", "NO", "UA", "US", "JP")
COMPANIES = 200


def programme(contracts: int, items: int, seed: int = 1) -> Tables:
    """Return a programme: one product a contract, each item made of three later ones at one of 200 sites."""
    random = Random(seed)
    name = [f"i{at}" for at in range(items)]
    frames = {
        "programme": [{"name": "large", "start": "2026-01-01", "buckets": "12 months", "currency": "EUR"}],
        "parties": [{"party": c.lower(), "kind": "state", "country": c, "management": c} for c in COUNTRIES]
        + [_company(random, at) for at in range(COMPANIES)],
        "ownership": [
            {"party": f"p{at}", "owner": random.choice(COUNTRIES).lower() if at < 9 else f"p{random.randrange(at)}",
             "share": str(random.choice((0.4, 0.6, 1.0)))}
            for at in range(COMPANIES)
        ],
        "sites": [
            {"site": f"s{at}", "country": random.choice(COUNTRIES), "party": f"p{at}"} for at in range(COMPANIES)
        ],
        "items": [{"item": one, "unit": "piece", "design_authority": f"p{at % COMPANIES}", "design_free": "yes"}
                  for at, one in enumerate(name)],
        "processes": [{"process": f"make{at}", "site": f"s{random.randrange(COMPANIES)}"} for at in range(items // 2)],
        "flows": [row for at in range(items // 2) for row in _recipe(random, at, items)],
        "supplies": [{"supply": f"b{at}", "item": name[at], "site": "s0", "origin": random.choice(COUNTRIES)}
                     for at in range(items // 2, items)],
        "lanes": [
            {"lane": f"{way}{at}", "from_site": one, "to_site": other}
            for at in range(1, COMPANIES)
            for way, one, other in (("in", f"s{at}", "s0"), ("out", "s0", f"s{at}"))
        ],
        "funds": [{"fund": f"f{one}", "instrument": one, "kind": "loan", "holder": "fr", "amount": "1000",
                   "agreed": "2026-01-01"} for one in instruments()],
        "contracts": [_contract(random, at) for at in range(contracts)],
        "subcontracts": [{"contract": f"c{at}", "party": f"p{random.randrange(COMPANIES)}", "share": "0.2",
                          "critical": "yes"} for at in range(contracts)],
        "demands": [{"demand": f"d{at}", "item": name[at], "site": "s0", "quantity": "10", "due": "2026-12-01",
                     "contract": f"c{at}"} for at in range(contracts)],
    }  # fmt: skip
    return api.check(from_frames({table: pl.DataFrame(rows) for table, rows in frames.items()})).unwrap()


def _company(random: Random, at: int) -> dict[str, str]:
    country = random.choice(COUNTRIES)
    return {"party": f"p{at}", "kind": "company", "country": country, "management": country}


def _recipe(random: Random, at: int, items: int) -> list[dict[str, str]]:
    inputs = random.sample(range(at + 1, min(items, at + items // 2)), 3)
    rows = [{"process": f"make{at}", "item": f"i{at}", "quantity": "1"}]
    return rows + [{"process": f"make{at}", "item": f"i{one}", "quantity": "-1"} for one in inputs]


def _contract(random: Random, at: int) -> dict[str, str]:
    return {
        "contract": f"c{at}", "buyers": "; ".join(c.lower() for c in random.sample(COUNTRIES, 4)),
        "contractor": f"p{at % COMPANIES}", "signed": "2026-05-01", "category": random.choice("12"), "value": "100",
        "funds": "; ".join(f"f{one}" for one in instruments()), "grant": "10", "route": "common",
    }  # fmt: skip


def origins(contracts: int, seed: int = 1) -> Mapping[str, Mapping[str, Origin]]:
    """Return a component cost by country for every contract."""
    random = Random(seed)
    return {
        f"c{at}": {"base": Origin({c: random.uniform(0, 10) for c in COUNTRIES}, unknown=random.choice((0.0, 1.0)))}
        for at in range(contracts)
    }


def run(*, quick: bool) -> None:
    """Print seconds of the evaluation and of its tables."""
    contracts, items = (100, 1_000) if quick else (1_000, 10_000)
    tables, known = programme(contracts, items), origins(contracts)
    begun = time.perf_counter()
    found = evaluate(tables, as_of=date(2026, 6, 1), origins=known)
    evaluated = time.perf_counter()
    frames = eligibility_tables(found)
    ended = time.perf_counter()
    print(f"{contracts:,} contracts, {items:,} items, {len(found.judged):,} findings, "
          f"{frames['eligibility_evidence'].height:,} cells of evidence")  # fmt: skip
    print(f"evaluated in {evaluated - begun:.2f} s, tables made in {ended - evaluated:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="100 contracts, 1,000 items")
    run(quick=parser.parse_args().quick)
