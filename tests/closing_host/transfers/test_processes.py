"""32 long-lived processes find one token over at the same moment (A1): exactly one renewal, every time."""

import json
import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from renewal_worker import work
from stored_books import SetClock
from token_house import KEY, House, open_house

PROCESSES, TRIALS = 32, 20


class TokenEndpoint(BaseHTTPRequestHandler):
    """Rotates: a renewal token works once. What it was asked with stands in `asked`."""

    asked: list[str]
    number: int

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        kind = type(self)
        kind.asked.append(form["refresh_token"][0])
        good = form["refresh_token"][0] == f"renewal-{kind.number}"
        kind.number += good
        answer = {"access": f"access-{kind.number}", "renewal": f"renewal-{kind.number}", "expires_in": 3600}
        body = json.dumps(answer if good else {"error": "invalid_grant"}).encode()
        self.send_response(200 if good else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests read `asked`."""


@pytest.fixture
def endpoint() -> Iterator[tuple[type[TokenEndpoint], str]]:
    kind = type("Endpoint", (TokenEndpoint,), {"asked": [], "number": 1})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield kind, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = open_house(tmp_path / "data", clock=SetClock(datetime.now(UTC)))
    yield opened
    opened.store.close()


@pytest.fixture
def workers(
    tmp_path: Path, house: House, endpoint: tuple[type[TokenEndpoint], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Any]]:
    """Pipes to the processes, each with a store and a custody of its own. The modules are loaded once for all."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # the fork server does not get it otherwise
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["renewal_worker"])
    pipes, processes = [], []
    for _ in range(PROCESSES):
        ours, theirs = context.Pipe()
        process = context.Process(target=work, args=(theirs, str(tmp_path / "data"), KEY, endpoint[1]))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    yield pipes
    for each in pipes:
        each.send(None)
    for process in processes:
        process.join()
    assert [each.exitcode for each in processes] == [0] * PROCESSES


def test_32_processes_renew_once_in_each_of_20_trials(
    house: House, endpoint: tuple[type[TokenEndpoint], str], workers: list[Any]
) -> None:
    kind, _ = endpoint
    assert {each.recv() for each in workers} == {"ready"}
    for trial in range(1, TRIALS + 1):
        now = datetime.now(UTC)
        house.change(saved_at=now - timedelta(hours=1), expires_at=now - timedelta(seconds=1))
        moment = time.time() + 0.05
        for each in workers:
            each.send(moment)
        assert {each.recv() for each in workers} == {f"access-{trial + 1}"}
        assert kind.asked == [f"renewal-{number}" for number in range(1, trial + 1)]
    assert house.row().generation == TRIALS + 1
