"""Writes and reads articles. Each act is one transaction; of two acts at the same moment only one succeeds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from ivr.knowledge.article import Article, ArticleEvent, article_after
from ivr.knowledge.article_life_cycle import ArticleState
from ivr.knowledge.store.article_rows import (
    article_event_from_row,
    article_event_to_row,
    article_from_body,
    article_to_row,
)
from ivr.knowledge.store.article_schema import ARTICLE_EVENTS, ARTICLES
from ivr.knowledge.store.term_index import index_article


class ArticleChangedMeanwhile(Exception):
    """The article was changed by another act since it was read; read it again."""


def find_article(connection: Connection, name: str) -> Article | None:
    """Return an article; None if there is no article of that name."""
    body = connection.scalar(select(ARTICLES.c.body).where(ARTICLES.c.article == name))
    return None if body is None else article_from_body(body)


def find_articles(connection: Connection, names: Iterable[str]) -> dict[str, Article]:
    """Return the articles of these names that exist, by name."""
    query = select(ARTICLES.c.body).where(ARTICLES.c.article.in_(list(names)))
    articles = map(article_from_body, connection.scalars(query))
    return {article.article: article for article in articles}


def events_of_article(connection: Connection, name: str) -> list[ArticleEvent]:
    """Return all events of an article, in order."""
    query = select(ARTICLE_EVENTS).where(ARTICLE_EVENTS.c.article == name).order_by(ARTICLE_EVENTS.c.sequence)
    return [article_event_from_row(row) for row in connection.execute(query).mappings()]


def last_change(connection: Connection) -> int:
    """Return a number that changes with each act on any article."""
    return connection.scalar(select(func.max(ARTICLE_EVENTS.c.id))) or 0


def released_sequences(connection: Connection) -> dict[str, int]:
    """Return each article that has a version on offer, in its time or not, with the sequence of its last event."""
    query = select(ARTICLES.c.article, ARTICLES.c.sequence).where(ARTICLES.c.released.is_(True))
    return {article: sequence for article, sequence in connection.execute(query).all()}


def write_article_event(connection: Connection, article: Article | None, event: ArticleEvent) -> Article:
    """Write an event, the article that follows from it, and the terms of a version that is on offer from now on.

    Args:
        connection: in a transaction.
        article: the article that was read; None for a new article.
        event: the next event.

    Raises:
        ArticleChangedMeanwhile: another event was written since the article was read; nothing was written.
    """
    changed_article = article_after(article, event)
    row = article_to_row(changed_article)
    if article is None:
        try:
            connection.execute(insert(ARTICLES).values(row))
        except IntegrityError as error:
            raise ArticleChangedMeanwhile from error
    else:
        # This comes first, because it takes the lock: the second of two acts at the same moment finds a new sequence.
        unchanged = (ARTICLES.c.article == article.article) & (ARTICLES.c.sequence == article.sequence)
        if connection.execute(update(ARTICLES).where(unchanged).values(row)).rowcount != 1:
            raise ArticleChangedMeanwhile
    connection.execute(insert(ARTICLE_EVENTS).values(article_event_to_row(event)))
    if (article.released if article else None) != changed_article.released:
        index_article(connection, changed_article)
    return changed_article


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """Conditions on articles. A condition that is not given allows all articles."""

    state: ArticleState | None = None
    unit: str = ""
    line: str = ""
    words: str = ""  # in the title or the name
    offered_on: date | None = None  # offered on this day
    expires_by: date | None = None  # released, and offered for the last time on this day or earlier
    reported: bool = False  # with a report that is not settled

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the conditions of the query."""
        columns = ARTICLES.c
        conditions: list[ColumnElement[bool]] = []
        equal = {"state": self.state and self.state.value, "unit": self.unit, "line": self.line}
        conditions += [columns[name] == value for name, value in equal.items() if value]
        for word in self.words.split():
            contains = columns.title.contains(word, autoescape=True)
            conditions.append(or_(contains, columns.article.contains(word, autoescape=True)))
        if self.offered_on is not None:
            day = self.offered_on.isoformat()
            conditions += [columns.released.is_(True), columns.valid_from <= day]
            conditions.append(or_(columns.valid_until == "", columns.valid_until >= day))
        if self.expires_by is not None:
            conditions += [columns.released.is_(True), columns.valid_until != ""]
            conditions.append(columns.valid_until <= self.expires_by.isoformat())
        if self.reported:
            conditions.append(columns.open_reports > 0)
        return conditions


def list_articles(connection: Connection, conditions: ArticleFilter, limit: int, after: str = "") -> list[Article]:
    """Return the articles that meet the conditions and whose names follow ``after``, sorted by name."""
    query = select(ARTICLES.c.body).where(*conditions.conditions(), ARTICLES.c.article > after)
    return [article_from_body(body) for body in connection.scalars(query.order_by(ARTICLES.c.article).limit(limit))]
