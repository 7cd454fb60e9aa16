"""Questions of commands about the knowledge base."""

from typing import Any

from ivr.cli.home import fail, user
from ivr.knowledge.article_life_cycle import ArticleRole
from ivr.lazy import loaded
from ivr.registry.problems import RegistryError
from ivr.runtime.layout import Home
from ivr.runtime.site_folder import folder_of
from ivr.texts import _


def knowledge_query(home: Home, method: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
    """Ask the knowledge base; a refusal, or a missing database, ends the command with exit 1.

    Args:
        home: the hotline's state folder.
        method: of `ivr.knowledge.knowledge_requests.KnowledgeRequests`.
        arguments: the arguments of the method.
    """
    database = loaded("ivr.cli.knowledge_database")
    try:
        return getattr(database.knowledge_requests(home), method)(**arguments)
    except FileNotFoundError:
        fail(_("no hotline ever ran in {home}; start it with 'ivr up --home {home}'").format(home=folder_of(home)))
    except database.ArticleActRefused as refusal:
        fail(str(refusal))
    except database.DatabaseUnusable as unusable:
        fail(str(unusable))
    except RegistryError as problems:
        fail(*map(str, problems.problems))


def editor_of(unit: str | None) -> dict[str, str]:
    """Return the editor for whom a command acts: a unit, or a reviewer of the hotline."""
    role = ArticleRole.UNIT if unit else ArticleRole.REVIEWER
    return {"name": user(), "role": role.value, "unit": unit or ""}
