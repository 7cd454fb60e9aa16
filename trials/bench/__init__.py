"""Benchmarks of the hotline on this machine. No part of ``make test``."""
