"""The search: merges the rankings by words, by sound and by meaning into one list of articles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ivr.knowledge.article import Article
from ivr.knowledge.search_terms import normal_form, query_text, sound_terms, word_terms
from ivr.knowledge.store.article_store import find_articles
from ivr.knowledge.store.term_ranking import beginning_with, rank_by_terms
from ivr.records.store.database import Database

RankByMeaning = Callable[[str, date], dict[str, float]]
"""Returns the articles whose meaning is closest to a sentence, with their closeness: 0 to 1."""

_WORDS, _SOUND, _MEANING = 1.0, 0.3, 1.0  # the shares in the rank; chosen on the tuning set of trials/bench/knowledge


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article that was found. The higher its rank, the likelier it answers the query."""

    article: Article
    rank: float
    words: float  # the share in each ranking, 0 to 1
    sound: float
    meaning: float


def search_articles(
    database: Database, query: str, day: date, limit: int = 10, by_meaning: RankByMeaning | None = None
) -> list[FoundArticle]:
    """Return the articles on offer on a day that answer a query best.

    Args:
        database: the call database.
        query: any text, such as an agent's input or a citizen's words.
        day: a day in the city's time. Articles that are expired, not yet valid or not released are never returned.
        limit: articles at most.
        by_meaning: None if this machine has no sentence encoder.

    Raises:
        DatabaseUnusable: the database cannot be used.
    """
    text = query_text(query)
    with database.begin() as connection:
        terms = list(word_terms(text))
        if len(terms) == 1 and len("".join(text.split())) < 4:
            terms += beginning_with(connection, terms[0])
        words, sound = rank_by_terms(connection, day, terms, sound_terms(text))
    meaning = by_meaning(normal_form(query), day) if by_meaning and len(terms) > 1 else {}
    shares = (words, sound, meaning)
    ranks = {name: tuple(ranking.get(name, 0.0) for ranking in shares) for name in {*words, *sound, *meaning}}
    best_names = sorted(ranks, key=lambda name: (-_rank(ranks[name]), name))[:limit]
    with database.begin() as connection:
        articles = find_articles(connection, best_names)
    # The state is read again, because an article may have been withdrawn between the two transactions.
    return [
        FoundArticle(articles[name], _rank(ranks[name]), *ranks[name])
        for name in best_names
        if name in articles and articles[name].is_offered(day)
    ]


def _rank(shares: Sequence[float]) -> float:
    words, sound, meaning = shares
    return _WORDS * words + _SOUND * sound + _MEANING * meaning
