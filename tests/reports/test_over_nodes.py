"""The report of a cluster has the calls of all nodes; a call that was handed over counts once."""

from pathlib import Path

from ivr.call_events.values import SeatKind
from ivr.records.ingest.importer import Importer
from ivr.records.store.database import Database
from ivr.records.store.queries import calls
from ivr.reports.indicators import indicators
from tests.records.conftest import migrated
from tests.records.recorded import LOGS

SEATS = {"8001": SeatKind.GENERAL}
CALL = b"1795370218.74"
HANDED_OVER = (
    b'"USER_DEFINED","1795370218.294430","IVR_HANDED_OVER","{""extra"":""call=east-' + CALL + b'""}","handed-over",'
    b'"PJSIP/front-00000001","west-' + CALL + b'","west-' + CALL + b'","g","1"\n'
)


def written(folder: Path, node: str, database: Database, more: bytes = b"") -> Importer:
    """Write the files of a node that had one call until its Asterisk was started again."""
    (folder / node).mkdir()
    for name, source in (("cel.csv", "asterisk_killed.cel.csv"), ("queue_log", "asterisk_killed.queue_log")):
        lines = (LOGS / source).read_bytes().replace(b"hotline-1", node.encode() + b"-1")
        (folder / node / name).write_bytes(lines + (more if name == "cel.csv" else b""))
    return Importer(database, folder / node / "cel.csv", folder / node / "queue_log", SEATS, node)


def test_a_report_counts_each_call_of_all_nodes_once(tmp_path: Path) -> None:
    with migrated(f"sqlite:///{tmp_path}/calls.sqlite3") as database:
        nodes = [
            written(tmp_path, "east", database),
            written(tmp_path, "west", database, HANDED_OVER),
            written(tmp_path, "north", database),
        ]
        for _again in range(2):
            for node in nodes:
                node.import_new()
        records = calls(database)
        assert {call.call_id for call in records} == {f"{node}-{CALL.decode()}" for node in ("east", "north")}
        assert indicators(records)["offered"] == 2
