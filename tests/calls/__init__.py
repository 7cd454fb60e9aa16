"""Whole calls on a real Asterisk with real phones."""
