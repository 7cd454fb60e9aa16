"""Commands that ask a hotline, if no hotline runs."""

from pathlib import Path

import pytest

from testkit.hotline.running import run_ivr


@pytest.mark.parametrize("command", ["seats", "calls", "orders", "status", "reload"])
def test_without_a_hotline_each_command_prints_one_line_about_it(tmp_path: Path, command: str) -> None:
    home = tmp_path / "热线 1"
    result = run_ivr(command, "--home", str(home))
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == f"no hotline runs in {home}; start it with 'ivr up --home {home}'\n"
    assert not home.exists()
