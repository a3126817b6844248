"""Where items come from: what can never be had, why, and cycles."""

from __future__ import annotations

from good_programme import Programme, checked, rows

from coproduce.errors import Problem

SETTINGS = "name|start|buckets|currency\nx|2026-01-01|12 months|EUR"
DEMAND = "demand|item|site|quantity|due\nd1|{item}|{site}|1|2026-06-01"


def programme(item: str, site: str, *, sites: str = "AB", items: str, **tables: str) -> Programme:
    """Return a programme with one demand; sites and items are single letters."""
    return {
        "programme": rows(SETTINGS),
        "sites": [{"site": name} for name in sites],
        "items": [{"item": name, "unit": "piece"} for name in items],
        "demands": rows(DEMAND.format(item=item, site=site)),
        **{table: rows(text) for table, text in tables.items()},
    }


def told(case: Programme) -> list[tuple[str, str]]:
    """Return code and message of each problem."""
    return [(p.code, p.message) for p in checked(case).problems]


# x is made at A from y, y from z.
CHAIN = {
    "processes": "process|site\nmake_x|A\nmake_y|A",
    "flows": "process|item|quantity\nmake_x|x|1\nmake_x|y|-1\nmake_y|y|1\nmake_y|z|-1",
}
LANE = "lane|from_site|to_site\nroad|A|B"


def test_the_thing_missing_at_the_root_is_named() -> None:
    ((code, message),) = told(programme("x", "B", items="xyz", **CHAIN, lanes=LANE))
    assert code == "E412"
    assert "this needs z at A, but no stock, receipt, supply or process has z anywhere" in message


def test_a_thing_at_the_wrong_site_is_named_with_where_it_is() -> None:
    supply = "supply|item|site\ns|z|B"
    ((code, message),) = told(programme("x", "B", items="xyz", **CHAIN, lanes=LANE, supplies=supply))
    assert code == "E412"
    assert "this needs z at A, but z can be had only at B, and nothing brings it to A" in message


def test_every_kind_of_source_ends_the_search() -> None:
    sources = {
        "supplies": "supply|item|site\ns|z|A",
        "stocks": "item|site|opening\nz|A|1",
        "receipts": "receipt|item|site|quantity|date\nr|z|A|1|2026-02-01",
    }
    for table, text in sources.items():
        assert told(programme("x", "B", items="xyz", **CHAIN, lanes=LANE, **{table: text})) == []
    # A firm run brings its output whether or not its inputs can be had; further runs lack z, which is worth a warning.
    firm = "wip|process|quantity|started\nw|make_y|1|2026-01-01"
    ((code, message),) = told(programme("x", "B", items="xyz", **CHAIN, lanes=LANE, wip=firm))
    assert code == "W522"
    assert 'process "make_y" takes "z", but no stock, receipt, supply or process has z anywhere' in message


def test_a_source_of_nothing_is_no_source() -> None:
    for table, text in {
        "supplies": "supply|item|site|total_limit\ns|z|A|0",
        "stocks": "item|site|opening\nz|A|0",
    }.items():
        assert [code for code, _ in told(programme("x", "B", items="xyz", **CHAIN, lanes=LANE, **{table: text}))] == [
            "E412"
        ]


def test_a_lane_for_one_item_carries_no_other() -> None:
    lane = "lane|from_site|to_site|item\nroad|A|B|{}"
    stock = "item|site|opening\nx|A|1"
    assert told(programme("x", "B", items="xy", lanes=lane.format("x"), stocks=stock)) == []
    assert [c for c, _ in told(programme("x", "B", items="xy", lanes=lane.format("y"), stocks=stock))] == ["E412"]


def test_demands_for_one_item_at_one_site_are_one_problem_with_their_number() -> None:
    case = programme("x", "B", items="x")
    case["demands"] = [{**case["demands"][0], "demand": f"d{n}"} for n in range(5)]
    ((_, message),) = told(case)
    assert message.startswith('5 demands ask for "x" at B')


def test_a_bad_cell_elsewhere_leads_to_no_false_alarm() -> None:
    case = programme("x", "B", items="xyz", **CHAIN, lanes=LANE, supplies="supply|item|site\ns|z|a b")
    assert [code for code, _ in told(case)] == ["E209"]
    case = programme("x", "B", items="xyz", **CHAIN, lanes=LANE, supplies="supply|item|site\ns|zz|A")
    assert [code for code, _ in told(case)] == ["E302"]


