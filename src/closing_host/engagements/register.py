"""Opening, listing and finding engagements (uppdrag)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from closing_host.api.errors import ClosingError, DataError
from closing_host.engagements.host import Host
from closing_host.ledgers import organisation
from closing_host.storage.database import Connection
from closing_host.storage.engagements import Engagement, EngagementRecords, Engagements, EngagementYear
from closing_host.storage.snapshot_records import Snapshot, SnapshotRecords

DEFAULT_SOURCE = "sie4"


@dataclass(frozen=True, slots=True)
class Overview:
    """An engagement with its years, newest first, and each year's current snapshot."""

    engagement: Engagement
    years: tuple[tuple[EngagementYear, Snapshot | None], ...]


def new_engagement(
    host: Host,
    name: str,
    *,
    organisation_number: str = "",
    source_id: str = DEFAULT_SOURCE,
    form: str = "",
    settings: Mapping[str, object] | None = None,
) -> Engagement:
    """Open an engagement for a client company. `settings`: the source's own, of this client.

    Raises `DataError` for a number that is no Swedish organisation number, and `engagement-exists` when another
    engagement has it: a company has one engagement with all its years (design 2.7).
    """
    if not name.strip():
        raise DataError("engagement-nameless")
    number = organisation.normalise(organisation_number) or None
    if number is not None and (wrong := organisation.check(organisation_number)) is not None:
        raise DataError(wrong, number=organisation_number)

    def create(connection: Connection) -> Engagement:
        engagements = Engagements(connection)
        if number is not None and (others := engagements.by_organisation_number(number)):
            other = others[0]
            raise DataError(
                "engagement-exists", engagement=other.id, name=other.name, number=organisation.display(number)
            )
        return engagements.create(
            host.store.trail(connection, host.actor),
            name=name.strip(),
            source_id=source_id,
            organisation_number=number,
            form=form,
            settings=settings,
        )

    return host.store.database.transact(create)


def find_engagement(host: Host, reference: str) -> Engagement:
    """The engagement with this id, organisation number, or name (whole, or the beginning of only one).

    Raises `ClosingError` `engagement-unknown` or `engagement-ambiguous`.
    """
    with host.store.database.read() as connection:
        all_ = Engagements(connection).all()
    wanted = reference.strip().casefold()
    number = organisation.normalise(reference)
    ways: Sequence[list[Engagement]] = (
        [each for each in all_ if str(each.id) == wanted],
        [each for each in all_ if each.organisation_number and each.organisation_number == number],
        [each for each in all_ if each.name.casefold() == wanted],
        [each for each in all_ if wanted and each.name.casefold().startswith(wanted)],
    )
    for found in ways:
        if len(found) == 1:
            return found[0]
        if found:
            raise ClosingError("engagement-ambiguous", reference=reference, count=len(found))
    raise ClosingError("engagement-unknown", engagement=reference)


def overview(host: Host, engagement_id: int) -> Overview:
    """One engagement with its years. Raises `ClosingError` `engagement-unknown`."""
    with host.store.database.read() as connection:
        return _overview(connection, Engagements(connection).get(engagement_id))


def overviews(host: Host) -> tuple[Overview, ...]:
    """Every engagement by name, each with its years."""
    with host.store.database.read() as connection:
        return tuple(_overview(connection, each) for each in Engagements(connection).all())


def closing_year(client: Overview, today: date) -> tuple[EngagementYear, Snapshot] | None:
    """The year that is closed now: the newest with books that has ended, else the newest with books; None without."""
    with_books = [(year, snapshot) for year, snapshot in client.years if snapshot is not None]
    ended = [each for each in with_books if each[0].year_end <= today]
    return next(iter([*ended, *with_books]), None)


def _overview(connection: Connection, engagement: Engagement) -> Overview:
    snapshots = SnapshotRecords(connection, engagement.id)
    years = EngagementRecords(connection, engagement.id).years()
    return Overview(engagement, tuple((year, snapshots.current(year.year_start)) for year in years))
