"""Every code of the catalogue is raised by one small change to a good programme, at the cell that was changed."""

from __future__ import annotations

import re
from pathlib import Path

import funding_cases
import money_cases
import pytest
from changes import Change, Place, add, both, put, replace, without
from file_cases import DRILL, FROM_DRILLS, FROM_FILES
from good_programme import checked, frames_of, good, write_folder

from coproduce.check.drills import read_drills
from coproduce.codes import CATALOGUE
from coproduce.errors import InputError, Problem
from coproduce.read import from_frames, read
from coproduce.scenarios import check

SECOND_PROGRAMME = """
    name  | start      | buckets | currency
    Other | 2026-01-01 | 4 weeks | EUR"""

# A cycle of repair: a pump becomes a core in no time, the core a pump.
REPAIR = both(
    add("items", "item | unit\ncore | piece"),
    add("processes", "process | site\nstrip | A\nmend | A"),
    add("flows", "process|item|quantity\nstrip|pump|-1\nstrip|core|1\nmend|core|-1\nmend|pump|1"),
)

# Egg and hen come only from each other; the demand for eggs makes it matter.
HEN_AND_EGG = both(
    add("items", "item | unit\nhen | piece\negg | piece"),
    add("processes", "process | site | lead_days\nhatch | A | 21\nlay | A | 1"),
    add("flows", "process|item|quantity\nhatch|egg|-1\nhatch|hen|1\nlay|hen|-1\nlay|egg|1"),
)

