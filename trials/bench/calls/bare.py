"""The bare dialplan: another Asterisk with the hotline's configuration, and a dialplan without any decision."""

import asyncio
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Self

import psutil

from ivr.asterisk.config.console import Console, ConsoleError
from ivr.runtime import asterisk
from testkit.hotline.running import RunningHotline, free_udp_port
from trials.bench.calls import peers

_BOOT = 30.0  # seconds
_DIALPLAN = """[from-carrier]
exten => _X!,1,Answer()
 same => n,Playback({prompt})
 same => n,Dial({center},25,g)
 same => n,Hangup()
"""


class Bare:
    """An Asterisk beside the hotline, which the context manager starts and ends."""

    def __init__(self, hotline: RunningHotline, prompt: str, center: str, panoramisk_port: int) -> None:
        """Answer each number of the carrier, play ``prompt``, dial ``center``; two numbers lead to the peers."""
        self._folder = Path(tempfile.mkdtemp(prefix="bare-"))
        self.server = f"127.0.0.1:{free_udp_port()}"
        etc = self._folder / "etc"
        shutil.copytree(hotline.home / "etc", etc)
        for name in ("db", "log/cel-custom", "spool", "run", "share"):
            (self._folder / name).mkdir(parents=True)
        shutil.copytree(hotline.home / "share" / "sounds", self._folder / "share" / "sounds", symlinks=True)
        (self._folder / "share" / "documentation").symlink_to((hotline.home / "share" / "documentation").resolve())
        for path in etc.glob("*.conf"):
            text = path.read_text(encoding="utf-8").replace(
                str((hotline.home / "run").resolve()), f"{self._folder}/run"
            )
            path.write_text(
                text.replace(str(hotline.home), str(self._folder)).replace(hotline.server, self.server),
                encoding="utf-8",
            )
        peers.write_pyst2(self._folder / "share" / "agi-bin", prompt, center)
        dialplan = _DIALPLAN + peers.DIALPLAN
        values = {"port": panoramisk_port, "panoramisk": peers.PANORAMISK, "pyst2": peers.PYST2}
        (etc / "extensions.conf").write_text(dialplan.format(prompt=prompt, center=center, **values), encoding="utf-8")
        (etc / "manager.conf").write_text("[general]\nenabled = no\n", encoding="utf-8")
        (etc / "cel.conf").write_text("[general]\nenable = no\n", encoding="utf-8")
        # A receiver for the copies of its SIP: the engine would take them for the hotline's.
        self._copies = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._copies.bind(("127.0.0.1", 0))
        hep, port = etc / "hep.conf", self._copies.getsockname()[1]
        text = re.sub(r"(?m)^(capture_address = .*:)[0-9]+$", rf"\g<1>{port}", hep.read_text(encoding="utf-8"))
        hep.write_text(text, encoding="utf-8")

    def __enter__(self) -> Self:
        command = [*asterisk.find().argv, "-C", str(self._folder / "etc" / "asterisk.conf"), "-f", "-n"]
        with (self._folder / "printed").open("wb") as output:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            asyncio.run(self._booted())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.wait()
        self._copies.close()
        shutil.rmtree(self._folder)

    @property
    def asterisk(self) -> psutil.Process:
        """Return the process of Asterisk."""
        return psutil.Process(self._process.pid)

    async def _booted(self) -> None:
        console = Console(next((self._folder / "run").parent.glob("run")) / "asterisk.ctl")
        async with asyncio.timeout(_BOOT):
            while True:
                try:
                    await console.run("core waitfullybooted")
                    return
                except ConsoleError:
                    await asyncio.sleep(0.1)
