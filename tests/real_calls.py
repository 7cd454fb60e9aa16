"""Where the tests are that start an Asterisk, with phones of any kind."""

REAL_CALLS = ("tests/calls/", "tests/speech/test_calls.py", "trials/cluster/")
"""With these begin the names of the tests, for `str.startswith`."""
