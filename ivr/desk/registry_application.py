"""Puts a draft, or an earlier registry, in force like ``ivr reload``, and then writes the site's files."""

import asyncio
from pathlib import Path
from typing import Any

from ivr.desk.engine_link import EngineLink
from ivr.desk.refusals import DeskRefused
from ivr.editing.drafts import DraftState, RegistryDraft
from ivr.editing.registry_drafting import BaseConflict, RegistryDrafting
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
            checked = await asyncio.to_thread(self._fitting, draft)
            recordings = self._drafting.recordings(draft)
            orders = checked.orders.text if checked.orders.own else None
            changed = recordings if draft.recordings_base else None
            prepared = await asyncio.to_thread(self._prepare, draft.text, changed)
            try:
                size = await self._put(draft.text, recordings, orders, draft.user, language)
                await asyncio.to_thread(prepared.commit)
            finally:
                prepared.discard()
            await asyncio.to_thread(self._drafting.end, draft, DraftState.APPLIED)
            return size

    async def roll_back(self, version: RegistryVersion, by: str, language: str) -> dict[str, Any]:
        """Put an earlier registry with the recordings of its time in force.

        The site's files are written if they have the registry that was in force until now. Otherwise they have changes
        that are not in force, and stay. The member ``files`` of the answer is "written" or "left".

        Raises:
            DeskRefused: the site's files may not be written, or the engine refused.
        """
        async with self._one_at_a_time:
            before = await asyncio.to_thread(registry_history.in_force, self._home)
            recordings = version.recordings or before.recordings
            files = self._drafting.files
            follows = await asyncio.to_thread(files.text) == before.text.removeprefix("\ufeff")
            prepared = PreparedWrite()
            if follows:
                prepared = await asyncio.to_thread(self._prepare, version.text, recordings)
            try:
                size = await self._put(version.text, recordings, version.orders, by, language)
                await asyncio.to_thread(prepared.commit)
            finally:
                prepared.discard()
            return {**size, "files": "written" if follows else "left"}

    def _fitting(self, draft: RegistryDraft) -> Any:  # noqa: ANN401 - a candidate
        try:
            self._drafting.must_fit(draft)
        except BaseConflict as conflict:
            raise conflict_refusal(conflict) from None
        except RegistryError as error:
            raise DeskRefused(409, "file-unreadable", str(error)) from None
        checked = self._drafting.check(draft)
        if checked.candidate is None:
            problems = [problem.to_json() for problem in checked.problems]
            text = _("the registry has problems: {count}").format(count=len(problems))
            raise DeskRefused(422, "problems", text, None, problems=problems)
        return checked.candidate

    def _prepare(self, text: str, recordings: Path | None) -> PreparedWrite:
        try:
            return self._drafting.files.prepare(text, recordings)
        except SiteClosed as closed:
            raise DeskRefused(409, "site-closed", str(closed)) from None
        except OSError as error:
            raise DeskRefused(507, "disk", str(error)) from None

    async def _put(
        self, text: str, recordings: Path | None, orders: str | None, by: str, language: str
    ) -> dict[str, Any]:
        file = str(self._drafting.files.numbers)
        try:
            staged = await asyncio.to_thread(staging.stage, self._home, text, recordings, orders)
        except OSError as error:
            raise DeskRefused(507, "disk", str(error)) from None
        try:
            size: dict[str, Any] = await self._engine.ask("reload", language, name=staged.name, file=file, by=by)
        finally:
            staged.discard()
        return size


def conflict_refusal(conflict: BaseConflict) -> DeskRefused:
    """Return the refusal that shows both sides."""
    text = _("numbers.yaml or its recordings were changed since your draft began; nothing was overwritten")
    return DeskRefused(
        409, "conflict", text, None, theirs=conflict.theirs, mine=conflict.mine, recordings=conflict.recordings
    )
