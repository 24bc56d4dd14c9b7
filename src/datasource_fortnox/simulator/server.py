"""The simulator as running servers: application, control API and proxy in one thread, on loopback only."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from datasource_fortnox.simulator.app import create_app
from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.control import create_control
from datasource_fortnox.simulator.oauth.registry import Client, User
from datasource_fortnox.simulator.proxy import FaultProxy
from datasource_fortnox.simulator.seeds import DEMO_COMPANIES, SEEDS
from datasource_fortnox.simulator.sie_load import load_file
from datasource_fortnox.simulator.switches import Switches
from datasource_fortnox.simulator.world import CompanySource, World

__all__ = ["RunningSimulator", "Simulator"]

LOOPBACK = "127.0.0.1"
FIRST_FILE_TENANT = 100001


@dataclass
class RunningSimulator:
    """Addresses of running servers. ``base_url`` ends in ``/3``, ``auth_url`` in ``/oauth-v1``; no trailing slash."""

    world: World
    origin: str
    control_url: str
    proxy_url: str
    _stop: Any = field(repr=False)
    _loop: asyncio.AbstractEventLoop = field(repr=False)
    _proxy: FaultProxy = field(repr=False)

    @property
    def base_url(self) -> str:
        """The API, as https://api.fortnox.se/3."""
        return f"{self.origin}/3"

    @property
    def auth_url(self) -> str:
        """The authorization server, as https://apps.fortnox.se/oauth-v1."""
        return f"{self.origin}/oauth-v1"

    @property
    def proxy_base_url(self) -> str:
        """The API through the fault proxy."""
        return f"{self.proxy_url}/3"

    @property
    def proxy_auth_url(self) -> str:
        """The authorization server through the fault proxy."""
        return f"{self.proxy_url}/oauth-v1"

    @property
    def client(self) -> Client:
        """The first integration: its id and secret."""
        return next(iter(self.world.oauth.clients.values()))

    def refuse_connections(self, refusing: bool = True) -> None:
        """Close the proxy's listener (N1), or open it again on the same port."""
        asyncio.run_coroutine_threadsafe(self._proxy.refuse(refusing), self._loop).result(10)

    def stop(self) -> None:
        """Stop all servers; may be called twice."""
        self._stop()


class Simulator:
    """A world with its servers.

    ``companies`` holds names of demo companies (`SEEDS`), paths of SIE files and `Company` objects; by default the
    demo companies. The users anna (administrator everywhere), bo and cecilia can log in; pass ``users`` for others.
    """

    def __init__(
        self,
        seed: int = 42,
        companies: Sequence[str | Path | Company] = DEMO_COMPANIES,
        *,
        clock: Clock | None = None,
        switches: Switches | None = None,
        clients: Sequence[Client] | None = None,
        users: Sequence[User] | None = None,
    ) -> None:
        sources = [_source(item, FIRST_FILE_TENANT + number) for number, item in enumerate(companies)]
        self.world = World(sources, seed=seed, clock=clock, switches=switches, users=users, clients=clients)

    @contextmanager
    def running(self, *, port: int = 0, control_port: int = 0, proxy_port: int = 0) -> Iterator[RunningSimulator]:
        """Servers on 127.0.0.1, on free ports unless told; stopped at the end."""
        running = self.start(port=port, control_port=control_port, proxy_port=proxy_port)
        try:
            yield running
        finally:
            running.stop()

    def start(self, *, port: int = 0, control_port: int = 0, proxy_port: int = 0) -> RunningSimulator:
        """Start without a context manager; call `RunningSimulator.stop` afterwards."""
        servers = _Servers(self.world, (port, control_port, proxy_port))
        servers.thread.start()
        servers.ready.wait(30)
        if servers.failure is not None:
            servers.thread.join()
            raise servers.failure
        origin, control, proxy = (f"http://{LOOPBACK}:{number}" for number in servers.ports)
        return RunningSimulator(self.world, origin, control, proxy, servers.stop, servers.loop, servers.proxy)


class _Servers:
    def __init__(self, world: World, ports: tuple[int, int, int]) -> None:
        self.world = world
        self.ports = ports
        self.ready = threading.Event()
        self.failure: BaseException | None = None
        self.thread = threading.Thread(target=self._main, name="fortnox-simulator", daemon=True)

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self.failure = error
            self.ready.set()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        sockets = [_listen(port) for port in self.ports[:2]]
        servers = [_uvicorn(app) for app in (create_app(self.world), create_control(self.world))]
        app_port, control_port = (listener.getsockname()[1] for listener in sockets)
        self.proxy = FaultProxy(self.world, app_port)
        await self.proxy.start(self.ports[2])
        self.ports = (app_port, control_port, self.proxy.port)
        serving = [
            asyncio.create_task(server.serve(sockets=[listener]))
            for server, listener in zip(servers, sockets, strict=True)
        ]
        while not all(server.started for server in servers):  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0)
        self.ready.set()
        await self._ended.wait()
        await self.proxy.stop()
        for server in servers:
            server.should_exit = server.force_exit = True
        await asyncio.gather(*serving)

    def stop(self) -> None:
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self._ended.set)
            self.thread.join(10)


def _listen(port: int) -> socket.socket:
    """A loopback listener; without IPPROTO_TCP asyncio would skip TCP_NODELAY and each request cost 39 ms (L 12)."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError:
        listener.close()
        raise
    return listener


def _uvicorn(app: Any) -> uvicorn.Server:
    config = uvicorn.Config(app, log_level="critical", lifespan="off", access_log=False, server_header=False)
    return uvicorn.Server(config)


def _source(item: str | Path | Company, tenant: int) -> CompanySource:
    if isinstance(item, Company):
        pristine = deepcopy(item)
        return lambda clock, dice: deepcopy(pristine)
    if isinstance(item, str) and item in SEEDS:
        return SEEDS[item]
    path = Path(item)
    if not path.is_file():
        raise ValueError(f"{item!r} is neither a demo company ({', '.join(SEEDS)}) nor a file")
    return lambda clock, dice: load_file(path, clock, tenant=tenant)
