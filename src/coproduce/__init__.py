"""Plan, fund, explain and stress-test a joint production programme."""
