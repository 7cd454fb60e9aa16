"""Follows the chains of merged numbers to their end (已归并到…)."""

from datetime import date

from ivr.registry.model import Line, Mode, Registry


def hotline(registry: Registry, day: date) -> Line:
    """Return the hotline's entry of that day, or else its first entry, because 12345 answers on every day."""
    entry = registry.entry(registry.hotline.number, day)
    return entry if entry is not None and entry.mode is Mode.HOTLINE else registry.hotline


def chain(registry: Registry, entry: Line, day: date) -> tuple[Line, ...]:
    """Follow the chain of ``entry`` to the line that serves callers itself.

    If a line of the chain is not in force on that day, or leads back, the chain ends at the hotline. The check refuses
    such a registry; here the rule only makes sure that every caller is served.
    """
    passed_lines = [entry]
    while passed_lines[-1].mode is Mode.MERGED:
        into = passed_lines[-1].into
        follower = registry.entry(into, day) if into is not None else None
        passed_lines.append(
            follower if follower is not None and follower not in passed_lines else hotline(registry, day)
        )
    return tuple(passed_lines)
