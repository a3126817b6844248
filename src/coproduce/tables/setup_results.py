"""The result table of joint set-ups."""

from __future__ import annotations

import dataframely as dy

from .columns import integer, label, number


class Setups(dy.Schema):
    """Joint set-ups of the plan: a row for every group and bucket in which it is set up."""

    setup_group = label("The group", part_of_key=True)
    site = label("Where it is set up", required=True)
    bucket = integer("Bucket of the set-up", part_of_key=True)
    cost = number("Cost of the set-up, resources used included", "currency", required=True)
