"""The engine process: ``python -m ivr.engine --home DIR``, started and watched by ``ivr up``."""

import asyncio
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import click
import uvloop

from ivr.engine.engine import Engine
from ivr.runtime.layout import Home
from ivr.site.json_log import log_to
from ivr.texts import _

log = logging.getLogger(__name__)

# Seconds after which a thread that computes, such as the import of records, lets a call's script go on; Python's own
# value of 5 ms is heard as a later prompt.
_LETS_GO_AFTER = 0.0005


@click.command()
@click.option("--home", "folder", type=click.Path(path_type=Path), required=True)
def main(folder: Path) -> None:
    """Serve call scripts, call records and the ``ivr`` commands until SIGTERM."""
    home = Home(folder)
    sys.setswitchinterval(_LETS_GO_AFTER)
    log_to(home.log / "engine.log")
    uvloop.run(_serve(home, os.environ["HOTLINE_DATABASE"]))


async def _serve(home: Home, database: str) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with AsyncExitStack() as running:
        try:
            await running.enter_async_context(Engine(home, database))
        except OSError as error:
            text = _("the engine cannot start: {error}").format(error=error)
            log.error("%s", text)
            raise click.ClickException(text) from None
        await ended.wait()


main()
