"""Set-ups that several processes share: what they cost and take, once a bucket."""

from __future__ import annotations

import dataframely as dy

from .columns import currency, key, number, reference, text


class SetupGroups(dy.Schema):
    """Joint set-ups: a group of processes needs one in every bucket in which any of them starts runs."""

    setup_group = key("Id of the group; its processes name it in `processes.setup_group`")
    name = text("Name as shown")
    site = reference("sites", "Site of its processes")
    cost = number("Cost of one set-up of the group, whatever is made", "currency/set-up", minimum=0, default=0.0)
    currency = currency()


class SetupLoads(dy.Schema):
    """What a joint set-up takes of resources, in the bucket in which it is made."""

    setup_group = reference("setup_groups", "The group", part_of_key=True)
    resource = reference("resources", "The resource", part_of_key=True)
    quantity = number("Resource units per set-up of the group", "resource units/set-up", minimum=0, required=True)
    unit = text("Unit of the quantity, checked against the resource's")
