"""The list of tables, each with its columns in a form that readers, checks, templates and docs share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import dataframely as dy
import polars as pl

from .agreement_results import AgreementCosts, Agreements, Earmarks, Exposure, PlannedDraws
from .agreements import Borders, ExportFloors, FairShares, OriginLimits, Reservations, Sets, Shares, TransitLimits
from .capacity import Calendars, Loads, Resources
from .comparison import (
    ComparedChanges,
    ComparedCosts,
    ComparedDeliveries,
    ComparedDemands,
    ComparedFigures,
    ComparedLimits,
    ComparedNotes,
    ComparedOverTime,
    ComparedResources,
    ComparedRuns,
    ComparedStages,
)
from .demand import Demands
from .evidence import Commitments, Evidence, Sources
from .finance_results import Cash, CashGaps, Contributions, FundDraws, FundUse, Ledger, Repayments
from .funding import (
    ConcernCountries,
    Contracts,
    FundBudgets,
    Funds,
    Ownership,
    PartnerAgreements,
    PaymentTerms,
    PriceIndices,
    SiteExceptions,
    Subcontracts,
)
from .funding_results import EligibilityEvidence, EligibilityFindings, EligibilitySummary
from .growth import MilestoneLoads, Milestones, OptionCapacity, Options, Ramps
from .growth_results import Investments, MilestonePlan, OutputLevels, People
from .money import ExchangeRates
from .movement import Lanes, Supplies
from .places import Parties, Sites
from .position import Receipts, Stocks, Wip
from .products import Flows, Items, Processes
from .programme import Programme
from .register import Claims, Promises, Register
from .repair_results import RepairCosts, Repairs, RepairShifts
from .replan_results import Recourse, Replanned
from .results import (
    Bottlenecks,
    Buckets,
    Costs,
    Deliveries,
    DemandService,
    LearnedLoads,
    LearningCurve,
    Purchases,
    Reasons,
    ResourceLoad,
    Runs,
    Shipments,
    StandIns,
    StockPlan,
    Tiers,
    VersionChanges,
    VersionFlow,
    WriteOffs,
)
from .risks import Risks
from .scenarios import Scenarios
from .setup_results import Setups
from .setups import SetupGroups, SetupLoads
from .stability import Baseline, BaselineChanges
from .stress_results import (
    Bands,
    CauseLosses,
    CommitmentOdds,
    DemandPromises,
    Lateness,
    Losses,
    LossPlaces,
    Recoveries,
    ServiceLevels,
)
from .survival_results import Exportable, Remedies, SingleSources, TimeToSurvive


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column.

    Attributes
    ----------
    kind : key, reference, label, text, pattern, country, currency, choice, number, integer, date or flag
    dtype : polars type of the checked column
    unit : unit as text; empty for text columns
    default : value of an empty cell; None when there is none
    required : an empty cell is an error
    reference : table whose ids the column names; empty for none
    list_of : table several ids of which the column names, separated by semicolons; empty for none
    choices : allowed values of a choice
    minimum, above, maximum : bounds; `above` is exclusive
    regex, example : form of the text and a value that has it
    honoured : False when the planner does not use the column yet
    """

    name: str
    kind: str
    dtype: pl.DataType
    meaning: str
    unit: str = ""
    default: Any = None
    required: bool = False
    part_of_key: bool = False
    reference: str = ""
    list_of: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None
    regex: str = ""
    example: str = ""
    honoured: bool = True


def _column(name: str, declared: dy.Column) -> Column:
    about = declared.metadata or {}
    default = about.get("default")
    part_of_key = bool(declared.primary_key)
    return Column(
        name=name,
        kind=about["kind"],
        dtype=pl.String() if about["kind"] == "choice" else declared.dtype,
        meaning=declared.description or "",
        unit=about.get("unit", ""),
        default=default,
        required=not declared.nullable and default is None,
        part_of_key=part_of_key,
        reference=about.get("reference", ""),
        list_of=about.get("list_of", ""),
        choices=tuple(getattr(declared, "categories", ())),
        minimum=getattr(declared, "min", None),
        above=getattr(declared, "min_exclusive", None),
        maximum=getattr(declared, "max", None),
        regex=getattr(declared, "regex", None) or "",
        example=about.get("example", ""),
        honoured=about.get("honoured", True),
    )


