"""The names of Asterisk's queues. A file of its own, so that readers of log lines need not load the configuration."""

_PREFIX = "group-"  # because queues.conf reserves the section `general`


def queue_name(group: str) -> str:
    """Return the name of a group's queue."""
    return _PREFIX + group


def group_of_queue(queue: str) -> str:
    """Return the group of a queue."""
    return queue.removeprefix(_PREFIX)
