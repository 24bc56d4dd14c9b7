"""A source's bytes in pieces of whole lines, so that memory depends on the piece and not on the file."""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

Source = str | os.PathLike[str] | bytes | BinaryIO
"""What can be read: a path, the bytes themselves, or a file opened in binary mode (read from where it stands)."""

PIECE: Final = 8 * 2**20
"""Bytes per piece."""

SMALL_PIECE: Final = 3 * 2**20
"""Bytes per piece of a large file: a tenth slower, and 250 MB are read in less than 900 MB of memory."""

LARGE: Final = 64 * 2**20
"""Bytes of a file from which on it counts as large."""

LONGEST_LINE: Final = 64 * 2**10
"""Bytes of a line that are read; what follows is reported and passed over."""


class Input:
    """An open source. `size` in bytes; `done` bytes have been handed out; `sha256` is of all that was read."""

    def __init__(self, file: BinaryIO) -> None:
        if not file.seekable():
            file = io.BytesIO(file.read())
        self._file = file
        self._digest = hashlib.sha256()
        start = file.tell()
        self.size: Final = file.seek(0, os.SEEK_END) - start
        self.done = 0
        file.seek(start)

    @property
    def sha256(self) -> str:
        """Hexadecimal."""
        return self._digest.hexdigest()

    @property
    def _ended(self) -> bool:
        """Nothing is left. A last line without an end then needs no piece of its own."""
        return self.done >= self.size

    def head(self, size: int) -> bytes:
        """The first bytes, which stay to be read."""
        start = self._file.tell()
        head = self._file.read(size)
        self._file.seek(start)
        return head

    def whole(self) -> bytes:
        """All that is left, for encodings whose lines cannot be told from the bytes."""
        return self._read(-1)

    def pieces(self) -> Iterator[bytes]:
        """Pieces that end with a line end (the last may lack it), each with at least one byte.

        A line longer than `LONGEST_LINE` at a piece's end is cut just behind that length, so that one without an end
        cannot fill the memory; whoever reads the line then reports it.
        """
        size = PIECE if self.size < LARGE else SMALL_PIECE
        rest, passing_over = b"", False
        while block := self._read(size):
            if passing_over:
                end = _first_end(block)
                if not end:
                    continue
                block, passing_over = block[end - 1 :], False
            data = rest + block
            end = len(data) if self._ended else last_end(data)
            rest = data[end:]
            if len(rest) > LONGEST_LINE:
                rest, passing_over = rest[: LONGEST_LINE + 1], True
            if end:
                yield data[:end]
        if rest:
            yield rest

    def _read(self, size: int) -> bytes:
        block = self._file.read(size)
        self._digest.update(block)
        self.done += len(block)
        return block


@contextmanager
def opened(source: Source) -> Iterator[Input]:
    """Open a path (`OSError` when that fails), or take bytes or a binary file as they are."""
    if isinstance(source, bytes):
        yield Input(io.BytesIO(source))
    elif isinstance(source, str | os.PathLike):
        with open(source, "rb", buffering=0) as file:  # noqa: PTH123 - also takes what is no Path
            yield Input(file)
    else:
        yield Input(source)


def last_end(data: bytes) -> int:
    """Where the last whole line ends. A CR counts only where there is no LF at all, and not at the very end, where
    its LF may be yet to come."""
    return data.rfind(b"\n") + 1 or data.rfind(b"\r", 0, -1) + 1


def _first_end(data: bytes) -> int:
    return data.find(b"\n") + 1 or data.find(b"\r") + 1
