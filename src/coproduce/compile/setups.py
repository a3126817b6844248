"""Joint set-ups: which processes share one, what it costs and what it takes of resources."""

from __future__ import annotations

from ..calendar import Floats
from ..network import SetupGroups
from ..tables import Tables
from .index import floats, positions


def setup_groups(tables: Tables, cost: Floats) -> SetupGroups:
    """Return the joint set-ups of a programme.

    Parameters
    ----------
    cost : (group,) currency per set-up
    """
    frame, loads = tables["setup_groups"], tables["setup_loads"]
    ids = frame["setup_group"]
    return SetupGroups(
        site=positions(frame["site"], tables["sites"]["site"]),
        cost=cost,
        group=positions(tables["processes"]["setup_group"], ids),
        load_group=positions(loads["setup_group"], ids),
        load_resource=positions(loads["resource"], tables["resources"]["resource"]),
        load_quantity=floats(loads["quantity"], 0.0),
    )
