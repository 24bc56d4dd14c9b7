"""`closing source`: the data sources that are installed, and what is wrong with those that cannot be used."""

from typing import TYPE_CHECKING

from cyclopts import App

from closing_host.cli import output
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.sources.facade import DataSource
    from closing_host.sources.problems import PluginProblem

app = App(name="source", help="Data sources.")
app.command("closing_host.cli.setup:setup", name="setup")
app.command("closing_host.cli.source_new:new", name="new")
app.command("closing_host.cli.source_tried:try_out", name="test")
app.command("closing_host.cli.source_quality:quality", name="quality")


@app.command(name="list")
def list_() -> None:
    """List data sources, and the problems of those that cannot be used."""
    from closing_host.sources.registry import discover

    registry = discover(safe_mode=session().safe_mode)
    words = session().words
    sources = list(registry.sources.values())

    def human() -> None:
        titles = words.texts("Source", "Name", "Distribution", "Version", "Can do")
        output.table("", titles, [_row(each) for each in sources])
        if registry.problems:
            titles = words.texts("Source", "Distribution", "Version", "Stage", "Problem")
            output.table(
                words.text("Cannot be used"),
                titles,
                [_problem_row(each) for each in registry.problems],
            )
        if session().safe_mode:
            output.line(words.text("Safe mode: no data source is loaded."))

    data = {
        "sources": [
            {
                "id": each.id,
                "name": each.info.name,
                "distribution": each.distribution,
                "version": each.version,
                "operations": sorted(each.operations),
            }
            for each in sources
        ],
        "problems": [
            {
                "id": each.source,
                "distribution": each.distribution,
                "version": each.version,
                "stage": each.stage,
                "code": each.code,
                "message": words.message(each.code, each.parameters),
            }
            for each in registry.problems
        ],
    }
    output.result(data, human)


def _row(source: "DataSource") -> tuple[object, ...]:
    return (source.id, source.info.name, source.distribution, source.version, ", ".join(sorted(source.operations)))


def _problem_row(problem: "PluginProblem") -> tuple[object, ...]:
    said = session().words.message(problem.code, problem.parameters)
    return (problem.source, problem.distribution, problem.version, problem.stage, said)
