"""Loads the sentence encoder for the search of articles, at the first search: it takes seconds and 125 MB."""

import logging
import threading

from ivr.knowledge.article_search import RankByMeaning
from ivr.meaning.package import missing
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.texts import _

log = logging.getLogger(__name__)


class MeaningLoader:
    """Loads the ranking by meaning in a thread, and returns it when it is loaded."""

    def __init__(self, database: Database) -> None:
        """Load nothing yet."""
        self._database = database
        self._ranking: RankByMeaning | None = None
        self._started = False

    def __call__(self) -> RankByMeaning | None:
        """Return the ranking; None while a thread loads it, and on a machine without encoder."""
        if not self._started:
            self._started = True
            self._start()
        return self._ranking

    def _start(self) -> None:
        if reason := missing():
            log.warning("%s", _("articles are found by words and sound alone: {reason}").format(reason=reason))
        else:
            threading.Thread(target=self._load, name="meanings", daemon=True).start()

    def _load(self) -> None:
        from ivr.knowledge.article_meanings import ArticleMeanings  # noqa: PLC0415  of the extra `speech`, as the next
        from ivr.meaning.encoder import EncoderMissing, load  # noqa: PLC0415

        try:
            ranking = ArticleMeanings(self._database, load())
            ranking.refresh()
        except (EncoderMissing, DatabaseUnusable) as problem:
            log.warning("%s", _("articles are found by words and sound alone: {reason}").format(reason=problem))
        else:
            self._ranking = ranking
