"""What stays after a call."""

from ivr.registry import kinds
from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.model import Recordings


def read_recordings(top: Fields, draft: Draft) -> None:
    """Read `recordings`."""
    fields = top.section("recordings")
    if fields is None:
        return
    draft.recordings = Recordings(days=fields.maybe("days", kinds.whole(1, 3650)) or draft.recordings.days)
    fields.done()
