import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from export_firm import Firm, Ledger, copied_firm, make_firm
from stored_books import SetClock


@pytest.fixture(scope="session")
def workplace() -> Iterator[Path]:
    """In memory where there is such a thing: every step of an export is flushed to the disk."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="export-", dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def firm_folder(workplace: Path) -> Path:
    clock = SetClock()
    make_firm(workplace / "template", Ledger(clock), clock).host.store.close()
    return workplace / "template"


@pytest.fixture
def firm(firm_folder: Path, workplace: Path) -> Iterator[Firm]:
    folder = Path(tempfile.mkdtemp(dir=workplace)) / "data"
    with copied_firm(firm_folder, folder) as opened:
        yield opened
    shutil.rmtree(folder.parent)
