"""The ranking by meaning: articles whose title and questions are closest to a sentence. It needs numpy and an encoder.

Each article has one vector. The mean of all vectors is subtracted first, because an encoder finds any two questions to
an office similar. A search does not wait for the vector of a new article; until then the ranking by words finds it.
"""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ivr.knowledge.store.article_store import find_articles, last_change, released_sequences
from ivr.records.store.database import Database

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
"""Returns a row of length 1 for each sentence."""

_BEST = 60  # articles
_BATCH = 200  # articles that are read and encoded at once


class ArticleMeanings:
    """The meanings of the articles of one database. It may be used by several threads."""

    def __init__(self, database: Database, encode: Encode) -> None:
        """Start without articles; `refresh` encodes them, which takes 0.5 ms each."""
        self._database, self._encode = database, encode
        self._known: dict[str, _ArticleMeaning] = {}
        self._index: _Index | None = None
        self._change = -1
        self._working = threading.Lock()

    def __call__(self, sentence: str, day: date) -> dict[str, float]:
        """Return the articles closest to a sentence, with their closeness, 0 to 1; {} before the first refresh.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        with self._database.begin() as connection:
            change = last_change(connection)
        if change != self._change and not self._working.locked():
            threading.Thread(target=self.refresh, name="meanings", daemon=True).start()
        return {} if self._index is None else self._index.closest(self._encode([sentence])[0], day)

    def refresh(self) -> None:
        """Encode the articles that changed since the last time.

        Raises:
            DatabaseUnusable: the database cannot be used.
        """
        with self._working:
            with self._database.begin() as connection:
                change = last_change(connection)
                released = released_sequences(connection)
            self._known = {
                name: article_meaning
                for name, article_meaning in self._known.items()
                if released.get(name) == article_meaning.sequence
            }
            changed_names = [name for name in released if name not in self._known]
            for first in range(0, len(changed_names), _BATCH):
                self._encode_batch(changed_names[first : first + _BATCH])
            self._index = _Index(self._known) if self._known else None
            self._change = change

    def _encode_batch(self, names: Sequence[str]) -> None:
        with self._database.begin() as connection:
            articles = find_articles(connection, names)
        offered = {name: (article.sequence, article.released) for name, article in articles.items() if article.released}
        texts = ["，".join((content.title, *content.questions)) for _sequence, content in offered.values()]
        vectors: Iterable[Vectors] = self._encode(texts) if texts else ()
        for (name, (sequence, content)), vector in zip(offered.items(), vectors, strict=True):
            self._known[name] = _ArticleMeaning(
                sequence, content.valid_from, content.valid_until or "9999-12-31", vector
            )


@dataclass(frozen=True, slots=True)
class _ArticleMeaning:
    """The meaning of the released version of an article, as a vector."""

    sequence: int
    valid_from: str
    valid_until: str
    vector: Vectors


class _Index:
    """All vectors in one matrix, with the time in which each article is offered."""

    def __init__(self, meanings: Mapping[str, _ArticleMeaning]) -> None:
        self._names = list(meanings)
        self._from = np.array([article.valid_from for article in meanings.values()])
        self._until = np.array([article.valid_until for article in meanings.values()])
        vectors = np.stack([article.vector for article in meanings.values()])
        self._mean = vectors.mean(axis=0)
        self._matrix = _unit_vectors(vectors - self._mean)
        self._day: date | None = None
        self._out_of_time = np.zeros(len(meanings), dtype=bool)

    def closest(self, vector: Vectors, day: date) -> dict[str, float]:
        closeness = self._matrix @ _unit_vectors(vector - self._mean)
        if day != self._day:  # the comparison of all dates takes longer than the rest of the search
            self._out_of_time = (self._from > day.isoformat()) | (self._until < day.isoformat())
            self._day = day
        closeness[self._out_of_time] = -1.0
        count = min(_BEST, len(closeness))
        nearest_rows = np.argpartition(-closeness, count - 1)[:count]
        ranked_rows = nearest_rows[np.argsort(-closeness[nearest_rows], kind="stable")]
        return {self._names[row]: float(closeness[row]) for row in ranked_rows if closeness[row] > 0}


def _unit_vectors(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = vectors / np.maximum(lengths, 1e-9)
    return scaled
