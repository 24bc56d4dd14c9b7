"""A heading between the parts of the demo."""

from closing_host.cli import output


def step(title: str) -> None:
    """Say what comes next."""
    output.line()
    output.line(f"── {title}", style="bold cyan")
