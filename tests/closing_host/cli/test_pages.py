"""`closing serve`, and what a report of a run tells."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from closing_host.storage.serving import marked
from closing_host.web.server import listen
from small_sie import sie, voucher

from .conftest import Closing


def test_serve_prints_a_link_serves_and_stops_at_the_users_word(tmp_path: Path) -> None:
    environment = {**os.environ, "CLOSING_DATA": str(tmp_path / "data"), "CLOSING_KEY_FILE": str(tmp_path / "key")}
    command = [sys.executable, "-m", "closing_host.cli", "serve", "--port", "0", "--no-browser", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        address = json.loads("".join(serving.stdout.readline() for _ in range(3)))["address"]
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/start\?token=[\w-]{43}", address)
        assert httpx.get(address, trust_env=False).status_code == 303
        serving.send_signal(signal.SIGINT)
        assert serving.wait(20) in (0, 130, -signal.SIGINT)


def test_a_new_link_is_for_pages_that_are_served_already(closing: Closing) -> None:
    first, second = closing("serve", "--link"), closing("serve", "--link", "--port", "9000")
    assert first.out.startswith("http://127.0.0.1:8710/start?token=")
    assert second.out.startswith("http://127.0.0.1:9000/start?token=")
    assert first.out[-44:] != second.out[-44:]


def test_a_second_program_opens_the_pages_that_are_served(closing: Closing, tmp_path: Path) -> None:
    closing("engagement", "list")
    with marked(tmp_path / "data") as mark:
        mark.take()
        mark.tell(9123)
        second = closing("serve", "--no-browser", "--port", "9999")
        assert second.code == 0
        assert "served already" in second.words
        assert "http://127.0.0.1:9123/start?token=" in second.out
        assert closing("serve", "--link").out.startswith("http://127.0.0.1:9123/start?token=")


def test_only_loopback_can_be_served(closing: Closing) -> None:
    refused = closing("serve", "--host", "0.0.0.0", "--no-browser")
    assert refused.code == 2
    with listen(0) as listening:
        address, port = listening.getsockname()
        assert address == "127.0.0.1"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port), 1)
        assert closing("serve", "--no-browser", "--port", str(port)).words.count(f"Port {port} is in use") == 1


def test_a_report_tells_support_nothing_of_the_client(closing: Closing, tmp_path: Path) -> None:
    (tmp_path / "hemlig.se").write_bytes(sie(voucher(1), company="Hemliga Bolaget AB"))
    closing("import", "--new", "hemlig.se")
    (tmp_path / "annan.se").write_bytes(sie(voucher(1), organisation_number="556036-0793", company="Andra Bolaget"))
    failed = closing("import", "--engagement", "1", "annan.se")
    run = re.search(r"Run ([2-9a-z]{4}-[2-9a-z]{4})", failed.words)
    assert run is not None
    said = closing("runs", "show", run[1], "--report")
    assert said.code == 0
    report = (tmp_path / f"closing-run-{run[1]}.txt").read_text("utf-8")
    assert "error: " in report
    assert "import.published" in report
    for private in ("Hemlig", "hemlig", "Bolaget", "annan.se", "556677", "asa"):
        assert private not in report, private
