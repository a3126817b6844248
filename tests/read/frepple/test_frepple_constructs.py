"""Each construct of frePPLe lands where it belongs; expected values are worked out by hand beside each test."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from frepple_files import checked, fixture, notes, row, tables, xml

from coproduce import api

DEMAND = """<demands><demand name="d" quantity="{quantity}" due="{due}"><item name="{item}"/>
<location name="L"/></demand></demands>"""


def demand(item: str = "a", quantity: int = 1, due: str = "2026-02-02T00:00:00") -> str:
    return DEMAND.format(item=item, quantity=quantity, due=due)


def make(name: str, item: str, more: str = "", kind: str = "fixed_time") -> str:
    return (
        f'<operation name="{name}" xsi:type="operation_{kind}"><item name="{item}"/><location name="L"/>'
        f"{more}</operation>"
    )


def test_steps_of_a_routing_are_linked_by_items_of_their_own(tmp_path: Path) -> None:
    steps = "".join(
        f'<suboperation><operation name="{name}" xsi:type="operation_fixed_time"><duration>P{days}D</duration>'
        f"</operation><priority>{place}</priority></suboperation>"
        for place, (name, days) in enumerate([("cut", 1), ("drill", 2), ("paint", 4)], 1)
    )
    body = (
        f"<operations>{make('all', 'a', f'<suboperations>{steps}</suboperations>', 'routing')}</operations>{demand()}"
    )
    given = tables(xml(tmp_path, body))
    assert given["processes"]["name"].to_list() == ["cut", "drill", "paint"]
    assert given["processes"]["lead_days"].to_list() == [1.0, 2.0, 4.0]
    assert set(given["flows"].select("process", "item", "quantity").rows()) == {
        ("cut", "all_after_cut", 1.0),
        ("drill", "all_after_cut", -1.0),
        ("drill", "all_after_drill", 1.0),
        ("paint", "all_after_drill", -1.0),
        ("paint", "a", 1.0),
    }
    # 1 + 2 + 4 days: in the bucket that begins 7 days after the start.
    result = api.plan_path(tmp_path / "model.xml", bottlenecks=0)
    assert result.frames["demand_service"]["earliest_possible"].to_list() == [datetime(2026, 1, 13)]


def test_alternates_become_processes_that_make_the_same(tmp_path: Path) -> None:
    subs = "".join(
        f'<suboperation><operation name="{name}" xsi:type="operation_fixed_time"/><priority>{place}</priority>'
        "<effective_end>2026-03-01T00:00:00</effective_end></suboperation>"
        for place, name in enumerate(["first", "second"], 1)
    )
    body = (
        f"<operations>{make('any', 'a', f'<suboperations>{subs}</suboperations>', 'alternate')}</operations>{demand()}"
    )
    path = xml(tmp_path, body)
    given = tables(path)
    assert given["processes"].select("name", "alternate_rank").rows() == [("first", 1), ("second", 2)]
    # An operation without duration may still end, and so begin, at the effective end itself.
    assert given["processes"]["start_until"].to_list() == [datetime(2026, 3, 1, 0, 0, 1)] * 2
    assert given["flows"]["item"].to_list() == ["a", "a"]
    assert any('alternates of "any" (PRIORITY)' in note for note in notes(path, "W552"))


def test_a_pool_becomes_one_process_for_each_member_that_has_the_skill(tmp_path: Path) -> None:
    resources = """<resources><resource name="pool"/><resource name="ann"><owner name="pool"/></resource>
<resource name="bob"><owner name="pool"/></resource><resource name="cem"><owner name="pool"/></resource></resources>
<resourceskills><resourceskill><resource name="ann"/><skill name="weld"/></resourceskill>
<resourceskill><resource name="cem"/><skill name="weld"/></resourceskill></resourceskills>"""
    load = '<duration>PT6H</duration><loads><load><resource name="pool"/><skill name="weld"/></load></loads>'
    given = tables(xml(tmp_path, f"{resources}<operations>{make('join', 'a', load)}</operations>{demand()}"))
    assert given["loads"]["resource"].to_list() == ["ann", "cem"]
    # An operation of fixed time takes six hours of the resource for each lot, whatever its size.
    assert given["loads"].select("quantity", "setup_quantity").rows() == [(0.0, 6.0), (0.0, 6.0)]


def test_calendars_multiply_and_the_lowest_priority_number_holds(tmp_path: Path) -> None:
    body = """<calendars><calendar name="week" default="0"><buckets><bucket priority="2" value="1" days="62"