IN_MEMORY: dict[str, tuple[Change, Place]] = {
    "E109": (lambda p: p["sites"][0].update({"Country ": "FR"}), ("sites", 1, "country")),
    "E110": (lambda p: p["sites"][0].update({" ": "x"}), ("sites", 2, "")),
    "E115": (put("demands", 2, quantitty="3"), ("demands", 0, "quantitty")),
    "E116": (without("demands", "due"), ("demands", 0, "")),
    "E117": (without("items"), ("items", 0, "")),
    "E120": (add("programme", SECOND_PROGRAMME), ("programme", 3, "")),
    "E201": (put("demands", 3, site=""), ("demands", 3, "site")),
    "E202": (put("demands", 2, quantity="many"), ("demands", 2, "quantity")),
    "E203": (put("demands", 2, priority="1.5"), ("demands", 2, "priority")),
    "E204": (put("supplies", 2, limit="inf"), ("supplies", 2, "limit")),
    "E205": (put("processes", 2, yield_rate="1.2"), ("processes", 2, "yield_rate")),
    "E206": (put("demands", 2, due="2026-02-30"), ("demands", 2, "due")),
    "E207": (put("demands", 2, due="31/12/2026"), ("demands", 2, "due")),
    "E208": (put("demands", 2, due="46082"), ("demands", 2, "due")),
    "E209": (put("demands", 4, demand="d 3"), ("demands", 4, "demand")),
    "E210": (put("sites", 2, country="France"), ("sites", 2, "country")),
    "E211": (put("items", 2, kind="prodct"), ("items", 2, "kind")),
    "E212": (put("demands", 2, all_or_nothing="maybe"), ("demands", 2, "all_or_nothing")),
    "E213": (put("sites", 2, name="#REF!"), ("sites", 2, "name")),
    "E214": (put("supplies", 2, price="#UNCALCULATED!"), ("supplies", 2, "price")),
    "E219": (put("sites", 2, name="x" * 32_768), ("sites", 2, "name")),
    "E215": (put("demands", 2, quantity="1,5"), ("demands", 2, "quantity")),
    "E216": (put("demands", 2, quantity="1 500 000"), ("demands", 2, "quantity")),
    "E217": (put("processes", 2, yield_rate="85%"), ("processes", 2, "yield_rate")),
    "E218": (put("demands", 2, due="2026-03-01T06:00:00Z"), ("demands", 2, "due")),
    "E301": (put("demands", 4, demand="d1"), ("demands", 4, "demand")),
    "E302": (put("demands", 3, site="C"), ("demands", 3, "site")),
    "E303": (
        both(without("stocks"), without("calendars"), put("lanes", 2, calendar=""), put("borders", 2, calendar="")),
        ("resources", 2, "calendar"),
    ),
    "E304": (put("supplies", 2, currency="GBP"), ("supplies", 2, "currency")),
    "E305": (add("exchange_rates", "currency|date|rate\nUSD|2025-12-31|0.8"), ("exchange_rates", 3, "currency")),
    "E306": (put("evidence", 2, table="suplies"), ("evidence", 2, "table")),
    "E307": (put("evidence", 2, column="prise"), ("evidence", 2, "column")),
    "E308": (put("evidence", 3, key="make/cog/*"), ("evidence", 3, "key")),
    "E309": (put("evidence", 2, source=""), ("evidence", 2, "source")),
    "E310": (put("commitments", 2, used_in="demands:d1; demands:e*"), ("commitments", 2, "used_in")),
    "E401": (put("programme", 2, buckets="4 weeks, 11 months"), ("programme", 2, "buckets")),
    "E402": (put("programme", 2, buckets="99999999 hours"), ("programme", 2, "buckets")),
    "E403": (put("flows", 3, unit="kg"), ("flows", 3, "unit")),
    "E404": (put("processes", 2, start_until="2025-12-01"), ("processes", 2, "start_until")),
    "E405": (put("stocks", 2, minimum="901"), ("stocks", 2, "minimum")),
    "E406": (add("processes", "process | site\nidle | B"), ("processes", 3, "process")),
    "E407": (put("lanes", 2, to_site="A"), ("lanes", 2, "to_site")),
    # 31 days of January and 11 months end on the first of January 2027.
    "E408": (put("demands", 3, due="2027-01-01"), ("demands", 3, "due")),
    "E409": (put("receipts", 2, date="2025-12-31"), ("receipts", 2, "date")),
    "E410": (put("loads", 2, from_days="4.5"), ("loads", 2, "until_days")),
    "E411": (put("evidence", 2, low="11"), ("evidence", 2, "low")),
    "E412": (put("lanes", 2, from_site="B", to_site="A"), ("demands", 2, "item")),
    "E413": (HEN_AND_EGG, ("flows", 4, "item")),
    "E414": (REPAIR, ("flows", 4, "item")),
    "E415": (
        both(put("programme", 2, objective="money"), put("demands", 3, late_cost="")),
        ("demands", 3, "late_cost"),
    ),
    "E416": (
        both(put("processes", 2, minimum_size="5"), put("processes", 2, maximum_size="3")),
        ("processes", 2, "maximum_size"),
    ),
    "E417": (put("milestones", 2, after="qualified"), ("milestones", 2, "after")),
    "E418": (put("ramps", 3, factor="0.4"), ("ramps", 3, "factor")),
    "E419": (put("processes", 2, rate_limit=""), ("processes", 2, "ramp")),
    "E420": (
        both(
            put("resources", 2, requires="qualified"),
            add("milestone_loads", "milestone|resource|quantity\nqualified|bench|4"),
        ),
        ("option_capacity", 2, "resource"),
    ),
    "W533": (add("milestones", "milestone\nparade"), ("milestones", 4, "milestone")),
    "W534": (put("options", 2, delay_days="400"), ("options", 2, "delay_days")),
    "W535": (put("milestones", 3, duration_days="400"), ("milestones", 3, "duration_days")),
    "W536": (
        both(
            put("milestones", 2, reached="2026-02-01"),
            add("milestone_loads", "milestone|resource|quantity\npermit|bench|4"),
        ),
        ("milestone_loads", 2, "milestone"),
    ),
    "W537": (put("resources", 2, capacity_per_person=""), ("resources", 2, "skill")),
    "E601": (put("scenarios", 2, column="capasity"), ("scenarios", 2, "column")),
    "E602": (put("scenarios", 2, where="lane road"), ("scenarios", 2, "where")),
    "E603": (put("scenarios", 2, where="lane = rode"), ("scenarios", 2, "where")),
    "E604": (put("scenarios", 2, value="half"), ("scenarios", 2, "value")),
    "E605": (put("scenarios", 4, value="narow"), ("scenarios", 4, "value")),
    # Of the two partners' and domestic demands, the second has no earliest date.
    "W601": (put("scenarios", 3, where="*", column="earliest"), ("scenarios", 3, "where")),
    "E451": (put("risks", 2, kind="yield_loss", severity="0.5"), ("risks", 2, "target_table")),
    "E452": (put("risks", 2, rate=""), ("risks", 2, "rate")),
    "E453": (put("risks", 2, severity="1.2"), ("risks", 2, "severity")),
    "E454": (put("risks", 5, rate="3"), ("risks", 5, "rate")),
    "W571": (put("lanes", 2, switch_days="3"), ("lanes", 2, "detection_days")),
    "W504": (put("items", 3, shelf_life_days="90"), ("items", 3, "shelf_life_days")),
    "W506": (replace("receipts", []), ("receipts", 0, "")),
    "W507": (add("flows", "process|item|line|quantity\nmake|gear|2|0"), ("flows", 4, "quantity")),
    "W508": (put("stocks", 2, opening="901"), ("stocks", 2, "opening")),
    "W509": (put("demands", 2, due="2025-12-31", earliest=""), ("demands", 2, "due")),
    "W510": (put("receipts", 2, date="2027-01-01"), ("receipts", 2, "date")),
    # Started on 20 December with five days: out on Christmas Day.
    "W511": (put("wip", 2, started="2025-12-20", ends=""), ("wip", 2, "started")),
    "W512": (put("supplies", 2, order_from="2026-12-02"), ("supplies", 2, "order_from")),
    "W513": (
        both(put("resources", 2, capacity="0"), put("option_capacity", 2, capacity="0")),
        ("resources", 2, "capacity"),
    ),
    "W514": (put("calendars", 4, weekdays="5", from_time="12:00", until_time="20:00"), ("calendars", 4, "factor")),
    "W515": (put("evidence", 2, low="9.6"), ("evidence", 2, "column")),
    "W516": (put("demands", 3, quantity="0"), ("demands", 3, "quantity")),
    "W517": (put("demands", 2, earliest="2026-12-31"), ("demands", 2, "earliest")),
    "W518": (add("exchange_rates", "currency|date|rate\nEUR||1.1"), ("exchange_rates", 3, "currency")),
    "W519": (put("loads", 2, from_days="6", until_days=""), ("loads", 2, "from_days")),
    "E431": (put("shares", 2, country="UA"), ("shares", 2, "country")),
    "E432": (put("shares", 2, minimum="0.9"), ("shares", 2, "minimum")),
    "E433": (put("items", 3, unit_value=""), ("items", 3, "unit_value")),
    "E751": (put("items", 3, component_cost=""), ("items", 3, "component_cost")),
    "W751": (put("supplies", 2, origin=""), ("supplies", 2, "origin")),
    "E781": (put("origin_limits", 2, scope="contract"), ("origin_limits", 2, "scope")),
    "W561": (put("shares", 2, minimum="", maximum=""), ("shares", 2, "minimum")),
    "W562": (put("lanes", 2, border="south"), ("borders", 2, "border")),
    "W563": (put("demands", 3, earliest="2026-12-01", maximum_late_days="300"), ("sets", 2, "set")),
    "E481": (put("baseline", 5, item=""), ("baseline", 5, "item")),
    "E482": (put("programme", 2, frozen_until="2027-01-01"), ("programme", 2, "frozen_until")),
    "E483": (
        both(
            put("baseline", 3, entity="x"),
            put("baseline", 4, entity="y"),
            put("baseline", 5, entity="z"),
            put("baseline", 6, entity="w"),
        ),
        ("baseline", 3, "entity"),
    ),
    "W595": (put("baseline", 6, entity="d9"), ("baseline", 6, "entity")),
    "W596": (
        both(without("baseline"), put("programme", 2, frozen_until="2026-02-01")),
        ("programme", 2, "frozen_until"),
    ),
    "W597": (put("programme", 2, frozen_until="2026-02-15"), ("programme", 2, "frozen_until")),
    "W598": (put("baseline", 3, start="2025-12-15"), ("baseline", 3, "start")),
    "W520": (put("flows", 3, offset_days="5.5"), ("flows", 3, "offset_days")),
    "W521": (put("flows", 3, quantity="2"), ("processes", 2, "process")),
    # The firm run gives pumps, so that the demands can be met for a while; steel comes from nowhere.
    "W522": (
        both(
            add("items", "item|unit|unit_value\nsteel|kg|2"),
            add("flows", "process|item|line|quantity\nmake|steel|1|-3"),
        ),
        ("flows", 4, "item"),
    ),
    "W523": (
        add("resources", "resource|site|unit|capacity|capacity_per\nidle|A|hours|10|month"),
        ("resources", 3, "resource"),
    ),
    "W524": (put("commitments", 2, due=""), ("commitments", 2, "due")),
    # The paper was published on the first of November.
    "W525": (put("commitments", 2, said="2025-11-02"), ("commitments", 2, "said")),
    "W526": (
        add(
            "commitments", "commitment|source|status|wording|said\npumps|report|discussed|talks about pumps|2025-10-20"
        ),
        ("commitments", 4, "status"),
    ),
    "W527": (
        add("commitments", "commitment|source|status|wording\nagain|paper|announced|100 gears: a Quarter"),
        ("commitments", 4, "commitment"),
    ),
    # The three other demands for pumps ask for 7 to 30, and the median of 7, 12.5, 30 and 9000 is 21.25.
    "W529": (
        add("demands", "demand|item|site|quantity|due|late_cost\nd4|pump|B|9000|2026-10-31|0.5"),
        ("demands", 5, "quantity"),
    ),
    "W530": (put("lanes", 2, start_until="2126-12-31"), ("lanes", 2, "start_until")),
    "E441": (both(put("items", 2, replaces="gear"), put("items", 3, replaces="pump")), ("items", 3, "replaces")),
    "E442": (put("items", 2, replaces="gear", stands_in="yes", unit="pair"), ("items", 2, "unit")),
    # A gear is worth 10.
    "E443": (put("stocks", 2, write_off_value="999"), ("stocks", 2, "write_off_value")),
    "W543": (put("items", 2, stands_in="yes"), ("items", 2, "stands_in")),
    "E782": (
        both(add("setup_groups", "setup_group|site|cost\noven|B|5"), put("processes", 2, setup_group="oven")),
        ("processes", 2, "setup_group"),
    ),
    "W781": (add("setup_groups", "setup_group|site|cost\noven|A|5"), ("setup_groups", 3, "setup_group")),
    "W782": (
        both(
            add("resources", "resource|site|unit|capacity\nspare|B|hours|9"),
            put("setup_loads", 2, resource="spare"),
        ),
        ("setup_loads", 2, "resource"),
    ),
    "W783": (both(without("setup_loads"), put("setup_groups", 2, cost="0")), ("setup_groups", 2, "cost")),
    "W532": (put("resources", 2, site="B"), ("loads", 2, "resource")),
    "W531": (put("sites", 3, country="UK"), ("sites", 3, "country")),
    "W528": (put("commitments", 3, item=""), ("commitments", 3, "quantity")),
}


