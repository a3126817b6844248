"""One assumption of the back-test at an end of its range, all others where they stood: which one carries the result."""

from __future__ import annotations

from fnmatch import fnmatchcase

from ramp_oracle import Tables, earliest, first_month, lateness

GROUPS = {
    "loading in Iowa": (("resources", "loading_iowa", "capacity"),),
    "second new loading site": (("resources", "loading_second", "capacity"),),
    "first line in Mesquite": (("milestones", "mesquite_first_line", "duration_days"),),
    "opening of Ingersoll": (("milestones", "ingersoll_opened", "earliest"),),
    "from order to opening": (("milestones", "*_built", "duration_days"),),
    "qualification": (("milestones", "*_qualified", "duration_days"),),
    "from qualification to full rate": (("ramps", "new_works", "after_days"),),
    "making, loading, acceptance, transport": (
        ("processes", "*", "lead_days"),
        ("processes", "*", "post_days"),
        ("lanes", "*", "lead_days"),
    ),
}
"""Assumptions that projectiles depend on: table, key and column of their cells."""


def moved(tables: Tables, group: str, to: Tables) -> Tables:
    """Return the tables with the cells of one assumption as they are in another scenario."""
    found = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for table, pattern, column in GROUPS[group]:
        for row, other in zip(found[table], to[table], strict=True):
            if fnmatchcase(str(next(iter(row.values()))), pattern):
                row[column] = other[column]
    return found


def projectiles(tables: Tables) -> tuple[list[float], str]:
    """Return the least lateness of the three parts, and the first month with 60,000."""
    made = earliest(tables).projectiles
    return lateness(tables, "tally", made), first_month(made, 60_000)