starttime="PT8H" endtime="PT18H"/><bucket priority="1" value="0" start="2026-01-07T00:00:00" end="2026-01-08T00:00:00"/>
</buckets></calendar><calendar name="machines" default="3"/></calendars>
<locations><location name="L"><available name="week"/></location></locations>
<resources><resource name="mill" efficiency="50"><location name="L"/><maximum_calendar name="machines"/></resource>
</resources>"""
    load = "<loads><load><resource name='mill'/></load></loads><duration>PT1H</duration>"
    path = xml(tmp_path, f"{body}<operations>{make('cut', 'a', load)}</operations>{demand()}")
    result = api.plan_path(path, bottlenecks=0)
    day = {row["bucket"]: row["capacity"] for row in result.frames["resource_load"].iter_rows(named=True)}
    hours = result.frames["buckets"].row(0, named=True)["days"] * 24
    per_day = round(24 / hours)
    total = [sum(day[each * per_day + part] for part in range(per_day)) for each in range(7)]
    # Monday to Friday 10 hours x 3 machines x 50 %; nothing on Wednesday 7 January and at the weekend.
    assert total == pytest.approx([15, 15, 0, 15, 15, 0, 0])


def test_of_calendar_entries_of_equal_priority_the_later_start_holds(tmp_path: Path) -> None:
    body = """<resources><resource name="mill"><maximum_calendar name="m"><buckets>
<bucket start="2026-01-01T00:00:00" value="2"/><bucket start="2026-01-07T00:00:00" value="5"/></buckets>
</maximum_calendar></resource></resources>"""
    load = "<loads><load><resource name='mill'/></load></loads><duration>P1D</duration>"
    path = xml(tmp_path, f"{body}<operations>{make('cut', 'a', load)}</operations>{demand()}")
    capacity = api.plan_path(path, bottlenecks=0).frames["resource_load"]["capacity"].to_list()
    assert capacity[:4] == pytest.approx([48, 48, 120, 120])


def test_a_buffer_gives_a_stock_and_its_minimum_is_listed(tmp_path: Path) -> None:
    body = f"""<buffers><buffer name="a @ L" onhand="12"><item name="a"/><location name="L"/><minimum>5</minimum>
<maximum>40</maximum></buffer></buffers>{demand()}"""
    path = xml(tmp_path, body)
    stock = row(tables(path)["stocks"], item="a")
    assert (stock["opening"], stock["maximum"], stock["safety_stock"], stock["minimum"]) == (12.0, 40.0, 5.0, 0.0)
    assert any("a stock to aim at is not represented" in note for note in notes(path, "W551"))


def test_confirmed_orders_are_firm_and_proposed_ones_are_left_out(tmp_path: Path) -> None:
    orders = """<operationplans>
<operationplan ordertype="PO" reference="p1" status="confirmed" quantity="8" end="2026-01-09T00:00:00"><item name="a"/>
<location name="L"/></operationplan>
<operationplan ordertype="PO" reference="p2" status="approved" quantity="2" end="2025-12-30T00:00:00"><item name="a"/>
<location name="L"/></operationplan>
<operationplan ordertype="PO" reference="p3" status="proposed" quantity="9" end="2026-01-09T00:00:00"><item name="a"/>
<location name="L"/></operationplan>
<operationplan reference="m1" status="confirmed" quantity="3"><operation name="cut"/><start>2026-01-05T00:00:00</start>
<end>2026-01-08T00:00:00</end></operationplan></operationplans>"""
    path = xml(tmp_path, f"<operations>{make('cut', 'a')}</operations>{orders}{demand()}")
    given = tables(path)
    receipts = given["receipts"].select("receipt", "quantity", "date").rows()
    # What is overdue counts at the start.
    assert receipts == [("p1", 8.0, datetime(2026, 1, 9)), ("p2", 2.0, datetime(2026, 1, 5))]
    run = row(given["wip"], wip="m1")
    assert (run["process"], run["quantity"], run["ends"]) == ("cut", 3.0, datetime(2026, 1, 8))
    assert any('"p3" is proposed' in note for note in notes(path, "W553"))


def test_distributions_of_a_parent_item_serve_its_children(tmp_path: Path) -> None:
    body = f"""<items><item name="all"><itemdistributions><itemdistribution><origin name="W"/><destination name="L"/>
