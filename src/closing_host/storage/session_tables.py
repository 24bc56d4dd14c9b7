"""The tables of the pages: sessions of browsers, and the one-time links that begin them. Only hashes are kept."""

from typing import Final

from sqlalchemy import Column, String, Table

from closing_host.storage.columns import UtcDateTime
from closing_host.storage.tables import metadata

# A link works once and for a short time; whoever can run a command in the data folder can make one (T G-7).
web_link: Final = Table(
    "web_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("actor", String(200), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

# A browser that followed a link. Revoked by deleting the row.
web_session: Final = Table(
    "web_session",
    metadata,
    Column("id_hash", String(64), primary_key=True),
    Column("actor", String(200), nullable=False),
    Column("language", String(2), nullable=False),  # "" until the user chooses one
    Column("begun_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)
