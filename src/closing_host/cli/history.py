"""`closing history`: an engagement's imports, and making an earlier one current again (*Ångra import*)."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.storage.snapshot_records import Snapshot


def history(
    engagement: str,
    /,
    *,
    year: Annotated[str | None, Parameter(help="A financial year, by where it begins or ends.")] = None,
    use: Annotated[str | None, Parameter(help="Make this snapshot current: number, fingerprint or previous.")] = None,
) -> None:
    """List the imports of an engagement; with --use, make one of them current again (undo an import).

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.cli.changes import show_since, since_shown
    from closing_host.cli.recognised import show_recognised
    from closing_host.engagements.books import find_snapshot, find_year
    from closing_host.engagements.recognising import make_current
    from closing_host.engagements.register import find_engagement

    words = session().words
    with house() as host:
        client = find_engagement(host, engagement)
        if use is not None:
            of = find_year(host, client, year)
            chosen = find_snapshot(host, client, of.year_start, use)
            made = make_current(host, client.id, chosen.id)
            found_since = since_shown(host, client, made.snapshot)
        start = find_year(host, client, year).year_start if year else None
        found = host.store.snapshots.history(client.id, start)

    def human() -> None:
        if use is not None:
            imported = words.instant(chosen.created_at)
            output.line(words.text("Snapshot {id} of {imported} is current again.", id=chosen.id, imported=imported))
            show_recognised(made.recognised, None)
            show_since(client.id, made.snapshot, found_since)
        titles = words.texts(
            "No.", "Current", "Financial year", "Imported", "By", "File or source", "Vouchers", "Fingerprint", "Run"
        )
        output.table("", titles, [_row(each) for each in found])

    output.result([_data(each) for each in found], human)


def _row(each: "Snapshot") -> tuple[object, ...]:
    return (
        each.id,
        "→" if each.current else "",
        f"{each.year_start} – {each.year_end}",
        each.created_at,
        each.created_by,
        each.provenance.get("file") or each.source_id,
        each.counts.get("vouchers"),
        each.fingerprint[:12],
        each.run_id,
    )


def _data(each: "Snapshot") -> dict[str, object]:
    return {
        "id": each.id,
        "current": each.current,
        "year_start": each.year_start,
        "year_end": each.year_end,
        "imported_at": each.created_at,
        "imported_by": each.created_by,
        "source": each.source_id,
        "source_version": each.source_version,
        "provenance": dict(each.provenance),
        "counts": dict(each.counts),
        "fingerprint": each.fingerprint,
        "raw": each.raw_sha,
        "run": each.run_id,
    }
