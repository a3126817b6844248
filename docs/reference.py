"""Writes the pages of reference from what is declared: input tables, result tables, problem codes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from code_examples import code_examples

from coproduce.codes import CATALOGUE
from coproduce.eligibility.catalogue import instruments
from coproduce.tables import (
    COMPARISON_TABLES,
    FINANCE_TABLES,
    FUNDING_TABLES,
    INPUT_TABLES,
    REPAIR_TABLES,
    REPLAN_TABLES,
    RESULT_TABLES,
    STRESS_TABLES,
    SURVIVAL_TABLES,
    Column,
    TableSpec,
)
from coproduce.tables.columns import LARGEST, LONGEST_DAYS


def _form(column: Column) -> str:
    """Return the type, the bounds and the reference of a column in words."""
    if column.reference:
        return f"id in [{column.reference}](#{column.reference})"
    if column.list_of:
        return f"ids in [{column.list_of}](#{column.list_of}), separated by `;`"
    if column.choices:
        return "one of " + ", ".join(f"`{choice}`" for choice in column.choices)
    bounds = [
        f"above {column.above:g}" if column.above is not None else "",
        f"at least {column.minimum:g}" if column.minimum is not None and column.minimum > -LARGEST else "",
        f"at most {column.maximum:g}" if column.maximum is not None and column.maximum < LONGEST_DAYS else "",
    ]
    form = {"key": "id", "label": "name without spaces", "pattern": f"like `{column.example}`"}.get(
        column.kind, column.kind
    )
    return ", ".join([form, *(bound for bound in bounds if bound)])


def _empty(column: Column) -> str:
    """Return what an empty cell means."""
    if column.default is not None:
        return f"`{column.default}`"
    return "an error" if column.required or column.part_of_key else "nothing"


def _table(spec: TableSpec, with_defaults: bool, of: str = "") -> Iterable[str]:
    yield f"\n({f'{of}-{spec.name}' if of else spec.name})=\n## {spec.name}\n\n{spec.meaning}\n"
    if spec.key:
        yield f"Key: {', '.join(f'`{name}`' for name in spec.key)}.\n"
    yield "| column | form | unit |" + (" empty means |" if with_defaults else "") + " meaning |"
    yield "|---|---|---|" + ("---|" if with_defaults else "") + "---|"
    for column in spec.columns.values():
        meaning = column.meaning + ("" if column.honoured else " **(not used by the planner yet)**")
        unit = column.unit.replace("|", "\\|")
        middle = f" {_empty(column)} |" if with_defaults else ""
        yield f"| `{column.name}` | {_form(column)} | {unit} |{middle} {meaning.replace('|', chr(92) + '|')} |"


def _codes() -> Iterable[str]:
    examples = code_examples()
    yield "# Problem codes\n"
    yield "Every problem names its file, sheet, row and column. Errors stop the run; warnings do not."
    yield "The examples are real: each is what one small change to a good programme gives."
    for code in sorted(CATALOGUE.values(), key=lambda entry: entry.code):
        yield f"\n({code.code.lower()})=\n## {code.code}: {code.title}\n"
        yield f"{code.meaning} *{code.remedy}*\n"
        if code.code in examples:
            yield f"```text\n{examples[code.code]}\n```"


def _rules() -> Iterable[str]:
    """Yield the rules of the instruments, from their declarations."""
    yield "# Rules of the instruments\n"
    yield "What is checked, in our words; the regulation alone is binding. How it is done stands in"
    yield "[the page on eligibility](../eligibility.md).\n"
    yield "| instrument | regulation | CELEX | inside | origin is divided by |\n|---|---|---|---|---|"
    for one in instruments().values():
        yield f"| {one.instrument} | {one.title} | {one.celex} | {one.zone} | {one.denominator} |"
    for one in instruments().values():
        yield f"\n({one.instrument.lower()}-rules)=\n## {one.instrument}\n\n{one.title}.\n"
        yield "| rule | provision | asks | looked at by | in force | looked up |\n|---|---|---|---|---|---|"
        for rule in one.rules:
            until = f" until before {rule.end}" if rule.end else ""
            force = f"from {rule.start}{until}" if rule.start else until
            yield f"| {rule.rule} | {rule.provision} | {rule.meaning} | {rule.scope} | {force} | {rule.verified} |"
        if one.carried:
            yield "\nKept beside the rules; nothing checks it:\n"
            yield "| provision | says | value | looked up |\n|---|---|---|---|"
        for kept in one.carried:
            yield f"| {kept.rule}: {kept.provision} | {kept.meaning} | {kept.value} | {kept.verified} |"


def write_reference(folder: Path) -> None:
    """Write all generated pages into a folder."""
    folder.mkdir(exist_ok=True)
    inputs = [
        "# Input tables\n\nTables that are not given have the plain meaning: no lane, nothing moves. "
        f"Numbers are at most {LARGEST:g} in size, days at most {LONGEST_DAYS:g}."
    ]
    inputs += [line for spec in INPUT_TABLES.values() for line in _table(spec, with_defaults=True)]
    results = ["# Result tables\n\nWritten as parquet and CSV into the folder `tables` of a result."]
    results += [line for spec in RESULT_TABLES.values() for line in _table(spec, with_defaults=False)]
    money = ["# Tables of money\n\nMade by `api.finance` from an audited plan, in the programme's currency."]
    money += [line for spec in FINANCE_TABLES.values() for line in _table(spec, with_defaults=False)]
    compared = [
        "# Tables of a comparison\n\nWritten as parquet and CSV by `coproduce compare --out`; a row for each run."
    ]
    compared += [
        line for spec in COMPARISON_TABLES.values() for line in _table(spec, with_defaults=False, of="compared")
    ]
    stress = ["# Tables of a stress test\n\nWritten as parquet and CSV by `coproduce stress`."]
    stress += [line for spec in STRESS_TABLES.values() for line in _table(spec, with_defaults=False, of="stress")]
    survival = ["# Tables of survival and remedies\n\nWhat the functions of [that page](../survival.md) return."]
    survival += [line for spec in SURVIVAL_TABLES.values() for line in _table(spec, with_defaults=False, of="survival")]
    stress += [line for spec in REPLAN_TABLES.values() for line in _table(spec, with_defaults=False, of="replan")]
    funding = ["# Tables of eligibility\n\nMade by `coproduce.eligibility.frames.eligibility_tables`."]
    funding += [line for spec in FUNDING_TABLES.values() for line in _table(spec, with_defaults=False, of="funding")]
    repair = ["# Tables of a repair\n\nWritten as parquet and CSV by `coproduce repair`, beside lines for `scenarios`."]
    repair += [line for spec in REPAIR_TABLES.values() for line in _table(spec, with_defaults=False, of="repair")]
    pages = (
        ("input_tables", inputs),
        ("result_tables", results),
        ("money_tables", money),
        ("comparison_tables", compared),
        ("stress_tables", stress),
        ("survival_tables", survival),
        ("funding_tables", funding),
        ("repair_tables", repair),
        ("eligibility_rules", list(_rules())),
    )
    for name, lines in (*pages, ("problem_codes", list(_codes()))):
        (folder / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
