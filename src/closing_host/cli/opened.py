"""Opens the house for a command, with the session's data folder and user."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.host import Host


@contextmanager
def house() -> Iterator["Host"]:
    """The opened host; closed when the command ends."""
    from closing_host.engagements.host import Host
    from closing_host.storage.audit import Actor

    now = session()
    with Host.open(now.data, Actor(now.actor), safe_mode=now.safe_mode) as host:
        yield host
