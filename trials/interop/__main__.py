"""``python -m trials.interop [PEER]…``: try the peers; all of them together write docs/interop.md."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from trials.interop import baresip_agent, kamailio_carrier, linphone_agent
from trials.interop.interop_page import pages
from trials.interop.interop_report import InteropCell

DOCS = Path(__file__).parents[2] / "docs"
PEERS: dict[str, Callable[[], list[InteropCell]]] = {
    "kamailio": kamailio_carrier.try_peer,
    "baresip": baresip_agent.try_peer,
    "linphone": linphone_agent.try_peer,
}


def main() -> None:
    """Try the peers that were named; exit with 1 if a behaviour fails."""
    parser = argparse.ArgumentParser(prog="python -m trials.interop", description=__doc__)
    parser.add_argument("peers", nargs="*", choices=[*PEERS, []], metavar="PEER", help=", ".join(PEERS))
    named = parser.parse_args().peers
    cells = [cell for name in named or PEERS for cell in PEERS[name]()]
    if not named:
        english, chinese = pages(cells, datetime.now(UTC).date())
        (DOCS / "interop.md").write_text(english, encoding="utf-8")
        (DOCS / "interop.zh-CN.md").write_text(chinese, encoding="utf-8")
    sys.exit(any(cell.works is False for cell in cells))


if __name__ == "__main__":
    main()
