"""The order in which the workers of pytest-xdist take the tests: most from the front, some from the back.

The real calls stand at the front. They mostly wait, so that several run at once, and their workers share a hotline and
phones each. The tests that compute stand at the back, for about as many workers as there are cores. So a worker that
computes starts no hotline, and no worker that calls is held up by computing.

Each test with real calls is a unit of its own, because it takes long. The tests of a file that compute are one unit,
because they share what the first of them loads.
"""

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]
from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

from tests.real_calls import REAL_CALLS

_FROM_THE_BACK = 4  # of so many workers, one


class TwoEnds(LoadGroupScheduling):  # type: ignore[misc]
    """Gives most workers the first unit that is left, and one worker of `_FROM_THE_BACK` the last."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # a large group is no long group
        self._begun: set[WorkerController] = set()

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        grouped = scope != nodeid
        return scope if grouped or nodeid.startswith(REAL_CALLS) else nodeid.partition("::")[0]

    def _reschedule(self, node: WorkerController) -> None:
        # A worker runs a test once it knows the next one. Each further test would wait for this worker in vain.
        if not self.workqueue or self._pending_of(self.assigned_work[node]) < 2:
            super()._reschedule(node)

    def _assign_work_unit(self, node: WorkerController) -> None:
        units = self.assigned_work[node]
        for scope in [scope for scope, tests in units.items() if all(tests.values())]:
            del units[scope]  # because each end of a test looks at all units
        if int(node.gateway.id.removeprefix("gw")) % _FROM_THE_BACK == 0:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        elif units and node not in self._begun:
            # The first units take minutes, so no call waits behind them.
            self._begun.add(node)
            computes = (scope for scope in self.workqueue if scope.endswith(".py"))
            self.workqueue.move_to_end(next(computes, next(iter(self.workqueue))), last=False)
        super()._assign_work_unit(node)
