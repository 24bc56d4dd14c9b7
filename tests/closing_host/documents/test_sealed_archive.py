"""Archives with a manifest: the same bytes for the same files, and every change is found by its file's name."""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from closing_host.api.errors import DataError
from closing_host.documents.sealed_archive import MANIFEST, SealedFile, check_archive, write_archive


def file(name: str, content: bytes) -> SealedFile:
    return SealedFile(name, lambda: io.BytesIO(content))


FILES = [file("b/två.txt", b"two"), file("a.pdf", b"%PDF one")]
FACTS = {"company": "Åkes Bageri AB", "period": {"key": "2025-03"}}


def archive(path: Path) -> Path:
    write_archive(FILES, FACTS, path)
    return path


def changed(path: Path, target: Path, *, leave: str = "", put: Mapping[str, bytes] = {}) -> Path:
    """A copy without `leave`, with `put` written over or behind what is there."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        names = set()
        for each in old.infolist():
            if each.filename != leave:
                new.writestr(each, put.get(each.filename) or old.read(each))
            names.add(each.filename)
        for name in put.keys() - names:
            new.writestr(name, put[name])
    return target


def test_the_manifest_names_every_file_with_size_and_hash(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    seal = write_archive(FILES, FACTS, path)
    with zipfile.ZipFile(path) as read:
        assert read.namelist() == ["a.pdf", "b/två.txt", MANIFEST]
        manifest = json.loads(read.read(MANIFEST))
        assert hashlib.sha256(read.read(MANIFEST)).hexdigest() == seal
    assert manifest["format"] == "closing-archive/1"
    assert (manifest["company"], manifest["period"]) == ("Åkes Bageri AB", {"key": "2025-03"})
    assert manifest["files"][1] == {"name": "b/två.txt", "size": 3, "sha256": hashlib.sha256(b"two").hexdigest()}
    checked = check_archive(path)
    assert (checked.facts, checked.seal, checked.names, checked.faults) == (FACTS, seal, ("a.pdf", "b/två.txt"), {})


def test_the_same_files_give_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    write_archive(FILES, FACTS, first)
    write_archive(reversed(FILES), FACTS, second)
    assert first.getvalue() == second.getvalue()
    with zipfile.ZipFile(first) as read:
        assert {(each.date_time, each.compress_type, each.create_system) for each in read.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 3)
        }


def test_every_change_is_found_by_name(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.zip")
    put = changed(path, tmp_path / "put.zip", put={"a.pdf": b"%PDF two", "c.txt": b"new"})
    assert check_archive(put).faults == {"a.pdf": "changed", "c.txt": "not-listed"}
    longer = changed(path, tmp_path / "longer.zip", put={"a.pdf": b"%PDF one and more"})
    assert check_archive(longer).faults == {"a.pdf": "changed"}
    assert check_archive(changed(path, tmp_path / "left.zip", leave="a.pdf")).faults == {"a.pdf": "missing"}


def test_bits_that_turned_are_found(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.zip")
    path.write_bytes(path.read_bytes().replace(b"%PDF one", b"%PDF onf"))
    assert check_archive(path).faults == {"a.pdf": "changed"}


@pytest.mark.parametrize("name", ["a.pdf", MANIFEST])
def test_a_second_file_of_a_name_is_found(tmp_path: Path, name: str) -> None:
    path = archive(tmp_path / "x.zip")
    with zipfile.ZipFile(path) as read:
        content = read.read(name)
    with zipfile.ZipFile(path, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(name, content)
    assert check_archive(path).faults == {name: "twice"}


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("a.txt", b"a")
    odd = changed(
        archive(tmp_path / "x.zip"), tmp_path / "odd.zip", put={MANIFEST: b'{"format": "else/1", "files": []}'}
    )
    listed = changed(archive(tmp_path / "y.zip"), tmp_path / "listed.zip", put={MANIFEST: b"[1]"})
    (tmp_path / "text.zip").write_text("text")
    for path in (other, odd, listed, tmp_path / "text.zip", tmp_path / "missing.zip", tmp_path):
        with pytest.raises(DataError, match="archive-unreadable"):
            check_archive(path)


def test_two_names_that_a_system_may_take_for_one_are_refused() -> None:
    for name in ("A.PDF", "MANIFEST.json"):
        with pytest.raises(ValueError, match="twice"):
            write_archive([*FILES, file(name, b"")], FACTS, io.BytesIO())
