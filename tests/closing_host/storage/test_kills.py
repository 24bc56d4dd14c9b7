"""The same as `test_crashes`, with a process that is really killed: nothing gets to clean up."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from closing_host.storage.verify import verify
from stored_books import SetClock, copy_world, make_world, opened, same, small_ledger

OLD = small_ledger(100, 200)
NEW = small_ledger(100, 250, 300)

POINTS = (
    "file.after_write",
    "folder.after_rename",
    "import.after_pointer",
    "import.before_commit",
    "import.after_commit",
)

CHILD = """
import os, signal, sys
from pathlib import Path
from closing_host.storage.crashpoints import crash_handler
from stored_books import SetClock, opened, small_ledger

def kill(point):
    if point == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

with opened(Path(sys.argv[1]), SetClock()) as world, crash_handler(kill):
    world.publish(small_ledger(100, 250, 300), b"the new file")
"""


@pytest.fixture(scope="module")
def with_old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("old") / "data"
    make_world(path, SetClock())
    with opened(path, SetClock()) as world:
        world.publish(OLD, b"the old file")
    return path


def test_a_killed_process_leaves_whole_books(with_old: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    folders = {point: copy_world(with_old, tmp_path / point) for point in POINTS}
    children = [
        subprocess.Popen([sys.executable, "-c", CHILD, str(folder), point], env=environment)
        for point, folder in folders.items()
    ]
    assert [child.wait() for child in children] == [-signal.SIGKILL] * len(POINTS)
    for point, folder in folders.items():
        clock = SetClock()
        clock.advance(timedelta(minutes=5))
        with opened(folder, clock) as world:
            assert same(world.shown() or small_ledger(), NEW if point == "import.after_commit" else OLD), point
            assert verify(world.store).problems == ()
            world.publish(NEW, b"the new file")
            assert same(world.shown() or OLD, NEW)
