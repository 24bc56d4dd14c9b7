"""What a user decides about the transaction analysis, as records: marks on findings, and the checks of an engagement.

The trail tells of a finding by its hash and of a check by its id: comments and reasons may name people.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, insert, select

from closing_host.closing.analysis import CheckChoice
from closing_host.storage.analysis_tables import analysis_check, analysis_mark
from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.tables import audit


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding marked done. `finding`: the hash of its identity."""

    finding: str
    check_id: str
    comment: str
    marked_at: datetime
    marked_by: str


class AnalysisDecisions:
    """The decisions of one engagement, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def marks(self, year_start: date) -> dict[str, Mark]:
        """The marks of a year, by finding."""
        mark = analysis_mark.c
        query = select(mark.finding, mark.check_id, mark.comment, mark.marked_at, mark.marked_by).where(
            mark.engagement_id == self.engagement_id, mark.year_start == year_start
        )
        return {row["finding"]: Mark(**row) for row in self._connection.execute(query).mappings()}

    def mark(self, trail: Trail, year_start: date, check_id: str, findings: Collection[str], comment: str) -> None:
        """Mark findings done, in place of marks that they have."""
        crashpoint("analysis.before_mark")
        self._forget(year_start, findings)
        now = {"comment": comment, "marked_at": trail.clock(), "marked_by": trail.actor.name}
        mine = {"engagement_id": self.engagement_id, "year_start": year_start, "check_id": check_id}
        self._connection.execute(insert(analysis_mark), [{**mine, **now, "finding": each} for each in findings])
        crashpoint("analysis.after_mark")
        self._told(trail, Action.ANALYSIS_MARKED, year_start, check_id, findings)

    def unmark(self, trail: Trail, year_start: date, check_id: str, findings: Collection[str]) -> None:
        """Open findings again."""
        crashpoint("analysis.before_unmark")
        self._forget(year_start, findings)
        crashpoint("analysis.after_unmark")
        self._told(trail, Action.ANALYSIS_REOPENED, year_start, check_id, findings)

    def choices(self) -> tuple[CheckChoice, ...]:
        """The checks that are switched off or the engagement's own, in the order in which they were first chosen."""
        check = analysis_check.c
        query = select(check.check_id, check.standard, check.name, check["values"], check.enabled, check.reason)
        rows = self._connection.execute(query.where(check.engagement_id == self.engagement_id).order_by(check.id))
        return tuple(
            CheckChoice(row.check_id, row.standard, row.name, dict(row._mapping["values"]), row.enabled, row.reason)
            for row in rows
        )

    def used_ids(self) -> frozenset[str]:
        """The ids of the checks that were ever chosen or had a finding marked, also of own checks that are removed: as
        the trail tells, from which nothing is taken out."""
        told = (str(Action.ANALYSIS_CHECK), str(Action.ANALYSIS_MARKED))
        query = select(audit.c.object).where(audit.c.engagement_id == self.engagement_id, audit.c.action.in_(told))
        return frozenset(object.rpartition(":")[2] for object in self._connection.scalars(query.distinct()))

    def choose(self, trail: Trail, choice: CheckChoice) -> None:
        """Keep a choice in place of the one of that id; a standard check that is on again is forgotten."""
        crashpoint("analysis.before_check")
        self._drop(choice.id)
        if choice.standard or not choice.enabled:
            self._connection.execute(
                insert(analysis_check).values(
                    engagement_id=self.engagement_id,
                    check_id=choice.id,
                    standard=choice.standard,
                    name=choice.name,
                    values=dict(choice.values),
                    enabled=choice.enabled,
                    reason=choice.reason,
                    changed_at=trail.clock(),
                    changed_by=trail.actor.name,
                )
            )
        crashpoint("analysis.after_check")
        self._check_told(trail, choice.id, {"enabled": choice.enabled, "values": dict(choice.values)})

    def remove(self, trail: Trail, check_id: str) -> None:
        """Remove an own check; marks on its findings stay, and count for no other check (`used_ids`)."""
        crashpoint("analysis.before_removal")
        self._drop(check_id)
        crashpoint("analysis.after_removal")
        self._check_told(trail, check_id, {"removed": True})

    def _forget(self, year_start: date, findings: Collection[str]) -> None:
        mark = analysis_mark.c
        mine = (mark.engagement_id == self.engagement_id, mark.year_start == year_start)
        self._connection.execute(delete(analysis_mark).where(*mine, mark.finding.in_(findings)))

    def _drop(self, check_id: str) -> None:
        check = analysis_check.c
        mine = (check.engagement_id == self.engagement_id, check.check_id == check_id)
        self._connection.execute(delete(analysis_check).where(*mine))

    def _told(self, trail: Trail, action: Action, year_start: date, check: str, findings: Collection[str]) -> None:
        trail.append(
            action,
            engagement_id=self.engagement_id,
            object=f"analysis:{self.engagement_id}:{year_start}:{check}",
            details={"check": check, "findings": sorted(each[:12] for each in findings)},
        )

    def _check_told(self, trail: Trail, check_id: str, details: dict[str, object]) -> None:
        trail.append(
            Action.ANALYSIS_CHECK,
            engagement_id=self.engagement_id,
            object=f"check:{self.engagement_id}:{check_id}",
            details={"check": check_id, **details},
        )
