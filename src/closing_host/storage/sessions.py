"""Sessions of the pages: a random id in the browser, its SHA-256 here, so that a stolen copy opens nothing (T 3g).

A session begins with a one-time link and ends by itself: after `IDLE` without a request, after `ABSOLUTE` anyway.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update

from closing_host.api.errors import AuthorizationError
from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.session_tables import web_link, web_session

IDLE: Final = timedelta(hours=4)
ABSOLUTE: Final = timedelta(hours=12)
LINK_HOLDS: Final = timedelta(minutes=10)
TOUCHED_EVERY: Final = timedelta(minutes=1)
"""How exactly the last request is known; so that reading pages does not write each time."""

_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class WebSession:
    """One browser's session. `language`: "" until the user chooses one."""

    id_hash: str
    actor: str
    language: str
    begun_at: datetime
    seen_at: datetime


class WebSessions:
    """Links and sessions in one transaction. `now`: real time, even where the books' clock is a simulated one."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def link(self, trail: Trail) -> str:
        """A new one-time token for the trail's actor; tokens that were never used are forgotten when they are old."""
        token = secrets.token_urlsafe(_BYTES)
        crashpoint("session.before_row")
        self._connection.execute(delete(web_link).where(web_link.c.made_at <= self._now - LINK_HOLDS))
        self._connection.execute(
            insert(web_link).values(token_hash=_hashed(token), actor=trail.actor.name, made_at=self._now)
        )
        crashpoint("session.after_row")
        trail.append(Action.SESSION_LINKED, object="session:")
        return token

    def begin(self, trail: Trail, token: str) -> str:
        """Spend the link's token; the new session's id, which only the browser keeps.

        Raises `AuthorizationError` `link-not-valid` for a token that is unknown, used or too old.
        """
        found = self._connection.execute(
            delete(web_link)
            .where(web_link.c.token_hash == _hashed(token))
            .returning(web_link.c.actor, web_link.c.made_at)
        ).one_or_none()
        if found is None or not timedelta() <= self._now - found.made_at < LINK_HOLDS:
            raise AuthorizationError("link-not-valid")
        id = secrets.token_urlsafe(_BYTES)
        crashpoint("session.before_row")
        self._connection.execute(delete(web_session).where(web_session.c.begun_at <= self._now - ABSOLUTE))
        record = {"actor": found.actor, "language": "", "begun_at": self._now, "seen_at": self._now}
        self._connection.execute(insert(web_session).values(id_hash=_hashed(id), **record))
        crashpoint("session.after_row")
        trail.append(Action.SESSION_BEGUN, object="session:")
        return id

    def find(self, id: str) -> WebSession | None:
        """The session with this id if it holds still; None otherwise, whatever the reason."""
        row = (
            self._connection.execute(select(web_session).where(web_session.c.id_hash == _hashed(id)))
            .mappings()
            .one_or_none()
        )
        if row is None:
            return None
        found = WebSession(**row)
        holds = self._now - found.seen_at < IDLE and self._now - found.begun_at < ABSOLUTE
        return found if holds else None

    def needs_touch(self, session: WebSession) -> bool:
        """Whether `touch` is due."""
        return self._now - session.seen_at >= TOUCHED_EVERY

    def touch(self, session: WebSession) -> None:
        """Note that the session is in use."""
        self._change(session, seen_at=self._now)

    def choose_language(self, session: WebSession, language: str) -> None:
        """The language of the pages for this session."""
        self._change(session, language=language)

    def end(self, trail: Trail, session: WebSession) -> None:
        """Log out."""
        crashpoint("session.before_row")
        self._connection.execute(delete(web_session).where(web_session.c.id_hash == session.id_hash))
        crashpoint("session.after_row")
        trail.append(Action.SESSION_ENDED, object="session:")

    def _change(self, session: WebSession, **values: object) -> None:
        crashpoint("session.before_row")
        self._connection.execute(update(web_session).where(web_session.c.id_hash == session.id_hash).values(**values))
        crashpoint("session.after_row")


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
