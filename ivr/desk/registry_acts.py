"""Acts on the registry: edit, merge and discard a draft, put it in force now or at a time, and roll back."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ivr.desk.act_door import ActDoor
from ivr.desk.refusals import DeskRefused
from ivr.desk.registry_application import RegistryApplication, problems_refusal
from ivr.desk.visitor import Visitor
from ivr.editing import drafts
from ivr.editing.drafts import DraftState, RegistryDraft
from ivr.editing.registry_drafting import CheckedDraft, RegistryDrafting, StaleDraft
from ivr.editing.registry_outline import RegistryOutline
from ivr.editing.site_files import digest
from ivr.editing.yaml_edits import EditRefused
from ivr.people.rights import Act
from ivr.records.store.database import Database
from ivr.registry.problems import RegistryError
from ivr.runtime.layout import Home
from ivr.site import registry_history
from ivr.texts import _

T = TypeVar("T")

_LATEST = timedelta(days=366)


class RegistryActs:
    """Each method does the act of its name."""

    def __init__(
        self, home: Home, database: Database, drafting: RegistryDrafting, application: RegistryApplication,
        door: ActDoor, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        """Add the acts to the door."""
        self._home, self._database, self._drafting, self._application = home, database, drafting, application
        self._door, self._now = door, now
        door.add(
            {
                Act.EDIT_REGISTRY: self.edit,
                Act.MERGE_REGISTRY: self.merge,
                Act.DISCARD_REGISTRY: self.discard,
                Act.APPLY_REGISTRY: self.apply,
                Act.WITHDRAW_REGISTRY: self.withdraw,
                Act.ROLL_BACK: self.roll_back,
            }
        )

    async def edit(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Do edits in forms, or replace the whole text; the answer has the draft, and the result of `ivr check`.

        ``file`` is the digest of the site's file whose changes the person has merged into the text.
        """
        text = args.get("text")
        edits = _edits(args)
        if bool(edits) == isinstance(text, str):
            raise DeskRefused(422, "invalid", _("edits is a list of edits, or text the whole text"), "edits")

        def edited() -> dict[str, Any]:
            draft = self._drafting.needed(visitor.user, args.get("version"))
            changed = self._drafting.edit(draft, edits) if edits else self._drafting.replace(draft, str(text))
            if isinstance(args.get("file"), str):
                changed = self._drafting.rebase(changed, args["file"])
            return draft_view(changed, self._drafting.check(changed))

        return await draft_answer(edited)

    async def merge(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Merge the changes of the site's file into the draft if both changed different lines."""

        def merged() -> dict[str, Any]:
            changed = self._drafting.merge(self._own_draft(visitor, args))
            if changed is None:
                file = self._drafting.files.text()
                message = _("both changed the same lines: merge the changes in the text")
                raise DeskRefused(409, "overlap", message, None, file=file, digest=digest(file))
            return draft_view(changed, self._drafting.check(changed))

        return await draft_answer(merged)

    async def discard(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Discard the draft."""

        def discarded() -> dict[str, Any]:
            self._drafting.end(self._own_draft(visitor, args), DraftState.DISCARDED)
            return {}

        return await draft_answer(discarded)

    async def apply(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Put the draft in force now, or at the time ``at``."""
        draft = await draft_answer(lambda: self._own_draft(visitor, args))
        if args.get("at") is None:
            await self._door.audit(visitor, Act.APPLY_REGISTRY, f"draft {draft.id}")
            return await self._application.apply(draft, visitor.language)
        due_at = self._moment(args["at"])
        checked = await asyncio.to_thread(self._drafting.check, draft)
        if checked.candidate is None:
            raise problems_refusal(checked.problems)
        if reason_closed := self._drafting.files.closed():
            raise DeskRefused(409, "site-closed", reason_closed)
        await self._door.audit(visitor, Act.APPLY_REGISTRY, f"draft {draft.id}", due_at.isoformat(timespec="minutes"))
        planned = await draft_answer(lambda: self._drafting.store(draft, state=DraftState.PLANNED, due_at=due_at))
        return planned.to_json()

    async def withdraw(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Withdraw a planned change, which becomes its author's open draft again."""

        def withdrawn() -> RegistryDraft:
            planned = drafts.draft(self._database, _id(args))
            if planned is None or planned.state is not DraftState.PLANNED:
                raise DeskRefused(404, "unknown", _("this change is not planned any more"), "id")
            if drafts.open_draft(self._database, planned.user):
                text = _("{user} edits another draft: apply or discard it first").format(user=planned.user)
                raise DeskRefused(409, "refused", text)
            return self._drafting.store(planned, state=DraftState.OPEN, due_at=None)

        await self._door.audit(visitor, Act.WITHDRAW_REGISTRY, f"draft {_id(args)}")
        return (await draft_answer(withdrawn)).to_json()

    async def roll_back(self, visitor: Visitor, args: Mapping[str, Any]) -> dict[str, Any]:
        """Put an earlier registry in force, named by its ``id`` in the history."""
        version_id = str(args.get("id", ""))
        history = await asyncio.to_thread(registry_history.history, self._home)
        version = next((entry for entry in history if registry_history.version_id(entry) == version_id), None)
        if version is None:
            raise DeskRefused(404, "unknown", _("no registry of the history has this id"), "id")
        await self._door.audit(visitor, Act.ROLL_BACK, version_id)
        return await self._application.roll_back(version, visitor.user, visitor.language)

    def _own_draft(self, visitor: Visitor, args: Mapping[str, Any]) -> RegistryDraft:
        draft = self._drafting.draft_of(visitor.user)
        if draft is None:
            raise DeskRefused(404, "unknown", _("you have no draft"))
        if draft.version != args.get("version"):
            raise StaleDraft
        return draft

    def _moment(self, text: object) -> datetime:
        try:
            moment = datetime.fromisoformat(str(text))
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise DeskRefused(422, "invalid", _("a time has its offset: 2026-11-29T21:00:00+08:00"), "at")
        if not self._now() < moment < self._now() + _LATEST:
            raise DeskRefused(422, "invalid", _("the time is in the past, or more than a year ahead"), "at")
        return moment


def draft_view(draft: RegistryDraft | None, checked: CheckedDraft, text: str | None = None) -> dict[str, Any]:
    """Return a draft with its text as a table, and the result of `ivr check`; ``text`` if there is no draft."""
    draft_text = draft.text if draft else text or ""
    outline = RegistryOutline(draft_text)
    return {
        "version": draft.version if draft else 0,
        "text": draft_text,
        "readable": outline.readable,
        "sections": outline.to_json(),
        "problems": [problem.to_json() for problem in checked.problems],
        "warnings": [warning.to_json() for warning in checked.warnings],
    }


async def draft_answer(work: Callable[[], T]) -> T:
    """Run a function on a draft in a thread.

    Raises:
        DeskRefused: the function refused.
    """
    try:
        return await asyncio.to_thread(work)
    except EditRefused as refusal:
        raise DeskRefused(422, "invalid", str(refusal), ".".join(map(str, refusal.path)) or None) from None
    except StaleDraft:
        text = _("your draft was changed in another window: load it again")
        raise DeskRefused(409, "changed", text, "version") from None
    except RegistryError as error:
        raise DeskRefused(409, "file-unreadable", str(error)) from None
    except FileNotFoundError as error:
        raise DeskRefused(409, "no-site", str(error)) from None


def _edits(args: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    edits = args.get("edits")
    return [edit for edit in edits if isinstance(edit, dict)] if isinstance(edits, list) else []


def _id(args: Mapping[str, Any]) -> int:
    draft_id = args.get("id")
    return draft_id if isinstance(draft_id, int) else -1
