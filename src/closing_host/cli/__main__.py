"""`python -m closing_host.cli` is the `closing` script."""

from closing_host.cli import main

main()
