"""Rows of a funded contract that the good programme does not have, and changes that raise the codes of contracts."""

from __future__ import annotations

CONTRACTED = {
    "parties": """
        party | kind    | country
        extra | company | FR""",
    "contracts": """
        contract | buyers | contractor | signed     | category | category_basis
        c        | buyer  | maker      | 2026-01-01 | 1        | Art 1""",
    "subcontracts": """
        contract | party | share
        c        | buyer | 0.5
        c        | extra | 0.5""",
    "ownership": """
        party | owner | line | share | start      | end
        maker | buyer | 1    | 0.6   |            | 2026-03-01
        maker | buyer | 2    | 1     | 2026-03-01 |""",
    "payment_terms": """
        terms  | line | event    | share
        thirds | 1    | order    | 0.25
        thirds | 2    | delivery | 0.75""",
}

# Code: table, row as a spreadsheet shows it, the cells that are changed, and the column where the problem is reported.
CASES: dict[str, tuple[str, int, dict[str, str], str]] = {
    # 0.6 until March and 1 from February on: 1.6 in February.
    "E701": ("ownership", 3, {"start": "2026-02-01"}, "share"),
    "E702": ("ownership", 3, {"owner": "maker"}, "owner"),
    "E703": ("payment_terms", 3, {"share": "0.74"}, "share"),
    "E704": ("subcontracts", 3, {"share": "0.51"}, "share"),
    "E705": ("demands", 2, {"contract": "d"}, "contract"),
    "W701": ("contracts", 2, {"buyers": ""}, "buyers"),
    # The only demand of the contract is due on 31 March 2026.
    "W703": ("contracts", 2, {"signed": "2026-04-01"}, "signed"),
    "W704": ("contracts", 2, {"category_basis": ""}, "category_basis"),
    "W705": ("subcontracts", 2, {"party": "maker"}, "party"),
}
