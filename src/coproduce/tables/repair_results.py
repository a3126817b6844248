"""The tables of what makes a programme keep its limits on origin by itself."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, flag, label, number


class Repairs(dy.Schema):
    """Every limit that was looked at: what comes from outside without and with the changes."""

    limit = label("The limit on origin", part_of_key=True)
    contract = label("The contract that it is about; empty: no single one")
    scope = choice(
        ("plan", "configuration"), "What keeps the limit: the plan's mix, or every configuration", required=True
    )
    share = number("The largest share from outside that the limit allows", "share", required=True)
    before = number("Share from outside without the limit; of configurations the largest; empty: no plan", "share")
    after = number("The same with the changes; empty: no changes were found", "share")
    outcome = choice(
        ("as_it_is", "with_changes", "not_delivering", "not_kept"),
        "as_it_is: kept without changes; with_changes: kept by them, planned anew; not_delivering: kept only because "
        "less is ever delivered; not_kept: no changes were found",
        required=True,
    )
    kept = flag("Whether the programme keeps the limit and delivers as much as without it")
    undelivered = number("Units never delivered with the changes that are delivered without them", "units",
                         required=True)  # fmt: skip


class RepairCosts(dy.Schema):
    """What the changes cost, stage by stage: between the bounds of the plans with and without them."""

    limit = label("The limit on origin", part_of_key=True)
    stage = label("The stage whose value is compared", part_of_key=True)
    low = number("What the changes cost at least", "currency or weighted unit-days", required=True)
    high = number("What they cost at most", "currency or weighted unit-days", required=True)


class RepairShifts(dy.Schema):
    """What the plan with the changes does otherwise."""

    limit = label("The limit on origin", part_of_key=True)
    kind = choice(
        ("supply", "site", "option"),
        "supply: units ordered; site: units made there of an item that the limit covers; option: bought",
        required=True,
    )
    name = label("The offer, the site or the option", required=True)
    item = label("The item; empty for options")
    before = number("Without the changes", "units", required=True)
    after = number("With them", "units", required=True)
