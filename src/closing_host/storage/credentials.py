"""The rows of tokens: every change compares what it was decided on, so that of two processes one wins (T 3b).

These are single statements inside a caller's transaction; the algorithm over them is `transfers.custody`.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, exists, insert, or_, select, union_all, update

from closing_host.storage.connection_tables import credential, installation, login
from closing_host.storage.database import Connection
from closing_host.storage.secrets import Owner, Sealed


class CredentialState(StrEnum):
    """Where a token stands. The values are stored.

    ACTIVE: may be used. REFRESHING: somebody holds the lease. AMBIGUOUS: a renewal's outcome is unknown.
    NEEDS_REAUTH, REVOKED: somebody must log in. QUARANTINED: not (yet) shown to belong to the company.
    """

    ACTIVE = "ACTIVE"
    REFRESHING = "REFRESHING"
    AMBIGUOUS = "AMBIGUOUS"
    NEEDS_REAUTH = "NEEDS_REAUTH"
    REVOKED = "REVOKED"
    QUARANTINED = "QUARANTINED"


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """One row as read. Columns: see `connection_tables`."""

    id: str
    engagement_id: int
    source_id: str
    account_id: str
    ciphertext: str | None
    key_id: str
    generation: int
    saved_at: datetime
    expires_at: datetime | None
    rotates: bool
    state: CredentialState
    reason: str
    lease_owner: str | None
    lease_until: datetime | None
    lease_epoch: int
    inflight_since: datetime | None
    replayed: bool
    forced_at: datetime | None

    @property
    def sealed(self) -> Sealed | None:
        """The token, None when it was deleted."""
        return None if self.ciphertext is None else Sealed(self.ciphertext, self.key_id)

    @property
    def owner(self) -> Owner:
        """What the token was sealed for."""
        return owner_of(self.engagement_id, self.source_id, self.account_id, self.generation)


def owner_of(engagement_id: int, source_id: str, account_id: str, generation: int) -> Owner:
    """Whom a token of one connection is sealed for."""
    return Owner("credential", engagement_id, source_id, account_id, generation)


_COLUMNS = [credential.c[each.name] for each in fields(CredentialRow)]


class Credentials:
    """The rows, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, id: str) -> CredentialRow | None:
        """The row, None when there is none."""
        found = self._connection.execute(select(*_COLUMNS).where(credential.c.id == id)).mappings().one_or_none()
        return None if found is None else _row(found)

    def of_engagement(self, engagement_id: int) -> tuple[CredentialRow, ...]:
        """Every row of one engagement, oldest first."""
        query = select(*_COLUMNS).where(credential.c.engagement_id == engagement_id)
        rows = self._connection.execute(query.order_by(credential.c.created_at, credential.c.id)).mappings()
        return tuple(_row(each) for each in rows)

    def insert_quarantined(
        self, *, id: str, owner: Owner, sealed: Sealed, expires_at: datetime | None, rotates: bool, now: datetime
    ) -> None:
        """Store the token of a login that has just ended, before anything is known about whose it is."""
        self._connection.execute(
            insert(credential).values(
                id=id,
                engagement_id=owner.engagement_id,
                source_id=owner.source_id,
                account_id=owner.account_id,
                ciphertext=sealed.ciphertext,
                key_id=sealed.key_id,
                generation=owner.generation,
                saved_at=now,
                expires_at=expires_at,
                rotates=rotates,
                state=CredentialState.QUARANTINED,
                reason="login-not-compared",
                lease_epoch=0,
                replayed=False,
                pad="",
                created_at=now,
            )
        )

    def promote(self, id: str) -> bool:
        """Let a quarantined token be used. False when it is not there or not in quarantine."""
        return self._changed(
            update(credential)
            .where(credential.c.id == id, credential.c.state == CredentialState.QUARANTINED)
            .values(state=CredentialState.ACTIVE, reason=""),
        )

    def take_lease(
        self,
        row: CredentialRow,
        *,
        owner: str,
        now: datetime,
        until: datetime,
        replay: bool,
        pad: int,
    ) -> bool:
        """Become the one who renews, if nothing has happened since `row` was read. Makes room for the new token."""
        return self._changed(
            update(credential)
            .where(credential.c.id == row.id, *_unchanged(row))
            .values(
                lease_owner=owner,
                lease_until=until,
                lease_epoch=row.lease_epoch + 1,
                state=CredentialState.REFRESHING,
                inflight_since=row.inflight_since if replay else now,
                replayed=replay,
                pad="x" * pad,
            ),
        )

    def save(
        self,
        row: CredentialRow,
        sealed: Sealed,
        *,
        expires_at: datetime | None,
        rotates: bool,
        forced: bool,
        now: datetime,
    ) -> bool:
        """Store the next generation. False when `row`'s generation is no longer the newest, or another now renews it.

        False too when the token was deleted meanwhile. A lease that ran out does not matter as long as nobody else
        took one: this token follows the stored one.
        """
        return self._changed(
            update(credential)
            .where(
                credential.c.id == row.id,
                credential.c.generation == row.generation,
                credential.c.ciphertext.is_not(None),
                or_(credential.c.lease_epoch == row.lease_epoch, credential.c.lease_owner.is_(None)),
            )
            .values(
                ciphertext=sealed.ciphertext,
                key_id=sealed.key_id,
                generation=row.generation + 1,
                saved_at=now,
                expires_at=expires_at,
                rotates=rotates,
                forced_at=now if forced else row.forced_at,
                **_settled(CredentialState.ACTIVE, ""),
            ),
        )

    def settle(
        self,
        row: CredentialRow,
        state: CredentialState,
        reason: str,
        *,
        inflight_since: datetime | None = None,
    ) -> bool:
        """End the lease without a new token. False when it was lost meanwhile."""
        return self._changed(
            update(credential)
            .where(credential.c.id == row.id, *_unchanged(row))
            .values(**(_settled(state, reason) | {"inflight_since": inflight_since})),
        )

    def quarantine(self, row: CredentialRow, sealed: Sealed, reason: str) -> bool:
        """Store a renewed token that is not the company's, so that nobody uses it. False when the lease was lost."""
        return self._changed(
            update(credential)
            .where(credential.c.id == row.id, *_unchanged(row))
            .values(
                ciphertext=sealed.ciphertext,
                key_id=sealed.key_id,
                generation=row.generation + 1,
                **_settled(CredentialState.QUARANTINED, reason),
            ),
        )

    def forget(self, id: str, state: CredentialState, reason: str) -> None:
        """Delete the token but keep the row, which says why."""
        values = {"ciphertext": None, "key_id": ""} | _settled(state, reason)
        self._connection.execute(update(credential).where(credential.c.id == id).values(**values))

    def remove(self, id: str) -> None:
        """Delete the row."""
        self._connection.execute(delete(credential).where(credential.c.id == id))

    def secrets_exist(self) -> bool:
        """Whether anything sealed is stored, in any table."""
        sealed = union_all(
            select(credential.c.id).where(credential.c.ciphertext.is_not(None)),
            select(installation.c.source_id),
            select(login.c.state_hash).where(login.c.answered_at.is_(None)),
        )
        return bool(self._connection.scalar(select(exists(sealed.subquery().select()))))

    def sealed(self) -> tuple[CredentialRow, ...]:
        """Every row that still has its token, by id."""
        query = select(*_COLUMNS).where(credential.c.ciphertext.is_not(None))
        return tuple(_row(each) for each in self._connection.execute(query.order_by(credential.c.id)).mappings())

    def reseal(self, row: CredentialRow, sealed: Sealed) -> bool:
        """Replace the ciphertext by the same secret under another key. False when the token changed meanwhile."""
        return self._changed(
            update(credential)
            .where(credential.c.id == row.id, credential.c.ciphertext == row.ciphertext)
            .values(ciphertext=sealed.ciphertext, key_id=sealed.key_id),
        )

    def _changed(self, statement: Any) -> bool:
        return self._connection.execute(statement).rowcount == 1


def _unchanged(row: CredentialRow) -> tuple[Any, ...]:
    return credential.c.generation == row.generation, credential.c.lease_epoch == row.lease_epoch


def _settled(state: CredentialState, reason: str) -> dict[str, Any]:
    return {
        "state": state,
        "reason": reason,
        "lease_owner": None,
        "lease_until": None,
        "inflight_since": None,
        "replayed": False,
        "pad": "",
    }


def _row(found: Any) -> CredentialRow:
    return CredentialRow(**{**found, "state": CredentialState(found["state"])})
