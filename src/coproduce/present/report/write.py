"""Writes the report: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from ...results.result import PlanResult
from ..whole import whole_file
from .embed import json_text, policy_hash, script_text
from .page import context

# In the order in which they build on each other.
SCRIPTS = ("format", "data", "csv", "picture", "table", "theme", "panel", "drawing", "charts", "map", "tabs", "main")


def _asset(name: str) -> str:
    return (files(__package__) / "assets" / name).read_text(encoding="utf-8")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("coproduce.present.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["capitalize_first"] = _sentence
    return environment


def render(result: PlanResult) -> str:
    """Return the page as text.

    Parameters
    ----------
    result : an audited plan

    Notes
    -----
    A content policy in the page admits only the scripts that are written into it, by their hashes, and no
    connection to anywhere.
    """
    page = context(result)
    return page_text("report.html.j2", page, page.pop("data"), SCRIPTS)


def page_text(template: str, page: Mapping[str, Any], data: Any, names: Sequence[str]) -> str:
    """Return a page made of a template and its variables, with data, style and the scripts named written into it."""
    library = _asset("echarts/echarts.min.js")
    own = "(() => {\n'use strict';\n" + "\n".join(_asset(f"{name}.js") for name in names) + "\n})();"
    early = _asset("early.js")
    return (
        _environment()
        .get_template(template)
        .render(
            page,
            data=json_text(data),
            style=script_text(_asset("report.css")),
            scripts=[script_text(library), script_text(own)],
            early=script_text(early),
            hashes=" ".join(policy_hash(source) for source in (early, library, own)),
        )
    )


def write_report(result: PlanResult, path: Path) -> None:
    """Write a plan as one self-contained HTML file.

    Parameters
    ----------
    result : an audited plan
    path : the file; it is written under another name and then renamed, so that it is never half there

    Raises
    ------
    OSError : the file cannot be written
    """
    text = render(result)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
