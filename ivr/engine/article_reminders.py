"""Reminds owner units of articles that expire. The due reminders follow from the database alone."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from ivr.engine.background_task import BackgroundTask
from ivr.engine.record_importer import RecordImporter
from ivr.knowledge.article import Editor
from ivr.knowledge.article_clock import AHEAD, reminders_due
from ivr.knowledge.article_decision import ArticleActRefused, ArticleRequest, KnowledgeScope
from ivr.knowledge.article_life_cycle import ArticleAct, ArticleRole
from ivr.knowledge.perform_article import perform_on_article
from ivr.knowledge.store.article_store import ArticleFilter, list_articles
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.routing.calendar import city_time
from ivr.site.registry_holder import RegistryHolder

log = logging.getLogger(__name__)

_EVERY = 3600.0  # seconds between two looks at days
_MOST = 50_000
_HOTLINE = Editor("hotline", ArticleRole.HOTLINE)


class ArticleReminders(BackgroundTask):
    """Reminds owner units while its context is open."""

    def __init__(
        self, database: Database, recorder: RecordImporter, in_force: RegistryHolder, now: Callable[[], datetime]
    ) -> None:
        """``now`` returns the city's time."""
        self._database, self._recorder, self._in_force, self._now = database, recorder, in_force, now

    async def _work(self) -> None:
        await self._recorder.migrated.wait()
        while True:
            try:
                await asyncio.to_thread(self.remind)
            except DatabaseUnusable as error:
                log.error("%s", error)
            await asyncio.sleep(_EVERY)

    def remind(self) -> None:
        """Send the reminders that are due.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        now, directory = self._now(), self._in_force.directory
        today = city_time(now).date()
        scope = KnowledgeScope(frozenset(directory.units), frozenset(), notifies=directory.notifies)
        with self._database.begin() as connection:
            articles = list_articles(connection, ArticleFilter(expires_by=today + AHEAD), _MOST)
        for article in articles:
            for stage in reminders_due(article, today):
                request = ArticleRequest(ArticleAct.REMIND, _HOTLINE, {"stage": stage})
                try:
                    perform_on_article(self._database, article.article, request, scope, now)
                except ArticleActRefused as refusal:  # a person was quicker
                    log.info("%s: %s", article.article, refusal)
