"""The order in which the workers of pytest-xdist take the tests: most from the front, some from the back.

The real calls stand at the front. They mostly wait, so that several run at once, and their workers share a hotline and
phones each. The tests that compute stand at the back, for about as many workers as there are cores. So a worker that
computes starts no hotline, and no worker that calls is held up by computing.
"""

import pytest
from xdist.remote import Producer  # type: ignore[import-untyped]
from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]
from xdist.workermanage import WorkerController  # type: ignore[import-untyped]

_FROM_THE_BACK = 4  # of so many workers, one


class TwoEnds(LoadGroupScheduling):  # type: ignore[misc]
    """Gives most workers the first test or group that is left, and one worker of `_FROM_THE_BACK` the last."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # a large group is no long group

    def _assign_work_unit(self, node: WorkerController) -> None:
        if int(node.gateway.id.removeprefix("gw")) % _FROM_THE_BACK == 0:
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)
