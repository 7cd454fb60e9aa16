"""``ivr init``: a site folder with all files that an admin changes."""

import json
from pathlib import Path

import pytest

from ivr.runtime.layout import Home
from ivr.runtime.site_folder import site_folder
from ivr.shipped import NUMBERS
from testkit.hotline.running import run_ivr

SITE = ["numbers.yaml", "orders.yaml", "recordings", "var"]


def test_a_site_folder_has_a_registry_to_edit_and_places_for_recordings_and_state(tmp_path: Path) -> None:
    site = tmp_path / "热线"
    result = run_ivr("init", str(site))
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1
    assert f"ivr up --home {site}" in result.stdout
    assert sorted(path.name for path in site.iterdir()) == SITE
    assert (site / "numbers.yaml").read_bytes() == NUMBERS.read_bytes()
    assert "no problem" in run_ivr("check", "--home", str(site)).stdout
    assert "no problem" in run_ivr("check", HOTLINE_HOME=str(site)).stdout


def test_the_hotlines_user_may_read_the_site_folder_without_its_state(tmp_path: Path) -> None:
    run_ivr("init", str(tmp_path / "site"))
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "site").iterdir()}
    assert modes == {"numbers.yaml": 0o644, "orders.yaml": 0o644, "recordings": 0o755, "var": 0o700}


def test_an_existing_site_is_not_changed(tmp_path: Path) -> None:
    site = tmp_path / "site"
    run_ivr("init", str(site))
    (site / "numbers.yaml").write_text("mine")
    result = run_ivr("init", str(site))
    assert (result.returncode, result.stderr) == (1, f"{site} is a site folder already; it is left as it is\n")
    assert (site / "numbers.yaml").read_text() == "mine"


def test_init_moves_the_state_of_an_earlier_version_and_its_registry_into_the_site(tmp_path: Path) -> None:
    earlier = Home(tmp_path / "var")
    earlier.create()
    registry = tmp_path / "edited.yaml"
    registry.write_text("# edited by the admin\n")
    facts = {
        "pid": 1, "sip_host": "127.0.0.1", "sip_port": 5060, "rtp_from": 1, "rtp_to": 2, "carrier": None,
        "fastagi_port": 1, "ami_port": 1, "numbers": str(registry), "database": "", "asterisk": "22",
    }  # fmt: skip
    earlier.hotline.write_text(json.dumps(facts))
    result = run_ivr("init", str(tmp_path / "site"))
    assert result.returncode == 0, result.stderr
    assert f"{tmp_path}/var, the state of an earlier version, is now {tmp_path}/site/var" in result.stdout
    assert (tmp_path / "site" / "numbers.yaml").read_text() == "# edited by the admin\n"
    assert (tmp_path / "site" / "var" / "hotline.json").is_file()
    assert not earlier.root.exists()


class TestSiteOfACommand:
    @pytest.fixture(autouse=True)
    def current_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        return tmp_path

    def test_the_named_folder_is_the_site(self, current_folder: Path) -> None:
        run_ivr("init", "mine")
        site = site_folder(Path("mine"))
        assert (site.numbers, site.home.root) == (Path("mine/numbers.yaml"), current_folder / "mine" / "var")

    def test_without_a_name_the_folder_site_is_the_site(self, current_folder: Path) -> None:
        run_ivr("init", "site")
        assert site_folder(None).home.root == current_folder / "site" / "var"

    def test_without_a_name_the_current_folder_may_be_the_site(
        self, current_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_ivr("init", "mine")
        monkeypatch.chdir(current_folder / "mine")
        assert (site_folder(None).numbers, site_folder(None).home.root) == (
            Path("numbers.yaml"),
            current_folder / "mine" / "var",
        )

    def test_a_state_folder_whose_registry_lies_elsewhere(self, current_folder: Path) -> None:
        site = site_folder(Path("state"), Path("elsewhere.yaml"))
        assert (site.numbers, site.home.root) == (Path("elsewhere.yaml"), current_folder / "state")

    def test_the_state_of_an_earlier_version_in_a_checkout(self, current_folder: Path) -> None:
        (current_folder / "var").mkdir()
        (current_folder / "var" / "hotline.json").touch()
        assert site_folder(None).home.root == current_folder / "var"
