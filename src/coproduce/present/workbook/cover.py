"""Draws the cover: headline, counts, proof, run, units and conventions, how to read, and the index of sheets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.worksheet import Worksheet

from ..words import headline, identity
from ..words.formats import counted, day, gap, last_day, quantity, share
from ..words.limits import Wording, sentences
from ..words.names import STAGE_STATUS_WORDS, stage_words, unit_words
from ..words.scenario import change_words, programme_title, scenario_name
from .book import COVER, Book, Placed, set_page, write_text
from .declared import Reader
from .grid import LARGEST
from .styles import MONEY, PALE, WHOLE_NUMBER

LABEL, LAST = 0, 6
_WIDTHS = (30, 18, 14, 14, 14, 26, 14)
_CHARACTERS = 100  # that fit into one line of merged cells
_MOST_PROMISES = 12
_STATES = {"late": "all delivered, some after the due date", "short": "some not within the horizon"}
CONVENTIONS = (
    ("Dates", "Year-month-day. A bucket is named by its first day; what ends a bucket is shown as its last day."),
    ("Buckets", "Counted from 0; their dates stand in the sheet buckets. Inside a bucket flows are even, so quantities "
     "may be fractions of a unit."),
    ("On time", "Delivered in or before the bucket that holds the due date."),
    ("Late unit-days", "Units times days late, from the end of the due bucket; what never comes counts to the end of "
     "the horizon plus one bucket."),
    ("Units", "In brackets in the header, or in the column Unit where rows differ. Sums over rows of different units "
     "are not formed."),
    ("Money", "In the currency of the programme, rounded to hundredths so that the rows of a sheet add up to its "
     "total; the same sum on two sheets may differ by a hundredth."),
    ("Numbers", "Shown rounded; cells hold six digits after the point. Parquet and CSV in the folder tables hold all."),
    ("Formulas", "Totals, running sums and utilisation are live formulas: click one to see what it adds. A total above "
     "a table adds the rows that the filter leaves."),
    ("Colours", "Yellow: late, or a resource at 85 % of its capacity and more. Red: short, or full (99.9 %)."),
)  # fmt: skip
READING = (
    "Begin with Late demands: each row says what is late, by how much, and what holds it back first.",
    "What limits says which limit binds when, what one unit more of it would change, and names its cell in the input.",
    "Deliveries, Load and Stock by period show the plan over time; filter the column Measure.",
    "evidence says what each figure of the input rests on; warnings lists what is doubtful in the input.",
    "The sheets in small letters are the tables of the result as they stand in the folder tables.",
)


@dataclass(frozen=True)
class Live:
    """Where the cover's figures come from, for live formulas; None where a sheet is too large.

    Attributes
    ----------
    service : the sheet of all demands
    cost : the cell with the total cost
    """

    service: Placed | None
    cost: str


@dataclass
class _Pen:
    """Writes the cover from top to bottom."""

    book: Book
    sheet: Worksheet
    row: int = field(default=0)

    def heading(self, text: str) -> None:
        self.row += 1
        style = self.book.styles(bold=True, font_size=12, font_color="#1F3A5F", bottom=1)
        for column in range(LABEL, LAST + 1):
            self.sheet.write_blank(self.row, column, None, style)
        write_text(self.sheet, self.row, LABEL, text, style)
        self.row += 1

    def words(self, text: str, **style: Any) -> None:
        """Write a sentence over the whole width."""
        self._merged(
            LABEL, text, _CHARACTERS + 25, self.book.styles(text_wrap=True, **style), style.get("font_size", 11)
        )
        self.row += 1

    def fact(self, name: str, value: str) -> None:
        """Write a name and what is to be said of it."""
        write_text(self.sheet, self.row, LABEL, name, self.book.styles(font_color="#404040", text_wrap=True))
        self._merged(LABEL + 1, value, _CHARACTERS, self.book.styles(text_wrap=True))
        self.row += 1

    def figure(self, name: str, formula: str, value: float, form: str, remark: str = "") -> None:
        """Write a figure; with a formula it is live."""
        write_text(self.sheet, self.row, LABEL, name, self.book.styles(font_color="#404040"))
        style = self.book.styles(bold=True, num_format=form, align="left")
        if formula:
            self.sheet.write_formula(self.row, LABEL + 1, formula, style, value)
        else:
            self.sheet.write_number(self.row, LABEL + 1, value, style)
        write_text(self.sheet, self.row, LABEL + 2, remark, self.book.styles(font_color="#404040"))
        self.row += 1

    def _merged(self, first: int, text: str, characters: int, style: Any, size: int = 11) -> None:
        self.sheet.merge_range(self.row, first, self.row, LAST, "", style)
        write_text(self.sheet, self.row, first, text, style)
        lines = max(1, math.ceil(len(text) * size / 11 / characters))
        self.sheet.set_row(self.row, lines * (size + 4.5))


def draw(book: Book, sheet: Worksheet, reader: Reader, words: Wording, live: Live) -> None:
    """Draw the cover on the first sheet, when all others stand."""
    pen = _Pen(book, sheet)
    set_page(sheet)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    promised = _head(pen, reader)
    _scenario(pen, reader)
    _counts(pen, reader, live)
    _promises(pen, promised)
    _limits(pen, reader, words)
    _proof(pen, reader)
    _index(pen)
    _conventions(pen)
    _run(pen, reader)


def _head(pen: _Pen, reader: Reader) -> list[headline.Promise]:
    tables, time = reader.result.tables, reader.time
    kinds = dict(tables["items"].select("item", "kind").iter_rows())
    promised = headline.promises(reader.result.frames["demand_service"], reader.names, kinds)
    pen.words(
        programme_title(tables.programme.name, reader.result.summary), bold=True, font_size=20, font_color="#1F3A5F"
    )
    pen.words(headline.headline(promised, time), bold=True, font_size=13)
    if tables.programme.description:
        pen.words(tables.programme.description, font_color="#404040")
    span = f"{day(time.starts[0])} to {last_day(time.ends[-1])}"
    pen.words(f"Plan from {span} in {counted(len(time), time.noun)}.", font_color="#404040")
    return promised


def _scenario(pen: _Pen, reader: Reader) -> None:
    """Say what a scenario changes."""
    changes = change_words(reader.result.summary)
    if changes:
        pen.heading(f"What scenario {scenario_name(reader.result.summary)} changes")
    for change in changes:
        pen.fact(change.remark or "Change", f"{change.words}. Input: {change.cell}.")


def _counts(pen: _Pen, reader: Reader, live: Live) -> None:
    summary = reader.result.summary
    whole = summary["demands"]

    def counting(criterion: str) -> str:
        return f"=COUNTIF({live.service.range('Status')},{criterion})" if live.service else ""

    pen.heading("The plan in figures")
    pen.figure("Demands", f"=COUNTA({live.service.range('Demand')})" if live.service else "", whole, WHOLE_NUMBER)
    for state, name in (("on_time", "On time"), ("late", "Late"), ("short", "Short")):
        parts = [f"{share(summary[state], whole)} of all"] if whole else []
        parts += [_STATES[state]] if summary[state] and state in _STATES else []
        pen.figure(name, counting(f'"{state}"'), summary[state], WHOLE_NUMBER, ", ".join(parts))
    service = reader.result.frames["demand_service"]
    if service["kind"].n_unique() > 1:
        pen.fact("By kind of demand", "; ".join(headline.by_kind(service)) + ".")
    lateness = f"=SUM({live.service.range('Late unit-days')})" if live.service else ""
    pen.figure(
        "Lateness", lateness, round(summary["late_unit_days"], 6), "#,##0.##", "late unit-days: units times days late"
    )
    remark = f"{reader.currency} over the horizon; by kind in the sheet Costs by kind"
    pen.figure("Cost", f"={live.cost}", round(summary["cost"], 2), MONEY, remark)


def _promises(pen: _Pen, promised: list[headline.Promise]) -> None:
    if not promised:
        return
    pen.heading("What is promised")
    styles = pen.book.styles
    titles = ("Family", "Unit", "Asked", "On time", "Late", "Not in the horizon", "On time (%)")
    for column, title in enumerate(titles):
        side = "left" if column < 2 else "right"
        write_text(pen.sheet, pen.row, column, title, styles(bold=True, bg_color=PALE, align=side))
    for one in promised[:_MOST_PROMISES]:
        pen.row += 1
        write_text(pen.sheet, pen.row, 0, one.name, styles())
        write_text(pen.sheet, pen.row, 1, one.unit, styles())
        for column, amount in enumerate((one.asked, one.on_time, one.late, one.unmet), 2):
            pen.sheet.write_number(pen.row, column, round(amount, 6) + 0.0, styles(num_format=_plain(amount)))
        row = pen.row + 1
        part = one.on_time / one.asked if one.asked else 0.0
        pen.sheet.write_formula(pen.row, 6, f"=IF(C{row}>0,D{row}/C{row},0)", styles(num_format="0.0%"), part)
    pen.row += 1
    if len(promised) > _MOST_PROMISES:
        pen.words(f"{len(promised) - _MOST_PROMISES:,} more families stand in the sheet Deliveries by period.")


def _plain(amount: float) -> str:
    return "#,##0" if round(amount, 2) == round(amount) else "#,##0.00"


def _limits(pen: _Pen, reader: Reader, words: Wording) -> None:
    frames = reader.result.frames
    pen.heading("What holds it back")
    found = sentences(frames["bottlenecks"], words, frames["tiers"]["stage"].to_list(), reader.currency)
    for one in found:
        pen.fact(f"{one.name}, {one.site}", f"{one.sentence} Input: {one.where}.")
    if not found:
        pen.words("No limit is known whose increase by one unit would improve the plan.")


def _proof(pen: _Pen, reader: Reader) -> None:
    summary, styles = reader.result.summary, pen.book.styles
    pen.heading("How far the plan can be trusted")
    pen.fact("Audit", f"{identity.audit_words(summary)}: the plan was replayed from the input tables alone.")
    pen.fact(
        "Optimality", f"{STAGE_STATUS_WORDS.get(summary['status'], summary['status'])}; gap {gap(summary['gap'])}."
    )
    pen.fact("Evidence", headline.confidence_sentence(summary.get("evidence") or {}))
    count = len(reader.result.problems)
    pen.fact("Warnings", f"{counted(count, 'warning')} about the input, in the sheet warnings." if count else "None.")
    for words in pen.book.left_out:
        pen.fact("Not in this workbook", words)
    if not pen.book.left_out:
        pen.fact("Left out", f"Nothing: no table of this result has more than {LARGEST:,} rows.")
    for column, title in enumerate(("Stage", "Value", "Proven bound", "Gap", "Status")):
        write_text(pen.sheet, pen.row, column, title, styles(bold=True, bg_color=PALE))
    for stage in reader.result.frames["tiers"].iter_rows(named=True):
        pen.row += 1
        texts = (f"{stage_words(stage['stage'])}", quantity(stage["value"]))
        bound = "not proven" if stage["bound"] is None else quantity(stage["bound"])
        status = f"{STAGE_STATUS_WORDS.get(stage['status'], stage['status'])} ({unit_words(stage['unit'])})"
        for column, text in enumerate((*texts, bound, gap(stage["gap"]), status)):
            write_text(pen.sheet, pen.row, column, text, styles())
    pen.row += 1


def _index(pen: _Pen) -> None:
    pen.heading("Sheets")
    for entry in pen.book.entries:
        pen.sheet.write_url(pen.row, LABEL, f"internal:'{entry.name}'!A1", pen.book.styles.link, entry.name)
        write_text(pen.sheet, pen.row, LABEL + 1, entry.title, pen.book.styles())
        write_text(pen.sheet, pen.row, LAST, entry.size, pen.book.styles(align="right", font_color="#404040"))
        pen.row += 1


def _conventions(pen: _Pen) -> None:
    pen.heading("How to read this workbook")
    for words in READING:
        pen.words(words)
    pen.heading("Units and conventions")
    for name, words in CONVENTIONS:
        pen.fact(name, words)


def _run(pen: _Pen, reader: Reader) -> None:
    pen.heading("The run")
    for name, value in identity.facts(reader.result.summary, reader.result.tables, reader.time):
        pen.fact(name, value)


def add(book: Book) -> Worksheet:
    """Add the cover as the first sheet, to be drawn last."""
    sheet: Worksheet = book.file.add_worksheet(COVER)
    return sheet
