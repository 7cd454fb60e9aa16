"""The engine process: ``python -m ivr.engine --home DIR``, started and watched by ``ivr up``."""

import asyncio
import logging
import logging.handlers
import os
import signal
from pathlib import Path

import click

from ivr.engine.service import Service
from ivr.runtime.layout import Home

_LOG_BYTES = 20_000_000
_LOG_FILES = 5


@click.command()
@click.option("--home", "folder", type=click.Path(path_type=Path), required=True)
def main(folder: Path) -> None:
    """Serve call scripts, call records and the ``ivr`` commands until SIGTERM."""
    home = Home(folder)
    _log_to(home.log / "engine.log")
    asyncio.run(_serve(home, os.environ["HOTLINE_DATABASE"]))


async def _serve(home: Home, database: str) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with Service(home, database):
        await ended.wait()


def _log_to(path: Path) -> None:
    path.touch(mode=0o600)
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("panoramisk").setLevel(logging.WARNING)


main()