BAD_RISKS: dict[str, tuple[str, Change, Place]] = {
    "a negative rate": ("E205", put("risks", 2, rate="-1"), ("risks", 2, "rate")),
    "an unknown target": ("E302", put("risks", 2, target="read"), ("risks", 2, "target")),
    "no duration": ("E205", put("risks", 2, duration_days="0"), ("risks", 2, "duration_days")),
    "a probability above 1": ("E205", put("risks", 3, probability="1.2"), ("risks", 3, "probability")),
    "a probability without a date": ("E452", put("risks", 2, probability="0.5"), ("risks", 2, "date")),
    "a distribution without its parameter": ("E452", put("risks", 2, duration="lognormal"),
                                             ("risks", 2, "duration_deviation")),
    "a reversed distribution": ("E453", put("risks", 2, duration="uniform", duration_low="9", duration_high="2"),
                                ("risks", 2, "duration_high")),
    "a delay without days": ("E452", put("risks", 2, kind="customs_delay"), ("risks", 2, "delay_days")),
    "a month that is none": ("E210", put("risks", 2, season="13"), ("risks", 2, "season")),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_RISKS)
def test_a_bad_risk_is_reported_at_its_cell(name: str) -> None:
    code, change, place = BAD_RISKS[name]
    programme = good()
    change(programme)
    found = [(p.code, (p.origin.sheet, p.origin.row, p.origin.column)) for p in checked(programme).problems]
    assert found == [(code, place)]


