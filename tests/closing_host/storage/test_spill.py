"""The file that takes a token when the database cannot (A4)."""

import errno
import os
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError
from closing_host.storage.spill import Spill


def test_what_is_kept_is_read_and_cleared_in_place(tmp_path: Path) -> None:
    spill = Spill(tmp_path / "spill")
    assert spill.read("a") is None
    spill.reserve("a")
    size = (tmp_path / "spill" / "a").stat().st_size
    assert spill.read("a") is None
    spill.keep("a", b"x" * 5000)
    spill.reserve("a")  # reserving again keeps what is there
    assert spill.read("a") == b"x" * 5000
    spill.keep("a", b"short")
    assert spill.read("a") == b"short"
    assert (tmp_path / "spill" / "a").stat().st_size == size
    spill.clear("a")
    assert spill.read("a") is None
    spill.remove("a")
    spill.remove("a")
    assert list((tmp_path / "spill").iterdir()) == []


def test_a_full_disk_is_noticed_when_room_is_reserved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    (tmp_path / "spill").mkdir()
    with pytest.raises(ClosingError) as refused:
        Spill(tmp_path / "spill").reserve("a")
    assert refused.value.code == "disk-full"


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    spill = Spill(tmp_path / "spill")
    spill.reserve("a")
    assert (tmp_path / "spill" / "a").stat().st_mode & 0o077 == 0
