"""The error of a step that cannot be done with what it was given."""


class StepImpossible(Exception):
    """The message says why, and what to do."""
