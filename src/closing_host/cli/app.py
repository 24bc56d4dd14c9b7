"""The commands as a table, the global options, and what an error looks like."""

import logging
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, CycloptsError, Group, Parameter

from closing_host.api.errors import ClosingError
from closing_host.cli import output
from closing_host.cli.session import begin, session
from closing_host.locale import Words

_BOOKS: Final = "Books"
_FILES: Final = "Files"
_HOUSE: Final = "House"

COMMANDS: Final[tuple[tuple[str, str, str, str], ...]] = (
    # name, where, group, help; modules are imported only when their command runs
    ("demo", "closing_host.cli.demo:demo", _HOUSE, "Play the main job on embedded defaults."),
    ("serve", "closing_host.cli.serve:serve", _HOUSE, "The pages in your browser, on this machine."),
    ("engagement", "closing_host.cli.engagement:app", _BOOKS, "Clients: new, list, show, new-year, openings."),
    ("import", "closing_host.cli.importing:import_", _BOOKS, "Import one or many files into their engagements."),
    ("guide", "closing_host.cli.guide:guide", _BOOKS, "Where an engagement stands, and its next step."),
    ("connect", "closing_host.cli.connection:connect", _BOOKS, "Log in to a data source and import."),
    ("disconnect", "closing_host.cli.connection:disconnect", _BOOKS, "End a connection; books and log stay."),
    ("connections", "closing_host.cli.connection:connections", _BOOKS, "Connections and how long they hold."),
    ("balances", "closing_host.cli.books:balances", _BOOKS, "Trial balance by account and month."),
    ("ledger", "closing_host.cli.books:ledger", _BOOKS, "One account with running balance."),
    ("vouchers", "closing_host.cli.books:vouchers", _BOOKS, "Vouchers with their rows."),
    ("analysis", "closing_host.cli.analysis:app", _BOOKS, "Transaction analysis: 31 checks of the vouchers."),
    ("periods", "closing_host.cli.periods:app", _BOOKS, "Periods: list, start, lock, unlock, divide."),
    ("reconcile", "closing_host.cli.reconcile:app", _BOOKS, "Balance accounts reconciled period by period."),
    ("results", "closing_host.cli.results:results", _BOOKS, "Result accounts beside last year's, by period."),
    ("attachments", "closing_host.cli.attachments:app", _BOOKS, "Open receivables and payables, explained."),
    ("export", "closing_host.cli.exporting:app", _BOOKS, "Closing entries into the source or a file."),
    ("entries", "closing_host.cli.entries:app", _BOOKS, "Closing entries (V and S): make, look at, change, undo."),
    ("system", "closing_host.cli.system_entries:app", _BOOKS, "System entries (S) by rule: tax, reserves, result."),
    ("report", "closing_host.cli.report:report", _BOOKS, "Reports of a period: reconciled, schedules, analysis."),
    ("archive", "closing_host.cli.archive:app", _BOOKS, "A closed period as one file to keep; verify it."),
    ("changes", "closing_host.cli.changes:changes", _BOOKS, "What changed in what is signed off or locked."),
    ("compare", "closing_host.cli.compare:compare", _BOOKS, "Exact differences between two ledgers."),
    ("history", "closing_host.cli.history:history", _BOOKS, "Imports of an engagement; --use undoes one."),
    ("check", "closing_host.cli.check:check", _FILES, "Check SIE files: findings by line, control sums."),
    ("convert", "closing_host.cli.convert:convert", _FILES, "SIE to Parquet, CSV, XLSX or SIE."),
    ("verify", "closing_host.cli.house:verify", _HOUSE, "Recompute fingerprints and the audit chain."),
    ("backup", "closing_host.cli.house:backup", _HOUSE, "Back up the data folder, also while it is in use."),
    ("restore", "closing_host.cli.house:restore", _HOUSE, "Restore a backup into an empty data folder."),
    ("source", "closing_host.cli.source:app", _HOUSE, "Data sources: list, set up, try, begin."),
    ("runs", "closing_host.cli.runs:app", _HOUSE, "Imports and exports as they ran."),
)

UNEXPECTED_EXIT_CODE: Final = 70
"""For faults of our own, as `sysexits` numbers an internal software error."""

GLOBAL: Final = Group("Options everywhere", sort_key=9)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code. Errors are told in words; only faults of our own leave a trace."""
    begin(lang=_option(arguments, "--lang"), json="--json" in arguments, data=None, safe_mode=False)
    try:
        app = _app(session().words)
        code = app.meta(list(arguments), exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        output.problem(str(error), hint=session().words.text("See closing --help."))
        return 2
    except ClosingError as error:
        output.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        output.problem(session().words.text("Stopped. Nothing half done is left behind."))
        return 130
    except BrokenPipeError:
        return 0
    except Exception:
        output.fault(traceback.format_exc())
        return UNEXPECTED_EXIT_CODE
    return code if isinstance(code, int) else 0


def _app(words: Words) -> App:
    app = App(
        name="closing",
        help=words.text("Year-end closing (bokslut) with pluggable data sources."),
        version=_version,
        help_format="plaintext",
    )
    groups = {group: Group(words.text(group)) for _, _, group, _ in COMMANDS}
    for name, where, group, help_text in COMMANDS:
        app.command(where, name=name, help=words.text(help_text), group=groups[group])

    @app.meta.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        lang: Annotated[str | None, Parameter(group=GLOBAL, help="Language: sv or en.")] = None,
        json: Annotated[
            bool, Parameter(group=GLOBAL, negative="", show_default=False, help="Print JSON instead of tables.")
        ] = False,
        data: Annotated[Path | None, Parameter(group=GLOBAL, help="The data folder.")] = None,
        safe_mode: Annotated[
            bool, Parameter(group=GLOBAL, negative="", show_default=False, help="Load no data sources.")
        ] = False,
        verbose: Annotated[
            bool, Parameter(group=GLOBAL, negative="", show_default=False, help="Print the log.")
        ] = False,
    ) -> object:
        logging.basicConfig(level=logging.INFO if verbose else logging.CRITICAL)
        begin(lang=lang, json=json, data=data, safe_mode=safe_mode)
        return app(tokens, exit_on_error=False, print_error=False, result_action="return_value")

    return app


def _version() -> str:
    from importlib.metadata import version

    return version("closing-host")


def _option(arguments: Sequence[str], name: str) -> str | None:
    """The value of an option before the arguments are parsed, so that parse errors speak the right language."""
    for index, argument in enumerate(arguments):
        if argument == name and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
    return None
