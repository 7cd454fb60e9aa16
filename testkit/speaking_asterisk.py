"""A real Asterisk beside FastAGI and speech servers in a thread, with the call script and vocabularies of a test."""

import asyncio
import subprocess
import tempfile
import threading
from concurrent.futures import Future
from dataclasses import fields
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import yaml

from ivr.asterisk.agi.fastagi import FastAgiServer
from ivr.asterisk.agi.script import Script
from ivr.asterisk.config.console import Console, ConsoleError
from ivr.asterisk.config.render import link_data, write
from ivr.engine.speech_service import recordings
from ivr.registry.load import load
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import asterisk, ports, secrets
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.layout import Home
from ivr.shipped import RECORDINGS
from ivr.site import asterisk_settings
from ivr.speech.pool import Pool
from ivr.speech.server import SpeechServer
from ivr.speech.session import Vocabularies
from testkit.hotline.running import free_udp_port, registry

_BOOT = 60.0


class SpeakingAsterisk:
    """Asterisk, which runs `script` for each caller, and a speech server. The context manager waits for both."""

    def __init__(self, carrier: str, script: Script, pool: Pool, vocabularies: Vocabularies) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="speech-test-")
        self.home = Home(Path(self._folder.name) / "var")
        self.home.create()
        self.server = f"127.0.0.1:{free_udp_port()}"
        self._script, self._pool, self._vocabularies = script, pool, vocabularies
        self.loop = asyncio.new_event_loop()
        self._started: Future[None] = Future()
        self._stop = asyncio.Event()
        host, port = ports.address(self.server)
        rtp_from, rtp_to = ports.free_rtp_range(host, 40)
        port_names = [fact.name for fact in fields(HotlineFacts) if fact.name.endswith("_port")]
        port_facts = dict(zip(port_names, ports.free_ports(host, len(port_names)), strict=True))
        address_facts = {"sip_host": host, "sip_port": port, "rtp_from": rtp_from, "rtp_to": rtp_to, "carrier": carrier}
        unused_facts = {"pid": 0, "numbers": "", "database": "", "asterisk": ""}
        self._facts = HotlineFacts(**(port_facts | address_facts | unused_facts))

    def __enter__(self) -> Self:
        text = yaml.dump(registry(), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        numbers = load(text, "numbers.yaml", recorded(RECORDINGS))
        runtime = asterisk.find()
        passwords = secrets.load_or_make(self.home.secrets, numbers.seats)
        settings = asterisk_settings.settings(
            numbers, self.home, self._facts, passwords, runtime, datetime.now(CITY_TIME)
        )
        write(settings)
        self.home.prompts.parent.mkdir(parents=True, exist_ok=True)
        self.home.prompts.symlink_to(RECORDINGS)
        link_data(settings, RECORDINGS, runtime.data)
        command = (*runtime.argv, "-C", str(self.home.etc / "asterisk.conf"), "-f", "-n")
        with (self.home.log / "asterisk.out").open("wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self._thread = threading.Thread(target=self.loop.run_until_complete, args=(self._serve(),))
        self._thread.start()
        self._started.result(_BOOT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._folder.cleanup()

    @property
    def log(self) -> str:
        """Asterisk's warnings and errors."""
        return (self.home.log / "messages").read_text(encoding="utf-8")

    async def _serve(self) -> None:
        try:
            async with (
                FastAgiServer({"citizen": self._script}, port=self._facts.fastagi_port),
                SpeechServer(
                    self._pool, self._vocabularies, partial(recordings, RECORDINGS), port=self._facts.speech_port
                ),
            ):
                await self._pool.until_ready()
                await self._booted()
                self._started.set_result(None)
                await self._stop.wait()
        except BaseException as error:
            if not self._started.done():
                self._started.set_exception(error)
            raise

    async def _booted(self) -> None:
        console = Console(self.home.asterisk_socket)
        while True:
            try:
                await console.run("core waitfullybooted")
            except ConsoleError:
                await asyncio.sleep(0.05)
            else:
                return
