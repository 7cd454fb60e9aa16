"""The index of the search: the terms of each version on offer, and the number of articles with each term."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select

from ivr.knowledge.article import Article
from ivr.knowledge.search_terms import terms_of_article
from ivr.knowledge.store.article_schema import ARTICLE_TERM_COUNTS, ARTICLE_TERMS
from ivr.lazy import late

_postgresql, _sqlite = late("sqlalchemy.dialects.postgresql"), late("sqlalchemy.dialects.sqlite")  # a site has one


def index_article(connection: Connection, article: Article) -> None:
    """Write the terms of the version on offer; delete all terms if no version is on offer."""
    its_own = ARTICLE_TERMS.c.article == article.article
    earlier = set(connection.scalars(select(ARTICLE_TERMS.c.term).where(its_own)))
    connection.execute(delete(ARTICLE_TERMS).where(its_own))
    now = terms_of_article(article.released) if article.released is not None else {}
    rows = [{"term": term, "article": article.article, "weight": weight} for term, weight in now.items()]
    if rows:
        connection.execute(insert(ARTICLE_TERMS), rows)
    count_terms(connection, now.keys() - earlier, 1)
    count_terms(connection, earlier - now.keys(), -1)


def count_terms(connection: Connection, terms: Iterable[str], step: int) -> None:
    """Add a number to the count of each term; sorted, so that two transactions do not wait for each other."""
    rows = [{"term": term, "articles": step} for term in sorted(terms)]
    if not rows:
        return
    kind = _postgresql if connection.dialect.name == "postgresql" else _sqlite
    adding = kind.insert(ARTICLE_TERM_COUNTS)
    sum_of_counts = ARTICLE_TERM_COUNTS.c.articles + adding.excluded.articles
    connection.execute(adding.on_conflict_do_update(index_elements=["term"], set_={"articles": sum_of_counts}), rows)
