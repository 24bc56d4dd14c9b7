"""All databases of a process share their compiled statements: to compile one takes longer than to run it.

A program has one database and compiles each statement once; tests open thousands.
"""

from pathlib import Path

from sqlalchemy import Engine

from closing_host.storage.sqlite import sqlite_engine

_first: list[Engine] = []


def share(engine: Engine) -> None:
    """Give a new engine the dialect and the compiled statements of the first one given here."""
    if not _first:
        _first.append(engine)
    engine.dialect = _first[0].dialect
    engine._compiled_cache = _first[0]._compiled_cache


def sharing_engine(path: Path, *, busy_timeout: float) -> Engine:
    """As `sqlite_engine`, sharing."""
    engine = sqlite_engine(path, busy_timeout=busy_timeout)
    share(engine)
    return engine
