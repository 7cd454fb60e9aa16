"""linphonec as an agent's phone."""

import asyncio

from testkit.linphone_phone import LinphonePhone
from testkit.provision.packaged_programs import LINPHONE
from trials.interop.agents_day import AgentsDay
from trials.interop.interop_report import InteropCell


def try_peer() -> list[InteropCell]:
    """Try an agent's work with linphonec."""
    return asyncio.run(
        AgentsDay(f"linphone {LINPHONE.version()}", LinphonePhone, types_codes_by_info=False).try_behaviours()
    )
