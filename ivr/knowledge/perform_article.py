"""Doing something to an article: the one way for commands, desk, API and clock."""

from datetime import datetime

from sqlalchemy import Connection

from ivr.knowledge.article import Article
from ivr.knowledge.article_decision import ArticleActRefused, ArticleRequest, KnowledgeScope, decide_article_act
from ivr.knowledge.store.article_outbox import put_article_notification
from ivr.knowledge.store.article_store import ArticleChangedMeanwhile, find_article, write_article_event
from ivr.records.store.database import Database
from ivr.texts import _

_TRIES = 5  # to act on an article that others act on at the same moment


def perform_on_article(
    database: Database, name: str, request: ArticleRequest, scope: KnowledgeScope, now: datetime
) -> Article:
    """Do one act, and return the article after it.

    Raises:
        ArticleActRefused: the act may not be done; nothing was changed.
        DatabaseUnusable: the database cannot be used.
    """
    for _try in range(_TRIES):
        try:
            with database.begin() as connection:
                return perform_on_article_within(connection, name, request, scope, now)
        except ArticleChangedMeanwhile:
            continue
    raise ArticleActRefused(_("others changed the article at the same moment: look at it, and try again"))


def perform_on_article_within(
    connection: Connection, name: str, request: ArticleRequest, scope: KnowledgeScope, now: datetime
) -> Article:
    """As `perform_on_article`, in a transaction of the caller's.

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
