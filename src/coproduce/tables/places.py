"""Who takes part and where: parties and sites."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, fact, key, label, number, reference, text
from .columns import country as a_country
from .recovery import recovery_days


class Parties(dy.Schema):
    """States, companies, joint ventures and agencies."""

    party = key("Id of the party")
    name = text("Name as shown")
    kind = choice(("state", "company", "joint_venture", "agency"), "What the party is", default="company")
    country = a_country("Country of establishment, ISO 3166 alpha-2")
    management = a_country("Country of its executive management, ISO 3166 alpha-2; empty: not known")
    controller = reference("parties", "Who controls it; empty: follows from `ownership`", required=False)
    screened = fact("Whether the foreign investment in it was screened, and mitigated where needed")
    guarantees = fact("Whether it has given guarantees that the state has verified")
    recovery_days = recovery_days()


class Sites(dy.Schema):
    """Places that make, repair, test, hold or receive."""

    site = key("Id of the site")
    name = text("Name as shown")
    party = reference("parties", "Who runs the site", required=False)
    country = a_country("Country of the site, ISO 3166 alpha-2")
    latitude = number("Latitude (WGS 84), for the map", "deg", minimum=-90, maximum=90)
    longitude = number("Longitude (WGS 84), for the map", "deg", minimum=-180, maximum=180)
    zone = label("Power zone; sites of one zone lose power together")
    recovery_days = recovery_days()
