"""The pages as they are served: a real server on loopback, and visitors who send what browsers send."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from closing_host.engagements.host import Host
from closing_host.storage.audit import Actor
from closing_host.web.security.session_cookie import COOKIE
from closing_host.web.server import listen, server_of, start_link
from datasource_fortnox.simulator import Clock, RunningSimulator, Simulator
from fortnox_office import installation, time_of

NOW = datetime(2026, 2, 14, 9, tzinfo=UTC)


@dataclass
class Served:
    """A data folder whose pages are served. `host_options`: clock and sleep for `Host.open`. `turn`: while it is not
    set, imports wait for their turn at a source."""

    folder: Path
    host_options: dict[str, Any] = field(default_factory=dict)
    port: int = 0
    clock: Any = None
    turn: threading.Event = field(default_factory=threading.Event)
    visitors: list["Visitor"] = field(default_factory=list)

    def start(self) -> None:
        self._open = ExitStack()
        self.host = self._open.enter_context(Host.open(self.folder, Actor("asa"), **self.host_options))
        self._listening: socket.socket = self._open.enter_context(listen(self.port))
        self.port = self._listening.getsockname()[1]
        options = {"clock": self.clock} if self.clock else {}
        self._server = server_of(self.host, self._listening, **options)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listening]})
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.005)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()
        self._open.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def link(self) -> str:
        options = {"clock": self.clock} if self.clock else {}
        return start_link(self.host, self.port, **options)

    def visitor(self) -> "Visitor":
        self.visitors.append(Visitor(self))
        return self.visitors[-1]


class Visitor:
    """A browser's requests from our own pages, without the browser. It has followed the link."""

    def __init__(self, served: Served) -> None:
        self.http = httpx.Client(base_url=served.origin, trust_env=False, headers={"Sec-Fetch-Site": "same-origin"})
        self.started = self.http.get(served.link())
        found = re.search(rf"{COOKIE}=([^;]+)", self.started.headers["set-cookie"])
        assert found is not None
        self.http.cookies.clear()  # a cookie jar keeps `Secure` ones from loopback, where browsers trust it
        self.http.headers["Cookie"] = f"{COOKIE}={found[1]}"

    def get(self, address: str, **headers: str) -> httpx.Response:
        return self.http.get(address, headers=headers)

    def post(self, address: str, data: Any = None, **options: Any) -> httpx.Response:
        return self.http.post(address, data=data, **options)

    def drop(self, *files: tuple[str, bytes], engagement: int | None = None) -> str:
        """Drop files; the address of the page that says what they are."""
        sent = [("file", (name, content, "application/octet-stream")) for name, content in files]
        answer = self.post("/files", {"engagement": str(engagement)} if engagement else None, files=sent)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def accept(self, address: str) -> httpx.Response:
        """Import the dropped file and wait until it is done; the page that says so."""
        assert self.post(address).status_code == 303
        for _ in range(600):
            page = self.get(address)
            if "hx-trigger" not in page.text.split('id="file"')[1].split(">")[0]:
                return page
            time.sleep(0.02)
        raise AssertionError("the import does not end")


@contextmanager
def served(folder: Path, **options: Any) -> Iterator[Served]:
    """The pages of the folder."""
    made = Served(folder, **options)
    made.start()
    try:
        yield made
    finally:
        for visitor in made.visitors:
            visitor.http.close()
        made.stop()


@contextmanager
def served_with_fortnox(
    folder: Path, companies: Sequence[str] = ("whole",)
) -> Iterator[tuple[Served, RunningSimulator]]:
    """The pages beside a local Fortnox, both on one running clock that waiting for a turn moves."""
    simulator = Simulator(companies=list(companies), clock=Clock(NOW, running=True))
    simulator.world.change_switches({"limiter_time": "clock", "rate_max": 10_000})
    turn = threading.Event()
    turn.set()
    with simulator.running() as running:
        time_, wait = time_of(running), time_of(running)["sleep"]

        async def sleep(seconds: float) -> None:
            in_background = threading.current_thread().name.startswith("import")
            while in_background and not turn.is_set():  # noqa: ASYNC110  set by another thread
                await asyncio.sleep(0.01)
            await wait(seconds)

        yield from _with_fortnox(folder, running, turn, {**time_, "sleep": sleep})


def _with_fortnox(
    folder: Path, running: RunningSimulator, turn: threading.Event, options: dict[str, Any]
) -> Iterator[tuple[Served, RunningSimulator]]:
    with served(folder, host_options=options, turn=turn) as pages:
        settings = installation(running, callback=f"{pages.origin}/callback")
        pages.host.connections.save_installation("fortnox", settings, pages.host.actor)
        yield pages, running
