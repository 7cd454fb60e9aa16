"""Check of the desk: does its process answer, is its page built, how long is its certificate valid?"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from ivr.control import control_client, ping
from ivr.doctor.finding import Finding, ok, problem, warning
from ivr.runtime import hotline_facts
from ivr.runtime.layout import Home
from ivr.texts import _

_DEADLINE = 5.0  # seconds
_SOON = timedelta(days=21)


def desk(home: Home) -> Finding:
    """Check the desk of the hotline that runs in ``home``."""
    facts = hotline_facts.read(home.hotline) if home.hotline.exists() else None
    if facts is None or not facts.web:
        return ok(_("no desk is served; 'ivr up --web HOST:PORT' serves one"))
    try:
        control_client.ask(home, "ping")
    except (control_client.NotRunning, control_client.RequestRefused):
        return ok(_("the hotline does not run, nor does its desk"))
    if not asyncio.run(ping.answers(home.desk_socket, _DEADLINE)):
        return problem(
            _("the desk does not answer; calls go on"),
            _("see {log}; 'ivr up' starts it again").format(log=home.log / "desk.log"),
        )
    until = x509.load_pem_x509_certificate(Path(facts.certificate[0]).read_bytes()).not_valid_after_utc
    if until < datetime.now(UTC) + _SOON:
        text = _("the desk's certificate {file} is valid until {date:%Y-%m-%d}")
        advice = _("put a new one in its place, and start the hotline again")
        return warning(text.format(file=facts.certificate[0], date=until), advice)
    return ok(f"https://{facts.web_server}")
