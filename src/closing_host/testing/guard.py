"""Around every test: no socket is opened and nobody really sleeps, and whoever tries is written down."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from closing_host.testing.clock import SteppedClock


@dataclass(slots=True)
class Attempts:
    """What the source tried past the host: addresses, and seconds of sleep."""

    clock: SteppedClock
    addresses: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)


_WATCHED: Final[ContextVar[Attempts | None]] = ContextVar("closing_host_kit", default=None)
"""Set in the task that calls a hook, and so in the threads and tasks that come of it; others may sleep."""

_CALLING: Final[list[Attempts]] = []
"""Who calls hooks now. Sockets are watched in every thread, since names are looked up in threads of the loop's."""


class Blocked(OSError):
    """The kit does not let a source open sockets."""


@contextmanager
def watched(attempts: Attempts) -> Iterator[None]:
    """What runs inside is the source's."""
    token = _WATCHED.set(attempts)
    _CALLING.append(attempts)
    try:
        yield
    finally:
        _CALLING.remove(attempts)
        _WATCHED.reset(token)


@contextmanager
def installed() -> Iterator[None]:
    """Stand in for the functions that open connections and sleep, for callers that are watched."""
    originals = (socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo, time.sleep, asyncio.sleep)
    connect, connect_ex, resolve, sleep, asleep = originals

    def no_connect(self: socket.socket, address: Any) -> Any:
        _blocked_internet(self, address)
        return connect(self, address)

    def no_connect_ex(self: socket.socket, address: Any) -> Any:
        _blocked_internet(self, address)
        return connect_ex(self, address)

    def no_lookup(host: Any, *arguments: Any, **options: Any) -> Any:
        _blocked(host)
        return resolve(host, *arguments, **options)

    def no_sleep(seconds: float, /) -> None:
        if not _slept(seconds):
            sleep(seconds)

    async def no_asleep(delay: float, result: Any = None) -> Any:
        return await asleep(0 if _slept(delay) else delay, result)

    patched: list[tuple[Any, str, Callable[..., Any], Callable[..., Any]]] = [
        (socket.socket, "connect", no_connect, connect),
        (socket.socket, "connect_ex", no_connect_ex, connect_ex),
        (socket, "getaddrinfo", no_lookup, resolve),
        (time, "sleep", no_sleep, sleep),
        (asyncio, "sleep", no_asleep, asleep),
    ]
    for where, name, ours, _ in patched:
        setattr(where, name, ours)
    try:
        yield
    finally:
        for where, name, _, theirs in patched:
            setattr(where, name, theirs)


def _blocked_internet(used: socket.socket, address: object) -> None:
    if used.family in (socket.AF_INET, socket.AF_INET6):
        _blocked(address)


def _blocked(address: object) -> None:
    for attempts in _CALLING[-1:]:
        attempts.addresses.append(str(address))
        raise Blocked(f"a source may not connect to {address} by itself; call context.http")


def _slept(seconds: float) -> bool:
    attempts = _WATCHED.get()
    if attempts is None or seconds <= 0:
        return False
    attempts.slept.append(seconds)
    attempts.clock.advance(seconds)
    return True
