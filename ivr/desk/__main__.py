"""The desk's process: ``python -m ivr.desk --home DIR``, started and watched by ``ivr up``."""

import logging
import os
import sys
import time
from datetime import datetime
from pathlib import Path

import click

from ivr.alarms.alarm_reading import note_start
from ivr.desk.desk_assembly import desk_services
from ivr.desk.engine_link import EngineLink
from ivr.desk.web_app import web_app
from ivr.desk.web_server import serve, web_server
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import hotline_facts, ports
from ivr.runtime.layout import Home
from ivr.site.json_log import log_to
from ivr.texts import _

log = logging.getLogger(__name__)

_AFTER_CALLS = 5  # niceness: Asterisk and the engine get the processors first
_RETRY = 2.0  # seconds between two tries to reach the database


@click.command()
@click.option("--home", "folder", type=click.Path(path_type=Path), required=True)
def main(folder: Path) -> None:
    """Serve the desk until SIGTERM."""
    home = Home(folder)
    log_to(home.log / "desk.log")
    os.nice(_AFTER_CALLS)
    facts = hotline_facts.read(home.hotline)
    host, port = ports.address(facts.web)
    database = Database(os.environ["HOTLINE_DATABASE"])
    _wait_for_tables(database)
    note_start(database, "desk", _now())
    try:
        serve(web_server(web_app(desk_services(home, database, EngineLink(home), _now)), host, port, facts.certificate))
    except OSError as error:
        log.error(_("the desk cannot listen on %s: %s"), facts.web, error)
        sys.exit(1)


def _wait_for_tables(database: Database) -> None:
    """Bring the tables to the newest schema, as the engine does; wait for a database that is away."""
    last_problem = ""
    while True:
        try:
            return database.migrate()
        except DatabaseUnusable as error:
            if str(error) != last_problem:
                log.error("%s", error)
            last_problem = str(error)
            time.sleep(_RETRY)


def _now() -> datetime:
    return datetime.now(CITY_TIME)


main()
