"""Colours and comments on problem cells of a workbook, made so that they can be taken away again without a trace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ...errors import Problem, Severity
from .cached import cells_of
from .problem_sheet import COLOURS, HEADER, PROBLEMS, Marked, Spot

_AUTHOR, _BEGIN = "coproduce check", "[coproduce check]"
# A rule that always holds lies over the user's own colours and leaves the format of the cell as it is.
_ALWAYS = 'N("coproduce check")=0'
_AREAS = 500
_OWN_PRIORITIES = 2
_MOST_IN_A_CELL = 8


def remove_marks(book: Workbook) -> None:
    """Take away what an earlier annotation left: its sheet, its colours, its comments."""
    for sheet in book.worksheets:
        if is_problem_sheet(sheet):
            book.remove(sheet)
            continue
        _drop_rules(sheet)
        for cell in _commented(sheet):
            text = cell.comment.text
            if _BEGIN in text:
                _comment(cell, text.partition(_BEGIN)[0].rstrip(), cell.comment.author)


def is_problem_sheet(sheet: Worksheet) -> bool:
    """Whether a sheet is a list of problems of ours."""
    head = tuple(sheet.cell(1, position + 1).value for position in range(len(HEADER)))
    return bool(sheet.title == PROBLEMS and head == HEADER)


def _commented(sheet: Worksheet) -> Iterator[Cell]:
    yield from (cell for cell in cells_of(sheet) if not isinstance(cell, MergedCell) and cell.comment)


def _drop_rules(sheet: Worksheet) -> None:
    """Drop the rules of an earlier annotation and make room before the user's own for the next one."""
    kept = ConditionalFormattingList()
    for formatting in sheet.conditional_formatting:
        for rule in formatting.rules:
            if _ALWAYS not in (rule.formula or []):
                rule.priority = max(rule.priority, _OWN_PRIORITIES + 1)
                kept.add(str(formatting.sqref), rule)
    sheet.conditional_formatting = kept


def add_marks(book: Workbook, marked: Sequence[Marked]) -> None:
    """Colour each problem cell, red before yellow, and say in a comment what is wrong with it."""
    by_sheet: dict[str, dict[str, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem, spot in marked:
        if spot.sheet and spot.row and spot.column:
            by_sheet[spot.sheet][_anchor(book[spot.sheet], spot)].append(problem)
    for name, cells in by_sheet.items():
        sheet = book[name]
        for place, problems in cells.items():
            cell = sheet[place]
            own = f"{cell.comment.text.rstrip()}\n\n" if cell.comment else ""
            _comment(cell, own + _words(problems), cell.comment.author if cell.comment else _AUTHOR)
        errors = {place for place, problems in cells.items() if _worst(problems) is Severity.ERROR}
        _colour(sheet, sorted(errors), Severity.ERROR, 1)
        _colour(sheet, sorted(cells.keys() - errors), Severity.WARNING, 2)


def _anchor(sheet: Worksheet, spot: Spot) -> str:
    """Return the cell that shows the value: of merged cells the first."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= spot.row <= area.max_row and area.min_col <= spot.column <= area.max_col:
            return Spot(spot.sheet, area.min_row, area.min_col).cell
    return spot.cell


def _worst(problems: Iterable[Problem]) -> Severity:
    return Severity.ERROR if any(one.severity is Severity.ERROR for one in problems) else Severity.WARNING


def _words(problems: Sequence[Problem]) -> str:
    shown = [f"{one.code} {one.message}" + (f"\n{one.hint}" if one.hint else "") for one in problems[:_MOST_IN_A_CELL]]
    more = [f"and {len(problems) - _MOST_IN_A_CELL} more"] if len(problems) > _MOST_IN_A_CELL else []
    return f"{_BEGIN}\n" + "\n".join([*shown, *more])


def _comment(cell: Cell, text: str, author: str) -> None:
    if not text:
        cell.comment = None
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    lines = sum(1 + len(line) // 44 for line in text.split("\n"))
    cell.comment = Comment(text, author, height=20 + 16 * lines, width=300)


def fit_comments(sheet: Worksheet) -> None:
    """Give the comments that were there the size of their text; their boxes do not survive being read."""
    for cell in _commented(sheet):
        _comment(cell, cell.comment.text, cell.comment.author)


def _colour(sheet: Worksheet, places: Sequence[str], severity: Severity, priority: int) -> None:
    fill = PatternFill("solid", fgColor=COLOURS[severity], bgColor=COLOURS[severity])
    for first in range(0, len(places), _AREAS):
        style = DifferentialStyle(fill=fill)
        rule = Rule(type="expression", dxf=style, formula=[_ALWAYS], priority=priority)
        sheet.conditional_formatting.add(" ".join(places[first : first + _AREAS]), rule)
