"""Every rule with a check has a case worked out by hand for each verdict that it can give."""

from __future__ import annotations

import pytest
from eligible_programme import FAILED, MET, UNKNOWN
from test_other_instruments import CASES as OTHERS
from test_safe import CASES as SAFE
from test_safe import ORIGINS

from coproduce.eligibility.catalogue import instruments

RULES = [rule.rule for instrument in instruments().values() for rule in instrument.rules]
CANNOT = {"SAFE-20": {FAILED}}
"""A definition, Article 16(12): it says whom other rules reach, and there is nothing to fail."""


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_case_that_is_met_one_that_failed_and_one_that_is_not_known(rule: str) -> None:
    tried = {verdict for name, _, verdict in (*SAFE, *OTHERS) if name == rule}
    tried |= {verdict for _, verdict in ORIGINS} if rule == "SAFE-18" else set()
    assert {MET, FAILED, UNKNOWN} - tried == CANNOT.get(rule, set())
