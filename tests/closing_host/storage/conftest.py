"""A data folder with one engagement, made once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stored_books import SetClock, World, copy_world, make_world, opened


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "data"
    make_world(path, SetClock())
    return path


@pytest.fixture
def world(template: Path, tmp_path: Path, clock: SetClock) -> Iterator[World]:
    with opened(copy_world(template, tmp_path / "data"), clock) as made:
        yield made