# A funded contract, and what is wrong about it.
CONTRACTED = both(
    *(add(table, text) for table, text in funding_cases.CONTRACTED.items()), put("demands", 2, contract="c")
)
for _code, (_table, _row, _cells, _column) in funding_cases.CASES.items():
    IN_MEMORY[_code] = both(CONTRACTED, put(_table, _row, **_cells)), (_table, _row, _column)
IN_MEMORY["W702"] = both(CONTRACTED, put("demands", 2, contract="")), ("contracts", 2, "contract")


def test_a_funded_contract_has_no_problem() -> None:
    programme = good()
    CONTRACTED(programme)
    assert [str(p) for p in checked(programme).problems] == []


# A contract with funds, terms of payment and an index, and the one cell that is wrong.
FUNDED = both(
    *(add(table, text) for table, text in money_cases.FUNDED.items()),
    put("contracts", 2, price_index="labour"),
    put("demands", 2, contract="frame"),
)
for _code, (_table, _row, _column, _text, _place) in money_cases.CASES.items():
    IN_MEMORY[_code] = both(FUNDED, put(_table, _row, **{_column: _text})), _place or (_table, _row, _column)
# Several cells: nobody pays; funds pay at an order without a day; buyers pay five days after it; other demands ask
# for the same item.
# Joint set-ups and contracts that keep to their money exclude each other.
ALONE = both(put("processes", 2, setup_group=""), without("setup_groups"), without("setup_loads"))
JOINT_AND_FUNDED, FUNDED = FUNDED, both(FUNDED, ALONE)
_KEEPS = ("contracts", 2, "plan_keeps")
IN_MEMORY["E765"] = (
    both(FUNDED, put("contracts", 2, plan_keeps="budget", payment_terms="", funds="")),
    ("contracts", 2, "funds"),
)
IN_MEMORY["W767"] = both(FUNDED, put("contracts", 2, payment_terms="", own_cash="5")), ("contracts", 2, "own_cash")
IN_MEMORY["E783"] = both(JOINT_AND_FUNDED, put("contracts", 2, plan_keeps="cash")), _KEEPS
UNSIGNED = both(FUNDED, put("contracts", 2, plan_keeps="cash", signed="", index_base="2026-01-01"))
IN_MEMORY["E766"] = UNSIGNED, ("contracts", 2, "payment_terms")
IN_MEMORY["W766"] = (
    both(UNSIGNED, put("contracts", 2, funds=""), put("payment_terms", 2, lag_days="5")),
    ("contracts", 2, "payment_terms"),
)
IN_MEMORY["W765"] = both(FUNDED, put("contracts", 2, plan_keeps="cash", payment_terms="")), _KEEPS


