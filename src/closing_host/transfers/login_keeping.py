"""The stored side of a login dialogue: states that work once, tokens in quarantine, and what came of it."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, Final

from closing_host.api.authorization import Account, AskFor, AuthorizeRequest, Redirect, Token
from closing_host.api.errors import AuthorizationError, ClosingError, WrongCompany
from closing_host.ledgers import organisation
from closing_host.sources.facade import DataSource
from closing_host.storage.audit import Action, Actor, Trail
from closing_host.storage.connections import (
    LOGIN_LIFETIME,
    ConnectionRecord,
    ConnectionRecords,
    LoginRecord,
    LoginRecords,
    hashed,
)
from closing_host.storage.credentials import Credentials, owner_of
from closing_host.storage.engagements import Engagement, EngagementRecords, Engagements
from closing_host.storage.secrets import Keyring, Owner, Sealed
from closing_host.storage.store import Store
from closing_host.transfers.company_match import Match, compare
from closing_host.transfers.tokens import secret_of

_FORGET_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """One step that the source is asked to take. `record`: the stored step that it answers, None for the first."""

    engagement: Engagement
    source: DataSource
    request: AuthorizeRequest
    session: str
    actor: Actor
    record: LoginRecord | None = None


class LoginKeeping:
    """Dialogues in the database. Blocking: `logins` calls it in threads."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring

    def take(self, state: str, session: str, actor: Actor) -> LoginRecord:
        """Take the answer to the dialogue with this state; at a reload the record holds the first `result`.

        Raises `AuthorizationError`: `login-unknown`, `login-other-session`, `login-too-late`, `login-under-way`.
        """
        now = self._store.clock()
        with self._store.database.write() as connection:
            logins = LoginRecords(connection)
            record = logins.get(hashed(state))
            if record is None:
                raise AuthorizationError("login-unknown")
            if record.session_hash != hashed(session) or record.actor != actor.name:
                raise AuthorizationError("login-other-session")
            if record.result is not None:
                return record
            if now - record.begun_at >= LOGIN_LIFETIME or now < record.begun_at - LOGIN_LIFETIME:
                raise AuthorizationError("login-too-late")
            if not logins.answer(record.state_hash, now):
                raise AuthorizationError("login-under-way")
            return record

    def latest(self, session: str, actor: Actor) -> LoginRecord:
        """What this session began last and has not answered. Raises `AuthorizationError` `login-unknown`."""
        with self._store.database.read() as connection:
            record = LoginRecords(connection).latest(hashed(session))
        if record is None or record.actor != actor.name:
            raise AuthorizationError("login-unknown")
        return record

    def flow(self, record: LoginRecord) -> Mapping[str, str]:
        """What the source wanted back with the answer. Raises `SecretUnreadable`."""
        flow: dict[str, str] = self._keyring.open(record.flow, _owner(record.engagement_id, record.source_id))
        return flow

    def wait(self, turn: Turn, step: Redirect | AskFor) -> None:
        """Store that the user is asked, and that the step before, if any, led here."""
        with self._store.database.write() as connection:
            self._begin(connection, turn, step.flow)
            if turn.record is not None:
                LoginRecords(connection).conclude(turn.record.state_hash, {"kind": "went-on"})
            else:
                self._trail(connection, turn.actor).append(
                    Action.LOGIN_BEGUN,
                    engagement_id=turn.engagement.id,
                    object=f"connection:{turn.engagement.id}",
                    details={"source": turn.source.id, "operations": sorted(turn.request.operations)},
                )

    def arrived(self, turn: Turn, account: Account, token: Token) -> tuple[LoginRecord, Match | WrongCompany]:
        """Put the token into quarantine, then say whose it is. The record is the step under which it is kept."""
        credential_id = secrets.token_hex(16)
        with self._store.database.write() as connection:
            record = turn.record or self._begin(connection, turn, {})
            owner = owner_of(turn.engagement.id, turn.source.id, account.id, 1)
            Credentials(connection).insert_quarantined(
                id=credential_id,
                owner=owner,
                sealed=self._keyring.seal(secret_of(token), owner),
                expires_at=token.expires_at,
                rotates=token.rotates,
                now=self._store.clock(),
            )
            match: Match | WrongCompany
            try:
                match = self._compared(connection, record, account)
            except WrongCompany as other:
                match = other
            asked = {"kind": "unconfirmed", "account": {**asdict(account), "missing": dict(account.missing)}}
            result = asked if match == "unknown" else None
            LoginRecords(connection).conclude(record.state_hash, result, credential_id)
        return replace(record, credential_id=credential_id, result=result), match

    def make(self, record: LoginRecord, account: Account, actor: Actor) -> None:
        """Let the quarantined token be the engagement's connection; the one before is forgotten in the same step.

        Raises `WrongCompany` when the account was taken meanwhile.
        """
        now = self._store.clock()
        assert record.credential_id is not None
        with self._store.database.write() as connection:
            self._compared(connection, record, account)
            credentials, connections = Credentials(connection), ConnectionRecords(connection)
            if not credentials.promote(record.credential_id):
                raise AuthorizationError("login-unknown")
            before = connections.get(record.engagement_id)
            kept = before if before is not None and before.source_id == record.source_id else None
            connections.put(
                ConnectionRecord(
                    record.engagement_id,
                    record.source_id,
                    record.credential_id,
                    account,
                    consented_at=now,
                    consented_by=actor.name,
                    imported_at=kept.imported_at if kept else None,
                    exported_at=kept.exported_at if kept else None,
                )
            )
            LoginRecords(connection).conclude(record.state_hash, {"kind": "connected"})
            for each in credentials.of_engagement(record.engagement_id):
                if each.id != record.credential_id:
                    credentials.remove(each.id)
            trail = self._trail(connection, actor)
            self._learn_number(trail, record.engagement_id, account)
            trail.append(
                Action.CONNECTION_MADE,
                engagement_id=record.engagement_id,
                object=f"connection:{record.engagement_id}",
                details={"source": record.source_id, "account": account.id, "missing": sorted(account.missing)},
            )

    def unconfirmed(self, state: str, session: str, actor: Actor) -> tuple[LoginRecord, Account]:
        """The dialogue that waits for a yes or no. Raises like `take`."""
        record = self.take(state, session, actor)
        if record.credential_id is None or record.result is None or record.result["kind"] != "unconfirmed":
            raise AuthorizationError("login-unknown")
        return record, Account(**record.result["account"])

    def refused(self, record: LoginRecord, actor: Actor, error: ClosingError) -> None:
        """Store why it came to nothing, for a reload and for the log."""
        result = {
            "kind": "refused",
            "code": error.code,
            "detail": error.detail,
            "parameters": {name: str(value) for name, value in error.parameters.items()},
        }
        with self._store.database.write() as connection:
            LoginRecords(connection).conclude(record.state_hash, result)
            self._trail(connection, actor).append(
                Action.LOGIN_REFUSED,
                engagement_id=record.engagement_id,
                object=f"connection:{record.engagement_id}",
                details={"source": record.source_id, "code": error.code},
            )

    def remove(self, record: LoginRecord) -> None:
        """Delete the quarantined token of a dialogue."""
        assert record.credential_id is not None
        with self._store.database.write() as connection:
            Credentials(connection).remove(record.credential_id)

    def sweep(self) -> tuple[LoginRecord, ...]:
        """Forget old dialogues; returns those whose token nobody confirmed in time, to be revoked."""
        now = self._store.clock()
        with self._store.database.write() as connection:
            logins = LoginRecords(connection)
            logins.sweep(now - _FORGET_AFTER)
            return logins.unconfirmed(now - 2 * LOGIN_LIFETIME)

    def _begin(self, connection: Any, turn: Turn, flow: Mapping[str, str]) -> LoginRecord:
        sealed: Sealed = self._keyring.seal(flow, _owner(turn.engagement.id, turn.source.id))
        record = LoginRecord(
            hashed(turn.request.state),
            turn.engagement.id,
            turn.source.id,
            hashed(turn.session),
            turn.actor.name,
            turn.request.operations,
            turn.request.callback,
            sealed,
            self._store.clock(),
        )
        LoginRecords(connection).begin(record)
        return record

    def _compared(self, connection: Any, record: LoginRecord, account: Account) -> Match:
        connections = ConnectionRecords(connection)
        return compare(
            Engagements(connection).get(record.engagement_id),
            record.source_id,
            account,
            connections.get(record.engagement_id),
            connections.of_account(record.source_id, account.id),
        )

    def _learn_number(self, trail: Trail, engagement_id: int, account: Account) -> None:
        """An engagement without organisation number gets the company's, unless another has it."""
        records = EngagementRecords(trail.connection, engagement_id)
        number = organisation.normalise(account.organisation_number)
        wanted = records.engagement().organisation_number is None and organisation.check(number) is None
        if wanted and not Engagements(trail.connection).by_organisation_number(number):
            records.set_organisation_number(trail, number)

    def _trail(self, connection: Any, actor: Actor) -> Trail:
        return self._store.trail(connection, actor)


def _owner(engagement_id: int, source_id: str) -> Owner:
    return Owner("login", engagement_id, source_id)
