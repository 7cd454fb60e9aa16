"""How long a test waits for an event that must come."""

PATIENCE = 30.0  # seconds; a machine with two cores and a dozen programs gives one of them no turn for ten
