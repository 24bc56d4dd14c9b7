import hashlib
import io
import tracemalloc
from datetime import timedelta
from typing import BinaryIO

import pytest

from closing_host.api.errors import ClosingError
from stored_books import World


def test_bytes_come_back_by_their_sha256(world: World) -> None:
    sha = world.store.blobs.put(b"#FLAGGA 0\r\n")
    assert sha == hashlib.sha256(b"#FLAGGA 0\r\n").hexdigest()
    with world.store.blobs.open(sha) as file:
        assert file.read() == b"#FLAGGA 0\r\n"


def test_a_file_is_stored_from_where_it_stands(world: World) -> None:
    file = io.BytesIO(b"head and body")
    file.seek(9)
    with world.store.blobs.open(world.store.blobs.put(file)) as stored:
        assert stored.read() == b"body"


def test_the_empty_file_can_be_stored(world: World) -> None:
    assert world.store.blobs.exists(world.store.blobs.put(b""))


def test_a_large_file_is_not_held_in_memory(world: World) -> None:
    class Zeros(io.RawIOBase):
        left = 30_000_000

        def read(self, size: int = -1) -> bytes:
            piece = bytes(min(size, self.left))
            self.left -= len(piece)
            return piece

    source: BinaryIO = Zeros()  # type: ignore[assignment]
    tracemalloc.start()
    try:
        world.store.blobs.put(source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


def test_a_damaged_blob_is_refused_before_its_first_byte(world: World) -> None:
    sha = world.store.blobs.put(b"whole")
    world.store.blobs.path(sha).write_bytes(b"wholE")
    with pytest.raises(ClosingError) as caught:
        world.store.blobs.open(sha)
    assert (caught.value.code, caught.value.parameters["blob"]) == ("blob-damaged", sha)


def test_a_missing_blob_is_named(world: World) -> None:
    with pytest.raises(ClosingError) as caught:
        world.store.blobs.open("0" * 64)
    assert caught.value.code == "blob-missing"


def test_putting_again_heals_and_renews(world: World) -> None:
    sha = world.store.blobs.put(b"whole")
    world.store.blobs.path(sha).write_bytes(b"wholE")
    world.clock.advance(timedelta(days=2))
    world.store.blobs.put(b"whole")
    world.store.blobs.verify(sha)
    assert list(world.store.blobs.names()) == [(sha, world.clock())]


def test_removing_twice_does_no_harm(world: World) -> None:
    sha = world.store.blobs.put(b"gone")
    world.store.blobs.remove(sha)
    world.store.blobs.remove(sha)
    assert not world.store.blobs.exists(sha)
