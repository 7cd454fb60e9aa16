"""Decisions as pure functions: ``(registry, dialled, caller, now, live state) → plan``."""
