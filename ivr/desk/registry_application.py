"""Puts a draft, or an earlier registry, in force like ``ivr reload``, and then writes the site's files."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ivr.desk.engine_link import EngineLink
from ivr.desk.refusals import DeskRefused
from ivr.editing.drafts import DraftState, RegistryDraft
from ivr.editing.registry_drafting import BaseConflict, RegistryDrafting
from ivr.editing.registry_outline import LocatedProblem
from ivr.editing.site_files import PreparedWrite, SiteClosed
from ivr.registry.problems import RegistryError
from ivr.runtime.layout import Home
from ivr.site import registry_history, staging
from ivr.site.registry_history import RegistryVersion
from ivr.texts import _


class RegistryApplication:
    """Puts registries in force, one at a time."""

    def __init__(self, home: Home, drafting: RegistryDrafting, engine: EngineLink) -> None:
        """The engine puts registries in force, as for `ivr reload`."""
        self._home, self._drafting, self._engine = home, drafting, engine
        self._one_at_a_time = asyncio.Lock()

    async def apply(self, draft: RegistryDraft, language: str = "") -> dict[str, Any]:
        """Put a draft in force in its author's name, and write it into the site folder.

        Raises:
            DeskRefused: the draft has problems, the site's files were changed or may not be written, or the engine
                refused; the registry in force and the site's files stay as they are.
        """
        async with self._one_at_a_time:
            candidate = await asyncio.to_thread(self._candidate, draft)
            recordings = self._drafting.recordings(draft)
            orders = candidate.orders.text if candidate.orders.own else None
            changed_recordings = recordings if draft.recordings_base else None
            prepared_write = await asyncio.to_thread(self._prepare, draft.text, changed_recordings)
            try:
                size = await self._put_in_force(draft.text, recordings, orders, draft.user, language)
                await asyncio.to_thread(prepared_write.commit)
            finally:
                prepared_write.discard()
            await asyncio.to_thread(self._drafting.end, draft, DraftState.APPLIED)
            return size

    async def roll_back(self, version: RegistryVersion, user: str, language: str) -> dict[str, Any]:
        """Put an earlier registry with the recordings of its time in force.

        The site's files are written if they hold the registry that was in force until now. Otherwise an admin has
        edited them since, and they stay as they are. The member ``files`` of the answer is "written" or "left".

        Raises:
            DeskRefused: the site's files may not be written, or the engine refused.
        """
        async with self._one_at_a_time:
            in_force = await asyncio.to_thread(registry_history.in_force, self._home)
            recordings = version.recordings or in_force.recordings
            files = self._drafting.files
            is_unedited = await asyncio.to_thread(files.text) == in_force.text.removeprefix("\ufeff")
            prepared_write = PreparedWrite()
            if is_unedited:
                prepared_write = await asyncio.to_thread(self._prepare, version.text, recordings)
            try:
                size = await self._put_in_force(version.text, recordings, version.orders, user, language)
                await asyncio.to_thread(prepared_write.commit)
            finally:
                prepared_write.discard()
            return {**size, "files": "written" if is_unedited else "left"}

    def _candidate(self, draft: RegistryDraft) -> Any:  # noqa: ANN401 - a candidate
        try:
            self._drafting.must_fit(draft)
        except BaseConflict as conflict:
            raise conflict_refusal(conflict) from None
        except RegistryError as error:
            raise DeskRefused(409, "file-unreadable", str(error)) from None
        checked = self._drafting.check(draft)
        if checked.candidate is None:
            raise problems_refusal(checked.problems)
        return checked.candidate

    def _prepare(self, text: str, recordings: Path | None) -> PreparedWrite:
        try:
            return self._drafting.files.prepare(text, recordings)
        except SiteClosed as refusal:
            raise DeskRefused(409, "site-closed", str(refusal)) from None
        except OSError as error:
            raise DeskRefused(507, "disk", str(error)) from None

    async def _put_in_force(
        self, text: str, recordings: Path | None, orders: str | None, user: str, language: str
    ) -> dict[str, Any]:
        file = str(self._drafting.files.numbers)
        try:
            staged = await asyncio.to_thread(staging.stage, self._home, text, recordings, orders)
        except OSError as error:
            raise DeskRefused(507, "disk", str(error)) from None
        try:
            size: dict[str, Any] = await self._engine.ask("reload", language, name=staged.name, file=file, by=user)
        finally:
            staged.discard()
        return size


def conflict_refusal(conflict: BaseConflict) -> DeskRefused:
    """Return the refusal that shows both sides."""
    text = _("numbers.yaml or its recordings were changed since your draft began; nothing was overwritten")
    return DeskRefused(
        409, "conflict", text, None, theirs=conflict.theirs, mine=conflict.mine, recordings=conflict.recordings
    )


def problems_refusal(problems: Sequence[LocatedProblem]) -> DeskRefused:
    """Return the refusal of a registry that has problems."""
    text = _("the registry has problems: {count}").format(count=len(problems))
    return DeskRefused(422, "problems", text, None, problems=[problem.to_json() for problem in problems])
