"""What the figures rest on: sources and the cells they support."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, date, key, number, pattern, reference, text


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
