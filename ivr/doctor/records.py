"""Checks of the call records: whether the database has this version's tables, and all lines are imported."""

import os
from datetime import datetime, timedelta

from ivr.control import control_client
from ivr.doctor.finding import Finding, ok, problem, warning
from ivr.records.ingest import import_backlog
from ivr.records.store.database import Database, DatabaseUnusable
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.texts import _

_JUST_NOW = 500  # lines that a busy hotline writes during the check


def database(home: Home) -> Finding:
    """Check whether the call database can be used, and has this version's tables."""
    url = _url(home)
    if url is None:
        return warning(*_unknown_database())
    try:
        outdated_revision = Database(url).outdated()
    except DatabaseUnusable as error:
        return problem(str(error), _("start the database; calls go on, their records wait in Asterisk's files"))
    if outdated_revision:
        text = _("the tables are of another version ({missing})").format(missing=outdated_revision)
        return problem(text, _("start the hotline of this version: it brings them up to date"))
    return ok(_("{name} can be used").format(name=Database(url).name))


def imported(home: Home) -> Finding:
    """Check whether lines of Asterisk's files wait for the import."""
    url = _url(home)
    if url is None:
        return warning(*_unknown_database())
    try:
        is_running = _import_now(home)
        files = (home.cel / "cel.csv", home.queue_log)
        node = hotline_facts.read(home.hotline).node if home.hotline.exists() else ""
        waiting = sum(import_backlog.waiting_lines(Database(url), file, node) for file in files)
    except (DatabaseUnusable, OSError) as error:
        return problem(_("unknown: {reason}").format(reason=error), _("solve the problem of 'database' first"))
    if waiting <= (_JUST_NOW if is_running else 0):
        return ok(_("every call is in the records"))
    text = _("lines of Asterisk's files that are not in the records yet: {count}").format(count=waiting)
    if is_running:
        return problem(text, _("see log/engine.log in {home}; nothing is lost").format(home=home.root))
    return warning(text, _("the next start imports them; nothing is lost"))


def _import_now(home: Home) -> bool:
    """Have a running hotline import the new lines; return whether a hotline runs."""
    try:
        control_client.ask(home, "calls", since=(datetime.now(CITY_TIME) + timedelta(days=1)).isoformat())
    except control_client.NotRunning:
        return False
    except control_client.RequestRefused:
        pass  # because the lines are counted that it did not import
    return True


def _url(home: Home) -> str | None:
    """Return the database's URL; None if it is unknown. The check makes no SQLite file."""
    configured = os.environ.get("HOTLINE_DATABASE")
    if configured or not home.hotline.exists():
        return configured
    url = hotline_facts.read(home.hotline).database
    if "***" in url or (url == f"sqlite:///{home.call_database}" and not home.call_database.exists()):
        return None
    return url


def _unknown_database() -> tuple[str, str]:
    return (
        _("not checked: no hotline has run here yet, or the database's password is in no file"),
        _("start the hotline, or set HOTLINE_DATABASE to the database's URL"),
    )
