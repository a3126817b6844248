"""Names the kinds of cost and what each amount is paid for."""

from __future__ import annotations

from .names import Names

KINDS = {
    "process": "Processes",
    "setup": "Joint set-ups",
    "resource": "Resources",
    "transport": "Transport",
    "purchase": "Purchases",
    "option": "Options",
    "overtime": "Overtime",
    "holding": "Holding stock",
    "bridging": "Bridging until the fund pays",
    "write_off": "Stock written off",
    "changed_run": "Runs changed",
    "changed_order": "Orders changed",
    "changed_shipment": "Shipments changed",
    "changed_delivery": "Promises broken",
    "terminal_value": "Value of stock left",
    "lateness": "Lateness",
    "unmet": "Demand not met",
    "income": "Income",
}
TABLES = {
    "process": "processes",
    "setup": "setup_groups",
    "resource": "resources",
    "transport": "lanes",
    "purchase": "supplies",
    "option": "options",
    "overtime": "resources",
    "bridging": "funds",
    "changed_run": "processes",
    "changed_order": "supplies",
    "changed_shipment": "lanes",
    "changed_delivery": "demands",
    "lateness": "demands",
    "unmet": "demands",
    "income": "demands",
}


def paid_for(kind: str, entity: str, names: Names) -> str:
    """Return the name of what an amount is paid for."""
    if kind in TABLES:
        return names.of(TABLES[kind], entity)
    item, slash, site = entity.partition("/")
    return names.at(item, site) if slash else entity
