"""Connections and login dialogues as records. The rules stand in `closing_host.transfers`."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, insert, null, select, update

from closing_host.api.authorization import Account, Operation
from closing_host.storage.connection_tables import connection as table
from closing_host.storage.connection_tables import connection_choice, login
from closing_host.storage.database import Connection
from closing_host.storage.secrets import Sealed

Use = Literal["import", "export"]


@dataclass(frozen=True, slots=True)
class ConnectionRecord:
    """One engagement's connection. `consented_at`, `imported_at` and `exported_at` decide how long it holds (P 7.7).

    `credential_id` is None after it ended; the rest stays for the log.
    """

    engagement_id: int
    source_id: str
    credential_id: str | None
    account: Account
    consented_at: datetime
    consented_by: str
    imported_at: datetime | None = None
    exported_at: datetime | None = None
    ended_at: datetime | None = None


class ConnectionRecords:
    """Connections, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, engagement_id: int) -> ConnectionRecord | None:
        """The engagement's connection, also one that ended; None when it never had one."""
        return self._one(table.c.engagement_id == engagement_id)

    def of_account(self, source_id: str, account_id: str) -> ConnectionRecord | None:
        """The connection that has not ended and holds this account, whichever engagement's it is."""
        return self._one(table.c.source_id == source_id, table.c.account_id == account_id, table.c.ended_at.is_(None))

    def all(self) -> tuple[ConnectionRecord, ...]:
        """Every connection, by engagement."""
        rows = self._connection.execute(select(table).order_by(table.c.engagement_id)).mappings()
        return tuple(_record(row) for row in rows)

    def put(self, record: ConnectionRecord) -> None:
        """Make this the engagement's connection, in place of the one before."""
        account = record.account
        self._connection.execute(delete(table).where(table.c.engagement_id == record.engagement_id))
        self._connection.execute(
            insert(table).values(
                engagement_id=record.engagement_id,
                source_id=record.source_id,
                credential_id=record.credential_id,
                account_id=account.id,
                account_name=account.name,
                account_organisation_number=account.organisation_number,
                account_number=account.number,
                missing=dict(account.missing),
                consented_at=record.consented_at,
                consented_by=record.consented_by,
                imported_at=record.imported_at,
                exported_at=record.exported_at,
                ended_at=record.ended_at,
            )
        )

    def used(self, engagement_id: int, use: Use, at: datetime) -> bool:
        """Note a successful import or export. False when there is no connection, or it ended."""
        column = table.c.imported_at if use == "import" else table.c.exported_at
        statement = update(table).where(table.c.engagement_id == engagement_id, table.c.ended_at.is_(None))
        return self._connection.execute(statement.values({column: at})).rowcount == 1

    def end(self, record: ConnectionRecord, at: datetime) -> None:
        """End it: no token, and its account is free for another engagement."""
        self.put(replace(record, credential_id=None, ended_at=at))

    def without(self, engagement_id: int, source_id: str) -> frozenset[Operation]:
        """The operations that this company does without."""
        query = select(connection_choice.c.without).where(
            connection_choice.c.engagement_id == engagement_id, connection_choice.c.source_id == source_id
        )
        return frozenset(self._connection.scalar(query) or ())

    def set_without(self, engagement_id: int, source_id: str, operations: Iterable[Operation]) -> None:
        """Replace them."""
        key = {"engagement_id": engagement_id, "source_id": source_id}
        self._connection.execute(delete(connection_choice).filter_by(**key))
        self._connection.execute(insert(connection_choice).values(**key, without=sorted(operations)))

    def _one(self, *where: Any) -> ConnectionRecord | None:
        row = self._connection.execute(select(table).where(*where)).mappings().one_or_none()
        return None if row is None else _record(row)


@dataclass(frozen=True, slots=True)
class LoginRecord:
    """One step of a login dialogue. `result`: what came of it, None while nothing has."""

    state_hash: str
    engagement_id: int
    source_id: str
    session_hash: str
    actor: str
    operations: frozenset[Operation]
    callback: str
    flow: Sealed
    begun_at: datetime
    answered_at: datetime | None = None
    credential_id: str | None = None
    result: Mapping[str, Any] | None = None