<leadtime>P2D</leadtime></itemdistribution></itemdistributions><itemsuppliers><itemsupplier><supplier name="s"/>
<location name="W"/><leadtime>P1D</leadtime></itemsupplier></itemsuppliers></item>
<item name="a"><owner name="all"/></item></items>{demand()}"""
    given = tables(xml(tmp_path, body))
    assert given["lanes"].select("from_site", "to_site", "item", "lead_days").rows() == [("W", "L", "a", 2.0)]
    assert given["supplies"].select("item", "site", "lead_days").rows() == [("a", "W", 1.0)]


def test_a_demand_that_nothing_can_meet_stays_and_is_unmet(tmp_path: Path) -> None:
    path = xml(tmp_path, f'<items><item name="a"/></items>{demand()}')
    assert any('nothing can bring "a" to L' in note for note in notes(path, "W552"))
    service = api.plan_path(path, bottlenecks=0).frames["demand_service"].row(0, named=True)
    assert (service["status"], service["unmet"]) == ("short", 1.0)


def test_an_operation_of_priority_0_is_used_by_firm_orders_only(tmp_path: Path) -> None:
    path = xml(tmp_path, f"<operations>{make('cut', 'a', '<priority>0</priority>')}</operations>{demand()}")
    service = api.plan_path(path, bottlenecks=0).frames["demand_service"].row(0, named=True)
    assert service["status"] == "short"


def test_delivery_operations_take_their_time_and_alternates_lead_to_one_place(tmp_path: Path) -> None:
    body = """<operations><operation name="any" xsi:type="operation_alternate"><suboperations>
<suboperation><operation name="truck" xsi:type="operation_fixed_time"><location name="L"/><duration>P3D</duration>
<flows><flow xsi:type="flow_start"><item name="a"/><quantity>-1</quantity></flow></flows></operation></suboperation>
<suboperation><operation name="ship" xsi:type="operation_fixed_time"><location name="M"/><duration>P9D</duration>
<flows><flow xsi:type="flow_start"><item name="a"/><quantity>-1</quantity></flow></flows></operation></suboperation>
</suboperations></operation></operations>
<buffers><buffer name="a @ L" onhand="1"><item name="a"/><location name="L"/></buffer>
<buffer name="a @ M" onhand="1"><item name="a"/><location name="M"/></buffer></buffers>
<demands><demand name="d" quantity="2" due="2026-01-06T00:00:00"><item name="a"/>
<operation name="any"/></demand></demands>"""
    result = api.plan_path(xml(tmp_path, body), bottlenecks=0)
    delivered = dict(result.frames["deliveries"].select("bucket", "quantity").iter_rows())
    # One unit by truck after 3 days, one by ship after 9.
    assert delivered == pytest.approx({3: 1.0, 9: 1.0})


def test_a_size_that_changes_over_time_is_listed_with_the_line_on_which_it_stands(tmp_path: Path) -> None:
    more = '<size_minimum_calendar name="sizes"/>'
    path = xml(tmp_path, f"<operations>\n{make('cut', 'a', more)}</operations>{demand()}")
    found = [p for p in checked(path).problems if p.code == "W551"]
    assert [(p.origin.row, p.origin.column) for p in found] == [(3, "size_minimum_calendar")]


def test_a_smallest_lot_is_made_whole_though_less_is_asked_for(tmp_path: Path) -> None:
    more = "<size_minimum>5</size_minimum><size_multiple>3</size_multiple>"
    path = xml(tmp_path, f"<operations>{make('cut', 'a', more)}</operations>{demand(quantity=4)}")
    process = row(tables(path)["processes"], process="cut")
    assert (process["minimum_size"], process["multiple_size"]) == (5.0, 3.0)
    # The least multiple of 3 that is 5 or more.
    assert api.plan_path(path, bottlenecks=0).frames["runs"]["quantity"].to_list() == pytest.approx([6.0])


def test_sizes_of_one_are_no_sizes_and_that_is_said_once(tmp_path: Path) -> None:
    one = make("cut", "a", "<size_minimum>1</size_minimum><size_multiple>1</size_multiple>")
    path = xml(tmp_path, f"<operations>{one}</operations>{demand()}")
    assert tables(path)["processes"]["minimum_size"].to_list() == [None]
    assert sum("size of 1" in note for note in notes(path, "W552")) == 1


def test_a_lot_that_needs_more_than_a_working_day_has_is_listed_and_may_be_of_any_size(tmp_path: Path) -> None:
    body = """<calendars><calendar name="day" default="0"><buckets><bucket priority="1" value="1" starttime="PT8H"
