"""Phones for the tests of `testkit.phones`: one `Phones` for each process, empty for each test."""

from collections.abc import Iterator

import pytest

from . import Phones


@pytest.fixture(scope="session")
def all_phones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phones]:
    with Phones(tmp_path_factory.mktemp("phones")) as phones:
        yield phones


@pytest.fixture
def phones(all_phones: Phones) -> Iterator[Phones]:
    yield all_phones
    all_phones.reset()
