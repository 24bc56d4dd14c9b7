from collections.abc import Iterator
from pathlib import Path

import pytest

from fortnox_office import Office, running_simulator
from imported_office import Begun, begin, gone_back


@pytest.fixture(scope="package")
def imported_2025(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    """Connected, with the books and attachments of 2025, on 14 February 2026."""
    with pytest.MonkeyPatch.context() as environment, running_simulator() as simulator:
        folder = tmp_path_factory.mktemp("imported")
        environment.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        yield begin(folder, simulator)


@pytest.fixture
def office(imported_2025: Begun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("CLOSING_KEY_FILE", str(imported_2025.folder / "key"))
    with gone_back(imported_2025, tmp_path / "data") as opened:
        yield opened