endtime="PT16H"/></buckets></calendar></calendars><resources><resource name="mill"><available name="day"/></resource>
</resources>"""
    more = (
        "<loads><load><resource name='mill'/></load></loads><duration>P1D</duration><duration_per>PT1H</duration_per>"
    )
    cut = make("cut", "a", f"{more}<size_minimum>12</size_minimum>", "time_per")
    path = xml(tmp_path, f"{body}<operations>{cut}</operations>{demand(quantity=24, due='2028-02-02T00:00:00')}")
    given = tables(path)
    # A day has 8 hours; the lot takes 24 h, spread over the only order of 24, and 12 h for its units.
    assert given["loads"].select("quantity", "setup_quantity").rows() == [(2.0, None)]
    assert given["processes"]["minimum_size"].to_list() == [None]
    assert any("longer than a time bucket" in note for note in notes(path, "W551"))


def test_where_a_size_is_given_up_the_set_up_is_spread_as_well(tmp_path: Path) -> None:
    body = """<calendars><calendar name="day" default="0"><buckets><bucket priority="1" value="1" starttime="PT8H"
endtime="PT16H"/></buckets></calendar></calendars><resources><resource name="mill"><available name="day"/></resource>
</resources>"""
    more = (
        "<loads><load><resource name='mill'/></load></loads><duration>PT8H</duration><duration_per>PT1H</duration_per>"
    )
    cut = make("cut", "a", f"{more}<size_minimum>12</size_minimum>", "time_per")
    path = xml(tmp_path, f"{body}<operations>{cut}</operations>{demand(quantity=24, due='2028-02-02T00:00:00')}")
    # A set-up takes all 8 hours of a day, so that a day with one makes nothing: 8 h over 24 units, and 1 h for each.
    assert tables(path)["loads"].select("quantity", "setup_quantity").rows() == [(pytest.approx(1 + 8 / 24), None)]


EFFICIENCY = """<resources><resource name="mill"><efficiency_calendar name="e"><default>50</default><buckets>
<bucket start="2026-01-09T00:00:00" end="2026-01-13T00:00:00" value="0"/><bucket start="2026-01-13T00:00:00"
value="200"/></buckets></efficiency_calendar></resource></resources>"""
MILLED = "<loads><load><resource name='mill'/></load></loads><duration>P2D</duration><size_multiple>3</size_multiple>"


def test_efficiency_that_changes_on_dates_gives_a_process_with_a_lead_time_of_its_own_for_each(tmp_path: Path) -> None:
    path = xml(tmp_path, f"{EFFICIENCY}<operations>{make('cut', 'a', MILLED)}</operations>{demand(quantity=9)}")
    # 2 days take 4 at half the speed and 1 at twice; from 9 to 13 January nothing starts.
    assert tables(path)["processes"].select("process", "lead_days", "start_from", "start_until").rows() == [
        ("cut", 4.0, None, datetime(2026, 1, 9)),
        ("cut_from_2026-01-13", 1.0, datetime(2026, 1, 13), None),
    ]
    assert any('efficiency of what "cut" loads' in note for note in notes(path, "W552"))
    # Lots of 3 or 6 or 9 take 48 h: from 5 to 9 January, or any day from the 13th on.
    result = api.plan(api.check(api.read(path)).unwrap(), bottlenecks=0)
    assert result.frames["demand_service"]["earliest_possible"].to_list() == [datetime(2026, 1, 10)]
    assert result.frames["demand_service"]["status"].to_list() == ["on_time"]


def test_firm_orders_keep_the_one_process_of_an_operation_whose_efficiency_changes(tmp_path: Path) -> None:
    order = (
        '<operationplans><operationplan reference="r" quantity="3" status="confirmed" start="2026-01-08T00:00:00" '
        'end="2026-01-14T00:00:00"><operation name="cut"/></operationplan></operationplans>'
    )
    path = xml(tmp_path, f"{EFFICIENCY}<operations>{make('cut', 'a', MILLED)}</operations>{demand(quantity=3)}{order}")
    assert tables(path)["processes"]["process"].to_list() == ["cut"]
    result = api.plan_path(path, bottlenecks=0)
    assert result.frames["deliveries"]["quantity"].to_list() == [3.0]


def test_without_splits_every_order_comes_whole(tmp_path: Path) -> None:
    order = {"name": "d", "item": "a", "location": "L", "quantity": 4, "due": "2026-02-02 00:00:00"}
    rows = [
        {"model": "common.parameter", "pk": "allowsplits", "fields": {"value": "false"}},
        {"model": "input.operation", "fields": {"name": "cut", "type": "fixed_time", "item": "a", "location": "L"}},
        {"model": "input.demand", "fields": order},
    ]
    path = fixture(tmp_path, rows)
    assert tables(path)["demands"]["all_or_nothing"].to_list() == [True]


def test_orders_closed_in_the_file_are_counted_in_one_note(tmp_path: Path) -> None:
    closed = "".join(
        f'<demand name="c{n}" quantity="1" due="2026-01-09T00:00:00" status="closed"><item name="a"/></demand>'
        for n in range(3)
    )
    path = xml(tmp_path, f"<operations>{make('cut', 'a')}</operations>{demand()}<demands>{closed}</demands>")
    assert len(tables(path)["demands"]) == 1
    assert any("3 demands are closed" in note for note in notes(path, "W553"))


def test_a_file_without_current_date_says_from_when_it_is_planned(tmp_path: Path) -> None:
    path = xml(tmp_path, f"<operations>{make('cut', 'a')}</operations>{demand()}")
    path.write_text(path.read_text().replace("<current>2026-01-05T00:00:00</current>", ""))
    assert tables(path).programme.start == datetime(2026, 2, 2)
    assert any("no current date" in note for note in notes(path, "W552"))


def test_operations_inside_each_other_are_named(tmp_path: Path) -> None:
    body = f"""<operations><operation name="x"><owner name="y"/></operation>
