"""Where a document goes: a path, which gets it whole or not at all, or a binary file."""

from contextlib import AbstractContextManager, nullcontext
from os import PathLike
from pathlib import Path
from typing import IO

from closing_host.sie.atomic import replacing

Target = str | PathLike[str] | IO[bytes]


def opened(target: Target) -> AbstractContextManager[IO[bytes]]:
    """A binary file to write to. Raises `OSError` when it cannot be made; then what stood there still stands."""
    return replacing(Path(target)) if isinstance(target, str | PathLike) else nullcontext(target)
