"""Serving the pages on loopback until the user stops it."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from closing_host.api.errors import TemporaryError
from closing_host.engagements.host import Host
from closing_host.storage.clock import Clock, utc_now
from closing_host.storage.serving import ServingMark, marked, served_at
from closing_host.storage.sessions import WebSessions
from closing_host.web.app import build
from closing_host.web.house import House
from closing_host.web.pages import environment

ADDRESS: Final = "127.0.0.1"
_FAREWELL: Final = 2
"""Seconds that requests under way get when the server stops."""


def start_link(host: Host, port: int, *, clock: Clock = utc_now) -> str:
    """A new one-time address that begins a session. Only for who may write the data folder: it is the authority."""
    with host.store.database.write() as connection:
        token = WebSessions(connection, clock()).link(host.store.trail(connection, host.actor))
    return f"http://{ADDRESS}:{port}/start?token={token}"


def served_port(host: Host) -> int | None:
    """The port at which another process serves the pages of the host's data folder; None when none does."""
    return served_at(host.store.folder.path)


@contextmanager
def alone(host: Host) -> Iterator[ServingMark]:
    """The mark of who serves the data folder. Raises `TemporaryError` `served-already`."""
    with marked(host.store.folder.path) as mark:
        if not mark.take():
            raise TemporaryError("served-already")
        yield mark


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes a free one. Raises `TemporaryError` `port-taken`."""
    # The protocol named, because asyncio sends answers at once (TCP_NODELAY) only where it stands on the socket.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
    except OSError as error:
        listening.close()
        raise TemporaryError("port-taken", port=port) from error
    listening.listen(128)
    return listening


def server_of(host: Host, listening: socket.socket, *, clock: Clock = utc_now) -> uvicorn.Server:
    """The server of a listening socket; `server.run(sockets=[listening])` serves until it is told to stop."""
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        build(House(host, f"http://{ADDRESS}:{port}", clock)),
        log_config=None,
        access_log=False,  # ours tells routes, never addresses
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_FAREWELL,
        h11_max_incomplete_event_size=32 * 1024,
    )
    logging.getLogger("uvicorn.access").disabled = True  # whatever handlers it is given: addresses hold tokens
    return uvicorn.Server(config)


def read_templates() -> None:
    """Read all templates, aside, before anybody asks for a page: who is first would wait for it most of the time."""

    def read() -> None:
        for name in environment().list_templates(extensions=["html"]):
            environment().get_template(name)

    threading.Thread(target=read, name="templates", daemon=True).start()
