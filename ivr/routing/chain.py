"""Follows the chains of merged numbers to their end (已归并到…)."""

from datetime import date

from ivr.registry.model import Line, Mode, Registry


def hotline(registry: Registry, day: date) -> Line:
    """Return the hotline's entry of that day, or its first one: 12345 answers on every day."""
    entry = registry.entry(registry.hotline.number, day)
    return entry if entry is not None and entry.mode is Mode.HOTLINE else registry.hotline


def chain(registry: Registry, entry: Line, day: date) -> tuple[Line, ...]:
    """Follow the chain of ``entry`` to the line that serves callers itself.

    A link that is not in force on that day, or leads back, ends at the hotline: the check refuses such
    registries, but no date arithmetic may leave a caller on a dead line.
    """
    passed = [entry]
    while passed[-1].mode is Mode.MERGED:
        into = passed[-1].into
        follower = registry.entry(into, day) if into is not None else None
        passed.append(follower if follower is not None and follower not in passed else hotline(registry, day))
    return tuple(passed)
