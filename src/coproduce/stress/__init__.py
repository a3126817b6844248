"""The stress test: a plan carried out many times against random events."""
