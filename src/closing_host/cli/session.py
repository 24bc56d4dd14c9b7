"""What holds for one call of the command line: language, form of output, data folder."""

import getpass
import os
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from closing_host.locale import Words, choose


@dataclass(frozen=True, slots=True)
class Session:
    """The global options as given. `data` is the data folder, which need not exist yet."""

    words: Words
    json: bool
    data: Path
    safe_mode: bool
    actor: str


_current: ContextVar[Session] = ContextVar("session")


def begin(*, lang: str | None, json: bool, data: Path | None, safe_mode: bool) -> Session:
    """Set the session from the options, else the environment (`CLOSING_LANG`, locale, `CLOSING_DATA`)."""
    environment = os.environ
    language = choose(
        lang, *(environment.get(name) for name in ("CLOSING_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"))
    )
    session = Session(
        words=Words(language, source_packages),
        json=json,
        data=data or default_data_folder(),
        safe_mode=safe_mode,
        actor=environment.get("CLOSING_USER") or _user(),
    )
    _current.set(session)
    return session


def session() -> Session:
    """The session of this call."""
    return _current.get()


@cache
def source_packages() -> tuple[str, ...]:
    """The packages of the installed sources, which ship the words of their own codes."""
    from closing_host.sources.registry import discover

    return tuple(each.info.package for each in discover().sources.values() if each.info.package)


def default_data_folder() -> Path:
    """`CLOSING_DATA`, else the platform's place for a user's data."""
    if stated := os.environ.get("CLOSING_DATA"):
        return Path(stated)
    from platformdirs import user_data_path

    return user_data_path("closing-host", appauthor=False)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a password entry
        return f"uid-{os.getuid()}"