def test_a_contract_with_funds_and_terms_of_payment_has_no_problem() -> None:
    programme = good()
    FUNDED(programme)
    assert [str(p) for p in checked(programme).problems] == []


@pytest.mark.parametrize("code", IN_MEMORY)
def test_the_change_raises_the_code_at_its_cell(code: str) -> None:
    change, place = IN_MEMORY[code]
    programme = good()
    change(programme)
    found = checked(programme)
    places = [(p.origin.sheet, p.origin.row, p.origin.column) for p in found.problems if p.code == code]
    assert places == [place], [str(p) for p in found.problems]
    assert (found.tables is None) == code.startswith("E")


# Warnings of a run, which tests/results/test_stress_answers.py raises at their cells.
# The last two are those of re-planning, in tests/analyses/test_replanned.py.
FROM_A_RUN = frozenset({"W581", "W582", "W583", "E753", "W753"})


def drill_problems(text: str, folder: Path) -> tuple[Problem, ...]:
    """Read a file of drills for the good programme with a risk, and return its problems."""
    programme = good()
    add("risks", "risk|kind|target_table|target|rate|duration_days\noutage|site_damage|sites|A|1|5")(programme)
    (folder / "drills.csv").write_text(DRILL + text, encoding="utf-8")
    try:
        return read_drills(folder / "drills.csv", checked(programme).unwrap()).problems
    except InputError as refusal:
        return refusal.problems


