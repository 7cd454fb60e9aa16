"""Work on a draft before it is put in force: edits, checks, comparison, merge with others' changes."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ivr.editing import drafts, site_files, yaml_edits
from ivr.editing.drafts import DraftState, RegistryDraft
from ivr.editing.registry_outline import LocatedProblem, RegistryOutline
from ivr.editing.site_files import SiteFiles
from ivr.editing.text_merge import difference, merged
from ivr.editing.yaml_edits import EditRefused
from ivr.records.store.database import Database
from ivr.registry.problems import RegistryError
from ivr.registry.tree import LARGEST
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.shipped import RECORDINGS
from ivr.site import candidate, orders_in_force
from ivr.site.candidate import RegistryCandidate
from ivr.site.prompt_catalogue import catalogue
from ivr.texts import _


class StaleDraft(Exception):
    """The draft was changed meanwhile, by another page of the same person."""


@dataclass(frozen=True, slots=True)
class BaseConflict(Exception):
    """The site's files were changed since the draft began; nothing is overwritten."""

    theirs: str  # their changes of numbers.yaml since the draft began, as a difference
    mine: str  # lines of the draft
    recordings: bool  # the recordings were changed, too


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """The result of `ivr check` for a draft."""

    candidate: RegistryCandidate | None  # None: it has problems
    problems: tuple[LocatedProblem, ...]
    warnings: tuple[LocatedProblem, ...]


