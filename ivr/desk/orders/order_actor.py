"""The capacity in which a person, or a program, acts on work orders. Pure."""

from collections.abc import Collection

from ivr.desk.visitor import Visitor, roles_of
from ivr.orders.life_cycle import OrderRole
from ivr.orders.order import Actor
from ivr.people.rights import Role


def actor_of(visitor: Visitor) -> Actor:
    """Return the actor that a visitor of the desk is."""
    unit = visitor.session.person.unit if visitor.session else None
    return person_as_actor(visitor.user, roles_of(visitor), unit)


def person_as_actor(user: str, roles: Collection[str], unit: str | None) -> Actor:
    """Return a supervisor, a person of a unit, or an agent of the hotline. A program acts as an agent."""
    if Role.SUPERVISOR in roles:
        return Actor(user, OrderRole.SUPERVISOR)
    if Role.UNIT in roles:
        return Actor(user, OrderRole.UNIT, unit or "")
    return Actor(user, OrderRole.AGENT)
