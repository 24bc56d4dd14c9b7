"""`closing` as a user types it, in a folder of its own."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from closing_host.cli import output
from closing_host.cli.app import run


@dataclass(frozen=True)
class Said:
    """What a command returned and printed."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def words(self) -> str:
        """All that was printed, whatever the width of the terminal did to it."""
        return " ".join((self.out + self.err).split())


Closing = Callable[..., Said]


@pytest.fixture
def closing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Closing]:
    """Runs a command in a folder of its own, in English unless told otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLOSING_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("CLOSING_LANG", "en")
    monkeypatch.setenv("CLOSING_USER", "asa")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str | Path) -> Said:
        output.console.cache_clear()
        output.messages.cache_clear()
        capsys.readouterr()
        code = run([str(each) for each in arguments])
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    yield call
    output.console.cache_clear()
    output.messages.cache_clear()
