"""The shared pace's row: one per application and account, read and changed by every process (T 3d)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import TypeVar

from sqlalchemy import insert, select, update

from closing_host.storage.connection_tables import pace
from closing_host.storage.database import Connection, Database

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class PaceRow:
    """How fast calls may go now. All instants are seconds since 1970 (UTC); `rate` is calls per second.

    `free_at`: when the next call may start. `fell_at`: the latest fall after a 429 (0: never); `clean_from`: since
    when nothing was refused, as far as it has not been used to rise; `strikes`: refusals in a row. `in_a_row`:
    interactive calls since the last bulk call; `interactive_until` and `bulk_until`: until when somebody in that
    lane is known to wait. `touched_at`: the latest change, which shows a clock that was set back.
    """

    rate: float
    free_at: float
    fell_at: float
    clean_from: float
    strikes: int
    in_a_row: int
    interactive_until: float
    bulk_until: float
    touched_at: float


class Paces:
    """The rows in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(self, key: str, step: Callable[[PaceRow | None], tuple[PaceRow, _Answer]]) -> _Answer:
        """Replace the row of `key` by what `step` makes of it, in one write transaction; returns the step's answer.

        `step` gets None for the first call ever. It must be pure: it runs under the database's write lock.
        """

        def work(connection: Connection) -> _Answer:
            found = connection.execute(select(pace).where(pace.c.key == key).with_for_update()).mappings().one_or_none()
            before = None if found is None else PaceRow(**{each.name: found[each.name] for each in fields(PaceRow)})
            after, answer = step(before)
            if before is None:
                connection.execute(insert(pace).values(key=key, **asdict(after)))
            elif after != before:
                connection.execute(update(pace).where(pace.c.key == key).values(**asdict(after)))
            return answer

        return self._database.transact(work)
