"""What of the process a source could change for others, and all that it says aloud."""

import io
import locale
import logging
import os
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from closing_host.api.errors import ClosingError


def told(error: ClosingError) -> str:
    """All that could be shown of an error, also of what it was raised from."""
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"{cause!s} {cause.args!r} {getattr(cause, 'parameters', '')!r} {getattr(cause, 'detail', '')}")
        cause = cause.__cause__
    return "\n".join(lines)


@contextmanager
def overheard() -> Iterator[Callable[[], str]]:
    """Everything that is logged, at every level, and printed."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(heard), redirect_stderr(heard):
            yield heard.getvalue
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def process_state() -> dict[str, object]:
    """What of the process a source could change for everybody."""
    root = logging.getLogger()
    return {
        "log level": (root.level, logging.root.manager.disable),
        "log handlers": tuple(map(id, root.handlers)),
        "environment": dict(os.environ),
        "working directory": Path.cwd(),
        "locale": locale.setlocale(locale.LC_ALL),
        "signals": tuple(signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)),
        "warnings": tuple(map(str, warnings.filters)),
        "socket time-out": socket.getdefaulttimeout(),
        "import path": tuple(sys.path),
    }
