"""Reads numbers.yaml: returns a `Registry`, or every problem of the file."""

from collections.abc import Collection
from pathlib import Path

from ivr.registry.checks import check_all
from ivr.registry.document import read_document
from ivr.registry.draft import Draft
from ivr.registry.fields import Fields
from ivr.registry.model import Place, Registry
from ivr.registry.problems import Problem, Problems, RegistryError
from ivr.registry.sections import read_all
from ivr.registry.tree import LARGEST
from ivr.texts import _

_BYTES = 4  # at most, for a character in UTF-8
# First bytes of files that an admin may take for UTF-8 text.
_NO_TEXT = {
    b"PK\x03\x04": ".docx/.xlsx/.zip",
    b"\xd0\xcf\x11\xe0": ".doc/.xls",
    b"{\\rtf": ".rtf",
    b"%PDF": ".pdf",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


def read(path: Path, prompts: Collection[str]) -> Registry:
    """Read a registry from a file; see `read_text` and `load`.

    Raises:
        RegistryError: from `read_text` or `load`.
    """
    return load(read_text(path), str(path), prompts)


def read_text(path: Path) -> str:
    """Return the text of a registry file.

    Raises:
        RegistryError: the file cannot be read or is not UTF-8.
    """
    start = Place(str(path), 1, 1)
    if not path.exists():
        raise RegistryError((Problem(start, _("there is no such file")),))
    if not path.is_file():
        raise RegistryError((Problem(start, _("this is not a file")),))
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST * _BYTES + 1)
    except OSError as error:
        raise RegistryError((Problem(start, _("cannot be read: {reason}").format(reason=error.strerror)),)) from None
    if kind := next((kind for begin, kind in _NO_TEXT.items() if content.startswith(begin)), None):
        message = _("this is {kind}, not text: write the registry in a text editor and save it as UTF-8 text")
        raise RegistryError((Problem(start, message.format(kind=kind)),))
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
        message = _("this is not UTF-8 text: save the file in the encoding UTF-8 (a GBK file is not)")
        raise RegistryError((Problem(Place(str(path), line, column), message),)) from None


def load(text: str, file: str, prompts: Collection[str]) -> Registry:
    """Make a registry of ``text``.

    Args:
        text: the YAML text.
        file: its name, for messages.
        prompts: ids of the prompts that have a recording, as `ivr.registry.prompts.recorded` gives them.

    Raises:
        RegistryError: with every problem at once, in file order.
    """

    def read(top: Fields, problems: Problems) -> Draft:
        draft = read_all(top)
        check_all(draft, prompts, problems)
        return draft

    return _registry(read_document(text, file, read, _("a registry starts with keys, such as city: and lines:")))


def _registry(draft: Draft) -> Registry:
    assert draft.city is not None
    assert draft.timers is not None
    return Registry(
        city=draft.city,
        lines=tuple(entry.value for entry in draft.lines),
        groups={name: entry.value for name, entry in draft.groups.items()},
        seats={entry.value.number: entry.value for entry in draft.seats},
        menus={name: entry.value for name, entry in draft.menus.items()},
        hours=draft.hours,
        holidays={day: entry.name for day, entry in draft.holidays.items()},
        workdays={day: entry.like for day, entry in draft.workdays.items()},
        linkage={entry.value.number: entry.value for entry in draft.linkage},
        trunks=tuple(sorted((entry.value for entry in draft.trunks), key=lambda trunk: trunk.order)),
        timers=draft.timers,
        unclear=tuple(entry.value for entry in draft.unclear),
        emergencies={entry.value.number: entry.value for entry in draft.emergencies},
        answers=draft.answers,
        limits=draft.limits,
        blocked=draft.blocked,
        records=draft.records,
        recordings=draft.recordings,
        callbacks=draft.callbacks,
        events=draft.events,
        alarms=draft.alarms,
        knowledge=draft.knowledge,
    )
