"""What an admin is told when the machine cannot carry the hotline; each is one line that says what to do."""


class RuntimeProblem(Exception):
    """The machine is not as the hotline needs it; ``str()`` is fit to print, one line."""


class RuntimeMissing(RuntimeProblem):
    """A program that the hotline runs on is absent, too old or broken."""


class HomeInUse(RuntimeProblem):
    """Another hotline runs in the state folder."""


class PortInUse(RuntimeProblem):
    """A port that the hotline is to listen on cannot be had."""


class SecretsUnreadable(RuntimeProblem):
    """The passwords file is there but is not one."""


class CannotDropRoot(RuntimeProblem):
    """Root started the hotline and the service user cannot take over."""
