"""Benchmarks over real processes, each beside its budget, and beside a bare peer where the budget is a ratio."""
