"""Settings of all tests: texts are compared in English, and no test changes the mode of other files."""

import gc
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.real_calls import REAL_CALLS

gc.disable()  # while tests are collected, because nothing that is loaded then becomes garbage
settings.register_profile("busy", deadline=None)  # hypothesis has no deadline, because a busy machine is no bug
settings.load_profile("busy")
os.environ["LANGUAGE"] = "en"  # before ivr.texts is imported
os.environ["LC_ALL"] = "C.UTF-8"
# Before numpy is imported. The engine of a hotline has one thread, too; more threads double the time of small matrices.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from ivr.runtime.cache import cache_folder  # noqa: E402  after `LANGUAGE` is set

_LONGEST_NAME = 200  # characters of a parameter in the name of a test


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the real calls before the tests that compute; `tests.two_ends` takes the tests from both ends.

    At each end are the tests that wait for one another (``xdist_group``), because a group takes longest. Of the real
    calls, tests with a long limit and tests that start a hotline come next, so that the last calls are short.
    """
    limits: dict[str, float] = defaultdict(float)  # by group
    for item in items:
        limits[_group(item)] = max(limits[_group(item)], _limit(item))

    def place(item: pytest.Item) -> tuple[bool, bool, float, bool, str]:
        group = _group(item)
        if item.nodeid.startswith(REAL_CALLS):
            limit = limits[group] if group else _limit(item)
            return False, not group, -limit, not item.get_closest_marker("own_hotline"), group
        return True, bool(group), 0.0, False, group

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Spread the tests over the workers from both ends."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.two_ends import TwoEnds  # noqa: PLC0415  pytest-xdist is of the extra `dev`

    return TwoEnds(config, log)


def _group(item: pytest.Item) -> str:
    """Return the group of a test that waits for others, else ""."""
    marker = item.get_closest_marker("xdist_group")
    return str(marker.args[0]) if marker else ""


def _limit(item: pytest.Item) -> float:
    """Return the limit of a test in seconds, if the test has one of its own, else 0."""
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Shorten the names of long texts: a test's name stands in its environment, where Linux takes 128 KiB of each."""
    return f"{argname} of {len(val)}" if isinstance(val, str | bytes) and len(val) > _LONGEST_NAME else None


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Stop if the groups of pytest-xdist do not hold, because what must run alone would not."""
    if getattr(session.config.option, "loadgroup", False):
        grouped = [item for item in session.items if item.get_closest_marker("xdist_group")]
        if any("@" not in item.nodeid for item in grouped):
            raise pytest.UsageError("this pytest-xdist does not group the tests with this pytest: see constraints.txt")
    gc.freeze()  # five thousand tests with their modules, which no collection needs to look at
    gc.enable()


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """Restore the umask, because the ``ivr`` command sets it for the process, which in a test runs other tests, too."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture(scope="session")
def text_weights() -> Path:
    """The folder in which all tests of a machine keep the weights of known texts, which take ten seconds to learn.

    The name of a file is a hash of all that the weights depend on.
    """
    folder = cache_folder() / "text-weights-of-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def recognizer_in_time() -> None:
    """Skip tests of recognition in time if a reading takes longer on this machine than callers can wait."""
    from ivr.speech import model_search  # noqa: PLC0415  after `LANGUAGE` is set
    from ivr.speech.reading_time import slowest_reading  # noqa: PLC0415
    from tests.speech.listening import reading_time, too_slow  # noqa: PLC0415  needs the extra `speech`

    found = model_search.choose().found
    if found and (seconds := reading_time(found)) > slowest_reading():
        pytest.skip(too_slow(seconds))


@pytest.fixture(scope="session")
def common_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Return a folder that each user may enter, unlike ``tmp_path``, for root's hotline of the user hotline."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
