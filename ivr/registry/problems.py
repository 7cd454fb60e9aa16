"""The problems of a registry file, for its admin."""

from dataclasses import dataclass

from ivr.registry.model import Place


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in the file, and its place."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class RegistryError(Exception):
    """A registry file has problems and cannot come in force; ``problems`` has all of them, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Take the problems, at least one."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Problems:
    """Collects problems, so that an admin sees all of them at once."""

    def __init__(self) -> None:
        """Begin without a problem."""
        self._found: set[Problem] = set()

    def add(self, place: Place, message: str) -> None:
        """Add one problem."""
        self._found.add(Problem(place, message))

    def raise_if_any(self) -> None:
        """End the reading if there is a problem.

        Raises:
            RegistryError: with every problem so far, in file order.
        """
        if self._found:
            raise RegistryError(tuple(sorted(self._found)))
