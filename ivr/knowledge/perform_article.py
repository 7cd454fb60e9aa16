"""Performs acts on articles for commands, desk, API and clock. Nothing else writes articles."""

from datetime import datetime

from sqlalchemy import Connection

from ivr.knowledge.article import Article
from ivr.knowledge.article_decision import ArticleActRefused, ArticleRequest, KnowledgeScope, decide_article_act
from ivr.knowledge.store.article_outbox import put_article_notification
from ivr.knowledge.store.article_store import ArticleChangedMeanwhile, find_article, write_article_event
from ivr.records.store.database import Database
from ivr.records.store.retried import retried
from ivr.texts import _


def perform_on_article(
    database: Database, name: str, request: ArticleRequest, scope: KnowledgeScope, now: datetime
) -> Article:
    """Do an act, and return the article after it.

    Raises:
        ArticleActRefused: the act may not be done; nothing was changed.
        DatabaseUnusable: the database cannot be used.
    """
    try:
        return retried(
            database,
            lambda connection: perform_on_article_within(connection, name, request, scope, now),
            ArticleChangedMeanwhile,
        )
    except ArticleChangedMeanwhile:
        text = _("others changed the article at the same moment: look at it, and try again")
        raise ArticleActRefused(text) from None


def perform_on_article_within(
    connection: Connection, name: str, request: ArticleRequest, scope: KnowledgeScope, now: datetime
) -> Article:
    """Do what `perform_on_article` does, in the transaction of ``connection``.

    Raises:
        ArticleActRefused: the act may not be done.
        ArticleChangedMeanwhile: another act was done at the same moment.
    """
    article = find_article(connection, name)
    event = decide_article_act(article, name, request, scope, now)
    after = write_article_event(connection, article, event)
    if scope.notifies:
        put_article_notification(connection, after, event)
    return after
