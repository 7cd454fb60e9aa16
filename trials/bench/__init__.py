"""Benchmarks: what the hotline does in figures, measured on this machine. No part of ``make test``."""
