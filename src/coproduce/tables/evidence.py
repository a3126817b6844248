"""What the figures rest on: sources, the cells they support, and who promised what."""

from __future__ import annotations

import dataframely as dy

from .capacity import PER
from .columns import choice, date, key, label, number, pattern, reference, references, text

NO_PROMISE = ("opinion", "reported")
"""What a source thinks or reports: nobody has promised anything."""

STEPS = ("requested", "discussed", "announced", "signed", "contracted", "delivered")
"""How far a promise has come: one side asks, both talk, who is to do it says so in public, a paper is signed (which
may bind nobody), an order is placed that is paid for, the thing is there. A later step is the firmer one."""

NOTIONS = ("nameplate", "funded", "qualified", "actual")
"""Four quantities that are never mixed: what the equipment could make, what is paid for, what is cleared to be made,
what comes out."""

_PART = r"[a-z_]+:[A-Za-z0-9_.*/-]+"


class Sources(dy.Schema):
    """Documents that figures are taken from."""

    source = key("Id of the source")
    publisher = text("Who published it")
    title = text("Title", required=True)
    published = date("Date of publication")
    url = text("Address")
    reliability = choice(("high", "medium", "low"), "How far it can be trusted", default="medium")
    remark = text("What to know when citing it")


class Evidence(dy.Schema):
    """Which cell rests on which source, how firmly, and within which range."""

    table = text("Table of the cell", required=True)
    key = pattern(
        r"^[A-Za-z0-9_.*/-]+$",
        "p1/gear",
        "Key of the row, parts joined by /; * stands for any characters",
        required=True,
    )
    column = text("Column of the cell", required=True)
    confidence = choice(
        ("cited", "estimated", "assumed"), "cited: as published; estimated: derived; assumed: ours", required=True
    )
    source = reference("sources", "Where the figure is from; empty only for assumed figures", required=False)
    as_published = text("The figure in the form in which it was published")
    derivation = text("How the cell follows from the published figure, or why it was assumed")
    low = number("Lowest plausible value", "as the cell")
    high = number("Highest plausible value", "as the cell")
    published = date("When the figure could first be known")


class Commitments(dy.Schema):
    """Who promised what: one row for each source that says so; several rows of one id tell of the same promise."""

    commitment = label("Id of the promise; rows with the same id are what several sources say of it", part_of_key=True)
    source = reference("sources", "Who says so", part_of_key=True)
    name = text("Promise as shown; the first row of an id that has one counts")
    status = choice(
        (*NO_PROMISE, *STEPS),
        "opinion, reported: no promise; then, ever firmer, requested (by one side), discussed (by both), announced, "
        "signed, contracted (ordered and paid for), delivered",
        required=True,
    )
    wording = text("What the source says, in your own words", required=True)
    made_by = references("parties", "Who promises, asks or says it; ids separated by ;")
    made_to = references("parties", "To whom; ids separated by ;")
    item = reference("items", "The item promised", required=False)
    site = reference("sites", "Site of the plan that it is for", required=False)
    place = text("Where, as the source has it: country codes or words, separated by ;")
    quantity = number("Units promised, in all or by the period in `per`", "units", minimum=0)
    unit = text("Unit of the quantity; that of the item where there is one")
    per = choice(PER, "Period of the quantity where it is a rate; empty: in all")
    notion = choice(
        NOTIONS,
        "What the quantity counts: nameplate (could be made), funded (paid for), qualified (cleared to be made), "
        "actual (made or delivered)",
    )
    start = date("From when")
    due = date("By when, or until when where it is a rate")
    said = date("Day on which it was said, signed, ordered or delivered, if the source gives it")
    binding = choice(("yes", "no"), "Whether it binds who made it; empty: the source does not say")
    used_in = pattern(
        rf"^\s*{_PART}(\s*;\s*{_PART})*\s*$",
        "demands:gear_*; calendars:winter",
        "Rows of the plan that stand for it, as table:key with * for any characters, separated by ;",
    )
    passage = text("Where in the source it stands (page, paragraph), or its number in your notes")
    remark = text("What to know when citing it")
