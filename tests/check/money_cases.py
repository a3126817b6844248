"""Changes of the good programme that raise the codes of money; each adds the tables of a funded contract first."""

from __future__ import annotations

FUNDED = {
    "contracts": """
        contract | buyers | contractor | funds        | signed     | payment_terms | value | currency
        frame    | buyer  | maker      | loan; budget | 2026-01-01 | thirds        | 3000  | USD""",
    "funds": """
        fund   | instrument | kind | holder | amount | currency | agreed | available_until | prefinancing | prefinancing_requested | requests_per_year | maturity_years | grace_years | rate
        loan   | own | loan   | buyer | 2000 | USD | 2026-01-01 | 2027-12-31 | 0.15 | yes | 2 | 30 | 10 | 0.03
        budget | own | budget | buyer | 2000 |     | 2026-01-01 |            |      |     |   |    |    |""",  # noqa: E501
    "fund_budgets": """
        fund | year | amount
        loan | 2026 | 900""",
    "payment_terms": """
        terms  | line | event     | share | milestone | date
        thirds | 1    | order     | 0.3   |           |
        thirds | 2    | milestone | 0.3   | qualified |
        thirds | 3    | date      | 0.2   |           | 2026-06-01
        thirds | 4    | delivery  | 0.2   |           |""",
    "price_indices": """
        index  | date       | value
        labour | 2025-12-01 | 100
        labour | 2026-10-01 | 104""",
}  # fmt: skip

# Code: table, row and column of the changed cell, its new text, and the place of the problem where it is another.
CASES: dict[str, tuple[str, int, str, str, tuple[str, int, str] | None]] = {
    "E731": ("funds", 2, "agreed", "2025-11-30", None),
    "E732": ("contracts", 2, "price_index", "labor", None),
    "E733": ("contracts", 2, "index_base", "2025-11-30", None),
    "E734": ("funds", 2, "available_until", "2025-12-31", None),
    "E735": ("funds", 2, "grace_years", "30", None),
    "E736": ("contracts", 2, "payment_terms", "halves", None),
    "E737": ("payment_terms", 3, "milestone", "", None),
    # The only rate; the plan ends on 1 January 2027, more than 366 days after it.
    "W731": ("exchange_rates", 2, "date", "2025-12-30", None),
    "W732": ("fund_budgets", 2, "year", "2028", None),
    # 15 % of 2,000 are 300.
    "W733": ("fund_budgets", 2, "amount", "299", None),
    "W734": ("funds", 2, "maturity_years", "", None),
    "W735": ("funds", 3, "rate", "0.01", None),
    "W736": ("price_indices", 3, "date", "2025-12-30", None),
    "W737": ("contracts", 2, "value", "", None),
    "W738": ("funds", 2, "prefinancing_requested", "", None),
    "W739": ("contracts", 2, "funds", "loan", ("funds", 3, "fund")),
}
