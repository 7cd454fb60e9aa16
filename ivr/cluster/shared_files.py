"""Files that every node has to read: links in the state folder lead to one folder that all nodes mount."""

import os
import shutil
from pathlib import Path

from ivr.runtime.errors import RuntimeProblem
from ivr.runtime.layout import Home
from ivr.texts import _


def link_shared(home: Home, shared: Path) -> None:
    """Keep voice messages, recordings and files of work orders in ``shared``; move the files of this node there.

    No two nodes make a file of the same name, because a name begins with a call's id, and the id with the node's name.

    Raises:
        RuntimeProblem: the folder is not there, or is not writable: it may not be mounted.
        OSError: a file cannot be moved.
    """
    if not shared.is_dir() or not os.access(shared, os.W_OK | os.X_OK):
        text = _("{folder}, which all nodes share by cluster.yaml, cannot be written: mount it, for the hotline's user")
        raise RuntimeProblem(text.format(folder=shared))
    for own in (home.messages, home.recordings, home.order_files):
        target = shared / own.name
        target.mkdir(mode=0o700, exist_ok=True)
        if own.is_dir() and not own.is_symlink():
            for file in own.iterdir():
                shutil.move(file, target / file.name)
            own.rmdir()
        own.unlink(missing_ok=True)
        own.symlink_to(target)
