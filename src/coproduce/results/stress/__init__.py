"""The stress test of a plan: chunks carried out and kept, and the tables of answers made from them."""
