"""Problems of joint set-ups."""

from __future__ import annotations

from .code import Code

SETUPS = (
    Code("E782", "Joint set-up of another site",
         "A set-up is shared at one site; what runs elsewhere cannot share it.",
         "Correct the group or the site, or give each site a group of its own."),
    Code("E783", "Joint set-ups beside contracts that keep to their money",
         "What a joint set-up costs is not yet held against the budget or the cash of contracts.",
         "Empty contracts.plan_keeps, or give the processes set-ups of their own (setup_cost, setup_quantity)."),
    Code("W781", "Joint set-up of no process",
         "No process names the group, so that it changes nothing.",
         "Name it in processes.setup_group, or remove it."),
    Code("W782", "Joint set-up on a resource of another site",
         "The set-up takes capacity of a resource that stands elsewhere; nothing travels there and back for it.",
         "Check the resource; if it is right, nothing is to be done."),
    Code("W783", "Joint set-up that costs and takes nothing",
         "Without a cost and without a load the set-up does not hold anything back.",
         "Fill cost, or give the group rows in setup_loads."),
)  # fmt: skip
