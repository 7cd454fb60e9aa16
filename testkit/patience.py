"""The time that a test waits for an event that must come."""

PATIENCE = 30.0  # seconds; on two cores with a dozen programs, a program may get no processor time for ten seconds
