"""Small programmes for tests: built from a few rows, or drawn at random from a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from coproduce.tables import INPUT_TABLES, Tables

Row = dict[str, Any]

# Starts are chosen so that months and quarters begin on the first day of a month.
HORIZONS = (
    (datetime(2026, 1, 18), "2 weeks, 3 months"),
    (datetime(2026, 3, 2), "6 days, 2 weeks"),
    (datetime(2026, 1, 1), "4 months"),
    (datetime(2026, 3, 2, 6), "7 days"),
    (datetime(2026, 3, 28), "4 days, 2 months"),
    (datetime(2026, 1, 5, 6), "5 hours, 1 day, 3 weeks"),
    (datetime(2026, 3, 31, 19), "5 hours, 3 months"),
    (datetime(2026, 1, 1, 6), "3 months"),
    (datetime(2026, 12, 1), "1 month, 1 quarter"),
    (datetime(2028, 2, 1), "3 months"),
    (datetime(2025, 12, 29), "5 weeks"),
    (datetime(2026, 10, 1), "2 months, 1 quarter"),
)
PER = ("hour", "day", "week", "month", "quarter", "year")
DAYS_OF = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}


def filled(table: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return a frame of the declared types, with defaults filled in.

    Raises
    ------
    KeyError
        A row names a column that is not declared.
    ValueError
        A required cell is empty.
    """
    spec = INPUT_TABLES[table]
    for row in rows:
        if unknown := set(row) - set(spec.columns):
            raise KeyError(f"{table} has no column {sorted(unknown)}")
    columns = {}
    for name, column in spec.columns.items():
        values = [column.default if row.get(name) is None else row[name] for row in rows]
        if column.required and any(value is None for value in values):
            raise ValueError(f"{table}.{name} is required")
        columns[name] = pl.Series(name, values, dtype=column.dtype, strict=False)
    return pl.DataFrame(columns)


