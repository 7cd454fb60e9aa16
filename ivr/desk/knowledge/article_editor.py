"""The capacity in which a person, or a program, acts on articles. Pure."""

from ivr.desk.visitor import Visitor, roles_of
from ivr.knowledge.article_life_cycle import ArticleRole
from ivr.people.rights import Role


def editor_of(visitor: Visitor) -> dict[str, str]:
    """Return a reviewer, a person of a unit, or an agent, for `KnowledgeRequests`. A program acts as an agent."""
    roles = roles_of(visitor)
    unit = visitor.session.person.unit if visitor.session else None
    role = ArticleRole.AGENT
    if Role.SUPERVISOR in roles or Role.ADMIN in roles:
        role = ArticleRole.REVIEWER
    elif Role.UNIT in roles:
        role = ArticleRole.UNIT
    return {"name": visitor.user, "role": role.value, "unit": unit or "" if role is ArticleRole.UNIT else ""}
