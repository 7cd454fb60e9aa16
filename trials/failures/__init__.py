"""Sixty calls are up in every stage, then a part fails: the result for each caller and each record.

Started by ``make failures``. Its phones only signal; what a caller hears is the business of tests/calls.
"""