@dataclass(frozen=True)
class TableSpec:
    """A declared table: name, meaning and columns in order."""

    name: str
    schema: type[dy.Schema]

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Columns by name, in the order of the declaration."""
        return {name: _column(name, declared) for name, declared in self.schema.columns().items()}

    @property
    def meaning(self) -> str:
        """What one table holds, in a sentence."""
        return (self.schema.__doc__ or "").strip()

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Columns that together identify a row; empty where rows need no key."""
        return tuple(column.name for column in self.columns.values() if column.part_of_key)

    def empty(self) -> pl.DataFrame:
        """Return the table without rows, with the types of the checked form."""
        return pl.DataFrame(schema={column.name: column.dtype for column in self.columns.values()})


def _specs(**schemas: type[dy.Schema]) -> dict[str, TableSpec]:
    return {name: TableSpec(name, schema) for name, schema in schemas.items()}


INPUT_TABLES = _specs(
    programme=Programme,
    parties=Parties,
    sites=Sites,
    items=Items,
    processes=Processes,
    flows=Flows,
    resources=Resources,
    loads=Loads,
    setup_groups=SetupGroups,
    setup_loads=SetupLoads,
    calendars=Calendars,
    lanes=Lanes,
    supplies=Supplies,
    stocks=Stocks,
    receipts=Receipts,
    wip=Wip,
    baseline=Baseline,
    demands=Demands,
    milestones=Milestones,
    milestone_loads=MilestoneLoads,
    ramps=Ramps,
    options=Options,
    option_capacity=OptionCapacity,
    shares=Shares,
    sets=Sets,
    fair_shares=FairShares,
    export_floors=ExportFloors,
    reservations=Reservations,
    borders=Borders,
    transit_limits=TransitLimits,
    origin_limits=OriginLimits,
    exchange_rates=ExchangeRates,
    funds=Funds,
    fund_budgets=FundBudgets,
    contracts=Contracts,
    subcontracts=Subcontracts,
    site_exceptions=SiteExceptions,
    ownership=Ownership,
    partner_agreements=PartnerAgreements,
    concern_countries=ConcernCountries,
    payment_terms=PaymentTerms,
    price_indices=PriceIndices,
    sources=Sources,
    evidence=Evidence,
    commitments=Commitments,
    scenarios=Scenarios,
    risks=Risks,
)

RESULT_TABLES = _specs(
    buckets=Buckets,
    tiers=Tiers,
    demand_service=DemandService,
    deliveries=Deliveries,
    runs=Runs,
    setups=Setups,
    shipments=Shipments,
    purchases=Purchases,
    stock=StockPlan,
    resource_load=ResourceLoad,
    milestone_plan=MilestonePlan,
    investments=Investments,
    people=People,
    output_levels=OutputLevels,
    stand_ins=StandIns,
    write_offs=WriteOffs,
    versions=VersionChanges,
    version_flow=VersionFlow,
    learning_curve=LearningCurve,
    learned_loads=LearnedLoads,
    costs=Costs,
    bottlenecks=Bottlenecks,
    reasons=Reasons,
    agreements=Agreements,
    agreement_costs=AgreementCosts,
    earmarks=Earmarks,
    planned_draws=PlannedDraws,
    baseline_changes=BaselineChanges,
    exposure=Exposure,
    register=Register,
    claims=Claims,
    promises=Promises,
)

FINANCE_TABLES = _specs(
    ledger=Ledger,
    cash=Cash,
    fund_draws=FundDraws,
    fund_use=FundUse,
    repayments=Repayments,
    cash_gaps=CashGaps,
    contributions=Contributions,
)

COMPARISON_TABLES = _specs(
    runs=ComparedRuns,
    changes=ComparedChanges,
    figures=ComparedFigures,
    stages=ComparedStages,
    deliveries=ComparedDeliveries,
    costs=ComparedCosts,
    demands=ComparedDemands,
    limits=ComparedLimits,
    resources=ComparedResources,
    over_time=ComparedOverTime,
    notes=ComparedNotes,
)

STRESS_TABLES = _specs(
    promises=DemandPromises,
    commitments=CommitmentOdds,
    service=ServiceLevels,
    lateness=Lateness,
    losses=Losses,
    causes=CauseLosses,
    loss_places=LossPlaces,
    bands=Bands,
    recoveries=Recoveries,
)

SURVIVAL_TABLES = _specs(
    time_to_survive=TimeToSurvive,
    single_sources=SingleSources,
    remedies=Remedies,
    exportable=Exportable,
)

REPLAN_TABLES = _specs(
    recourse=Recourse,
    replanned=Replanned,
)

FUNDING_TABLES = _specs(
    eligibility=EligibilityFindings,
    eligibility_evidence=EligibilityEvidence,
    eligibility_summary=EligibilitySummary,
)

REPAIR_TABLES = _specs(
    repairs=Repairs,
    repair_costs=RepairCosts,
    repair_shifts=RepairShifts,
)
