"""Builds the Network: entities in the order of their tables, money in the programme's currency, times in seconds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from ..calendar import DAY, NEVER, Floats, Ints, Timeline, load_shares
from ..network import Bools, Demands, Lanes, Network, Nodes, Processes, Resources, Supplies, Versions
from ..tables import Tables
from ..units import in_programme_currency, rates_in_force
from .agreements import Agreed
from .amounts import Integrals, amounts, ramped_rates, windowed_amounts
from .cash import Flows, cash
from .earmarks import earmarks
from .fixed import firm_loads, fixed_movements, flow_counts_from_end
from .growth import Waiting, decided_resources, growth, put_off, waiting_demands
from .index import arrival_mode, floats, positions, seconds_of_days, shared_patterns, whole_mode, withdrawal_mode
from .learning import constant_loads, read_learning
from .lots import least_deliveries, lots_of, set_up_processes
from .milestones import dated
from .nodes import Ids, arcs, read_ids
from .origin import origin_limits
from .series import in_series
from .setups import setup_groups
from .stability import Mapping, Prices, told_apart_by
from .versions import read_pairs, read_versions, until_obsolete, used_nodes


def compile_network(tables: Tables, timeline: Timeline | None = None) -> Network:
    """Return the arrays of a checked programme, on its buckets or on another timeline from the same start.

    Raises
    ------
    ValueError
        if the buckets cannot be cut; the checks report that first.
    """
    programme = tables.programme
    timeline = timeline or Timeline.build(programme.start, programme.buckets)
    tables = put_off(tables, timeline)
    builder = _Builder(tables, timeline)
    arc_lane, arc_item = arcs(builder.ids, tables, builder.pairs)
    codes = builder.node_codes(arc_lane, arc_item)
    processes = builder.processes(codes)
    receipt_node = np.searchsorted(codes, builder.ids.receipt_code).astype(np.int64)
    resources = builder.resources(processes.lots.whole)
    versions = builder.versions(codes)
    agreed = Agreed(tables, timeline, builder.integrals, builder.rates)
    lanes, demands = builder.lanes(codes, arc_lane, arc_item), builder.demands(codes)
    supplies = builder.supplies(codes)
    mapping = Mapping(tables, timeline, processes, supplies, lanes, demands, arc_item)
    stable = mapping.stability(builder.change_prices())
    alone = waiting_demands(builder.waiting) | told_apart_by(stable)
    nodes = until_obsolete(builder.nodes(codes), versions, timeline.count)
    fixed = fixed_movements(
        tables, timeline, receipt_node, processes.flow_node, processes.flow_quantity, builder.flow_post()
    )
    earmarked = earmarks(tables, timeline, nodes, processes, fixed)
    money = cash(tables, timeline, Flows(nodes, processes, lanes.arc_from, lanes.arc_to, versions))
    told_apart = earmarked.told_apart(np.where(alone, -1, agreed.told_apart(demands)))
    told_apart = money.told_apart(told_apart, positions(tables["demands"]["contract"], tables["contracts"]["contract"]))
    return Network(
        timeline=timeline,
        nodes=nodes,
        processes=processes,
        resources=resources,
        setup_groups=setup_groups(tables, builder.setup_costs()),
        learning=read_learning(tables),
        versions=versions,
        lanes=replace(lanes, amount=agreed.open_at_borders(lanes.amount)),
        supplies=supplies,
        demands=in_series(demands, timeline.count, told_apart),
        fixed=fixed,
        agreements=agreed.agreements(resources, demands, origin_limits(tables, timeline, nodes, processes, fixed)),
        earmarks=earmarked,
        cash=money,
        priorities=tuple(sorted(tables["demands"]["priority"].unique().to_list())),
        growth=growth(builder.waiting, arc_lane),
        stability=stable,
        money=programme.objective == "money",
        tier_tolerance=programme.tier_tolerance,
        gap=programme.gap,
    )


class _Builder:
    """The parts of the Network, one method each; holds what they share and nothing that changes."""

    def __init__(self, tables: Tables, timeline: Timeline) -> None:
        programme = tables.programme
        self.tables = tables
        self.timeline = timeline
        self.ids: Ids = read_ids(tables)
        self.pairs = read_pairs(tables, timeline)
        self.integrals = Integrals(tables, timeline)
        self.rates = rates_in_force(tables["exchange_rates"], programme.currency, programme.start)
        self.rounding = programme.lead_time_rounding
        self.waiting = Waiting(tables, timeline, self.integrals, dated(tables, timeline), self._money)

    def _money(self, frame: pl.DataFrame, column: str) -> Floats:
        return in_programme_currency(frame[column], frame["currency"], self.rates)

    def _window(self, frame: pl.DataFrame, begin: str, end: str) -> tuple[Ints, Ints]:
        first = self.timeline.first_open(self.timeline.seconds_of(frame[begin], -NEVER))
        return first, self.timeline.first_open(self.timeline.seconds_of(frame[end], NEVER))

    def _leads(self, days: Floats, whole: Bools) -> tuple[Ints, Ints]:
        leads = seconds_of_days(days)
        return leads, whole_mode(np.full(len(leads), arrival_mode(self.rounding)), whole)

    def node_codes(self, arc_lane: Ints, arc_item: Ints) -> Ints:
        """Return the sorted codes of every item-site pair that the programme can touch."""
        ids = self.ids
        used = np.concatenate([ids.demand_code, ids.flow_code[~ids.flow_out]])
        leaves, arrives = (ids.code(arc_item, sites[arc_lane]) for sites in (ids.lane_from, ids.lane_to))
        carried = [used_nodes(self.pairs, ids.sites, used), leaves, arrives]
        codes: Ints = np.unique(
            np.concatenate(
                [ids.flow_code, ids.supply_code, ids.stock_code, ids.receipt_code, ids.demand_code, *carried]
            )
        )
        return codes

    def nodes(self, codes: Ints) -> Nodes:
        """Return stock data per node; a node without a row in `stocks` has no opening stock and no limits."""
        stocks = self.tables["stocks"]
        at = np.searchsorted(codes, self.ids.stock_code)

        def placed(values: Floats, empty: float) -> Floats:
            result = np.full(len(codes), empty)
            result[at] = values
            return result

        minimum_from = np.zeros(len(codes), dtype=np.int64)
        minimum_from[at] = np.clip(
            self.timeline.bucket_of(self.timeline.seconds_of(stocks["minimum_from"], 0)), 0, self.timeline.count
        )
        stock_row = np.full(len(codes), -1, dtype=np.int64)
        stock_row[at] = np.arange(len(stocks))
        return Nodes(
            item=codes // self.ids.sites,
            site=codes % self.ids.sites,
            stock_row=stock_row,
            opening=placed(floats(stocks["opening"], 0.0), 0.0),
            minimum=placed(floats(stocks["minimum"], 0.0), 0.0),
            minimum_from=minimum_from,
            maximum=placed(floats(stocks["maximum"], np.inf), np.inf),
            final_minimum=placed(floats(stocks["final_min"], 0.0), 0.0),
            holding_cost=placed(self._money(stocks, "holding_cost") / 365, 0.0),
            terminal_value=placed(self._money(stocks, "terminal_value"), 0.0),
        )

    def versions(self, codes: Ints) -> Versions:
        """Return which nodes stand in for which, and what is written off."""
        items, stocks = self.tables["items"], self.tables["stocks"]
        value, recovered = self._money(items, "unit_value"), self._money(stocks, "write_off_value")
        return read_versions(self.tables, self.timeline, self.pairs, codes, self.ids.sites, value, recovered)

    def change_prices(self) -> Prices:
        """Return the prices on doing otherwise than the baseline."""
        tables = ("processes", "supplies", "lanes", "demands")
        return Prices(*(self._money(self.tables[table], "change_price") for table in tables))

    def setup_costs(self) -> Floats:
        """Return (group,) the cost of a joint set-up."""
        return self._money(self.tables["setup_groups"], "cost")

    def flow_post(self) -> Ints:
        """Return (flow,) the safety time after a run, seconds; outputs only."""
        post = seconds_of_days(floats(self.tables["processes"]["post_days"], 0.0))
        return np.where(self.ids.flow_out, post[self.ids.flow_process], 0)

    def processes(self, codes: Ints) -> Processes:
        """Return processes and their flows."""
        frame, flows, ids = self.tables["processes"], self.tables["flows"], self.ids
        first, until = self._window(frame, "start_from", "start_until")
        flow_first, flow_until = self._window(flows, "start_from", "start_until")
        lead = seconds_of_days(floats(frame["lead_days"], 0.0))[ids.flow_process]
        from_end = flow_counts_from_end(flows["offset_from"], flows["quantity"])
        offset = np.where(from_end, lead, 0) + seconds_of_days(floats(flows["offset_days"], 0.0)) + self.flow_post()
        joint = frame["setup_group"].is_not_null().to_numpy()
        lots = lots_of(frame, self._money(frame, "setup_cost"), set_up_processes(self.tables), joint)
        modes = np.where(ids.flow_out, arrival_mode(self.rounding), withdrawal_mode(self.rounding))
        modes = whole_mode(modes, lots.whole[ids.flow_process])
        patterns, pattern = shared_patterns(self.timeline, offset, modes)
        good = np.where(ids.flow_out, floats(frame["yield_rate"], 1.0)[ids.flow_process], 1.0)
        limit = floats(frame["rate_limit"], np.inf)
        return Processes(
            site=ids.process_site,
            cost=self._money(frame, "cost"),
            first=first,
            until=until,
            amount=self._rates(frame, limit),
            flow_process=ids.flow_process,
            flow_node=np.searchsorted(codes, ids.flow_code).astype(np.int64),
            flow_quantity=floats(flows["quantity"], 0.0) * good,
            flow_pattern=pattern,
            flow_first=flow_first,
            flow_until=flow_until,
            patterns=patterns,
            lots=lots,
        )

    def _rates(self, frame: pl.DataFrame, limit: Floats) -> Floats:
        """Return (process, bucket) the most runs; where decided openings ramp a rate, its full amount."""
        full = amounts(self.timeline, self.integrals, frame["rate_per"], frame["calendar"], limit)
        ramped = ramped_rates(self.tables, self.timeline, self.integrals, full)
        decided = np.array([bool(self.waiting.decided_in(cell)) for cell in frame["requires"]], dtype=bool)
        decided |= frame["option"].is_not_null().to_numpy()
        return np.where(decided[:, None], full, ramped)

    def resources(self, whole: Bools) -> Resources:
        """Return resources, their amounts and loads; `whole` is (process,) whether it runs in lots."""
        frame, loads = self.tables["resources"], self.tables["loads"]
        load_process = positions(loads["process"], self.tables["processes"]["process"])
        load_resource = positions(loads["resource"], frame["resource"])
        begin = seconds_of_days(floats(loads["from_days"], 0.0))
        lead = floats(self.tables["processes"]["lead_days"], 0.0)[load_process]
        until = floats(loads["until_days"], np.nan)
        end = seconds_of_days(np.where(np.isnan(until), lead, until))
        together = whole[load_process].astype(np.int64)
        intervals, pattern = np.unique(np.stack([begin, end, together], axis=1), axis=0, return_inverse=True)
        limit = floats(frame["capacity"], 0.0) * floats(frame["efficiency"], 1.0)
        amount = windowed_amounts(self.tables, self.timeline, self.integrals, frame, limit)
        return Resources(
            site=positions(frame["site"], self.tables["sites"]["site"]),
            cost=self._money(frame, "cost"),
            amount=np.where(decided_resources(self.waiting)[:, None], 0.0, amount),
            firm=firm_loads(self.tables, self.timeline, load_resource),
            load_process=load_process,
            load_resource=load_resource,
            load_quantity=constant_loads(loads),
            load_setup=floats(loads["setup_quantity"], 0.0),
            load_pattern=pattern.reshape(-1).astype(np.int64),
            patterns=load_shares(self.timeline, intervals[:, 0], intervals[:, 1], intervals[:, 2] > 0),
        )

    def lanes(self, codes: Ints, arc_lane: Ints, arc_item: Ints) -> Lanes:
        """Return lanes and their arcs."""
        frame, ids = self.tables["lanes"], self.ids
        first, until = self._window(frame, "start_from", "start_until")
        lots = lots_of(frame, self._money(frame, "shipment_cost"))
        patterns, pattern = shared_patterns(self.timeline, *self._leads(floats(frame["lead_days"], 0.0), lots.whole))
        limit = floats(frame["capacity"], np.inf)
        size = floats(self.tables["items"]["transport_size"], 1.0)
        return Lanes(
            cost=self._money(frame, "cost"),
            first=first,
            until=until,
            amount=amounts(self.timeline, self.integrals, frame["capacity_per"], frame["calendar"], limit),
            pattern=pattern,
            patterns=patterns,
            arc_lane=arc_lane,
            arc_from=np.searchsorted(codes, ids.code(arc_item, ids.lane_from[arc_lane])).astype(np.int64),
            arc_to=np.searchsorted(codes, ids.code(arc_item, ids.lane_to[arc_lane])).astype(np.int64),
            arc_size=size[arc_item],
            lots=lots,
        )

    def supplies(self, codes: Ints) -> Supplies:
        """Return offers; no amount outside their window."""
        frame = self.tables["supplies"]
        first, until = self._window(frame, "order_from", "order_until")
        lots = lots_of(frame, self._money(frame, "order_cost"))
        patterns, pattern = shared_patterns(self.timeline, *self._leads(floats(frame["lead_days"], 0.0), lots.whole))
        limit = floats(frame["limit"], np.inf)
        amount = amounts(self.timeline, self.integrals, frame["limit_per"], frame["calendar"], limit)
        bucket = np.arange(self.timeline.count)
        return Supplies(
            node=np.searchsorted(codes, self.ids.supply_code).astype(np.int64),
            price=self._money(frame, "price"),
            amount=np.where((bucket >= first[:, None]) & (bucket < until[:, None]), amount, 0.0),
            total=floats(frame["total_limit"], np.inf),
            pattern=pattern,
            patterns=patterns,
            lots=lots,
        )

    def demands(self, codes: Ints) -> Demands:
        """Return demands with the buckets in which they may be delivered."""
        frame, timeline = self.tables["demands"], self.timeline
        due = timeline.seconds_of(frame["due"], 0)
        due_bucket = timeline.bucket_of(due)
        counted_from = np.where(due < 0, due, timeline.edges[np.clip(due_bucket, 0, timeline.count - 1) + 1])
        first = np.maximum(timeline.bucket_of(timeline.seconds_of(frame["earliest"], 0)), 0)
        allowed = seconds_of_days(np.minimum(floats(frame["maximum_late_days"], np.inf), NEVER // DAY // 2))
        # Bucket t is allowed while its end is no later than the due time plus the allowed lateness.
        until = np.searchsorted(timeline.edges[1:], counted_from + allowed, side="right").astype(np.int64)
        last = timeline.edges[-1] + (timeline.edges[-1] - timeline.edges[-2])
        return Demands(
            node=np.searchsorted(codes, self.ids.demand_code).astype(np.int64),
            quantity=floats(frame["quantity"], 0.0),
            tier=np.searchsorted(np.unique(frame["priority"].to_numpy()), frame["priority"].to_numpy()).astype(
                np.int64
            ),
            weight=floats(frame["weight"], 1.0),
            due=counted_from,
            due_bucket=due_bucket,
            first=first,
            until=until,
            unmet_days=(last - counted_from) / DAY,
            price=self._money(frame, "price"),
            late_cost=self._money(frame, "late_cost"),
            unmet_cost=self._money(frame, "unmet_cost"),
            least=least_deliveries(frame),
            series=np.full(frame.height, -1, dtype=np.int64),
            series_head=np.zeros(0, dtype=np.int64),
        )
