"""What the kit itself says to an author who has stated too little, and the tools that it measures with."""

import asyncio
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from closing_host.testing import START, DataSourceTests, FakeServer, Sample, SteppedClock
from closing_host.testing.guard import Attempts, installed, watched
from closing_host.testing.loading import settings
from closing_host.testing.rules import ContractBroken
from kit.good_api import GoodApi, Installation
from kit.good_file import SAMPLE, GoodFile
from kit.good_server import CLIENT_ID, CLIENT_SECRET, GoodServer

SETTINGS = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def said(folder: Path, test: str, **stated: Any) -> str:
    tests: Any = type("TestIt", (DataSourceTests,), stated)
    with pytest.raises(ContractBroken) as broken, tests.open(folder) as bench:
        getattr(tests(), test)(bench)
    return str(broken.value)


def test_settings_that_do_not_fit_are_named() -> None:
    with pytest.raises(ContractBroken, match=r"client_secret \(Field required\)"):
        settings(Installation, {"client_id": "x"}, "installation")
    with pytest.raises(ContractBroken, match="declares no such settings"):
        settings(None, {"client_id": "x"}, "installation")


def test_class_without_samples_is_told_to_give_some(tmp_path: Path) -> None:
    assert "names no `samples`" in said(tmp_path, "test_vouchers_balance", source=GoodFile())


def test_sample_without_sums_is_told_to_state_some(tmp_path: Path) -> None:
    samples = (Sample(SAMPLE, vouchers=1),)
    assert "No `sums` are stated for shop-2025.books" in said(
        tmp_path, "test_sums_are_exact", source=GoodFile(), samples=samples
    )


def test_sample_without_swedish_letters_is_told_to_state_some(tmp_path: Path) -> None:
    samples = (Sample(SAMPLE, vouchers=1, texts=("plain",)),)
    assert "No text with å, ä or ö" in said(
        tmp_path, "test_swedish_letters_survive", source=GoodFile(), samples=samples
    )


def test_class_without_server_is_told_to_name_one(tmp_path: Path) -> None:
    assert "names no `server`" in said(tmp_path, "test_vouchers_balance", source=GoodApi(), installation=SETTINGS)


def test_source_that_fails_on_good_books_is_told_so(tmp_path: Path) -> None:
    class Fails(GoodServer):
        def __init__(self, clock: Any) -> None:
            super().__init__(clock)
            self.firms[0].vouchers[0]["date"] = "2025-13-01"

    told = said(tmp_path, "test_vouchers_balance", source=GoodApi(), server=Fails, installation=SETTINGS)
    assert "plugin-fault" in told
    assert "month must be in 1..12" in told


def test_fake_server_says_what_it_lacks() -> None:
    with pytest.raises(NotImplementedError, match="FakeServer has neither `handle` nor `transport`"):
        FakeServer(SteppedClock()).handle(None)  # type: ignore[arg-type]


def test_clock_stands_until_somebody_sleeps() -> None:
    clock = SteppedClock()
    assert clock() == START
    asyncio.run(clock.sleep(30))
    assert timedelta(seconds=30) < clock() - START < timedelta(seconds=31)


def test_only_who_is_watched_sleeps_in_vain() -> None:
    attempts = Attempts(SteppedClock())
    began = time.monotonic()
    with installed():
        time.sleep(0.001)
        with watched(attempts):
            time.sleep(100)
            asyncio.run(asyncio.sleep(50))
    assert attempts.slept == [100, 50]
    assert time.monotonic() - began < 10


GROW: Final = """
from pathlib import Path
from closing_host.testing import memory
memory._RESET = Path({reset!r})
with memory.growing() as grown:
    held = bytearray(b"x") * (40 * 2**20)
    assert len(held) == 40 * 2**20
    assert 30 * 2**20 < grown() < 60 * 2**20, grown()
"""


@pytest.mark.parametrize("reset", ["/proc/self/clear_refs", "/nowhere"])
def test_growth_is_seen_by_kernel_and_by_python(reset: str) -> None:
    """In a process of its own: one that has worked gives memory back while it is looked at."""
    subprocess.run([sys.executable, "-c", GROW.format(reset=reset)], check=True)
