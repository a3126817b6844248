"""Who pays for what: funds, contracts, their subcontractors, terms of payment and price indices."""

from __future__ import annotations

import dataframely as dy

from .columns import choice, country, currency, date, fact, integer, key, label, number, reference, references, text

INSTRUMENTS = ("SAFE", "USL", "EDIP", "USI", "EDIRPA", "ASAP", "national", "own")
"""Sources of money: SAFE, Ukraine Support Loan, EDIP, its Ukraine Support Instrument, EDIRPA, ASAP; without rules:
a national budget, own means."""

COST_TYPES = ("purchase", "maintenance", "non_recurrent", "investment", "development")
"""What a cost is for: buying products, keeping them up, one-off costs, capacity to make, development."""


class Funds(dy.Schema):
    """Money that a party may use under the rules of an instrument."""

    fund = key("Id of the fund")
    name = text("Name as shown")
    instrument = choice(INSTRUMENTS, "Rules under which the money is given", required=True)
    kind = choice(("loan", "grant", "budget"), "loan: paid back; grant, budget: not", default="budget")
    holder = reference("parties", "Who receives the money")
    amount = number("Money in all", "currency", minimum=0, required=True)
    currency = currency()
    agreed = date("Day on which the agreement enters into force; empty: `available_from`")
    available_from = date("No payment before this date; empty: the start of the programme")
    available_until = date("No payment is approved after this date; empty: the plan takes it that there is no end")
    prefinancing = number("Share of the amount paid in advance, on the day of the agreement", "share", minimum=0,
                          maximum=1, default=0.0)  # fmt: skip
    prefinancing_requested = fact("Whether the advance was asked for in the plan or application")
    requests_per_year = integer("Payment requests per year, evenly spaced; empty: costs are paid as they arise",
                                minimum=1, maximum=12)  # fmt: skip
    assessment_days = number("Days from a payment request to the payment", "days", minimum=0, default=0.0)
    share_of_cost = number("Largest share of a cost that the fund pays", "share", minimum=0, maximum=1, default=1.0)
    cost_types = text("Types of cost that it pays, separated by semicolons; empty: all")
    maturity_years = number("Years from the agreement to the last repayment of a loan", "years", minimum=0,
                            maximum=100)  # fmt: skip
    grace_years = number("Years from the agreement during which only interest is paid", "years", minimum=0, maximum=100,
                         default=0.0)  # fmt: skip
    rate = number("Interest per year on what is drawn", "share/year", minimum=0, maximum=1, default=0.0)


class FundBudgets(dy.Schema):
    """Largest payments of a fund in one calendar year."""

    fund = reference("funds", "The fund", part_of_key=True)
    year = integer("Calendar year", minimum=1900, part_of_key=True, unit="year")
    amount = number("Most that is paid in that year", "currency", minimum=0, required=True)


class Contracts(dy.Schema):
    """Who orders which demands from whom, when, and which funds may pay; `demands.contract` names it."""

    contract = key("Id of the contract")
    name = text("Name as shown")
    buyers = references("parties", "Who buys, separated by semicolons", example="france; ukraine")
    contractor = reference("parties", "Who delivers", required=False)
    signed = date("Day of signature; empty: not known")
    funds = references("funds", "Funds that may pay, separated by semicolons; empty: none", example="loan; budget")
    route = choice(
        ("common", "single", "reinforcement", "supporting"),
        "common: procured together; single: by one state; reinforcement: of industry; supporting: other actions. "
        "Empty: not known",
    )
    purpose = choice(
        ("ramp_up", "availability", "interoperability", "other"),
        "What it is for: more capacity to make, earlier availability (slots, stocks), interoperability",
    )
    category = choice(("1", "2", "other"), "Category of the product (SAFE, Art 1); empty: not known")
    category_basis = text("Why that category: provision and reasoning")
    category_arguable = fact("Whether the other category can be argued; then both are tested")
    product = choice(("ammunition_or_missile", "other"), "Kind of product where rules differ; empty: not known")
    cost_type = choice(COST_TYPES, "What its cost is for", default="purchase")
    value = number("Estimated value of the contract", "currency", minimum=0)
    product_value = number("Estimated value of one end product", "currency/unit", minimum=0)
    currency = currency()
    item = reference("items", "End product; empty: the items of its demands", required=False)
    opened_to_others = fact("Whether steps were taken to open it to other states")
    scheme = fact("Whether it is done in a structure for a European armament programme (SEAP)")
    bonus = fact("Whether one of the conditions for the higher grant holds; say which in the remark")
    sme_majority = fact("Whether most beneficiaries are small or medium-sized firms or mid-caps")
    sme_share = number("Share of the value that goes to small or medium-sized firms or mid-caps", "share", minimum=0,
                       maximum=1)  # fmt: skip
    for_ukraine = fact("Whether Ukraine or Moldova receives quantities")
    grant = number("Money asked of the instrument for it", "currency", minimum=0)
    urgent = fact("Whether an urgent need was stated")
    no_equivalent = fact("Whether no equivalent exists at the scale or in the time inside the zone")
    lead_days_inside = number("Lead time of the best equivalent inside the zone", "days", minimum=0)
    lead_days_outside = number("Lead time of the product outside the zone", "days", minimum=0)
    lead_time_committed = fact("Whether the lead time is a legal commitment")
    design_commitment = date("Binding commitment to hold the design authority by this date; empty: none")
    payment_terms = label("Terms by which the buyers pay; `payment_terms` has them")
    price_index = label("Index of its prices; `price_indices` has it")
    index_base = date("Date of the prices; empty: the signature")
    damages_per_day = number("Liquidated damages: share of the value of a late unit, per day", "share/day", minimum=0,
                             maximum=1)  # fmt: skip
    damages_limit = number("Most damages, as a share of the value", "share", minimum=0, maximum=1)
    bridging = fact("Whether costs may be paid before the money of the funds is there; empty: no")
    bridging_rate = number("Interest per year on what is bridged", "share/year", minimum=0, maximum=1, default=0.0)
    plan_keeps = choice(
        ("nothing", "budget", "cash"),
        "What the plan keeps to. nothing: gaps are reported; budget: no more is owed than its funds pay, on whatever "
        "day; cash: nothing is owed before the money of its funds or buyers is there, or is bridged where it may be",
        default="nothing",
    )
    own_cash = number("Money of the contractor that is there from the start for its costs, beside what buyers pay by "
                      "terms of payment", "currency", minimum=0, default=0.0)  # fmt: skip
    derogation_approved = fact("Whether the Commission has approved a derogation for urgent need")
    remark = text("Basis of the facts above")


