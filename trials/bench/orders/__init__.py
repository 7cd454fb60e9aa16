"""Bench of work orders: ``python -m trials.bench.orders``."""
