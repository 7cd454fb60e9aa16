"""Deleting records and recordings after their retention period."""
