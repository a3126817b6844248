"""Tables of results, made from a plan."""
