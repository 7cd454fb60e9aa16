"""The knowledge base of a home. Commands use the call database directly, whether engine and desk run or not."""

from datetime import datetime

from ivr.cli.call_database import DatabaseUnusable, call_database
from ivr.cli.state import registry_in_force
from ivr.knowledge.article_decision import ArticleActRefused, KnowledgeScope
from ivr.knowledge.knowledge_requests import KnowledgeRequests
from ivr.routing.calendar import CITY_TIME
from ivr.runtime.layout import Home
from ivr.site.orders_in_force import directory_in_force

__all__ = ["ArticleActRefused", "DatabaseUnusable", "knowledge_requests"]


def knowledge_requests(home: Home) -> KnowledgeRequests:
    """Return the object that answers requests about the knowledge base, with numbers.yaml and orders.yaml in force.

    Raises:
        FileNotFoundError: no hotline ever ran there.
        DatabaseUnusable: the database cannot be used.
        RegistryError: the registry in force has problems, because this version of the program checks more.
    """
    registry = registry_in_force(home)
    directory = directory_in_force(home, registry)
    database = call_database(home)
    database.migrate()
    lines = frozenset(line.number for line in registry.lines)
    scope = KnowledgeScope(frozenset(directory.units), lines, directory.notifies)
    return KnowledgeRequests(database, lambda: scope, lambda: datetime.now(CITY_TIME))
