"""The component costs of the flagship's joint Mistral contract, made and bought, worked out by hand."""

from __future__ import annotations

import pytest
from evidence_cells import Example

from coproduce import api


def test_a_propulsion_module_weighs_by_its_feedstock_where_it_is_made_and_by_itself_where_it_is_bought() -> None:
    tables, _ = api.load(Example("letter_of_intent").folder)
    origins = api.origins_of(tables, "mistral_joint")
    # Integration gives 99 good ones of 100, electronics 96, propulsion 98: parts 2 / 0.96 / 0.99 x 20,000, feedstock
    # 2 / 0.98 / 0.99 x 1,500 EUR, or a module bought for 60,000 / 0.99 EUR.
    parts, made, bought = 2 / 0.96 / 0.99 * 20_000, 2 / 0.98 / 0.99 * 1_500, 60_000 / 0.99
    assert sorted(origin.total for origin in origins.values()) == pytest.approx([parts + made, parts + bought])
    assert origins["most from outside SAFE"].outside(frozenset({"CZ"})) == pytest.approx(parts)
