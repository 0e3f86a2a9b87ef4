"""Decide what may happen: aggregates, use cases and the pure heart of tailoring."""
