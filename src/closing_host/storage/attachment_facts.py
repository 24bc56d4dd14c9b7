"""What a source stated of receivables or payables, as blobs: one Parquet file per table, and a head that names them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl
from pydantic import TypeAdapter

from closing_host.api.subledger import OpenItems, SubLedger
from closing_host.closing.kept_facts import FactsHead, put_together, taken_apart
from closing_host.storage.blobs import Blobs
from closing_host.storage.canonical import canonical_json
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.ledgers import parquet

HEAD: Final = "head"
"""The name of the head among a version's blobs; its hash vouches for the tables too."""


@dataclass(frozen=True, slots=True)
class _File:
    """The head's blob: `format` 1, the facts' head, and the SHA-256 of each table's blob."""

    format: int
    head: FactsHead
    tables: Mapping[str, str]


_JSON: Final = TypeAdapter(_File)


def put_facts(blobs: Blobs, facts: SubLedger | OpenItems) -> dict[str, str]:
    """Store the facts and return the blobs' names: `head` and one for each table.

    Raises `DataError` for a document number that repeats, `ClosingError` `disk-full`, `disk-failed`.
    """
    head, tables = taken_apart(facts)
    names = {table: blobs.put(parquet(frame)) for table, frame in tables.items()}
    content = json.loads(_JSON.dump_json(_File(1, head, names)))
    names[HEAD] = blobs.put(canonical_json(content).encode())
    crashpoint("attachments.after_facts")
    return names


def read_facts(blobs: Blobs, names: Mapping[str, str]) -> SubLedger | OpenItems:
    """The facts that `put_facts` stored. Raises `ClosingError` `blob-missing`, `blob-damaged`."""
    with blobs.open(names[HEAD]) as file:
        kept = _JSON.validate_json(file.read())
    tables = {}
    for table, sha in kept.tables.items():
        with blobs.open(sha) as file:
            tables[table] = pl.read_parquet(file)
    return put_together(kept.head, tables)
