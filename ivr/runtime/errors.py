"""Errors of a machine that cannot run the hotline; the text of each is one line with advice."""


class RuntimeProblem(Exception):
    """The machine does not meet a need of the hotline; ``str()`` is one line for the admin."""


class RuntimeMissing(RuntimeProblem):
    """A program that the hotline needs is absent, too old or broken."""


class HomeInUse(RuntimeProblem):
    """Another hotline runs in the state folder."""


class PortInUse(RuntimeProblem):
    """The hotline cannot listen on a port."""


class SecretsUnreadable(RuntimeProblem):
    """The file of passwords exists but is damaged."""


class CannotDropRoot(RuntimeProblem):
    """Root started the hotline and the service user cannot take over."""
