"""The desk's page as it is built: small, strict, and from known packages."""

import json
import re
import subprocess
import sys

import pytest

from testkit.hotline.running import ROOT

PAGE = ROOT / "ivr/desk/page"
BUILT = ROOT / "ivr/desk/static"
FIRST_VIEW = 250_000  # bytes, compressed

pytestmark = pytest.mark.skipif(not (BUILT / "index.html").exists(), reason="make setup could not build the page")


def test_the_first_view_is_small() -> None:
    index = (BUILT / "index.html").read_text(encoding="utf-8")
    files = [BUILT / path for path in re.findall(r'(?:src|href)="/([^"]+)"', index)]
    assert {path.suffix for path in files} >= {".js", ".css"}
    sizes = {path.name: min(file.stat().st_size for file in path.parent.glob(f"{path.name}*")) for path in files}
    assert sum(sizes.values()) < FIRST_VIEW, sizes


def test_nothing_in_the_page_is_inline() -> None:
    index = (BUILT / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=", index)


def test_every_script_and_style_has_a_compressed_file() -> None:
    assert all(
        path.with_name(f"{path.name}.{kind}").exists()
        for path in (BUILT / "assets").iterdir()
        for kind in ("br", "gz")
        if path.suffix in {".js", ".css"}
    )


def test_the_types_of_the_source_are_right() -> None:
    result = subprocess.run([PAGE / "npm.sh", sys.executable, "check"], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_each_text_of_the_page_has_one_chinese_translation() -> None:
    """A text in two files would get the Chinese of the file that is merged last, in both views."""
    places: dict[str, list[str]] = {}
    for file in sorted((PAGE / "src/texts").glob("*.ts")):
        for quoted, plain in re.findall(r'^  (?:"((?:[^"\\]|\\.)+)"|(\w+)):', file.read_text(encoding="utf-8"), re.M):
            places.setdefault(quoted or plain, []).append(file.name)
    assert len(places) > 500
    assert {text: files for text, files in places.items() if len(files) > 1} == {}


def test_no_view_writes_html_of_its_own() -> None:
    """Texts of callers, agents and files are text in every view, because Preact escapes them."""
    sources = [*(PAGE / "src").rglob("*.ts"), *(PAGE / "src").rglob("*.tsx")]
    ways = re.compile(r"dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(")
    assert [path.name for path in sources if ways.search(path.read_text(encoding="utf-8"))] == []


def test_the_packages_are_pinned_without_download_addresses() -> None:
    lock = (PAGE / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in package for name, package in packages.items() if name)
    manifest = json.loads((PAGE / "package.json").read_text(encoding="utf-8"))
    assert all(
        re.fullmatch(r"[\d.]+", version)
        for part in ("dependencies", "devDependencies")
        for version in manifest[part].values()
    )
