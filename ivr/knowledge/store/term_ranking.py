"""The articles that share the most telling terms with a query, by the index in the database."""

import math
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, Select, case, func, select

from ivr.knowledge.search_terms import HIGHEST
from ivr.knowledge.store.article_schema import ARTICLE_TERM_COUNTS, ARTICLE_TERMS, ARTICLES

_MOST_ROWS = 3000  # rows of the index that a ranking reads, the rarest terms first, because common terms say little
_FEWEST_TERMS = 3  # terms that are read even if they have more rows
_BEST = 60  # articles


def rank_by_terms(connection: Connection, day: date, *queries: Iterable[str]) -> list[dict[str, float]]:
    """Return for each query the best articles on offer on a day, with their share of the query's weight, 0 to 1.

    The rarer a term, the greater its weight (inverse document frequency, as in BM25).
    """
    term_lists = [sorted(set(terms)) for terms in queries]
    all_terms = sorted(set().union(*term_lists))
    if not all_terms:
        return [{} for _terms in term_lists]
    total = connection.scalar(select(func.count()).where(ARTICLES.c.released.is_(True))) or 0
    columns = ARTICLE_TERM_COUNTS.c
    counting = select(columns.term, columns.articles).where(columns.term.in_(all_terms), columns.articles > 0)
    counts = {term: count for term, count in connection.execute(counting).all()}
    rarity = {
        term: math.log(1 + (total - counts.get(term, 0) + 0.5) / (counts.get(term, 0) + 0.5)) for term in all_terms
    }
    return [_ranked(connection, day, {term: rarity[term] for term in terms}, counts) for terms in term_lists]


def _ranked(
    connection: Connection, day: date, rarity: Mapping[str, float], counts: Mapping[str, int]
) -> dict[str, float]:
    columns, highest_score = ARTICLE_TERMS.c, HIGHEST * sum(rarity.values())
    used_terms: list[str] = []
    rows = 0
    for term in sorted(counts.keys() & rarity.keys(), key=lambda term: (counts[term], term)):
        rows += counts[term]
        if rows > _MOST_ROWS and len(used_terms) >= _FEWEST_TERMS:
            break
        used_terms.append(term)
    if not used_terms or highest_score <= 0:
        return {}
    weights = case({term: rarity[term] for term in used_terms}, value=columns.term, else_=0.0)
    score = func.sum(columns.weight * weights).label("score")
    ranking = (
        select(columns.article, score)
        .where(
            columns.term.in_(used_terms), *(columns.article.not_in(unavailable) for unavailable in _out_of_time(day))
        )
        .group_by(columns.article)
        .order_by(score.desc(), columns.article)
        .limit(_BEST)
    )
    return {article: article_score / highest_score for article, article_score in connection.execute(ranking).all()}


def beginning_with(connection: Connection, beginning: str, limit: int = 20) -> list[str]:
    """Return the terms that begin with a text: an agent may have typed one character only."""
    columns = ARTICLE_TERMS.c
    query = select(columns.term).where(columns.term.startswith(beginning, autoescape=True)).group_by(columns.term)
    return list(connection.scalars(query.order_by(func.count().desc(), columns.term).limit(limit)))


def _out_of_time(day: date) -> tuple[Select[tuple[str]], Select[tuple[str]]]:
    """Return the queries of the articles that have expired, and of the articles that are not yet valid."""
    offered, today = select(ARTICLES.c.article).where(ARTICLES.c.released.is_(True)), day.isoformat()
    expired = offered.where(ARTICLES.c.valid_until > "", ARTICLES.c.valid_until < today)
    return expired, offered.where(ARTICLES.c.valid_from > today)
