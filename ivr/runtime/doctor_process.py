"""Runs ``ivr doctor`` in a process of its own, because it opens ports and databases, and waits for peers."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from ivr.runtime.layout import Home
from ivr.texts import _


class DoctorFailure(Exception):
    """``ivr doctor`` printed no findings; ``str()`` is fit to print."""


async def doctor_findings(home: Home, language: str, seconds: float, *options: str) -> list[dict[str, Any]]:
    """Return what ``ivr doctor --json`` prints about a hotline.

    Args:
        home: the state folder of the hotline.
        language: of the findings: "zh_CN", "zh_CN.UTF-8"; "C" for English.
        seconds: the longest time that the doctor may take.
        options: further options of the command.

    Raises:
        DoctorFailure: the doctor did not end in time, or failed.
    """
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("ivr"), "doctor", "--json", *options, "--home", home.root,
        env={**os.environ, "LANGUAGE": language, "LANG": f"{language.partition('.')[0]}.UTF-8"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            output, _errors = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise DoctorFailure(_("the doctor did not end in time")) from None
    try:
        findings: list[dict[str, Any]] = json.loads(output)
    except ValueError:
        raise DoctorFailure(_("the doctor failed: run 'ivr doctor' on the machine")) from None
    return findings
