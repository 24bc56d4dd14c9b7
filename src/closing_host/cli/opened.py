"""Opens the house for a command, with the session's data folder and user."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.host import Host


@contextmanager
def house(*, soon: float | None = None) -> Iterator["Host"]:
    """The opened host; closed when the command ends. `soon` as in `Host`."""
    from closing_host.engagements.host import Host
    from closing_host.storage.audit import Actor

    now = session()
    with Host.open(now.data, Actor(now.actor), safe_mode=now.safe_mode, soon=soon) as host:
        yield host
