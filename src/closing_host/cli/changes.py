"""`closing changes`: what imports changed in what is signed off, locked or exported, the gravest first; and the line
about it that follows an import."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from closing_host.cli import output
from closing_host.cli.entry_output import status_words
from closing_host.cli.opened import house
from closing_host.cli.output import Ore
from closing_host.cli.period_changes import change_data, show_change
from closing_host.cli.reconcile_output import period_name
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.api.ledger import Ledger
    from closing_host.engagements.changed_accounts import AccountChange
    from closing_host.engagements.changed_since import ChangedSince
    from closing_host.engagements.host import Host
    from closing_host.storage.engagements import Engagement
    from closing_host.storage.snapshot_records import Snapshot
    from closing_host.transfers.importing import Imported

UNCHANGED: Final = 0
CHANGED: Final = 1

SHOWN: Final = 5
"""Vouchers that are named of an account; the rest is counted."""


def changes(books: str, /) -> int:
    """What changed in what is signed off: locked periods with their vouchers and figures, accounts that were done,
    exported entries. Exit code: 0 nothing, 1 something. All other differences: closing compare BOOKS@previous BOOKS.

    Parameters
    ----------
    books
        ENGAGEMENT[/YEAR].
    """
    from closing_host.engagements.changed_since import changed_since
    from closing_host.engagements.effective import open_effective

    with house() as host:
        effective = open_effective(host, books)
        found = changed_since(host, effective)
        source = host.sources.sources.get(effective.books.engagement.source_id)
        name = source.info.name if source else effective.books.engagement.source_id
    output.result(_data(found), lambda: _show(found, name))
    return CHANGED if found.count else UNCHANGED


def since_shown(
    host: "Host", engagement: "Engagement", snapshot: "Snapshot", ledger: "Ledger | None" = None
) -> "ChangedSince | None":
    """What has changed so in the import that is shown now; None when nothing of its year is signed off, locked or
    exported. `ledger`: what it brought, where that is at hand."""
    from closing_host.engagements.books import Books
    from closing_host.engagements.changed_since import at_stake, changed_since
    from closing_host.engagements.effective import effective

    if not at_stake(host, engagement.id, snapshot.year_start):
        return None
    if ledger is None:
        ledger = host.store.snapshots.load(engagement.id, snapshot.id)
    return changed_since(host, effective(host, Books(engagement, snapshot, ledger)))


def since_import(host: "Host", imported: "Imported") -> "ChangedSince | None":
    """The same for an import that was just made."""
    return since_shown(host, imported.engagement, imported.published.snapshot, imported.ledger)


def show_since(engagement_id: int, snapshot: "Snapshot", found: "ChangedSince | None") -> None:
    """The line that follows an import, or one that was undone."""
    from closing_host.engagements.changed_since_words import changes_in_words

    if found is None or not found.count:
        return
    words = session().words
    output.line(" ".join(changes_in_words(words, found)), style="yellow")
    books = f"{engagement_id}/{snapshot.year_end.year}"
    output.line(words.text("What changed: closing changes {books}", books=books), style="yellow")


def since_data(found: "ChangedSince | None") -> dict[str, int]:
    """The same for programs."""
    return dict(found.counts) if found is not None else {}


def _show(found: "ChangedSince", source: str) -> None:
    from closing_host.engagements.changed_since_words import changes_in_words

    words = session().words
    if not found.count:
        output.line(words.text("Nothing that is signed off, locked or exported has changed."))
        return
    output.line(" ".join(changes_in_words(words, found)), style="bold")
    for change in sorted(found.periods, key=lambda each: not each.locked):
        show_change(change)
    if found.accounts:
        titles = words.texts("Period", "Account", "Name", "What", "Signed off", "Now", "What moved it")
        rows = [row for each in found.accounts for row in _account(each)]
        output.table(words.text("Changed after sign-off"), titles, rows)
    for entry in found.entries:
        output.line(f"{entry.label} {entry.content.text}: {status_words(entry, source)}", style="yellow")


def _account(each: "AccountChange") -> Iterator[tuple[object, ...]]:
    """A line for each figure that moved; what moved the balance stands beside that."""
    words = session().words
    said = {"closing": words.text("Closing balance"), "reconciled": words.text("Reconciled amount")}
    for one in each.moved:
        by = _moved_by(each) if one.figure == "closing" else ""
        period = period_name(each.period.period)
        yield period, each.account, each.name, said[one.figure], _ore(one.before), _ore(one.after), by


def _moved_by(each: "AccountChange") -> str:
    """The vouchers that moved the balance, and whether closing entries did."""
    words = session().words
    parts = [
        f"{row['series']} {row['number']} {words.date(row['date'])}".strip()
        if row["series"] is not None
        else words.text("Opening balance")
        for row in each.vouchers.head(SHOWN).iter_rows(named=True)
    ]
    if (more := each.vouchers.height - SHOWN) > 0:
        parts.append(words.plural("… and {count} more", "… and {count} more", more))
    if each.other:
        parts.append(words.text("Closing entries"))
    return ", ".join(parts)


def _ore(amount: int | None) -> Ore | None:
    return None if amount is None else Ore(amount)


def _data(found: "ChangedSince") -> dict[str, Any]:
    return {
        "counts": dict(found.counts),
        "periods": [{"locked": each.locked, **change_data(each)} for each in found.periods],
        "accounts": [
            {
                "period": each.period.key,
                "account": each.account,
                "name": each.name,
                "signed_by": each.signed.by,
                "signed_at": each.signed.at,
                "moved": [
                    {"figure": one.figure, "before": _ore(one.before), "after": _ore(one.after)} for one in each.moved
                ],
                "vouchers": [
                    {
                        "series": row["series"],
                        "number": row["number"],
                        "date": row["date"],
                        "before": Ore(row["before"]),
                        "after": Ore(row["after"]),
                    }
                    for row in each.vouchers.iter_rows(named=True)
                ],
                "other": Ore(each.other),
            }
            for each in found.accounts
        ],
        "entries": [{"entry": each.label, "status": str(each.status)} for each in found.entries],
    }
