"""Log files of a real Asterisk 22 with calls of real phones, one or a few calls in each file of ``logs``."""

from dataclasses import dataclass
from pathlib import Path

from ivr.call_events.values import SeatKind
from ivr.records.ingest.importer import Importer
from ivr.records.store.database import Database

LOGS = Path(__file__).parent / "logs"
NAMES = sorted(path.name.removesuffix(".cel.csv") for path in LOGS.glob("*.cel.csv"))
SEATS = {"8001": SeatKind.GENERAL, "8002": SeatKind.GENERAL, "8348": SeatKind.EXPERT}


@dataclass(frozen=True)
class Logs:
    """Asterisk's two files, and an importer that reads them."""

    cel: Path
    queue_log: Path
    importer: Importer

    def write(self, name: str) -> None:
        """Write the lines that Asterisk wrote."""
        for path, ending in ((self.cel, "cel.csv"), (self.queue_log, "queue_log")):
            with path.open("ab") as file:
                file.write((LOGS / f"{name}.{ending}").read_bytes())


def logs(folder: Path, database: Database) -> Logs:
    cel, queue_log = folder / "cel.csv", folder / "queue_log"
    return Logs(cel, queue_log, Importer(database, cel, queue_log, SEATS))