<operation name="y"><owner name="x"/></operation>
{make("cut", "a")}</operations>{demand()}"""
    assert any("inside itself" in note for note in notes(xml(tmp_path, body), "W553"))


@pytest.mark.parametrize(
    ("text", "days"),
    [("P1DT12H", 1.5), ("129600", 1.5), ("36:00:00", 1.5), ("1 12:00:00", 1.5), ("P1W", 7.0), ("PT90M", 0.0625)],
)
def test_a_duration_is_read_in_every_form_that_frepple_writes(tmp_path: Path, text: str, days: float) -> None:
    body = f"<operations>{make('cut', 'a', f'<duration>{text}</duration>')}</operations>{demand()}"
    assert tables(xml(tmp_path, body))["processes"]["lead_days"].to_list() == pytest.approx([days])


def test_a_large_file_is_cut_into_weeks_alone_whatever_its_first_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Weeks seldom end with a month, so that months cannot follow them.
    monkeypatch.setattr("coproduce.read.frepple.horizon.MOST_CELLS", 1)
    buckets = tables(xml(tmp_path, f"<operations>{make('cut', 'a')}</operations>{demand()}")).programme.buckets
    assert buckets.split()[1:] == ["weeks"]


@pytest.mark.parametrize(
    ("hours", "unit"),
    [
        # Whole days would make 4 hours 6 times as long, and 3 days and 12 hours a seventh longer.
        (4, "hours,"),
        (84, "days,"),
    ],
)
def test_with_whole_lots_hours_are_taken_only_where_whole_days_would_be_much_longer(
    tmp_path: Path, hours: int, unit: str
) -> None:
    cut = make("cut", "a", f"<duration>PT{hours}H</duration><size_minimum>5</size_minimum>")
    buckets = tables(xml(tmp_path, f"<operations>{cut}</operations>{demand()}")).programme.buckets
    assert buckets.split()[1] == unit
