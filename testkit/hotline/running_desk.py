"""The desk's process with an engine that does every act: a real server, real TLS, real sessions, no Asterisk."""

import shutil
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ivr.desk.desk_assembly import desk_services
from ivr.desk.desk_services import DeskServices
from ivr.desk.engine_link import EngineLink
from ivr.desk.web_app import web_app
from ivr.desk.web_server import serve, web_server
from ivr.people import accounts
from ivr.people.rights import Role
from ivr.records.store.database import Database
from ivr.registry.load import load, read
from ivr.registry.prompts import recorded
from ivr.routing.calendar import CITY_TIME
from ivr.runtime import secrets
from ivr.runtime.certificate import hotline_certificate
from ivr.runtime.hotline_facts import HotlineFacts
from ivr.runtime.layout import Home
from ivr.site import registry_history, registry_snapshot, staging
from ivr.site.staging import Staged
from testkit.hotline.desk_client import DeskClient
from testkit.hotline.running import ROOT
from testkit.patience import PATIENCE

PASSWORD = "right horse 7"
SEATS = {"agent": "8001", "expert": "8333", "supervisor": "8004", "other": "8002"}


class AgreeingEngine(EngineLink):
    """Answers as an engine whose Asterisk has no calls."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.home = home
        self.asked: list[dict[str, Any]] = []
        self.away = False

    async def ask(self, action: str, language: str = "", **arguments: object) -> Any:
        if self.away:
            return await super().ask(action, language, **arguments)
        self.asked.append({"do": action, **arguments})
        if action == "live":
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            return {"at": now, "stopping": False, "seats": [], "queues": [], "channels": []}
        if action == "seats":
            account = {"name": "", "user": "8001", "password": "geheim", "pin": "1234"}
            account |= {"server": "127.0.0.1:5060", "transport": "udp"}
            return [{"seat": "8001", "groups": ["general"], **account}]
        if action == "reload":
            return self._reload(staging.staged(self.home, str(arguments["name"])), str(arguments["by"]))
        return [] if action in ("callbacks", "trunks", "refusals", "trace") else {"result": {}}

    def _reload(self, staged: Staged, by: str) -> dict[str, int]:
        """Keep the staged registry, as the engine does once Asterisk has taken it."""
        registry = load(staged.text, "numbers.yaml", recorded(ROOT / "recordings"))
        registry_history.keep(self.home, staged.text, datetime.now(CITY_TIME), by, staged.recordings, staged.orders)
        registry_snapshot.keep(self.home, registry)
        return {"numbers": len(registry.lines), "seats": len(registry.seats)}


class RunningDesk:
    """A desk that serves, and a clock that a test may set forward."""

    def __init__(self, folder: Path, orders: str | None = None) -> None:
        """``orders`` is the text of orders.yaml; None for the shipped one."""
        self.home = Home(folder / "var")
        self.home.create()
        self.numbers = folder / "numbers.yaml"
        shutil.copy(ROOT / "numbers.yaml", self.numbers)
        registry_snapshot.keep(self.home, read(self.numbers, recorded(ROOT / "recordings")))
        text, now = self.numbers.read_text(encoding="utf-8"), datetime.now(CITY_TIME)
        registry_history.keep(self.home, text, now, "start", orders=orders)
        self._write_facts()
        secrets.load_or_make(self.home.secrets, SEATS.values())
        self.database = Database(f"sqlite:///{self.home.call_database}")
        self.database.migrate()
        self.ahead = timedelta()
        self.engine = AgreeingEngine(self.home)
        self.page = folder / "static"
        (self.page / "assets").mkdir(parents=True)
        (self.page / "index.html").write_text("<!doctype html><title>desk</title>", encoding="utf-8")
        (self.page / "assets" / "a-1.js").write_text("let a = 1\n" * 200, encoding="utf-8")
        (self.page / "assets" / "a-1.js.br").write_bytes(b"packed")
        (folder / "outside.txt").write_text("outside", encoding="utf-8")
        services = desk_services(self.home, self.database, self.engine, self.now)
        self.services = DeskServices(
            **{name: getattr(services, name) for name in DeskServices.__slots__} | {"page": self.page}
        )
        certificate, key = hotline_certificate(self.home, folder, "127.0.0.1")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        self.server = web_server(web_app(self.services), "127.0.0.1", port, (str(certificate), str(key)))
        self._thread = threading.Thread(target=serve, args=(self.server,), daemon=True)

    def _write_facts(self) -> None:
        ports = dict.fromkeys(("rtp_from", "rtp_to", "fastagi_port", "ami_port"), 1)
        other_facts = {
            "carrier": None,
            "database": f"sqlite:///{self.home.call_database}",
            "asterisk": "22",
            "numbers": str(self.numbers),
        }
        HotlineFacts(pid=1, sip_host="127.0.0.1", sip_port=5060, **ports, **other_facts).write(self.home.hotline)

    def now(self) -> datetime:
        return datetime.now(CITY_TIME) + self.ahead

    def start(self) -> None:
        self._thread.start()
        deadline = time.monotonic() + PATIENCE
        while not self.server.started:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def stop(self) -> None:
        self.server.should_exit = True
        self._thread.join(10)
        self.database.close()

    def add(self, user: str, *roles: Role, seat: str | None = None, unit: str | None = None) -> None:
        """Add a person with `PASSWORD`, which need not be changed at the first sign-in."""
        accounts.add_person(self.database, user, user, roles, seat, PASSWORD, self.now(), unit=unit)
        accounts.set_password(self.database, user, PASSWORD, self.now(), chosen_by_person=True)

    def client(self, user: str = "") -> DeskClient:
        """A browser; signed in if a user is named."""
        client = DeskClient(self.address)
        if user:
            assert client.sign_in(user, PASSWORD).status == 200
        return client
