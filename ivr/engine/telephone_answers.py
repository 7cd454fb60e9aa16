"""The answer to a caller's question, from the knowledge base (群众自助查询)."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from agi_scripts.services import SpokenAnswer
from ivr.engine.article_sounds import ArticleSounds
from ivr.knowledge.article_search import search_articles
from ivr.knowledge.meaning_loader import MeaningLoader
from ivr.knowledge.spoken_answer import answer_prompt, answers_for_sure
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.routing.calendar import city_time

log = logging.getLogger(__name__)

_PATIENCE = 1.0  # seconds that a caller waits for the search
_FIRST = 2  # articles: the best, and the next, whose distance counts


class TelephoneAnswers:
    """Looks for an answer in the articles that have a sound; a hotline without sounds looks nothing up."""

    def __init__(
        self, database: Database, sounds: ArticleSounds, by_meaning: MeaningLoader, now: Callable[[], datetime]
    ) -> None:
        """``now`` returns the city's time."""
        self._database, self._sounds, self._by_meaning, self._now = database, sounds, by_meaning, now

    async def find(self, question: str) -> SpokenAnswer | None:
        """Return the answer to a question; see `agi_scripts.services.ScriptServices.find_answer`."""
        if not self._sounds.has_sounds:
            return None
        try:
            async with asyncio.timeout(_PATIENCE):
                return await asyncio.to_thread(self._find, question)
        except (DatabaseUnusable, TimeoutError) as problem:
            log.warning("%s", problem or type(problem).__name__)
            return None

    def _find(self, question: str) -> SpokenAnswer | None:
        by_meaning = self._by_meaning()
        if by_meaning is None:
            return None  # words and sound alone are too unsure for an answer that no person checks
        day = city_time(self._now()).date()
        ranked = search_articles(self._database, question, day, _FIRST, by_meaning)
        if not answers_for_sure(ranked):
            return None
        article = ranked[0].article
        seconds = self._sounds.seconds(article.article, article.released_version)
        if seconds is None or article.released is None:
            return None
        prompt = answer_prompt(article.article, article.released_version)
        return SpokenAnswer(article.article, article.released_version, article.released.title, prompt, seconds)
