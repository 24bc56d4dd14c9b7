"""What the user chose for the system entries of a year, as a record: one for each year, told in the trail."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import insert, select, update

from closing_host.closing.system_entries import Choices
from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.reconciliation_tables import system_choice

_RATES: Final = ("tax_rate", "standard_income_rate")


class SystemChoices:
    """The choices of one engagement, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def get(self, year_start: date) -> Choices | None:
        """What was chosen for the year; None while nothing was."""
        return self.all().get(year_start)

    def all(self) -> dict[date, Choices]:
        """What was chosen, by the first day of the year, in order."""
        chosen = system_choice.c
        query = select(chosen.year_start, chosen.choices).where(chosen.engagement_id == self.engagement_id)
        rows = self._connection.execute(query.order_by(chosen.year_start))
        return {row.year_start: _choices(row.choices) for row in rows}

    def put(self, trail: Trail, year_start: date, choices: Choices) -> None:
        """Make this the year's choice; nothing when it is that already."""
        if choices == self.get(year_start):
            return
        said = _said(choices)
        values = {"choices": said, "changed_at": trail.clock(), "changed_by": trail.actor.name}
        mine = {"engagement_id": self.engagement_id, "year_start": year_start}
        crashpoint("system.before_row")
        if self._connection.execute(update(system_choice).filter_by(**mine).values(values)).rowcount == 0:
            self._connection.execute(insert(system_choice).values(mine | values))
        crashpoint("system.after_row")
        trail.append(
            Action.SYSTEM_CHOICE,
            engagement_id=self.engagement_id,
            object=f"system-choice:{self.engagement_id}:{year_start}",
            details=said,
        )


def _said(choices: Choices) -> dict[str, Any]:
    """As JSON has it: öre, and rates as text, so that they stay exact."""
    said = asdict(choices) | {"reversals": dict(choices.reversals)}
    return said | {name: None if said[name] is None else str(said[name]) for name in _RATES}


def _choices(said: Mapping[str, Any]) -> Choices:
    rates = {name: None if said[name] is None else Decimal(said[name]) for name in _RATES}
    return Choices(**{**said, **rates})
