"""The articles that share the most telling terms with a query, by the index in the database."""

import math
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, Select, case, func, or_, select

from ivr.knowledge.search_terms import HIGHEST
from ivr.knowledge.store.article_schema import ARTICLE_TERMS, ARTICLES

_MOST_TERMS = 40  # of a query: the rarest of them
_BEST = 60  # articles


def rank_by_terms(connection: Connection, terms: Iterable[str], day: date) -> dict[str, float]:
    """Return the best articles that are on offer on a day, with their share in the query: 0 to 1.

    A term weighs as much as it is rare (inverse document frequency, as in BM25).
    """
    wanted, columns = sorted(set(terms)), ARTICLE_TERMS.c
    if not wanted:
        return {}
    total = connection.scalar(select(func.count()).where(ARTICLES.c.released.is_(True))) or 0
    counting = select(columns.term, func.count()).where(columns.term.in_(wanted)).group_by(columns.term)
    known = {term: count for term, count in connection.execute(counting).all()}
    rarity = {term: math.log(1 + (total - known.get(term, 0) + 0.5) / (known.get(term, 0) + 0.5)) for term in wanted}
    used = sorted(known, key=lambda term: -rarity[term])[:_MOST_TERMS]
    whole = HIGHEST * sum(rarity.values())
    if not used or whole <= 0:
        return {}
    score = func.sum(columns.weight * case(rarity, value=columns.term, else_=0.0)).label("score")
    ranking = (
        select(columns.article, score)
        .where(columns.term.in_(used), columns.article.not_in(_out_of_time(day)))
        .group_by(columns.article)
        .order_by(score.desc(), columns.article)
        .limit(_BEST)
    )
    return {article: found / whole for article, found in connection.execute(ranking).all()}


def beginning_with(connection: Connection, beginning: str, most: int = 20) -> list[str]:
    """Return terms that begin so: what somebody means who has typed one character."""
    columns = ARTICLE_TERMS.c
    query = select(columns.term).where(columns.term.startswith(beginning, autoescape=True)).group_by(columns.term)
    return list(connection.scalars(query.order_by(func.count().desc(), columns.term).limit(most)))


def _out_of_time(day: date) -> Select[tuple[str]]:
    late = (ARTICLES.c.valid_until != "") & (ARTICLES.c.valid_until < day.isoformat())
    return select(ARTICLES.c.article).where(
        ARTICLES.c.released.is_(True), or_(late, ARTICLES.c.valid_from > day.isoformat())
    )
