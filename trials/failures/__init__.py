"""Sixty calls up in every stage, and then something fails: what each caller, and each record, comes to.

Started by ``make failures``. Its phones only signal; what a caller hears is the business of tests/calls.
"""
