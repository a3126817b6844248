"""Native charts over the grids by period: deliveries, load of the fullest resources, stock that costs most to hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xlsxwriter.worksheet import Worksheet

from ..words.formats import NOISE, counted, plural
from .book import Book
from .grid import Block, Matrix
from .matrix_sheet import Drawn
from .over_time import ASKED_SUM, CAPACITY, CLOSING, DELIVERED_SUM, FIRM, PLANNED

CHARTS = "Charts"
MOST_ITEMS, MOST_RESOURCES, MOST_STOCKS, MOST_SITES, MOST_DATES = 12, 4, 4, 6, 12
# Told apart by lightness too; Okabe and Ito, Color Universal Design (2008).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("solid", "dash", "round_dot", "long_dash", "dash_dot", "square_dot")
_WIDTH, _HEIGHT, _ROWS, _COLUMNS, _ON_A_PAGE = 760, 360, 19, 12, 3
_FIRST_ROW = 4


def draw(
    book: Book,
    deliveries: tuple[Matrix, Drawn],
    load: tuple[Matrix, Drawn],
    stock: tuple[Matrix, Drawn],
    tied_up: Mapping[str, float],
) -> None:
    """Draw all charts on one sheet; each reads the cells of a grid by period.

    Parameters
    ----------
    tied_up : cost of holding each item over the horizon
    """
    about = "Each chart reads the cells of a sheet by period; what it leaves out stands there."
    charts = [*_deliveries(book, *deliveries), *_load(book, *load), *_stock(book, *stock, tied_up)]
    sheet = book.sheet(CHARTS, "Deliveries, load and stock over time", about, counted(len(charts), "chart"))
    for number, (title, chart) in enumerate(charts):
        _place(sheet, number, title, chart)
    sheet.fit_to_pages(1, 0)
    rows = range(_ON_A_PAGE, -(-len(charts) // 2), _ON_A_PAGE)
    sheet.set_h_pagebreaks([_FIRST_ROW + row * _ROWS - 1 for row in rows])


def _place(sheet: Worksheet, number: int, title: str, chart: Any) -> None:
    row, column = divmod(number, 2)
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    sheet.insert_chart(_FIRST_ROW + row * _ROWS, column * _COLUMNS, chart, {"description": title})


def _chart(book: Book, kind: dict[str, str], drawn: Drawn, title: str, axis: str, values: str = "#,##0") -> Any:
    chart = book.file.add_chart(kind)
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    every = -(-(drawn.last - drawn.first + 1) // MOST_DATES)
    dates = {"num_format": drawn.date_format, "text_axis": True, "label_position": "low", "interval_unit": every}
    chart.set_x_axis({"name": "First day of the bucket", **dates})
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    chart.set_y_axis({"name": axis, "num_format": values, "major_gridlines": grid})
    chart.set_legend({"position": "bottom"})
    return chart


def _line(drawn: Drawn, heads: tuple[str, ...], measure: str, name: str, number: int) -> dict[str, Any]:
    colour = COLOURS[number % len(COLOURS)]
    return {
        "name": name,
        "categories": drawn.dates(),
        "values": drawn.line(heads, measure),
        "line": {"color": colour, "width": 2.25, "dash_type": DASHES[number % len(DASHES)]},
    }


def _asked(block: Block) -> float:
    return block.lines[0].total or 0.0


def _deliveries(book: Book, matrix: Matrix, drawn: Drawn) -> Iterable[tuple[str, Any]]:
    """Yield a chart for each of the items at the head of the grid: asked for against delivered, cumulative."""
    for block in [block for block in matrix.blocks if _asked(block) > NOISE][:MOST_ITEMS]:
        title = f"{block.heads[1]}: asked for and delivered, cumulative"
        chart = _chart(book, {"type": "line"}, drawn, title, f"{plural(block.heads[2])} since the start")
        chart.add_series(_line(drawn, block.heads, ASKED_SUM, "Asked for, by due date", 1))
        chart.add_series(_line(drawn, block.heads, DELIVERED_SUM, "Delivered", 0))
        yield title, chart


def _load(book: Book, matrix: Matrix, drawn: Drawn) -> Iterable[tuple[str, Any]]:
    """Yield a chart for each of the fullest resources: use piled up under its capacity."""
    used = [block for block in matrix.blocks if (block.lines[1].total or 0) + (block.lines[2].total or 0) > NOISE]
    for block in used[:MOST_RESOURCES]:
        title = f"{block.heads[1]}, {block.heads[2]}: load against capacity"
        chart = _chart(book, {"type": "column", "subtype": "stacked"}, drawn, title, plural(block.heads[3]))
        for number, measure in ((4, FIRM), (5, PLANNED)):
            chart.add_series({**_bar(drawn, block.heads, measure, measure, number), "gap": 30})
        limit = book.file.add_chart({"type": "line"})
        limit.add_series(_line(drawn, block.heads, CAPACITY, CAPACITY, 1))
        chart.combine(limit)
        yield title, chart


def _bar(drawn: Drawn, heads: tuple[str, ...], measure: str, name: str, number: int) -> dict[str, Any]:
    drawn_line = _line(drawn, heads, measure, name, number)
    return {**drawn_line, "line": {"none": True}, "fill": {"color": COLOURS[number % len(COLOURS)]}}


def _stock(book: Book, matrix: Matrix, drawn: Drawn, tied_up: Mapping[str, float]) -> Iterable[tuple[str, Any]]:
    """Yield a chart for each item with stock, its sites piled up; the items whose stock costs most."""
    places: dict[str, list[Block]] = {}
    for block in matrix.blocks:
        if max(block.lines[2].values, key=lambda value: value or 0.0) or 0.0:
            places.setdefault(block.heads[0], []).append(block)
    for item in sorted(places, key=lambda item: -tied_up.get(item, 0.0))[:MOST_STOCKS]:
        blocks = places[item]
        title = f"{blocks[0].heads[1]}: stock at the end of each bucket"
        chart = _chart(book, {"type": "column", "subtype": "stacked"}, drawn, title, plural(blocks[0].heads[4]))
        ordered = sorted(blocks, key=lambda block: -max(value or 0.0 for value in block.lines[2].values))
        for number, block in enumerate(ordered[:MOST_SITES]):
            chart.add_series({**_bar(drawn, block.heads, CLOSING, block.heads[3], number), "gap": 30})
        yield title, chart
