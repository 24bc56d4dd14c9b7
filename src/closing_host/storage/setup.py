"""What the user said in *Startguiden* about an engagement, as a record: framework, period, steps gone through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import RowMapping, insert, select, update

from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.setup_tables import engagement_setup

Framework = Literal["", "K2", "K3"]
Period = Literal["", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Setup:
    """`framework` and `period` are "" while not chosen; `confirmed`: steps of the guide that the user went through."""

    framework: Framework = ""
    period: Period = ""
    confirmed: frozenset[str] = frozenset()


class SetupRecords:
    """The setup of one engagement, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def get(self) -> Setup:
        """The setup; an empty one before the first choice."""
        mine = engagement_setup.c.engagement_id == self.engagement_id
        row = self._connection.execute(select(engagement_setup).where(mine)).mappings().one_or_none()
        return Setup() if row is None else _setup(row)

    def put(self, trail: Trail, setup: Setup) -> None:
        """Make this the engagement's setup; nothing when it is that already."""
        if setup == self.get():
            return
        said = {"framework": setup.framework, "period": setup.period, "confirmed": sorted(setup.confirmed)}
        values = {**said, "changed_at": trail.clock(), "changed_by": trail.actor.name}
        crashpoint("setup.before_row")
        mine = engagement_setup.c.engagement_id == self.engagement_id
        if self._connection.execute(update(engagement_setup).where(mine).values(values)).rowcount == 0:
            self._connection.execute(insert(engagement_setup).values(engagement_id=self.engagement_id, **values))
        crashpoint("setup.after_row")
        trail.append(
            Action.ENGAGEMENT_SETUP,
            engagement_id=self.engagement_id,
            object=f"engagement:{self.engagement_id}",
            details=said,
        )


def all_setups(connection: Connection) -> Mapping[int, Setup]:
    """Every engagement's, by its id; those without a choice are missing."""
    rows = connection.execute(select(engagement_setup)).mappings()
    return {row["engagement_id"]: _setup(row) for row in rows}


def _setup(row: RowMapping) -> Setup:
    return Setup(row["framework"], row["period"], frozenset(row["confirmed"]))
