"""Whether what is kept in versions is what the audit trail told of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import select

from closing_host.storage.audit import Action
from closing_host.storage.database import Connection
from closing_host.storage.tables import audit


def not_in_trail(
    connection: Connection,
    prefix: str,
    actions: Collection[Action],
    versions: Iterable[tuple[int, str]],
    now: Mapping[int, int],
) -> Iterator[int]:
    """The ids, in order, of which some version, or the number of versions, is not what the trail holds.

    The trail calls them `prefix` and their id, and tells one hash for each of `actions`. `versions`: id and hash of
    each kept version, in the order of versions. `now`: each id's present version, counted from 1.
    """
    told: dict[int, list[str]] = defaultdict(list)
    query = select(audit.c.object, audit.c.after_hash).where(audit.c.action.in_(actions)).order_by(audit.c.seq)
    for event in connection.execute(query):
        told[int(event.object.removeprefix(prefix))].append(event.after_hash)
    kept: dict[int, list[str]] = defaultdict(list)
    for key, hash in versions:
        kept[key].append(hash)
    for key in sorted(told.keys() | now.keys()):
        if told[key] != kept[key] or now.get(key) != len(kept[key]):
            yield key
