"""The result tables about what was said: the register of figures, the claims, and the promises beside the plan."""

from __future__ import annotations

import dataframely as dy

from .capacity import PER
from .columns import choice, date, integer, label, number, text
from .evidence import NO_PROMISE, NOTIONS, STEPS

AGREEMENT = ("agree", "conflict", "not_comparable", "one_source", "none")


class Register(dy.Schema):
    """Every number and date of the input that is not a default, with the firmest evidence for it."""

    table = text("Table of the cell", required=True)
    key = text("Key of its row, parts joined by /", required=True)
    column = text("Its column", required=True)
    value = number("The number", "as the cell")
    day = date("The date, where the cell holds one")
    unit = text("Unit of the number")
    confidence = choice(
        ("cited", "estimated", "assumed", "without"), "That of the firmest evidence; without: none", required=True
    )
    pattern = text("Key by which the firmest evidence names the row, * for any characters")
    source = label("Source of the firmest evidence")
    title = text("Its title")
    source_published = date("When the source was published")
    as_published = text("The figure in the form in which it was published")
    derivation = text("How the cell follows from it, or why it was assumed")
    low = number("Lowest plausible value", "as the cell")
    high = number("Highest plausible value", "as the cell")
    published = date("When the figure could first be known")
    rows = integer("Rows of evidence for the cell")
    agreement = choice(
        AGREEMENT,
        "agree: all ranges of its evidence meet in one value; conflict: they do not; not_comparable: fewer than two of "
        "its rows give a range; one_source: one row; none: no evidence",
        required=True,
    )
    others = text("What the other rows of evidence say")
    file = text("File of the cell", required=True)
    cell = text("The cell", required=True)


class Claims(dy.Schema):
    """What the sources say of every promise, field by field, and whether they agree."""

    commitment = label("The promise", part_of_key=True)
    field = label(
        "Column compared; one that no source fills is left out; said only for what was signed or came after",
        part_of_key=True,
    )
    verdict = choice(
        ("agree", "conflict", "progress", "not_comparable", "one_source"),
        "agree: all that fill it say the same; conflict: they do not; progress: the later a source, the firmer the "
        "status; not_comparable: quantities of different notions or units; one_source: only one fills it",
        required=True,
    )
    sources = integer("Sources that fill the field")
    values = text("Every value that is given, separated by ;", required=True)
    given_by = text("Every value with the sources that give it", required=True)


class Promises(dy.Schema):
    """Promises of an item beside the plan: what was promised by a date, and what is asked for and delivered by then."""

    commitment = label("The promise", part_of_key=True)
    source = label("Who says so", part_of_key=True)
    status = choice((*NO_PROMISE, *STEPS), "How far the promise has come", required=True)
    item = label("The item", required=True)
    site = label("The site; empty: all")
    notion = choice(NOTIONS, "What the quantity counts; empty: the source does not say")
    quantity = number("Units promised, in all or by the period", "units", minimum=0)
    per = choice(PER, "Period of a rate; empty: in all")
    start = date("From when the promise counts; empty: the start of the programme")
    due = date("By when; empty: the end of the programme")
    promised = number("Units promised from start to due, inside the programme", "units", minimum=0)
    demands = integer("Demands of the plan that stand for it")
    asked = number("Funded: units that these demands ask for, due by then", "units", minimum=0)
    delivered = number("Actual: units that the plan delivers to these demands by then", "units", minimum=0)
    met_on = date("End of the bucket in which as much as promised is there; empty: not within the programme")
    verdict = choice(
        ("kept", "short", "no_quantity", "no_date", "not_compared", "outside"),
        "kept, short: at least, or less than promised (funded: asked for; actual: delivered); no_quantity, "
        "no_date: none was promised; not_compared: nameplate, qualified or unknown, which no delivery proves; "
        "outside: due before or after the programme",
        required=True,
    )
