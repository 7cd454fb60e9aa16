"""The fail2ban that reads the filter in the tests is the machine's own, or fetched."""

from pathlib import Path

import pytest

from ivr.runtime.errors import RuntimeMissing
from testkit.provision import fail2ban


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}/native:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_the_machines_own_fail2ban_is_used(tmp_path: Path) -> None:
    native = program(tmp_path / "native/fail2ban-regex", "#!/bin/sh\necho 1.1.0\n")
    assert fail2ban.regex_command() == [str(native)]


def test_a_fetched_fail2ban_that_does_not_run_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    program(tmp_path / "hotline-12345/fail2ban/usr/bin/fail2ban-regex", "raise SystemExit('no module asyncore')\n")
    with pytest.raises(RuntimeMissing, match="does not run: no module asyncore"):
        fail2ban.regex_command()


def test_without_fail2ban_the_error_names_the_command_that_fetches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(RuntimeMissing, match=r"run '.*python -m testkit.provision --tests'"):
        fail2ban.regex_command()