@pytest.mark.parametrize("code", FROM_DRILLS)
def test_the_drill_raises_the_code_at_its_cell(code: str, tmp_path: Path) -> None:
    text, place = FROM_DRILLS[code]
    assert [(p.code, str(p.origin)) for p in drill_problems(text, tmp_path)] == [(code, place)]


def problems_at(path: Path) -> tuple[Problem, ...]:
    """Read and check a path; a refusal gives its problems too."""
    try:
        return check(read(path)).problems
    except InputError as refusal:
        return refusal.problems


@pytest.mark.parametrize("code", FROM_FILES)
def test_the_file_raises_the_code_at_its_place(code: str, tmp_path: Path) -> None:
    build, place = FROM_FILES[code]
    folder = tmp_path / "programme"
    folder.mkdir()
    found = problems_at(build(folder))
    places = [str(p.origin) for p in found if p.code == code]
    assert len(places) == 1 and places[0].endswith(place), [str(p) for p in found]


def test_no_code_of_the_catalogue_is_left_without_a_case() -> None:
    assert {*IN_MEMORY, *FROM_FILES, *FROM_DRILLS, *FROM_A_RUN} == CATALOGUE.keys()


def test_every_code_says_what_it_means_in_whole_sentences() -> None:
    for code, entry in CATALOGUE.items():
        assert re.fullmatch(r"[EW][1-7]\d\d", code)
        assert entry.meaning.endswith(".") and entry.remedy.endswith("."), code


def test_the_good_programme_has_no_problem() -> None:
    found = checked(good())
    assert [str(p) for p in found.problems] == []
    assert found.tables is not None


def test_the_good_programme_has_no_problem_as_a_folder(tmp_path: Path) -> None:
    found = check(read(write_folder(good(), tmp_path)))
    assert [str(p) for p in found.problems] == []


def test_all_in_memory_changes_at_once_hide_no_bad_cell() -> None:
    # The cell checks of one row, all in the same row: none hides another.
    programme = good()
    put("demands", 2, demand="d 1", quantity="1,5", due="2026-02-30", kind="partnr", priority="x", weight="-1")(
        programme
    )
    codes = [p.code for p in checked(programme).problems if p.origin.row == 2 and p.origin.sheet == "demands"]
    assert sorted(codes) == ["E202", "E205", "E206", "E209", "E211", "E215"]


def test_frames_without_any_table_are_refused() -> None:
    with pytest.raises(InputError) as refusal:
        from_frames({"pictures": frames_of(good())["sites"]})
    assert [p.code for p in refusal.value.problems] == ["W502", "E105"]
