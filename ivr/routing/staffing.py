"""The groups on whose seats the first plan of a call depends. Asking for fewer groups makes each call cheaper. Pure."""

from datetime import datetime

from ivr.registry.model import Registry
from ivr.routing.calendar import city_time
from ivr.routing.chain import chain, hotline
from ivr.routing.service import general_group
from ivr.routing.spelling import registered_form


def groups_of(registry: Registry, dialled: str, at: datetime) -> tuple[str, ...]:
    """Return the groups on which `ivr.routing.decide.plan` may depend for this number, each once.

    Args:
        registry: a registry that passed its check.
        dialled: the number as the carrier delivers it.
        at: the moment of the call, in any time zone.
    """
    day = city_time(at).date()
    entry = registry.entry(registered_form(registry.city, {line.number for line in registry.lines}, dialled), day)
    line = chain(registry, entry, day)[-1] if entry else hotline(registry, day)
    menu = registry.menus.get(line.menu) if line.menu is not None else None
    groups = [general_group(registry), *([menu.human] if menu else []), *([line.expert] if line.expert else [])]
    group_names: dict[str, None] = {}
    while groups:
        name = groups.pop()
        if name not in group_names:
            group_names[name] = None
            groups += [overflow] if (overflow := registry.groups[name].overflow) else []
    return tuple(group_names)
