"""Deleting records and recordings whose retention period is over."""
