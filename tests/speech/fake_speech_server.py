"""A speech server with fake recognisers, and sound for it."""

import sys
from pathlib import Path

from ivr.speech import backlog
from ivr.speech.pool import Pool
from ivr.speech.recognizer import Vocabulary
from ivr.speech.server import SpeechServer

PATIENCE = 10.0
LOUD, QUIET = b"\x00\x40" * 160, bytes(320)  # 20 ms
MENUS = {name: Vocabulary(name, ("公积金提取", "护照")) for name in ("main", "other")}


def pool(fault: str = "", callers: int = 2, processes: int = 1, patience: float = backlog.PATIENCE) -> Pool:
    """Return a pool of fake recognisers."""
    recognizers = Pool((sys.executable, str(Path(__file__).parent / "fake_recognizer.py"), fault), callers, patience)
    recognizers.processes[processes:] = []
    return recognizers


def server(recognizers: Pool) -> SpeechServer:
    """Return a server that knows two menus."""
    return SpeechServer(recognizers, MENUS.get)
