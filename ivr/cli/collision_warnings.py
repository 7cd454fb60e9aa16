"""The warnings of ``ivr check`` about lines that sound alike; loaded late, because phonetic data takes 0.5 s."""

from collections.abc import Iterator, Sequence
from datetime import date

from ivr.cli.kept_warnings import AlikeWarning
from ivr.intents.collisions import Collision, collisions
from ivr.intents.decisions import AskWhich, Confirm, Sure, Unknown
from ivr.intents.known_texts import KnownText, Target, TargetKind
from ivr.registry.model import Menu
from ivr.site.candidate import RegistryCandidate
from ivr.texts import _


def warnings(checked: RegistryCandidate, today: date) -> Iterator[AlikeWarning]:
    """Yield a warning for each pair of lines that sound alike, with the question that callers are asked."""
    registry = checked.registry
    for menu in registry.menus.values():
        for collision in collisions(registry, menu, today):
            message = _("{one} ({one_lines}) sounds like {other} ({other_lines}); the caller {outcome}").format(
                one=collision.first.text,
                one_lines=_numbers(collision.first),
                other=collision.second.text,
                other_lines=_numbers(collision.second),
                outcome=_outcome(checked, menu, collision),
            )
            target = collision.first.targets[0]
            yield AlikeWarning(menu.name, target.kind, target.name, message)


def _outcome(checked: RegistryCandidate, menu: Menu, collision: Collision) -> str:
    match collision.decision:
        case AskWhich(first, second):
            names = (*_say(checked, menu, "which-1", first), *_say(checked, menu, "which-2", second))
            question = "".join((*names, *_texts(checked, "which-3")))
        case Confirm(target) | Sure(target):
            question = "".join((*_say(checked, menu, "confirm-1", target), *_texts(checked, "confirm-2")))
        case Unknown():
            return _("comes to an agent")
    return _("is asked: {question}").format(question=question)


def _say(checked: RegistryCandidate, menu: Menu, prompt: str, target: Target) -> tuple[str, ...]:
    name = f"name/{menu.name}/{target.name}" if target.kind is TargetKind.CHOICE else f"name/{target.name}"
    return (*_texts(checked, prompt), *(_texts(checked, name) or (target.name,)))


def _texts(checked: RegistryCandidate, prompt: str) -> Sequence[str]:
    text = checked.catalogue.text(prompt)
    return (text,) if text else ()


def _numbers(known_text: KnownText) -> str:
    return ", ".join(target.name for target in known_text.targets)
