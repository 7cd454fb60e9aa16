"""The results of a run: one cell for each behaviour of a peer."""

from collections.abc import Callable
from dataclasses import dataclass

from trials.interop.behaviours import Behaviour


@dataclass(frozen=True, slots=True)
class InteropCell:
    """The result of one behaviour with one peer."""

    peer: str  # with its version
    behaviour: Behaviour
    works: bool | None  # None: the peer has no such function
    fault: str = ""  # the failure, in words


class InteropReport:
    """Collects the cells of one peer, and prints each as it is found."""

    def __init__(self, peer: str) -> None:
        """``peer`` is the name of the program and its version."""
        self.cells: list[InteropCell] = []
        self._peer = peer

    def lacks(self, behaviour: Behaviour) -> None:
        """The peer has no such function."""
        self.cells.append(InteropCell(self._peer, behaviour, works=None))

    def attempt(self, behaviour: Behaviour, run: Callable[[], object]) -> bool:
        """Try a behaviour: it works if ``run`` raises nothing. The peer's later behaviours are tried in any case."""
        try:
            run()
            works, fault = True, ""
        except Exception as error:
            fault = str(error).strip().partition("\n")[0] or type(error).__name__
            works = False
        cell = InteropCell(self._peer, behaviour, works, fault)
        self.cells.append(cell)
        print(f"{'works' if works else 'FAILS'}  {self._peer}: {behaviour.english}  {cell.fault}", flush=True)
        return works
