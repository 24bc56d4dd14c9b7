"""`closing runs`: imports and exports as they ran."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from closing_host.api.errors import ClosingError
from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.storage.runs import Run

app = App(name="runs", help="Imports and exports as they ran: list, show.")


@app.command(name="list")
def list_(*, limit: int = 20) -> None:
    """List the latest runs, newest first.

    Parameters
    ----------
    limit
        How many.
    """
    from closing_host.storage.runs import Runs

    with house() as host, host.store.database.read() as connection:
        found = Runs(connection, host.store.clock).newest(limit=limit)
    words = session().words
    titles = words.texts("Run", "Kind", "State", "Engagement", "Started", "By", "Outcome")

    def row(run: "Run") -> tuple[object, ...]:
        return (run.id, run.kind, _state(run), run.engagement_id, run.started_at, run.created_by, _outcome(run))

    output.result(
        [_data(run) for run in found],
        lambda: output.table("", titles, [row(run) for run in found]),
    )


@app.command
def show(
    run: str,
    /,
    *,
    report: Annotated[
        bool, Parameter(negative="", show_default=False, help="Write a file for support, without names and texts.")
    ] = False,
) -> None:
    """Show one run.

    Parameters
    ----------
    run
        The run's id, as messages state it.
    """
    from closing_host.engagements.run_report import report_of, report_text
    from closing_host.storage.runs import Runs

    words = session().words
    with house() as host:
        with host.store.database.read() as connection:
            found = Runs(connection, host.store.clock).get(run)
        if report:
            file = Path(f"closing-run-{found.id}.txt")
            file.write_text(report_text(report_of(host, found)), "utf-8")
            said = words.text("{file} holds what support needs, and no names or texts from the books.", file=file)
            output.result({"file": str(file)}, lambda: output.line(said))
            return
    pairs = {
        words.text("Run"): found.id,
        words.text("Kind"): found.kind,
        words.text("State"): _state(found),
        words.text("Engagement"): found.engagement_id,
        words.text("Started"): found.started_at,
        words.text("Ended"): found.finished_at,
        words.text("By"): found.created_by,
        words.text("Outcome"): _outcome(found),
    }
    output.result(_data(found), lambda: output.fields(pairs))


def _state(run: "Run") -> str:
    states = ("queued", "running", "done", "failed", "cancelled", "interrupted")
    said = session().words.texts("queued", "running", "done", "failed", "cancelled", "interrupted")
    return dict(zip(states, said, strict=True))[run.state]


def _outcome(run: "Run") -> str:
    words = session().words
    if run.error_code is not None:
        return words.error(
            ClosingError(run.error_code, detail=run.error_detail or "", **dict(run.error_parameters or {}))
        )
    if run.outcome is None:
        return ""
    if run.outcome.get("attachments"):
        return words.text("version {version}", version=run.outcome["attachments"])
    if not run.outcome.get("changed", True):
        return words.text("no changes")
    return words.text("snapshot {id}", id=run.outcome.get("snapshot", ""))


def _data(run: "Run") -> dict[str, object]:
    return {
        "id": run.id,
        "kind": run.kind,
        "state": run.state,
        "engagement": run.engagement_id,
        "year_start": run.year_start,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "by": run.created_by,
        "outcome": dict(run.outcome) if run.outcome is not None else None,
        "error": run.error_code,
        "error_parameters": dict(run.error_parameters or {}),
    }
