"""The client of the control socket."""

import json
import socket
from typing import Any

from ivr.runtime.layout import Home
from ivr.runtime.site_folder import folder_of
from ivr.texts import _, languages

_DEADLINE = 30.0  # seconds, because a reload reads Asterisk's configuration back


class NotRunning(Exception):  # a state of the hotline, not a fault
    """No hotline runs in this home."""


class RequestRefused(Exception):  # the hotline's answer
    """The hotline refused a request; each argument is one line of the reason."""


def ask(home: Home, action: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
    """Return the hotline's answer.

    Raises:
        NotRunning: no hotline listens on the socket.
        RequestRefused: the hotline refused, with its reasons.
    """
    return ask_within(_DEADLINE, home, action, **arguments)


def ask_within(seconds: float, home: Home, action: str, **arguments: object) -> Any:  # noqa: ANN401 - JSON
    """Return the hotline's answer like `ask`, with a deadline in seconds."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(str(home.control_socket))
        except (FileNotFoundError, ConnectionRefusedError, NotADirectoryError):
            text = _("no hotline runs in {home}; start it with 'ivr up --home {home}'")
            raise NotRunning(text.format(home=folder_of(home))) from None
        except PermissionError:
            text = _("the hotline in {home} belongs to another user; run the command as that user or as root")
            raise NotRunning(text.format(home=home.root)) from None
        try:
            connection.sendall(json.dumps({"do": action, "languages": languages(), **arguments}).encode() + b"\n")
            with connection.makefile("rb") as stream:
                line = stream.readline()
        except ConnectionError:  # the hotline ended at this moment
            line = b""
        except TimeoutError:
            raise RequestRefused(_("the hotline did not answer within {s:g} s").format(s=seconds)) from None
    if not line:
        raise RequestRefused(_("the hotline closed the connection; see log/engine.log in its state folder"))
    answer = json.loads(line)
    if "refused" in answer:
        raise RequestRefused(*answer["refused"])
    return answer["result"]