CIRCLE = {
    "processes": "process|site|lead_days\nlay|A|1\nhatch|A|1",
    "flows": "process|item|quantity\nlay|e|1\nlay|h|-1\nhatch|h|1\nhatch|e|-1",
}


def test_a_cycle_that_nothing_enters_is_listed_and_named_as_the_cause() -> None:
    (first, second) = told(programme("e", "A", items="eh", **CIRCLE))
    assert {first[0], second[0]} == {"E412", "E413"}
    assert "e at A, h at A are made only from each other" in dict((first, second))["E413"]
    assert "made from" in dict((first, second))["E412"]


def test_a_cycle_with_an_entry_is_sound() -> None:
    assert told(programme("e", "A", items="eh", **CIRCLE, stocks="item|site|opening\nh|A|1")) == []


def test_a_cycle_that_only_lacks_something_else_is_not_called_closed() -> None:
    # A hen can also be made from corn, which nothing has: corn is missing, not an entry to the cycle.
    case = programme("e", "A", items="ehc", **CIRCLE)
    case["processes"].append({"process": "breed", "site": "A", "lead_days": "1"})
    case["flows"] += rows("process|item|quantity\nbreed|h|1\nbreed|c|-1")
    ((code, message),) = told(case)
    assert code == "E412" and "c at A" in message


def test_a_cycle_over_two_sites_is_found_over_its_lanes() -> None:
    tables = {
        "processes": "process|site|lead_days\nlay|A|1\nhatch|B|1",
        "flows": CIRCLE["flows"],
        "lanes": "lane|from_site|to_site\nab|A|B\nba|B|A",
    }
    assert "E413" in [code for code, _ in told(programme("e", "A", items="eh", **tables))]


STOCK = "item|site|opening\nh|A|1"


def instant(lead: str, **lanes: str) -> list[str]:
    """Return the codes of a cycle over two sites, with a lead time of one process and of both lanes."""
    tables = {
        "processes": f"process|site|lead_days\nlay|A|0\nhatch|B|{lead}",
        "flows": CIRCLE["flows"],
        "lanes": f"lane|from_site|to_site|item|lead_days\nab|A|B|e|{lanes['ab']}\nba|B|A||{lanes['ba']}",
    }
    return [code for code, _ in told(programme("e", "A", items="eh", **tables, stocks=STOCK))]


def test_a_cycle_needs_a_delay_somewhere() -> None:
    assert instant("0", ab="0", ba="0") == ["E414"]
    assert instant("1", ab="0", ba="0") == []
    assert instant("0", ab="1", ba="0") == []
    assert instant("0", ab="0", ba="1") == []


def test_a_safety_time_or_an_offset_is_a_delay() -> None:
    tables = {
        "processes": "process|site|post_days\nlay|A|0\nhatch|A|{}",
        "flows": "process|item|quantity|offset_days\nlay|e|1|{}\nlay|h|-1|0\nhatch|h|1|0\nhatch|e|-1|0",
    }
    for post, offset, codes in (("0", "0", ["E414"]), ("1", "0", []), ("0", "1", [])):
        filled = {"processes": tables["processes"].format(post), "flows": tables["flows"].format(offset)}
        assert [code for code, _ in told(programme("e", "A", items="eh", **filled, stocks=STOCK))] == codes


def test_lanes_to_and_fro_are_no_cycle() -> None:
    lanes = "lane|from_site|to_site\nab|A|B\nba|B|A"
    assert told(programme("h", "B", items="h", lanes=lanes, stocks=STOCK)) == []


def test_a_chain_of_a_thousand_levels_is_followed_to_its_end() -> None:
    depth = 1000
    case = programme("i0", "A", items="", sites="A", stocks="item|site|opening\ni1000|A|1")
    case["items"] = [{"item": f"i{n}", "unit": "piece"} for n in range(depth + 1)]
    case["processes"] = [{"process": f"p{n}", "site": "A"} for n in range(depth)]
    case["flows"] = [
        {"process": f"p{n}", "item": f"i{n + step}", "quantity": sign}
        for n in range(depth)
        for step, sign in ((0, "1"), (1, "-1"))
    ]
    assert told(case) == []
    case["stocks"][0]["opening"] = "0"
    ((code, message),) = told(case)
    assert code == "E412" and "i1000 at A" in message


def test_the_message_is_one_that_names_its_cell() -> None:
    (found,) = checked(programme("x", "B", items="x")).problems
    assert isinstance(found, Problem)
    assert str(found).startswith("E412 memory › demands!B2 (item): ")
