"""Whether the connection still leads where the batch was approved for: asked in the transaction before each call
(G4, B24, B25)."""

from closing_host.api.errors import ClosingError, Expired, WrongCompany
from closing_host.ledgers import organisation
from closing_host.storage.connections import ConnectionRecords
from closing_host.storage.database import Connection
from closing_host.storage.engagements import Engagements
from closing_host.storage.journal_records import Batch
from closing_host.storage.store import Store
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.thirty_days import HOLDS_FOR


def refuse_other_company(store: Store, opened: OpenConnection, batch: Batch) -> None:
    """Nothing is sent to, or asked of, another company than the approved one, nor over a connection that ran out.

    Raises `WrongCompany` `export-other-company`, `Expired` `export-connection-over`.
    """
    with store.database.read() as connection:
        problem = other_company(connection, opened, batch) or connection_over(connection, store, opened, batch)
    if problem is not None:
        raise problem


def other_company(connection: Connection, opened: OpenConnection, batch: Batch) -> ClosingError | None:
    """What differs: the engagement's source or number, the company that it is connected to, or the one whose token
    is in use."""
    engagement = Engagements(connection).get(batch.engagement_id)
    number = organisation.normalise(engagement.organisation_number or "")
    same = engagement.source_id == opened.source.id == batch.source_id and number == batch.organisation_number
    if same and "authorize" in opened.source.operations:
        record = ConnectionRecords(connection).get(batch.engagement_id)
        used = opened.connection.account
        same = record is not None and used is not None and record.account.id == used.id == batch.account_id
    return None if same else WrongCompany("export-other-company", source=opened.source.info.name)


def connection_over(connection: Connection, store: Store, opened: OpenConnection, batch: Batch) -> ClosingError | None:
    """The 30 days ran out, or the connection was ended, while the batch was under way."""
    if "authorize" not in opened.source.operations:
        return None
    record = ConnectionRecords(connection).get(batch.engagement_id)
    if record is None or record.ended_at is not None:
        return Expired("export-connection-over", source=opened.source.info.name)
    used = [each for each in (record.consented_at, record.imported_at, record.exported_at) if each is not None]
    over = store.clock() >= max(used) + HOLDS_FOR
    return Expired("export-connection-over", source=opened.source.info.name) if over else None
