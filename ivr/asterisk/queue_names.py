"""The names of Asterisk's queues. A file of its own, so that readers of log lines load nothing of the configuration."""

_PREFIX = "group-"  # because queues.conf keeps `general` for itself


def queue_name(group: str) -> str:
    """Return the name of a group's queue."""
    return _PREFIX + group


def group_of_queue(queue: str) -> str:
    """Return the group whose queue has that name."""
    return queue.removeprefix(_PREFIX)
