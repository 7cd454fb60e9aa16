"""The output during a download: name and size of the program, each step, and a progress bar on a terminal."""

from collections.abc import Callable
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from ivr.runtime import debian
from ivr.runtime.cache import cache_folder
from ivr.texts import _

T = TypeVar("T")


def announce(console: Console, program: str) -> None:
    """Announce the download of a program, with the folder."""
    console.print(
        _("fetching {program} into {folder}; nothing is installed").format(program=program, folder=cache_folder()),
        soft_wrap=True,
    )


def with_bar(console: Console, install: Callable[[debian.Progress], T]) -> T:
    """Run ``install``; print each step when it begins, and on a terminal a bar of the progress."""
    columns = (TextColumn("  "), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=1)
        steps: list[str] = []

        def show(step: str, share: float) -> None:
            if steps[-1:] != [step]:
                steps.append(step)
                console.print(f"  {step}", soft_wrap=True)
            bar.update(task, completed=share)

        return install(show)
