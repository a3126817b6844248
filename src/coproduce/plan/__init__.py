"""The optimiser: constraint families, their assembly into one model, and its solution stage by stage."""
