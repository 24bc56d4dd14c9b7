"""Engagements (uppdrag) and their financial years, as records. No rules: those stand in `closing_host.engagements`.

`Engagements` finds and creates; everything about one engagement goes through `EngagementRecords`, which puts the
engagement's id into every query, so that one client's data can never be reached with another's id (T G-1).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.storage.audit import Action, Trail
from closing_host.storage.canonical import canonical_json
from closing_host.storage.database import Connection
from closing_host.storage.tables import engagement, engagement_year


@dataclass(frozen=True, slots=True)
class Engagement:
    """One client company. `organisation_number`: ten digits, or None while not known. `form`: SIE's #FTYP or ""."""

    id: int
    name: str
    organisation_number: str | None
    form: str
    source_id: str
    settings: Mapping[str, Any]
    created_at: datetime
    created_by: str


@dataclass(frozen=True, slots=True)
class EngagementYear:
    """A financial year of an engagement, both days included. `current_snapshot_id`: None before the first import."""

    engagement_id: int
    year_start: date
    year_end: date
    current_snapshot_id: int | None


class Engagements:
    """All engagements."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(
        self,
        trail: Trail,
        *,
        name: str,
        source_id: str,
        organisation_number: str | None = None,
        form: str = "",
        settings: Mapping[str, object] | None = None,
    ) -> Engagement:
        """Add an engagement, made by the trail's actor now."""
        record = {
            "name": name,
            "organisation_number": organisation_number,
            "form": form,
            "source_id": source_id,
            "settings": dict(settings or {}),
            "created_at": trail.clock(),
            "created_by": trail.actor.name,
        }
        key = self._connection.execute(insert(engagement).values(record).returning(engagement.c.id)).scalar_one()
        trail.append(
            Action.ENGAGEMENT_CREATED,
            engagement_id=key,
            object=f"engagement:{key}",
            after=_hash([name, organisation_number, form, source_id, record["settings"]]),
            details={"source": source_id},
        )
        return self.get(key)

    def get(self, engagement_id: int) -> Engagement:
        """The engagement. Raises `ClosingError` `engagement-unknown`."""
        return EngagementRecords(self._connection, engagement_id).engagement()

    def all(self) -> tuple[Engagement, ...]:
        """Every engagement, by name and id."""
        rows = self._connection.execute(select(engagement).order_by(engagement.c.name, engagement.c.id))
        return tuple(_engagement(row) for row in rows.mappings())

    def by_organisation_number(self, organisation_number: str) -> tuple[Engagement, ...]:
        """The engagements for the company with these ten digits, oldest first."""
        query = select(engagement).where(engagement.c.organisation_number == organisation_number)
        return tuple(_engagement(row) for row in self._connection.execute(query.order_by(engagement.c.id)).mappings())


class EngagementRecords:
    """One engagement's own record and years."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def engagement(self) -> Engagement:
        """The engagement. Raises `ClosingError` `engagement-unknown`."""
        query = select(engagement).where(engagement.c.id == self.engagement_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise ClosingError("engagement-unknown", engagement=self.engagement_id)
        return _engagement(row)

    def rename(self, trail: Trail, name: str) -> None:
        """Give it another name."""
        before = self.engagement()
        self._change(name=name)
        self._tell(trail, Action.ENGAGEMENT_RENAMED, before.name, name)

    def set_settings(self, trail: Trail, settings: Mapping[str, object]) -> None:
        """Replace the source's engagement settings."""
        before = self.engagement()
        self._change(settings=dict(settings))
        self._tell(trail, Action.ENGAGEMENT_SETTINGS, before.settings, dict(settings))

    def set_source(self, trail: Trail, source_id: str, settings: Mapping[str, object] | None = None) -> None:
        """Change the data source, with its `settings`. The old one's go with it; books, connection and work stay."""
        before = self.engagement()
        self._change(source_id=source_id, settings=dict(settings or {}))
        self._tell(trail, Action.ENGAGEMENT_SOURCE, before.source_id, source_id)

    def set_organisation_number(self, trail: Trail, organisation_number: str) -> None:
        """State the ten digits, when they become known."""
        before = self.engagement()
        self._change(organisation_number=organisation_number)
        self._tell(trail, Action.ENGAGEMENT_IDENTIFIED, before.organisation_number, organisation_number)

    def set_form(self, trail: Trail, form: str) -> None:
        """State the form of company (SIE's #FTYP code), when it becomes known."""
        before = self.engagement()
        self._change(form=form)
        self._tell(trail, Action.ENGAGEMENT_FORM, before.form, form)

    def years(self) -> tuple[EngagementYear, ...]:
        """Its financial years, newest first."""
        year = engagement_year
        query = select(year).where(year.c.engagement_id == self.engagement_id).order_by(year.c.year_start.desc())
        return tuple(EngagementYear(**row) for row in self._connection.execute(query).mappings())

    def year(self, year_start: date) -> EngagementYear | None:
        """The year that begins on that day, or None."""
        return next((each for each in self.years() if each.year_start == year_start), None)

    def add_year(self, trail: Trail, year_start: date, year_end: date) -> EngagementYear:
        """Add a year without books, unless it is there."""
        known = self.year(year_start)
        if known is not None:
            return known
        self._connection.execute(
            insert(engagement_year).values(engagement_id=self.engagement_id, year_start=year_start, year_end=year_end)
        )
        trail.append(
            Action.YEAR_ADDED,
            engagement_id=self.engagement_id,
            object=f"year:{year_start}",
            details={"end": year_end.isoformat()},
        )
        return EngagementYear(self.engagement_id, year_start, year_end, None)

    def _change(self, **values: object) -> None:
        self._connection.execute(update(engagement).where(engagement.c.id == self.engagement_id).values(**values))

    def _tell(self, trail: Trail, action: Action, before: object, after: object) -> None:
        trail.append(
            action,
            engagement_id=self.engagement_id,
            object=f"engagement:{self.engagement_id}",
            before=_hash(before),
            after=_hash(after),
        )


def _engagement(row: RowMapping) -> Engagement:
    return Engagement(**row)


def _hash(value: object) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
