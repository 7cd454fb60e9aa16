"""``ivr speech phrases``: the texts that lead to a line, and texts of other lines that are nearly the same."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import click

from ivr.cli.home import fail
from ivr.intents.collisions import distance
from ivr.intents.known_texts import KnownText, Source, Target, known, lines_on, merged
from ivr.meaning.package import missing
from ivr.phonetics.pronunciation import sounds
from ivr.registry.model import Menu, Registry
from ivr.routing.calendar import CITY_TIME
from ivr.texts import _

_ALIKE = 0.25  # distance up to which two texts are shown as nearly the same sound
_CLOSE = 0.6  # closeness in meaning from which a text is shown
_SHOWN = 10  # neighbours of each kind


def show(registry: Registry, menu: Menu, number: str) -> None:
    """Print the texts that lead to a line or a service, and similar texts of other lines."""
    today = datetime.now(CITY_TIME).date()
    texts = known(registry, menu, today)
    own_texts = [text for text in texts if any(target.name == number for target in text.targets)]
    if not own_texts:
        fail(_("no words of a caller lead to {number}").format(number=number))
    click.echo(_title(registry, number))
    headings = {
        Source.PHRASE: _("phrases"),
        Source.NAME: _("names"),
        Source.UNIT: _("names of the unit"),
        Source.PLACE: _("places, asked back"),
        Source.MATTER: _("matters, by meaning too"),
    }
    for source, heading in headings.items():
        _echo(heading, (text.text for text in own_texts if text.source is source and len(text.targets) == 1))
    _echo(_("asked about, with other lines"), (_shared(text, number) for text in own_texts if len(text.targets) > 1))
    leads_to = merged(lines_on(registry, today))
    ends = {leads_to.get(target, target) for text in own_texts for target in text.targets}
    other_texts = [text for text in texts if not ends & {leads_to.get(target, target) for target in text.targets}]
    _echo(_("sounds nearly like"), _pairs_by_sound(own_texts, other_texts))
    _echo(_("means nearly the same as"), _pairs_by_meaning(own_texts, other_texts))


def _title(registry: Registry, number: str) -> str:
    names = [line.name for line in registry.lines if line.number == number]
    names += [service.name for service in registry.linkage.values() if service.number == number]
    return f"{number} {names[0] if names else ''}".rstrip()


def _echo(heading: str, texts: Iterable[str]) -> None:
    if line := "  ".join(texts):
        click.echo(f"{heading}:\n  {line}")


def _shared(shared: KnownText, number: str) -> str:
    return f"{shared.text} ({', '.join(target.name for target in shared.targets if target.name != number)})"


def _pair(first: KnownText, second: KnownText) -> str:
    return f"{first.text} – {second.text} ({_names(second.targets)})"


def _names(targets: Sequence[Target]) -> str:
    return ", ".join(target.name for target in targets)


def _pairs_by_sound(own_texts: Sequence[KnownText], other_texts: Sequence[KnownText]) -> list[str]:
    text_sounds = {text.text: sounds(text.text) for text in (*own_texts, *other_texts)}
    pairs = [
        (sound_distance, own_text, other_text)
        for own_text in own_texts
        for other_text in other_texts
        if len(text_sounds[own_text.text]) == len(text_sounds[other_text.text])
        and (sound_distance := distance(text_sounds[own_text.text], text_sounds[other_text.text], _ALIKE)) <= _ALIKE
    ]
    return [
        _pair(own_text, other_text) for _far, own_text, other_text in sorted(pairs, key=lambda pair: pair[0])[:_SHOWN]
    ]


def _pairs_by_meaning(own_texts: Sequence[KnownText], other_texts: Sequence[KnownText]) -> list[str]:
    """Return the closest pairs by meaning; none, with a message on stderr, if there is no sentence encoder."""
    if reason := missing():
        click.echo(_("callers are understood by sound alone: {reason}").format(reason=reason), err=True)
        return []
    from ivr.meaning.comparison import Comparison, text_meanings  # noqa: PLC0415  of the extra `speech`, as the next import
    from ivr.meaning.encoder import load  # noqa: PLC0415

    encode, texts = load(), [other_text.text for other_text in other_texts]
    closeness = Comparison(encode, texts, text_meanings(encode, texts))
    pairs = [
        (value, own_text, other_texts[index])
        for own_text in own_texts
        for index, value in enumerate(closeness.exactly(own_text.text))
        if value >= _CLOSE
    ]
    return [
        _pair(own_text, similar_text)
        for _value, own_text, similar_text in sorted(pairs, key=lambda pair: -pair[0])[:_SHOWN]
    ]
