"""What holds for every test: nothing but loopback is reached, and async tests run on asyncio."""

import gc
import ipaddress
import logging
import os
import runpy
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import ready_tables
import shared_statements
from closing_host.storage import database, upgrade

LONGEST = ("test_fuzz", "test_machine", "test_matrix", "test_wheel", "test_every_page", "test_year_end")
"""Modules whose tests take the longest: begun first, so that no worker is left with one at the end."""


ROOT = Path(__file__).parents[1]


MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30
"""Where folders of tests are made when there is room: databases are flushed at every commit, and disks are slow."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues when their texts are newer: git brings texts, and no test shall see yesterday's words."""
    if hasattr(config, "workerinput"):
        return
    # Each worker has a core; polars would give every one of its many small queries to threads on all of them.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    texts = max(path.stat().st_mtime for path in ROOT.glob("src/*/locale/*/*.po"))
    compiled = [path.stat().st_mtime for path in ROOT.glob("src/*/locale/*/LC_MESSAGES/*.mo")]
    if not compiled or min(compiled) < texts:
        runpy.run_path(str(ROOT / "hatch_build.py"))["compile_catalogues"](ROOT)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.stem not in LONGEST)


def pytest_collection_finish() -> None:
    """What is collected stays to the end: no garbage collection needs to walk through thousands of tests again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _databases_at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(upgrade, "_run_revisions", ready_tables.at_once)
        patch.setattr(database, "sqlite_engine", shared_statements.sharing_engine)
        yield


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def is_local(host: object) -> bool:
    """Whether `host` (name, address or None for "any") is this machine."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


def _loopback_only(call: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
            raise AssertionError(f"a test tried to reach {address[0]}")
        return call(self, address)

    return connect


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = socket.getaddrinfo

    def resolve_local(host: Any, *arguments: Any, **options: Any) -> Any:
        if not is_local(host):
            raise AssertionError(f"a test tried to look up {host}")
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_local)
    monkeypatch.setattr(socket.socket, "connect", _loopback_only(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", _loopback_only(socket.socket.connect_ex))


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """Pages that a test serves set the log of the whole process, which other tests read."""
    own = logging.getLogger("closing_host")
    level, formatters = own.level, [(each, each.formatter) for each in logging.getLogger().handlers]
    yield
    own.setLevel(level)
    for handler, formatter in formatters:
        handler.setFormatter(formatter)
