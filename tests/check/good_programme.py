"""A programme that uses every table and has no problem, and small changes to it."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

from coproduce.check import Checked
from coproduce.read import from_frames
from coproduce.scenarios import check

Table = list[dict[str, str]]
Programme = dict[str, Table]


def rows(text: str) -> Table:
    """Read a small table written with bars between the cells."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(header, line, strict=True)) for line in lines]


# Two sites: gears are bought at A and made into pumps there, pumps travel to B, where they are asked for.
_TEXTS = {
    "programme": """
        name | description | start      | buckets           | currency | objective | tier_tolerance
        Demo | A pump      | 2026-01-01 | 31 days, 11 months | EUR     | tiers     | 1e-6""",
    "parties": """
        party | kind    | country
        maker | company | FR
        buyer | agency  | UA""",
    "sites": """
        site | party | country | latitude | longitude
        A    | maker | FR      | 48.9     | 2.3
        B    |       | UA      | 50.4     | 30.5""",
    "items": """
        item | unit  | kind      | unit_value | component_cost
        pump | piece | product   | 100        | 100
        gear | piece | component | 10         | 5""",
    "processes": """
        process | site | lead_days | yield_rate | cost | rate_limit | rate_per | start_from | start_until | requires | ramp | setup_group
        make    | A    | 5         | 0.9        | 3    | 500        | month    | 2026-01-01 | 2026-12-01 | qualified | slow | jig""",  # noqa: E501
    "flows": """
        process | item | line | quantity | unit  | offset_from | offset_days
        make    | pump | 1    | 1        | piece | end         | 0
        make    | gear | 1    | -2       | piece | start       | 1""",
    "resources": """
        resource | site | unit | capacity | capacity_per | calendar | efficiency | available_from | available_until | skill | capacity_per_person
        bench | A | hours | 160 | month | shifts | 0.8 | 2026-01-01 | 2027-06-01 | fitter | 150""",  # noqa: E501
    "loads": """
        process | resource | line | quantity | unit | from_days | until_days
        make    | bench    | 1    | 2.5      | hours | 0         | 4""",
    "setup_groups": """
        setup_group | site | cost
        jig         | A    | 12""",
    "setup_loads": """
        setup_group | resource | quantity | unit
        jig         | bench    | 1.5      | hours""",
    "calendars": """
        calendar | start      | end        | factor | priority | weekdays | from_time | until_time
        shifts   | 2026-08-01 | 2026-08-16 | 0      | 1        |          |           |
        shifts   |            |            | 0.5    | 2        | 12345    | 06:00     | 14:00
        shifts   |            |            | 0      | 2        | 67       | 22:00     | 06:00""",
    "lanes": """
        lane|from_site|to_site|item|lead_days|cost|currency|capacity|calendar|start_from|start_until|border
        road | A | B | pump | 3 | 2 | USD | 50 | shifts | 2026-01-01 | 2026-12-31 | gate""",
    "supplies": """
        supply | item | site | party | origin | price | lead_days | limit | limit_per | order_from | order_until | unit
        offer | gear | A | maker | FR | 9.5 | 10 | 300 | quarter | 2026-01-01 | 2026-12-31 | piece""",
    "stocks": """
        item | site | opening | minimum | minimum_from | maximum | final_min | unit  | origin
        gear | A    | 40      | 5       | 2026-02-01   | 900     | 10        | piece | FR""",
    "receipts": """
        receipt | item | site | quantity | date       | unit  | origin
        order1  | gear | A    | 20       | 2026-01-15 | piece | FR""",
    "wip": """
        wip  | process | quantity | started          | ends
        run1 | make    | 4        | 2025-12-30 06:00 | 2026-01-06""",
    "baseline": """
        kind     | entity | item | start      | end        | quantity
        horizon  |        |      | 2026-01-01 | 2026-12-01 |
        run      | make   |      | 2026-01-01 | 2026-02-01 | 4
        order    | offer  |      | 2026-01-01 | 2026-02-01 | 20
        shipment | road   | pump | 2026-02-01 | 2026-03-01 | 6
        delivery | d1     |      | 2026-02-01 | 2026-03-01 | 6""",
    "demands": """
        demand|item|site|quantity|unit|due|earliest|kind|priority|late_cost|maximum_late_days|party|set
        d1 | pump | B | 30 | piece | 2026-03-31 | 2026-02-01 | partner | 1 | 0.5 | 200 | maker | pair
        d2 | pump | B | 12.5 | piece | 2026-09-30 |  | export | 2 | 0.5 | | | pair
        d3 | pump | A | 7 |  | 2026-10-01 |  |  |  | 0.5 | | buyer |""",
    "milestones": """
        milestone | kind          | duration_days | after  | earliest   | reached | site
        permit    | permit        | 20            |        | 2026-01-05 |         | A
        qualified | qualification | 3             | permit |            |         | A""",
    "ramps": """
        ramp | after_days | factor
        slow | 0          | 0.5
        slow | 30         | 1""",
    "options": """
        option | kind  | cost | delay_days | maximum | after  | order_from | order_until
        shift  | shift | 900  | 30         | 2       | permit | 2026-01-01 | 2026-11-01""",
    "option_capacity": """
        option | resource | capacity | capacity_per | ramp
        shift  | bench    | 80       | month        | slow""",
    "shares": """
        share | party | measure | item | minimum | maximum | tolerance | per | start | end
        work  | maker | value   | pump | 0.2     | 0.8     | 0.05 | year | 2026-01-01 | 2026-12-01""",
    "sets": """
        set  | name
        pair | Pumps abroad""",
    "fair_shares": """
        rule | priority | item | tolerance
        even | 1        | pump | 0.1""",
    "export_floors": """
        floor | item | share
        home  | pump | 0.5""",
    "reservations": """
        reservation | resource | processes | quantity | quantity_per | start | end
        kept | bench | make | 10 | month | 2026-01-01 | 2026-06-01""",
    "borders": """
        border | capacity | capacity_per | calendar
        gate   | 60       | month        | shifts""",
    "transit_limits": """
        limit | item | crossings | days
        near  | pump | 1         | 4""",
    "origin_limits": """
        limit | item | instrument | share
        cap   | pump | SAFE       | 0.35""",
    "exchange_rates": """
        currency | date       | rate
        USD      | 2025-12-31 | 0.9""",
    "sources": """
        source | title       | published  | reliability
        report | Some report | 2025-11-01 | high
        paper  | Some paper  | 2025-11-01 | low""",
    "evidence": """
        table     | key         | column   | confidence | source | low | high
        supplies  | offer       | price    | cited      | report | 9   | 10
        flows     | make/gear/* | quantity | assumed    |        | -3  | -1""",
    "commitments": """
        commitment | source | status | wording | made_by | item | quantity | per | start | due | said | used_in
        pumps | paper | contracted | 30 pumps, ordered | maker | pump | 30 ||| 2026-03-31 | 2025-10-01 | demands:d1
        gears | paper | announced | 100 gears a quarter | maker | gear | 100 | quarter | 2026-01-01 ||| supplies:*""",
    "scenarios": """
        scenario | line | table   | where          | column   | action  | value   | remark
        narrow   | 1    | lanes   | lane = road    | capacity | scale   | 0.5     | half of the border posts
        narrow   | 2    | demands | kind = partner | due      | shift   | 1 month |
        worse    | 1    |         |                |          | include | narrow  |""",
    "risks": """
        risk|kind|target_table|target|rate|date|probability|duration_days|severity|cause
        snow|closure|lanes|road|2|||3|0|
        quake|site_damage|sites|A||2026-05-01|0.1|90|0.2|
        storm|closure|lanes|road|1|||2||gale
        blown|site_damage|sites|A|1|||2|0.5|gale""",
}


def good() -> Programme:
    """Return the programme, as text by table, row and column."""
    return {table: rows(text) for table, text in _TEXTS.items()}


def frames_of(programme: Programme) -> dict[str, pl.DataFrame]:
    """Return a programme as frames of text."""
    return {
        table: pl.DataFrame(lines, schema=dict.fromkeys(lines[0], pl.String)) if lines else pl.DataFrame()
        for table, lines in programme.items()
    }


def checked(programme: Programme) -> Checked:
    """Check a programme in memory."""
    return check(from_frames(frames_of(programme)))


def write_folder(programme: Programme, folder: Path) -> Path:
    """Write a programme as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, lines in programme.items():
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(lines[0]) if lines else ["site"])
            writer.writeheader()
            writer.writerows(lines)
    return folder
