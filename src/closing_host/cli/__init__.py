"""The command line: one module per command group. `closing --help` lists them."""

import sys


def main() -> None:
    """Entry of the `closing` script: run the command that the arguments name and exit with its code."""
    from closing_host.cli.app import run

    sys.exit(run(sys.argv[1:]))
