"""Checks between entries: repeated numbers, chains that lead nowhere or in a circle."""

from collections.abc import Collection

from ivr.registry.checks import chains, lines, linkage, menus, people, phrases, recordings, trunks
from ivr.registry.draft import Draft
from ivr.registry.problems import Problems


def check_all(draft: Draft, prompts: Collection[str], problems: Problems) -> None:
    """Note every problem between the entries of ``draft``; ``prompts`` are the ids that have a recording."""
    lines.check(draft, problems)
    chains.check(draft, problems)
    people.check(draft, problems)
    menus.check(draft, problems)
    linkage.check(draft, problems)
    trunks.check(draft, problems)
    phrases.check(draft, problems)
    recordings.check(draft, prompts, problems)