class LoginRecords:
    """Login dialogues, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, record: LoginRecord) -> None:
        """Store a dialogue that waits for its answer."""
        self._connection.execute(
            insert(login).values(
                state_hash=record.state_hash,
                engagement_id=record.engagement_id,
                source_id=record.source_id,
                session_hash=record.session_hash,
                actor=record.actor,
                operations=sorted(record.operations),
                callback=record.callback,
                flow=record.flow.ciphertext,
                key_id=record.flow.key_id,
                begun_at=record.begun_at,
            )
        )

    def get(self, state_hash: str) -> LoginRecord | None:
        """The dialogue with this state."""
        return self._first(select(login).where(login.c.state_hash == state_hash))

    def latest(self, session_hash: str) -> LoginRecord | None:
        """The dialogue that this session began last and that is not answered."""
        query = select(login).where(login.c.session_hash == session_hash, login.c.answered_at.is_(None))
        return self._first(query.order_by(login.c.begun_at.desc(), login.c.state_hash).limit(1))

    def waiting_since(self, engagement_id: int) -> datetime | None:
        """When the engagement's latest unanswered dialogue was begun."""
        query = select(login.c.begun_at).where(login.c.engagement_id == engagement_id, login.c.answered_at.is_(None))
        return self._connection.scalar(query.order_by(login.c.begun_at.desc()).limit(1))

    def answer(self, state_hash: str, at: datetime) -> bool:
        """Take the answer: False when it was taken before. A state works once."""
        statement = update(login).where(login.c.state_hash == state_hash, login.c.answered_at.is_(None))
        return self._connection.execute(statement.values(answered_at=at)).rowcount == 1

    def conclude(self, state_hash: str, result: Mapping[str, Any] | None, credential_id: str | None = None) -> None:
        """Store what came of it, and the token in quarantine, if any, that it waits with."""
        stored = null() if result is None else dict(result)  # not JSON's null
        statement = update(login).where(login.c.state_hash == state_hash)
        self._connection.execute(statement.values(result=stored, credential_id=credential_id))

    def unconfirmed(self, before: datetime) -> tuple[LoginRecord, ...]:
        """Dialogues begun before then whose token still waits for somebody to confirm the company."""
        query = select(login).where(login.c.begun_at < before, login.c.credential_id.is_not(None))
        rows = self._connection.execute(query.order_by(login.c.begun_at, login.c.state_hash)).mappings()
        return tuple(_login(row) for row in rows)

    def sweep(self, before: datetime) -> None:
        """Forget dialogues begun before then that hold no token."""
        self._connection.execute(delete(login).where(login.c.begun_at < before, login.c.credential_id.is_(None)))

    def _first(self, query: Any) -> LoginRecord | None:
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _login(row)


LOGIN_LIFETIME = timedelta(minutes=10)
"""How long an answer to a login is accepted (P 7.7)."""


def hashed(secret: str) -> str:
    """A state or session as stored: a stolen database gives neither."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(row: Any) -> ConnectionRecord:
    account = Account(
        id=row["account_id"],
        name=row["account_name"],
        organisation_number=row["account_organisation_number"],
        number=row["account_number"],
        missing=row["missing"],
    )
    return ConnectionRecord(
        row["engagement_id"],
        row["source_id"],
        row["credential_id"],
        account,
        row["consented_at"],
        row["consented_by"],
        row["imported_at"],
        row["exported_at"],
        row["ended_at"],
    )


def _login(row: Any) -> LoginRecord:
    return LoginRecord(
        row["state_hash"],
        row["engagement_id"],
        row["source_id"],
        row["session_hash"],
        row["actor"],
        frozenset(row["operations"]),
        row["callback"],
        Sealed(row["flow"], row["key_id"]),
        row["begun_at"],
        row["answered_at"],
        row["credential_id"],
        row["result"],
    )
