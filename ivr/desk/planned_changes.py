"""Planned changes of the registry: one desk process puts each change in force at its time."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from ivr.desk.presence import Presence
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_application import RegistryApplication
from ivr.editing import drafts
from ivr.editing.drafts import DraftState, RegistryDraft
from ivr.people import audit_log
from ivr.people.rights import Act
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.texts import _

log = logging.getLogger(__name__)

_LOOK_EVERY = 2.0  # seconds
_LATEST = timedelta(hours=1)  # after its time, a change fails if the engine does not answer


class PlannedChanges:
    """Looks for due changes; after a restart the next look finds the missed changes."""

    def __init__(
        self, database: Database, application: RegistryApplication, presence: Presence, now: Callable[[], datetime]
    ) -> None:
        """The pages of admins get a notice of a change that failed."""
        self._database, self._application, self._presence, self._now = database, application, presence, now

    async def run(self) -> None:
        """Look for due changes; never return."""
        recovered = False
        while True:
            try:
                if not recovered:
                    await self._fail_interrupted()
                    recovered = True
                await self.look()
            except DatabaseUnusable as error:
                log.warning(_("planned changes of the registry wait for the database: %s"), error)
            except Exception:  # the next look may succeed, and other changes must not wait for ever
                log.exception("a planned change of the registry failed")
            await asyncio.sleep(_LOOK_EVERY)

    async def _fail_interrupted(self) -> None:
        """Record that the desk's process ended while it put a change in force."""
        for draft in await asyncio.to_thread(drafts.drafts, self._database, DraftState.APPLYING):
            await self._fail(draft, _("the desk ended meanwhile: look whether the change is in force"))

    async def look(self) -> None:
        """Put each due change in force."""
        for draft in await asyncio.to_thread(drafts.due, self._database, self._now()):
            claimed = await self._store(draft, DraftState.APPLYING)
            if claimed is not None:  # else another process applies it, or an admin has withdrawn it
                await self._apply(claimed)

    async def _apply(self, draft: RegistryDraft) -> None:
        try:
            await self._application.apply(draft)
        except DeskRefused as refusal:
            is_too_late = draft.due_at is not None and self._now() > draft.due_at + _LATEST
            if refusal.code == "engine-away" and not is_too_late:
                await self._store(draft, DraftState.PLANNED)
                return
            await self._fail(draft, _reason(refusal))
        except Exception as error:
            await self._fail(draft, repr(error))
            raise
        else:
            await self._audit(draft, _("in force"))

    async def _fail(self, draft: RegistryDraft, reason: str) -> None:
        await self._store(draft, DraftState.FAILED, reason)
        log.error(_("the planned change of the registry by %s failed: %s"), draft.user, reason)
        await self._audit(draft, reason)
        text = _("the planned change of the registry by {user} failed: {reason}").format(user=draft.user, reason=reason)
        failed_at = self._now().isoformat(timespec="seconds")
        self._presence.tell({"notice": "message", "from": _("registry"), "text": text, "at": failed_at}, None)

    async def _store(self, draft: RegistryDraft, state: DraftState, result: str = "") -> RegistryDraft | None:
        return await asyncio.to_thread(
            drafts.change, self._database, draft.id, draft.version, self._now(), state=state, result=result
        )

    async def _audit(self, draft: RegistryDraft, detail: str) -> None:
        await asyncio.to_thread(
            audit_log.add_line, self._database, user=draft.user, act=Act.APPLY_REGISTRY, about=f"draft {draft.id}",
            detail=detail, now=self._now(),
        )  # fmt: skip


def _reason(refusal: DeskRefused) -> str:
    """Return why a change was refused, with the problems of the registry, line by line."""
    problems = refusal.more.get("problems")
    lines = (
        [f"{problem['line']}:{problem['column']}: {problem['message']}" for problem in problems]
        if isinstance(problems, list)
        else []
    )
    return "\n".join([str(refusal), *lines])
