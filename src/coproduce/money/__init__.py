"""Facts of money that plan and ledger share: days, dated values, funds, contracts, terms of payment, cents."""
