from pathlib import Path

import pytest

from closing_host.sie.atomic import replacing


def test_file_takes_the_place_of_the_old_one_when_the_block_ends_well(tmp_path: Path) -> None:
    target = tmp_path / "a.se"
    target.write_bytes(b"old")
    with replacing(target) as file:
        file.write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_old_file_stays_and_nothing_is_left_when_the_block_fails(tmp_path: Path) -> None:
    target = tmp_path / "a.se"
    target.write_bytes(b"old")

    def fail() -> None:
        with replacing(target) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "none" / "a.se"):
        raise AssertionError
