"""Calls that are placed, and when their callers speak."""
