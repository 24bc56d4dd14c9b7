"""The log of the served pages: one line a record, with nothing that books, people or secrets could have put there.

What a fault says is left out, because it quotes what it met; its kind and its places are enough to find it (T G-9).
"""

import logging
import traceback
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final

_PLACES: Final = 12
"""Innermost places of a fault that are told."""


class Lines(logging.Formatter):
    """`2026-02-14T09:00:00Z INFO closing_host.web.requests GET / 200 4 ms`; signs that control a terminal or begin a
    line are escaped (T F12)."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        at = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        line = f"{at} {record.levelname} {record.name} {escaped(record.getMessage())}"
        fault = record.exc_info[1] if record.exc_info else None
        return f"{line}: {where(fault)}" if fault is not None else line


def lock_down() -> None:
    """Have every handler of this process write such lines."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Lines())


def escaped(text: str) -> str:
    """`text` with `\\\\n` and the like for what cannot be printed."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def where(fault: BaseException) -> str:
    """Kind and places of a fault, innermost first, and of what caused it; not what they say."""
    causes, told = [fault], []
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    for each in causes:
        frames = reversed(traceback.extract_tb(each.__traceback__)[-_PLACES:])
        places = [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
        told.append(" < ".join([type(each).__name__, *places]))
    return "; by ".join(told)