class Subcontracts(dy.Schema):
    """Parties that work under a contract without being the contractor."""

    contract = reference("contracts", "The contract", part_of_key=True)
    party = reference("parties", "The subcontractor", part_of_key=True)
    item = reference("items", "What it delivers", required=False)
    share = number("Share of the value of the contract", "share", minimum=0, maximum=1)
    critical = fact("Whether its input is critical and has unique attributes")
    classified = fact("Whether it needs classified information")
    own_design = fact("Whether it only supplies components of its own design or production")
    prior_contract = date("Day since which it has a direct contract for the product with the contractor; empty: see "
                          "`had_prior_contract`")  # fmt: skip
    had_prior_contract = fact("Whether there was a direct contract before the rules entered into force")
    study_months = number("Months within which the contractor has committed itself to study a replacement; empty: see "
                          "`study_committed`", "months", minimum=0)  # fmt: skip
    study_committed = fact("Whether the contractor has committed itself to such a study")


class SiteExceptions(dy.Schema):
    """Justified use, under a contract, of facilities outside the zone of an instrument."""

    contract = reference("contracts", "The contract", part_of_key=True)
    site = reference("sites", "The site", part_of_key=True)
    no_alternative = fact("Whether there is no readily available alternative inside")
    secure = fact("Whether the use does not go against security interests")
    basis = text("Where that is shown")


class Ownership(dy.Schema):
    """Who owns a party, and how much of it."""

    party = reference("parties", "What is owned", part_of_key=True)
    owner = reference("parties", "Who owns", part_of_key=True)
    line = integer("Number of the row where one owner has several over time", minimum=1, default=1, part_of_key=True)
    share = number("Share of the votes; empty: not known", "share", minimum=0, maximum=1)
    start = date("From this date; empty: always")
    end = date("Before this date; empty: to the end")


class PartnerAgreements(dy.Schema):
    """Agreements of the Union that let a further country take part in an instrument."""

    instrument = choice(INSTRUMENTS[:6], "The instrument", required=True)
    country = country("The country, ISO 3166 alpha-2")
    start = date("In force from this date", required=True)
    end = date("Before this date; empty: no end")
    least_inside = number("Least share of the component cost from the instrument's own zone; empty: none", "share",
                          minimum=0, maximum=1)  # fmt: skip
    most_outside = number("Largest share of the component cost from outside zone and partner; empty: the "
                          "instrument's own", "share", minimum=0, maximum=1)  # fmt: skip
    basis = text("Document in which it stands")


class ConcernCountries(dy.Schema):
    """Countries whose components go against security interests, as the buyers see it."""

    country = dy.String(primary_key=True, regex=r"^[A-Z]{2}$", metadata={"kind": "country", "example": "XX"},
                        description="The country, ISO 3166 alpha-2")  # fmt: skip
    start = date("From this date; empty: always")
    basis = text("Document in which it stands")


class PaymentTerms(dy.Schema):
    """When what is owed is paid: shares at an order, a start, a delivery, a milestone or a date."""

    terms = label("Id of the terms; they may have several rows", part_of_key=True)
    line = integer("Number of the row", minimum=1, default=1, part_of_key=True)
    event = choice(("order", "start", "delivery", "milestone", "date"), "What the share is paid for", required=True)
    share = number("Share that is paid", "share", minimum=0, maximum=1, required=True)
    lag_days = number("Days from the event to the payment", "days", minimum=0, default=0.0)
    milestone = reference("milestones", "The milestone", required=False)
    date = date("The date")


class PriceIndices(dy.Schema):
    """Dated values of price indices; a price follows its index from its base date."""

    index = label("Id of the index", part_of_key=True)
    date = date("From this date on", part_of_key=True)
    value = number("Value of the index", "1", above=0, required=True)
