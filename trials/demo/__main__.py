"""``python -m trials.demo``: exits 0 only if every call went as it should."""

import importlib.util
import signal
import subprocess
import sys
import time

from ivr.control.control_client import NotRunning, RequestRefused
from ivr.texts import _
from testkit.hotline.running import IVR, ROOT, registry
from trials.demo.demo_call import DemoCall, DemoCallFailed
from trials.demo.narrator import Narrator
from trials.demo.stage import QUICKER, Stage, stage
from trials.demo.stories import STORIES, Telling


def main() -> int:
    """Tell all stories; return the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    narrator = Narrator()
    if importlib.util.find_spec("pjsua2") is None:
        narrator.plain(_("The demo's phones need pjsua2-python, which has no package for this Python or processor."))
        return 1
    began = time.monotonic()
    try:
        _introduce(narrator)
        with stage() as demo_stage:
            seconds = time.monotonic() - began
            narrator.plain(
                _("ready: sip:12345@{server}, after {seconds:.1f} s").format(
                    server=demo_stage.hotline.server, seconds=seconds
                )
            )
            failed = [
                title
                for count, (tell, title) in enumerate(STORIES, 1)
                if not _play_story(demo_stage, narrator, count, tell)
            ]
            narrator.title("ivr calls")
            subprocess.run([IVR, "calls", "--home", demo_stage.hotline.home], check=True)
    except AssertionError as error:  # the hotline or a phone did not start
        narrator.plain(str(error))
        return 1
    except KeyboardInterrupt:
        narrator.title(_("stopped, and everything that was started has ended"))
        return 130
    seconds = time.monotonic() - began
    good = len(STORIES) - len(failed)
    narrator.title(
        _("{good} of {all} as expected, in {seconds:.0f} s").format(good=good, all=len(STORIES), seconds=seconds)
    )
    for title in failed:
        narrator.plain(_("NOT as expected: {title}").format(title=title))
    return 1 if failed else 0


def _interrupt(_signal: int, _frame: object) -> None:
    """Stop the demo; further signals do not disturb its end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _introduce(narrator: Narrator) -> None:
    timers = registry()["timers"]
    narrator.plain(_("The hotline as `ivr up` starts it, a carrier and three phones, all on 127.0.0.1."))
    narrator.plain(
        _("The registry is the shipped one, {path}; the registry of your site is not used.").format(
            path=ROOT / "numbers.yaml"
        )
    )
    narrator.plain(_("Each party sends a tone of its own; what a party hears shows which other parties it hears."))
    narrator.plain(
        _("So that nobody has to wait, an expert rings {expert} s here (numbers.yaml: {real_expert} s).").format(
            expert=QUICKER["expert"], real_expert=timers["expert"]
        )
    )
    narrator.plain(
        _("A center rings {center} s here (numbers.yaml: {real_center} s).").format(
            center=QUICKER["center"], real_center=timers["center"]
        )
    )


def _play_story(demo_stage: Stage, narrator: Narrator, count: int, tell: Telling) -> bool:
    """Tell one story; return whether it went as it should."""
    story = DemoCall(demo_stage, narrator, caller=f"138000000{count:02}")
    expected, observed = "", ""
    narrator.title(f"{count}/{len(STORIES)}  {dict(STORIES)[tell]}")
    try:
        tell(story)
    except DemoCallFailed as problem:
        expected, observed = problem.expected, problem.seen
    except (AssertionError, NotRunning, RequestRefused) as problem:  # a phone or the hotline failed
        observed = str(problem) or repr(problem)
    story.timelines()
    if not (expected or observed):
        narrator.add("", _("as expected"))
        return True
    narrator.add(_("expected"), expected)
    narrator.add(_("seen"), observed)
    demo_stage.clear()
    return False


if __name__ == "__main__":
    sys.exit(main())