def tables_of(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Tables:
    """Return checked-looking tables made of rows; tables that are not named stay empty."""
    return Tables({name: filled(name, rows.get(name, ())) for name in INPUT_TABLES})


def random_programme(seed: int) -> Tables:
    """Return the random programme that belongs to a seed."""
    return tables_of(_Draft(np.random.default_rng(seed)).rows)


def random_rows(seed: int) -> dict[str, list[Row]]:
    """Return the rows of the random programme that belongs to a seed, to add to."""
    return _Draft(np.random.default_rng(seed)).rows


def random_lots(seed: int) -> Tables:
    """Return a random programme with lots: sizes and costs of lots, set-ups, deliveries all at once or none."""
    return tables_of(_with_lots(seed))


def random_joint_setups(seed: int) -> Tables:
    """Return a random programme with lots, most of whose processes share set-ups at their site."""
    rows, rng = _with_lots(seed), np.random.default_rng(seed + 20_000)
    sites = sorted({row["site"] for row in rows["processes"]})
    for site in sites:
        rows["setup_groups"].append(
            {"setup_group": f"joint_{site}", "site": site, "cost": round(float(rng.uniform(0, 150)), 1)}
        )
        at_site = [row["resource"] for row in rows["resources"] if row["site"] == site]
        for resource in at_site[: int(rng.integers(0, 3))]:
            quantity = round(float(rng.uniform(0.1, 15)), 1)
            rows["setup_loads"].append({"setup_group": f"joint_{site}", "resource": resource, "quantity": quantity})
    for row in rows["processes"]:
        row["setup_group"] = f"joint_{row['site']}" if rng.random() < 0.7 else None
    return tables_of(rows)


def _with_lots(seed: int) -> dict[str, list[Row]]:
    rows = _Draft(np.random.default_rng(seed)).rows
    rng = np.random.default_rng(seed + 10_000)

    def size(low: float, high: float, chance: float) -> float | None:
        return round(float(rng.uniform(low, high)), 1) if rng.random() < chance else None

    for table, cost in (("processes", "setup_cost"), ("supplies", "order_cost"), ("lanes", "shipment_cost")):
        for row in rows[table]:
            if rng.random() < 0.6:
                row |= {"minimum_size": size(1, 12, 0.5), "multiple_size": size(0.5, 4, 0.3)}
                row |= {"maximum_size": size(13, 40, 0.4), cost: size(1, 200, 0.5)}
    for row in rows["loads"]:
        row["setup_quantity"] = size(0.1, 10, 0.4)
    for row in rows["demands"]:
        row |= {"minimum_shipment": size(0.5, 20, 0.25), "all_or_nothing": bool(rng.random() < 0.2)}
    return rows


def programmes() -> st.SearchStrategy[Tables]:
    """Return a hypothesis strategy of random programmes."""
    return st.integers(0, 2**32 - 1).map(random_programme)


class _Draft:
    """Draws a programme row by row; every method fills one table."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.rows: dict[str, list[Row]] = {name: [] for name in INPUT_TABLES}
        self.start, self.buckets = HORIZONS[rng.integers(len(HORIZONS))]
        self.days = _horizon_days(self.start, self.buckets)
        self.sites = [f"s{k}" for k in range(1, rng.integers(2, 5))]
        self.items = [f"i{k}" for k in range(1, rng.integers(2, 6) + 1)]
        self.money = rng.random() < 0.3
        for draw in (
            self._programme, self._places, self._calendars, self._processes, self._resources,
            self._lanes, self._supplies, self._stocks, self._receipts, self._wip, self._demands,
        ):  # fmt: skip
            draw()

    # -- small draws -----------------------------------------------------------------------------

    def _yes(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def _one(self, options: Sequence[Any]) -> Any:
        return options[int(self.rng.integers(len(options)))]

    def _number(self, low: float, high: float) -> float:
        return round(float(self.rng.uniform(low, high)), 2)

    def _day(self, low: float, high: float) -> datetime:
        """Return a date between two shares of the horizon, on a whole day, hour or minute."""
        days = float(self.rng.uniform(low, high)) * self.days
        minutes = round(days * 1440)
        step = self._one((1440, 1440, 60, 1))
        return self.start + timedelta(minutes=minutes - minutes % step)

    def _lead(self) -> float:
        """Return a lead time: none, short, a whole number of buckets, or longer than most buckets."""
        return float(self._one((0, 0, 0.25, 1, 1.5, 3.3, 7, 10.01, 14, 31, 45.5)))

    def _currency(self) -> str | None:
        return self._one((None, None, "EUR", "USD", "GBP"))

    def _window(self, chance: float) -> tuple[datetime | None, datetime | None]:
        if not self._yes(chance):
            return None, None
        first, last = sorted((self._day(-0.2, 0.9), self._day(0.2, 1.1)))
        return (first if self._yes(0.7) else None), (last if self._yes(0.7) else None)

    def _rate(self, low: float, high: float) -> tuple[float, str]:
        """Return an amount per period that comes to between `low` and `high` over the horizon."""
        per = self._one(PER)
        return round(float(self.rng.uniform(low, high)) * DAYS_OF[per] / self.days, 4), per

    def _calendar(self, chance: float) -> str | None:
        names = sorted({row["calendar"] for row in self.rows["calendars"]})
        return self._one(names) if names and self._yes(chance) else None

    def _add(self, table: str, **row: Any) -> Row:
        self.rows[table].append(row)
        return row

    # -- tables ----------------------------------------------------------------------------------

    def _programme(self) -> None:
        self._add(
            "programme", name="random", start=self.start, buckets=self.buckets, currency="EUR",
            objective="money" if self.money else "tiers",
            lead_time_rounding=self._one(("spread", "spread", "up")),
            tier_tolerance=self._one((None, 0.0, 1e-6, 0.02)),
            gap=1e-9,
        )  # fmt: skip
        self._add("exchange_rates", currency="USD", date=self.start - timedelta(days=40), rate=0.8)
        self._add("exchange_rates", currency="USD", date=self.start - timedelta(days=400), rate=7.0)
        self._add("exchange_rates", currency="USD", date=self.start + timedelta(days=1), rate=9.0)
        self._add("exchange_rates", currency="GBP", rate=1.25)
        if self._yes(0.5):
            self._add("exchange_rates", currency="GBP", date=self.start, rate=1.5)

    def _places(self) -> None:
        for site in self.sites:
            self._add("sites", site=site, country=self._one(("FR", "IT", "NO")))
        for item in self.items:
            self._add("items", item=item, unit="piece", transport_size=self._one((1.0, 0.5, 2.5, 0.0)))

    def _calendars(self) -> None:
        for k in range(self.rng.integers(0, 4)):
            for _ in range(self.rng.integers(1, 5)):
                start, end = self._window(0.6)
                self._add(
                    "calendars", calendar=f"c{k}", start=start, end=end,
                    factor=self._one((0.0, 0.0, 0.5, 1.0, 1.75)),
                    priority=self._one((0, 1, 1, 2)),
                    weekdays=self._one((None, None, "12345", "67", "135", "7")),
                    from_time=self._one((None, None, "08:00", "22:30", "18:00")),
                    until_time=self._one((None, None, "16:00", "06:00", "24:00", "18:00")),
                )  # fmt: skip

    def _processes(self) -> None:
        """Draw a bill of materials without cycles but for dismantling, which gives back less, later."""
        for position, item in enumerate(self.items[:-1]):
            for alternate in range(self._one((0, 1, 1, 1, 2))):
                self._process(f"make-{item}-{alternate}", item, self.items[position + 1 :])
        if len(self.items) > 2 and self._yes(0.2):
            row = self._process_row("dismantle", self._one((3.0, 7.5, 40.0)))
            self._add("flows", process=row["process"], item=self.items[0], quantity=-1.0)
            self._add("flows", process=row["process"], item=self.items[-1], quantity=0.5)

    def _process_row(self, name: str, lead: float) -> Row:
        start_from, start_until = self._window(0.2)
        limited = self._yes(0.2)
        limit, per = self._rate(5, 120)
        return self._add(
            "processes", process=name, site=self._one(self.sites), lead_days=lead,
            yield_rate=self._one((1.0, 1.0, 0.9, 0.65)),
            cost=self._number(0, 30) if self._yes(0.8) else None, currency=self._currency(),
            start_from=start_from, start_until=start_until,
            rate_limit=limit if limited else None, rate_per=per, calendar=self._calendar(0.3),
            post_days=self._one((0.0, 0.0, 0.0, 1.0, 4.5)),
        )  # fmt: skip

    def _process(self, name: str, item: str, inputs: Sequence[str]) -> None:
        lead = self._lead()
        self._process_row(name, lead)
        self._flow(name, item, self._one((1.0, 1.0, 2.0)), lead)
        if self._yes(0.15):
            self._flow(name, item, 0.5, lead, line=2)
        for needed in self.rng.permutation(np.array(inputs))[: self.rng.integers(1, 3)]:
            self._flow(name, str(needed), -self._one((1.0, 0.5, 2.0)), lead)
        above = self.items[: self.items.index(item)]
        if above and self._yes(0.15):
            self._flow(name, self._one(above), 0.25, lead)

    def _flow(self, process: str, item: str, quantity: float, lead: float, line: int = 1) -> None:
        start_from, start_until = self._window(0.1)
        offset_from = self._one((None, None, None, "start", "end"))
        self._add(
            "flows", process=process, item=item, line=line, quantity=quantity, offset_from=offset_from,
            offset_days=self._one((0.0, 0.0, 0.0, 0.5, 2.25, lead)),
            start_from=start_from, start_until=start_until,
        )  # fmt: skip

    def _resources(self) -> None:
        for k in range(self.rng.integers(0, 4)):
            capacity, per = self._rate(40, 600)
            available_from, available_until = self._window(0.25)
            self._add(
                "resources", resource=f"r{k}", site=self._one(self.sites), unit="hours", capacity=capacity,
                capacity_per=per, calendar=self._calendar(0.5), efficiency=self._one((1.0, 1.0, 0.8, 1.3)),
                available_from=available_from, available_until=available_until,
                cost=self._number(0, 5) if self._yes(0.5) else None, currency=self._currency(),
            )  # fmt: skip
            for row in self.rows["processes"]:
                for line in range(1, self._one((1, 1, 2, 3))):
                    self._load(row, f"r{k}", line)

    def _load(self, process: Row, resource: str, line: int) -> None:
        lead = process["lead_days"]
        from_days = self._one((0.0, 0.0, 0.5, lead / 2, lead, lead + 1))
        until_days = self._one((None, None, None, from_days, from_days + 2.5, from_days + 20, 0.0))
        self._add(
            "loads", process=process["process"], resource=resource, line=line,
            quantity=self._number(0.2, 3), from_days=round(from_days, 2),
            until_days=None if until_days is None else round(until_days, 2),
        )  # fmt: skip

    def _lanes(self) -> None:
        pairs = [(a, b) for a in self.sites for b in self.sites if a != b]
        for k, (origin, target) in enumerate(pairs):
            if not self._yes(0.6):
                continue
            capacity, per = self._rate(20, 400)
            start_from, start_until = self._window(0.2)
            self._add(
                "lanes", lane=f"l{k}", from_site=origin, to_site=target,
                item=self._one(self.items) if self._yes(0.4) else None, lead_days=self._lead(),
                cost=self._number(0.1, 8), currency=self._currency(),
                capacity=capacity if self._yes(0.5) else None, capacity_per=per,
                calendar=self._calendar(0.3), start_from=start_from, start_until=start_until,
            )  # fmt: skip

    def _supplies(self) -> None:
        for item in self.items:
            for k in range(self._one((1, 2)) if item == self.items[-1] else self._one((0, 0, 1))):
                limit, per = self._rate(20, 600)
                order_from, order_until = self._window(0.2)
                self._add(
                    "supplies", supply=f"buy-{item}-{k}", item=item, site=self._one(self.sites),
                    price=self._number(0.5, 40), currency=self._currency(), lead_days=self._lead(),
                    limit=limit if self._yes(0.6) else None, limit_per=per,
                    total_limit=self._number(10, 300) if self._yes(0.3) else None,
                    calendar=self._calendar(0.4), order_from=order_from, order_until=order_until,
                )  # fmt: skip

    def _stocks(self) -> None:
        for item in self.items:
            for site in self.sites:
                if self._yes(0.4):
                    self._stock(item, site)

    def _stock(self, item: str, site: str) -> None:
        opening = self._number(0, 40) if self._yes(0.8) else 0.0
        tight = 1.3 if self._yes(0.05) else 0.8
        # A terminal value only where the stock is limited: without a limit the plan could be unbounded.
        maximum = opening + self._number(5, 60) if self._yes(0.3) else None
        self._add(
            "stocks", item=item, site=site, opening=opening,
            minimum=round(opening * self._number(0, tight), 2) if self._yes(0.25) else None,
            minimum_from=self._day(-0.1, 1.1) if self._yes(0.6) else None,
            maximum=maximum,
            final_min=round(opening * self._number(0, tight), 2) if self._yes(0.2) else None,
            holding_cost=self._number(0, 20) if self._yes(0.7) else None,
            terminal_value=self._number(0, 60) if maximum is not None and self._yes(0.6) else None,
            currency=self._currency(),
        )  # fmt: skip

    def _receipts(self) -> None:
        limited = {(row["item"], row["site"]) for row in self.rows["stocks"] if row["maximum"] is not None}
        for k in range(self.rng.integers(0, 4)):
            item, site = self._one(self.items), self._one(self.sites)
            if (item, site) not in limited:
                self._add(
                    "receipts", receipt=f"o{k}", item=item, site=site,
                    quantity=self._number(0, 30), date=self._day(0, 1.1),
                )  # fmt: skip

    def _wip(self) -> None:
        """Draw runs under way; those that still need material find most of it in the opening stock."""
        for k in range(self.rng.integers(0, 3) if self.rows["processes"] else 0):
            process = self._one(self.rows["processes"])
            started = self._day(-0.5, 0) if self._yes(0.6) else self._day(0, 0.8)
            row = self._add(
                "wip", wip=f"w{k}", process=process["process"], quantity=self._number(0.5, 6),
                started=started,
                ends=started + timedelta(days=self._number(0, 40)) if self._yes(0.4) else None,
            )  # fmt: skip
            if self._yes(0.95):
                self._cover(process, row["quantity"])

    def _cover(self, process: Row, runs: float) -> None:
        for flow in self.rows["flows"]:
            if flow["process"] != process["process"] or flow["quantity"] > 0:
                continue
            place = {"item": flow["item"], "site": process["site"]}
            found = [row for row in self.rows["stocks"] if place.items() <= row.items()]
            stock = found[0] if found else self._add("stocks", **place, opening=0.0)
            stock["opening"] = round((stock["opening"] or 0.0) - flow["quantity"] * runs, 4)

    def _demands(self) -> None:
        for k in range(self.rng.integers(1, 7)):
            overdue = self._yes(0.15)
            due = self._day(-0.3, -0.01) if overdue else self._day(0, 0.97)
            self._add(
                "demands", demand=f"d{k}", item=self._one(self.items[:2]), site=self._one(self.sites),
                quantity=self._number(0, 40), due=due,
                earliest=self._day(-0.1, 1.0) if self._yes(0.2) else None,
                priority=int(self._one((1, 1, 2, 3))), weight=self._one((1.0, 1.0, 2.5, 0.1)),
                maximum_late_days=self._one((0.0, 3.0, 14.0, 40.0, 100.0)) if self._yes(0.3) else None,
                price=self._number(0, 400) if self._yes(0.7) else None,
                late_cost=self._number(0, 5), unmet_cost=self._number(0, 100) if self._yes(0.6) else None,
                currency=self._currency(),
            )  # fmt: skip
        if self._yes(0.5):
            self._repeat(self._one(self.rows["demands"]))

    def _repeat(self, demand: Row) -> None:
        """Ask for the same again at other dates, so that the planner may treat the demands as one series."""
        if self._yes(0.7):
            demand["maximum_late_days"] = None
        for k in range(self.rng.integers(2, 5)):
            due = self._day(0, 0.97)
            earliest = due - timedelta(days=float(self._one((3, 20, 60)))) if self._yes(0.5) else None
            repeated = {"demand": f"{demand['demand']}-{k}", "due": due, "quantity": self._number(1, 20)}
            self._add("demands", **{**demand, **repeated, "earliest": earliest if k else demand["earliest"]})


def _horizon_days(start: datetime, buckets: str) -> float:
    """Return the rough length of the horizon; it only sets the scale of random dates and limits."""
    del start
    parts = [part.split() for part in buckets.split(",")]
    return sum(int(count) * DAYS_OF[unit.rstrip("s")] for count, unit in parts)
