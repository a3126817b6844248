"""Native charts over the grids by period: deliveries, load of the fullest resources, stock of products."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xlsxwriter.worksheet import Worksheet

from ..words.formats import NOISE, plural
from .book import Book
from .grid import Block, Matrix
from .matrix_sheet import Drawn
from .over_time import ASKED_SUM, CLOSING, DELIVERED_SUM, UTILISATION

CHARTS = "Charts"
MOST_ITEMS, MOST_RESOURCES, MOST_STOCKS, MOST_SITES = 6, 5, 4, 6
# Told apart by lightness too; Okabe and Ito, Color Universal Design (2008).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
DASHES = ("solid", "dash", "round_dot", "long_dash", "dash_dot", "square_dot")
_WIDTH, _HEIGHT, _ROWS, _COLUMNS = 760, 340, 18, 12
_FIRST_ROW = 4


def draw(book: Book, deliveries: tuple[Matrix, Drawn], load: tuple[Matrix, Drawn], stock: tuple[Matrix, Drawn]) -> None:
    """Draw all charts on one sheet; each reads the cells of a grid by period."""
    about = "Each chart reads the cells of a sheet by period; what it leaves out stands there."
    charts = [*_deliveries(book, *deliveries), *_load(book, *load), *_stock(book, *stock)]
    sheet = book.sheet(CHARTS, "Deliveries, load and stock over time", about, len(charts))
    for number, (title, chart) in enumerate(charts):
        _place(sheet, number, title, chart)
    sheet.fit_to_pages(1, 0)


def _place(sheet: Worksheet, number: int, title: str, chart: Any) -> None:
    row, column = divmod(number, 2)
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    sheet.insert_chart(_FIRST_ROW + row * _ROWS, column * _COLUMNS, chart, {"description": title})


def _chart(book: Book, kind: dict[str, str], title: str, axis: str, number_format: str = "#,##0") -> Any:
    chart = book.file.add_chart(kind)
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_x_axis(
        {"name": "First day of the bucket", "date_axis": False, "num_format": "mmm yyyy", "label_position": "low"}
    )
    chart.set_y_axis(
        {"name": axis, "num_format": number_format, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    chart.set_legend({"position": "bottom"})
    return chart


def _line(drawn: Drawn, heads: tuple[str, ...], measure: str, name: str, number: int) -> dict[str, Any]:
    colour = COLOURS[number % len(COLOURS)]
    return {
        "name": name,
        "categories": drawn.dates(),
        "values": drawn.line(heads, measure),
        "line": {"color": colour, "width": 2.25, "dash_type": DASHES[number % len(DASHES)]},
        "fill": {"color": colour},
    }


def _asked(block: Block) -> float:
    return block.lines[0].total or 0.0


def _deliveries(book: Book, matrix: Matrix, drawn: Drawn) -> Iterable[tuple[str, Any]]:
    """Yield a chart for each of the items at the head of the grid: asked for against delivered, cumulative."""
    for block in [block for block in matrix.blocks if _asked(block) > NOISE][:MOST_ITEMS]:
        title = f"{block.heads[1]}: asked for and delivered, cumulative"
        chart = _chart(book, {"type": "line"}, title, f"{plural(block.heads[2])} since the start")
        chart.add_series(_line(drawn, block.heads, ASKED_SUM, "Asked for, by due date", 1))
        chart.add_series(_line(drawn, block.heads, DELIVERED_SUM, "Delivered", 0))
        yield title, chart


def _load(book: Book, matrix: Matrix, drawn: Drawn) -> Iterable[tuple[str, Any]]:
    used = [block for block in matrix.blocks if block.lines[3].total]
    if not used:
        return
    title = "Utilisation of the fullest resources"
    chart = _chart(book, {"type": "line"}, title, "Use over capacity (%)", "0%")
    for number, block in enumerate(used[:MOST_RESOURCES]):
        chart.add_series(_line(drawn, block.heads, UTILISATION, f"{block.heads[1]}, {block.heads[2]}", number))
    yield title, chart


def _stock(book: Book, matrix: Matrix, drawn: Drawn) -> Iterable[tuple[str, Any]]:
    """Yield a chart for each item with stock, its sites piled up; items in the order of the grid."""
    places: dict[str, list[Block]] = {}
    for block in matrix.blocks:
        if max(block.lines[2].values, key=lambda value: value or 0.0) or 0.0:
            places.setdefault(block.heads[0], []).append(block)
    for blocks in list(places.values())[:MOST_STOCKS]:
        title = f"{blocks[0].heads[1]}: stock at the end of each bucket"
        chart = _chart(book, {"type": "column", "subtype": "stacked"}, title, plural(blocks[0].heads[4]))
        ordered = sorted(blocks, key=lambda block: -max(value or 0.0 for value in block.lines[2].values))
        for number, block in enumerate(ordered[:MOST_SITES]):
            chart.add_series({**_line(drawn, block.heads, CLOSING, block.heads[3], number), "gap": 40})
        yield title, chart
