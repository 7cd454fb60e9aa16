"""A trunk before the hotline runs: the old key ``carrier``, and the password of a registration."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.main import main
from testkit.hotline.running import ROOT

PASSWORD = "s3cret;of#ims"
IMS = (
    "trunks:\n  - { name: ims, profile: ims-registration, hosts: [192.0.2.1], domain: ims.example.cn, "
    "own_number: '+8673512345', registration: { user: '+8673512345' } }\n"
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site folder whose registry has no trunk yet."""
    shipped = (ROOT / "numbers.yaml").read_text(encoding="utf-8")
    (tmp_path / "numbers.yaml").write_text(re.sub(r"(?ms)^trunks:.*?(?=^\S)", "", shipped), encoding="utf-8")
    return tmp_path


def with_trunk(site: Path, text: str) -> None:
    with (site / "numbers.yaml").open("a", encoding="utf-8") as registry:
        registry.write(f"\n{text}")


def ivr(site: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, [*words, "--home", str(site)], input=typed)


def test_the_old_key_carrier_is_read_with_a_warning_that_shows_the_new_form(site: Path) -> None:
    with_trunk(site, "carrier: { host: 192.0.2.1, port: 5060 }\n")
    checked = ivr(site, "check")
    assert checked.exit_code == 0
    assert 'write it as trunks: [{ name: carrier, profile: sbc, hosts: ["192.0.2.1:5060"] }]' in checked.output


def test_a_missing_password_of_a_trunk_is_named_until_it_is_set(site: Path) -> None:
    with_trunk(site, IMS)
    missing = "the password of the trunk ims is missing; 'ivr secret set trunk ims' asks for it"
    assert missing in ivr(site, "check").output
    result = ivr(site, "secret", "set", "trunk", "ims", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert missing not in ivr(site, "check").output
    [secrets] = [path for path in site.rglob("*") if path.is_file() and PASSWORD in path.read_text(errors="replace")]
    assert secrets.stat().st_mode & 0o077 == 0
    unknown = ivr(site, "secret", "set", "trunk", "isdn", typed=f"{PASSWORD}\n")
    assert unknown.exit_code == 2
    assert "there is no trunk 'isdn' with a registration" in unknown.output
