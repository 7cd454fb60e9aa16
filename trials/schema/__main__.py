"""``python -m trials.schema [OPTION…]``: Schemathesis makes requests from the desk's OpenAPI; exits 1 if one fails.

A person with every role but that of a unit uses a desk whose engine accepts every request. An answer of a status, type
or form that the description does not name is a failure, and so is each 5xx. Options are those of ``st run``, as
``--max-examples 100``. Schemathesis is no package of the tests: ``pip install schemathesis`` into this environment, or
into one whose ``st`` is on the PATH.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ivr.people.rights import Role
from testkit.hotline.running_desk import SEATS, RunningDesk

_CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
_LEFT_OUT = (
    "/api/v1/session",
    "/api/v1/session/password",
    "/api/v1/health/doctor",
)  # end the session; starts processes
_USER = "everybody"


def main(options: list[str]) -> int:
    """Run ``st run`` against a desk of its own; return its exit code."""
    installed = Path(sys.executable).with_name("st")
    program = str(installed) if installed.exists() else shutil.which("st")
    if program is None:
        print("Schemathesis is not installed: pip install schemathesis", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="trial-schema-") as folder:
        desk = RunningDesk(Path(folder))
        desk.start()
        try:
            desk.add(_USER, *(role for role in Role if role is not Role.UNIT), seat=SEATS["agent"])
            cookie = desk.client(_USER).cookie
            headers = {"Cookie": f"__Host-desk={cookie}", "Origin": f"https://{desk.address}", "Accept-Language": "en"}
            command = [program, "run", f"https://{desk.address}/api/v1/openapi.json", "--tls-verify", "false"]
            command += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
            command += [word for path in _LEFT_OUT for word in ("--exclude-path", path)]
            command += ["--checks", _CHECKS, "--continue-on-failure", "--seed", "12345", "--max-examples", "20"]
            command += ["--phases", "coverage,fuzzing", "--suppress-health-check", "all"]
            return subprocess.run([*command, *options], check=False).returncode
        finally:
            desk.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
