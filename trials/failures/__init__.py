"""Sixty calls are up in every stage, then a part fails: the result for each caller and each record.

Started by ``make failures``. Its phones send no sound; tests/calls tests the sound that a caller hears.
"""
