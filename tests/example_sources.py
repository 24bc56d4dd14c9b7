"""The example sources as a user has them: built into wheels, installed, their service on this machine."""

import socket
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from hatchling.builders.wheel import WheelBuilder

from closing_host.cli import session
from fake_server import CLIENT_ID, CLIENT_SECRET, FakeApi

EXAMPLES = Path(__file__).parents[1] / "examples"
MODULES = {"csv-ledger": "csv_ledger", "api-ledger": "api_ledger"}


def wheel(name: str, folder: Path) -> Path:
    """The example's wheel, built in `folder`."""
    return Path(next(WheelBuilder(str(EXAMPLES / name)).build(directory=str(folder))))


@contextmanager
def installed(folder: Path) -> Iterator[Path]:
    """Both examples, built and unpacked as an installer does, on the path; imported anew from there."""
    site = folder / "site"
    for name in MODULES:
        with zipfile.ZipFile(wheel(name, folder)) as archive:
            archive.extractall(site)
    with pytest.MonkeyPatch.context() as patch:
        for module in [each for each in sys.modules if each.partition(".")[0] in MODULES.values()]:
            patch.delitem(sys.modules, module)
        patch.syspath_prepend(site)
        session.source_packages.cache_clear()
        yield site
        session.source_packages.cache_clear()
        for module in [each for each in sys.modules if each.partition(".")[0] in MODULES.values()]:
            del sys.modules[module]


class MovedClock:
    """A clock that waiting moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 2, 14, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds + 0.001)


@dataclass(frozen=True)
class Service:
    """The API example's service, served."""

    api: FakeApi
    origin: str
    clock: MovedClock

    def settings(self, callback: str) -> dict[str, str]:
        """The installation's settings."""
        named = {"address": self.origin, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return {**named, "callback": callback}

    def approve(self, address: str) -> str:
        """What the user's browser does at `address`; where it is sent back to."""
        chosen = {"company": "k-1", "decision": "approve"}
        return httpx.post(address, data=chosen, trust_env=False, timeout=60).headers["location"]


@contextmanager
def service() -> Iterator[Service]:
    """The service on a free port of this machine."""
    clock = MovedClock()
    api = FakeApi(clock)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config: Any = uvicorn.Config(api.app, log_level="critical", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.005)
        try:
            yield Service(api, f"http://127.0.0.1:{listener.getsockname()[1]}", clock)
        finally:
            server.should_exit = True
            thread.join(20)
