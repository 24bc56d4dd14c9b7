"""*Behandlingshistorik*: what was done with an engagement, read from the audit trail (T 3f)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from closing_host.engagements.host import Host
from closing_host.storage.audit import events

SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One event: when, who, what (the trail's action), on what (`kind:id`), in which run, with which details."""

    seq: int
    at: datetime
    actor: str
    action: str
    object: str
    run_id: str
    details: Mapping[str, Any]


def events_of(host: Host, engagement_id: int, *, before: int | None = None, limit: int = SHOWN) -> tuple[Event, ...]:
    """The engagement's latest events, newest first; those older than event number `before` when given."""
    with host.store.database.read() as connection:
        found = events(connection, engagement_id=engagement_id, before=before, limit=limit)
    return tuple(
        Event(e.seq, e.at_utc, e.actor, e.action, e.object, e.run_id or "", json.loads(e.details_json)) for e in found
    )