class RegistryDrafting:
    """The drafts of one hotline."""

    def __init__(self, home: Home, database: Database, now: Callable[[], datetime]) -> None:
        """The site folder is that of the hotline's last start."""
        self._home, self._database, self._now = home, database, now

    @property
    def files(self) -> SiteFiles:
        """The site's files.

        Raises:
            FileNotFoundError: no hotline ever ran in this home.
        """
        return SiteFiles(Path(hotline_facts.read(self._home.hotline).numbers).absolute())

    def recordings(self, draft: RegistryDraft | None) -> Path:
        """Return the folder of own recordings of a draft: the site's folder until the draft changes a recording."""
        if draft is None or not draft.recordings_base:
            return self.files.recordings
        return self._home.drafts / str(draft.id)

    def draft_of(self, user: str) -> RegistryDraft | None:
        """Return the open draft of a person."""
        return drafts.open_draft(self._database, user)

    def needed(self, user: str, version: object) -> RegistryDraft:
        """Return the open draft of a person, or a new draft; its version must be the version that was read.

        Raises:
            StaleDraft: the draft has another version.
            RegistryError: the site's file cannot be read.
        """
        draft = self.draft_of(user)
        if draft is None:
            if version != 0:
                raise StaleDraft
            return drafts.begin(self._database, user, self.files.text(), self._now())
        if draft.version != version:
            raise StaleDraft
        return draft

    def edit(self, draft: RegistryDraft, edits: Sequence[Mapping[str, Any]]) -> RegistryDraft:
        """Do edits in forms: each ``{"do": "set"|"append"|"remove", "path": […], "value": …}``.

        Raises:
            EditRefused: an edit cannot be done; then no edit is done.
            StaleDraft: the draft was changed meanwhile.
        """
        text = draft.text
        for change in edits:
            text = _edited(text, change)
        if not RegistryOutline(text).readable:
            raise EditRefused(_("this cannot be edited in a form: edit the text"))
        return self.store(draft, text=text)

    def replace(self, draft: RegistryDraft, text: str) -> RegistryDraft:
        """Replace the whole text.

        Raises:
            EditRefused: the text is too large.
            StaleDraft: the draft was changed meanwhile.
        """
        if len(text) > LARGEST:
            raise EditRefused(_("the text is larger than {size} KiB").format(size=LARGEST // 1024))
        return self.store(draft, text=text)

    def store(self, draft: RegistryDraft, **values: object) -> RegistryDraft:
        """Store new values of a draft.

        Raises:
            StaleDraft: the draft was changed meanwhile.
        """
        stored_draft = drafts.change(self._database, draft.id, draft.version, self._now(), **values)
        if stored_draft is None:
            raise StaleDraft
        return stored_draft

    def change_recordings(self, draft: RegistryDraft) -> tuple[RegistryDraft, Path]:
        """Return a draft with a folder of recordings of its own, copied from the site's, and that folder."""
        if not draft.recordings_base:
            folder = self._home.drafts / str(draft.id)
            base = site_files.recordings_digest(self.files.recordings)
            site_files.copy_recordings(self.files.recordings, folder)
            draft = self.store(draft, recordings_base=base)
        return draft, self.recordings(draft)

    def touch(self, draft: RegistryDraft) -> RegistryDraft:
        """Record that the recordings of a draft were changed.

        Raises:
            StaleDraft: the draft was changed meanwhile.
        """
        return self.store(draft)

    def check(self, draft: RegistryDraft) -> CheckedDraft:
        """Check a draft with its recordings and the site's orders.yaml, as ``ivr check`` does."""
        numbers, outline = self.files.numbers, RegistryOutline(draft.text)
        try:
            prompts = catalogue(RECORDINGS, self.recordings(draft))
            checked = candidate.check(draft.text, str(numbers), prompts, orders_in_force.beside(numbers))
        except RegistryError as error:
            return CheckedDraft(None, tuple(outline.located(problem, str(numbers)) for problem in error.problems), ())
        return CheckedDraft(checked, (), tuple(outline.located(warning, str(numbers)) for warning in checked.warnings))

    def must_fit(self, draft: RegistryDraft) -> None:
        """Return normally if the site's files are the files with which the draft began.

        Raises:
            BaseConflict: the site's files were changed since then.
            RegistryError: the file cannot be read.
        """
        now = self.files.text()
        recordings = bool(draft.recordings_base) and draft.recordings_base != site_files.recordings_digest(
            self.files.recordings
        )
        if now != draft.base or recordings:
            raise BaseConflict(difference(draft.base, now), difference(draft.base, draft.text), recordings)

    def merge(self, draft: RegistryDraft) -> RegistryDraft | None:
        """Rebase a draft on the site's present files, with the changes of both; None if the changes overlap.

        Raises:
            RegistryError: the file cannot be read.
            StaleDraft: the draft was changed meanwhile.
        """
        now = self.files.text()
        text = merged(draft.base, draft.text, now)
        return None if text is None else self.store(draft, base=now, text=text, **self._recordings_base(draft))

    def rebase(self, draft: RegistryDraft, file_digest: str) -> RegistryDraft:
        """Rebase a draft on the site's present file, if the file has the digest.

        Raises:
            RegistryError: the file cannot be read.
            StaleDraft: the draft or the file was changed meanwhile.
        """
        now = self.files.text()
        if site_files.digest(now) != file_digest:
            raise StaleDraft
        return self.store(draft, base=now, **self._recordings_base(draft))

    def end(self, draft: RegistryDraft, state: DraftState, result: str = "") -> None:
        """Record that a draft is over, and delete its recordings."""
        with suppress(StaleDraft):
            self.store(draft, state=state, result=result)
        if draft.recordings_base:
            site_files.delete(self._home.drafts / str(draft.id))

    def _recordings_base(self, draft: RegistryDraft) -> Mapping[str, str]:
        """Return the digest of the site's present recordings, with which the draft's recordings are compared later."""
        if not draft.recordings_base:
            return {}
        return {"recordings_base": site_files.recordings_digest(self.files.recordings)}


def _edited(text: str, edit: Mapping[str, Any]) -> str:
    path: Any = edit.get("path")
    value: Any = edit.get("value")
    if not isinstance(path, list) or not path or not all(isinstance(step, str | int) for step in path):
        raise EditRefused(_("path is a list of keys and positions, as in ['lines', 3, 'name']"))
    match edit.get("do"):
        case "set" if _is_value(value):
            return yaml_edits.set_value(text, path, value)
        case "append" if _is_value(value):
            return yaml_edits.append(text, path, value)
        case "remove":
            return yaml_edits.remove(text, path)
    raise EditRefused(_("an edit is set or append with a value, or remove"), path)


def _is_value(value: object, depth: int = 0) -> bool:
    """Tell whether this is text, a truth value, a whole number, or lists and mappings of them."""
    if isinstance(value, str):
        return value.isprintable() and len(value) < 1000
    if isinstance(value, list) and depth < 4:
        return all(_is_value(element, depth + 1) for element in value)
    if isinstance(value, dict) and depth < 4:
        return all(
            isinstance(key, str) and key.isprintable() and _is_value(element, depth + 1)
            for key, element in value.items()
        )
    return isinstance(value, int)
