"""Who promised what: where the sources of a promise agree or differ, what each says, and the plan beside it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from ...tables import Tables
from ..words.names import Names
from .sheet import Field, Sheet, first

MOST_ROWS = 2_000

STATUS = {
    "opinion": "Opinion",
    "reported": "Reported",
    "requested": "Requested",
    "discussed": "Discussed",
    "announced": "Announced",
    "signed": "Signed",
    "contracted": "Contracted",
    "delivered": "Delivered",
}
VERDICT = {
    "conflict": "Conflict",
    "not_comparable": "Not comparable",
    "progress": "Progress",
    "agree": "Agree",
    "one_source": "One source",
}
FIELD_WORDS = {
    "status": "status",
    "quantity": "quantity",
    "notion": "what the quantity counts",
    "start": "beginning",
    "due": "due date",
    "said": "day",
    "made_by": "who",
    "made_to": "to whom",
    "place": "place",
    "binding": "binding",
}
OUTCOME = {
    "kept": "Kept",
    "short": "Short",
    "no_quantity": "No quantity promised",
    "no_date": "No date promised",
    "not_compared": "Not compared",
    "outside": "Outside the programme",
}

PROMISE_FIELDS = (
    Field("Promise"),
    Field("Agreement"),
    Field("Differ in"),
    Field("Status"),
    Field("By"),
    Field("To"),
    Field("What"),
    Field("Where"),
    Field("When"),
    Field("Sources", "number"),
)
DIFFERENCE_FIELDS = (
    Field("Promise"),
    Field("Differ in"),
    Field("Verdict"),
    Field("What they say"),
)
STATEMENT_FIELDS = (
    Field("Promise"),
    Field("Status"),
    Field("What the source says"),
    Field("Publisher"),
    Field("Published", "date"),
    Field("Said on", "date"),
    Field("Binding"),
    Field("Passage"),
    Field("Remark"),
    Field("Rows of the plan"),
    Field("Address", "link"),
    Field("Cell"),
)
PLAN_FIELDS = (
    Field("Promise"),
    Field("Outcome"),
    Field("Item"),
    Field("Counts"),
    Field("Due", "date"),
    Field("Promised", "number"),
    Field("Asked for (funded)", "number"),
    Field("Delivered (actual)", "number"),
    Field("Unit"),
    Field("There on", "date"),
    Field("Status"),
    Field("Source"),
)
DIFFERING = ("conflict", "not_comparable", "progress")
FIRMEST = list(VERDICT)


def _titles(tables: Tables) -> dict[str, str]:
    """Return the name of each promise: the first that a row gives, or its id."""
    named = tables["commitments"].select("commitment", "name").drop_nulls()
    return dict(named.unique("commitment", keep="first", maintain_order=True).iter_rows())


def promise_sheet(claims: pl.DataFrame, tables: Tables, names: Names) -> Sheet:
    """Make the table of promises, one row each, those with a conflict first."""
    titles = _titles(tables)
    sources = dict(tables["commitments"].group_by("commitment").len().iter_rows())
    items = dict(tables["commitments"].select("commitment", "item").drop_nulls().iter_rows())
    rows = []
    for (promise,), fields in claims.group_by("commitment", maintain_order=True):
        said = {row["field"]: row for row in fields.iter_rows(named=True)}
        words = {field: row["values"] for field, row in said.items()}
        verdict = next(one for one in FIRMEST if any(row["verdict"] == one for row in said.values()))
        rows.append(
            (
                titles.get(promise, promise),
                VERDICT[verdict],
                ", ".join(FIELD_WORDS[field] for field, row in said.items() if row["verdict"] in DIFFERING),
                "; ".join(STATUS[status] for status in words["status"].split("; ")),
                _parties(words.get("made_by"), names),
                _parties(words.get("made_to"), names),
                _what(words.get("quantity"), items.get(promise), names),
                words.get("place", ""),
                _when(words),
                sources[promise],
            )
        )
    rows.sort(key=lambda row: FIRMEST.index(next(key for key, word in VERDICT.items() if word == row[1])))
    kept, note = first(rows, MOST_ROWS, "promises")
    return Sheet("Who promised what", PROMISE_FIELDS, kept, note, facet=1)


def _parties(values: str | None, names: Names) -> str:
    """Put the names of parties for their ids, in each of the values that sources give."""
    versions = [one.split(", ") for one in values.split("; ")] if values else []
    return "; ".join(", ".join(names.of("parties", party) for party in version) for version in versions)


def _what(amounts: str | None, item: str | None, names: Names) -> str:
    return ": ".join(filter(None, (names.of("items", item), amounts)))


def _when(words: Mapping[str, str]) -> str:
    parts = [("from", "start"), ("by", "due"), ("on", "said")]
    return ", ".join(f"{word} {words[field]}" for word, field in parts if field in words)


def difference_sheet(claims: pl.DataFrame, tables: Tables) -> Sheet:
    """Make the table of fields in which the sources of a promise differ, with what each says; conflicts first."""
    titles = _titles(tables)
    rows = [
        (titles.get(row["commitment"], row["commitment"]), FIELD_WORDS[row["field"]], verdict, row["given_by"])
        for key, verdict in VERDICT.items()
        if key in DIFFERING
        for row in claims.filter(verdict=key).iter_rows(named=True)
    ]
    kept, note = first(rows, MOST_ROWS, "differences")
    return Sheet("Where sources differ", DIFFERENCE_FIELDS, kept, note, facet=2)


def statement_sheet(tables: Tables) -> Sheet:
    """Make the table of what each source says, in the order of the input."""
    titles = _titles(tables)
    about = {row["source"]: row for row in tables["sources"].iter_rows(named=True)}
    rows = []
    for number, row in enumerate(tables["commitments"].iter_rows(named=True)):
        source = about.get(row["source"], {})
        rows.append(
            (
                titles.get(row["commitment"], row["commitment"]),
                STATUS[row["status"]],
                row["wording"],
                source.get("publisher") or row["source"],
                source.get("published"),
                row["said"],
                row["binding"] or "",
                row["passage"] or "",
                row["remark"] or "",
                row["used_in"] or "",
                source.get("url") or "",
                str(tables.origin("commitments", number, "wording")),
            )
        )
    kept, note = first(rows, MOST_ROWS, "statements")
    return Sheet("What each source says", STATEMENT_FIELDS, kept, note, facet=1)


def plan_sheet(promises: pl.DataFrame, tables: Tables, names: Names) -> Sheet:
    """Make the table of promises beside the plan, those that are short first."""
    titles = _titles(tables)
    order = ["short", *(word for word in OUTCOME if word != "short")]
    rows = [
        (
            titles.get(row["commitment"], row["commitment"]),
            OUTCOME[row["verdict"]],
            names.of("items", row["item"]),
            row["notion"] or "",
            row["due"],
            row["promised"],
            row["asked"],
            row["delivered"],
            names.unit(row["item"]),
            row["met_on"],
            STATUS[row["status"]],
            row["source"],
        )
        for row in sorted(promises.iter_rows(named=True), key=lambda row: order.index(row["verdict"]))
    ]
    kept, note = first(rows, MOST_ROWS, "promises")
    return Sheet("Promises beside the plan", PLAN_FIELDS, kept, note, facet=1, units=8)


def sentence(claims: pl.DataFrame, promises: pl.DataFrame) -> str:
    """Say in a sentence how many promises there are, on how many the sources disagree, and how many the plan misses."""
    count = claims["commitment"].n_unique()
    if not count:
        return "No promises are recorded."
    against = claims.filter(verdict="conflict")["commitment"].n_unique()
    judged = promises.filter(pl.col("verdict").is_in(["kept", "short"]))
    short = judged.filter(verdict="short").height
    told = (
        f"{count} promises and statements are recorded; sources contradict each other on {against or 'none'} of them."
    )
    compared = f" {judged.height} can be compared with the plan, which falls short of {short or 'none'}."
    return told + (compared if judged.height else " None can be compared with the plan.")
