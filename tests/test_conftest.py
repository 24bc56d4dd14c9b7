import asyncio
import socket

import pytest


def test_sockets_to_other_machines_are_refused() -> None:
    with socket.socket() as far, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        far.connect(("192.0.2.1", 80))


def test_names_of_other_machines_are_not_looked_up() -> None:
    with pytest.raises(AssertionError, match="example"):
        socket.getaddrinfo("www.example.com", 443)


def test_asyncio_cannot_leave_the_machine_either() -> None:
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        asyncio.run(asyncio.open_connection("192.0.2.1", 80))


def test_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as near:
        assert near.getpeername() == server.getsockname()
