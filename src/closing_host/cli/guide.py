"""`closing guide`: where an engagement stands in *Startguiden*, and what the next step is here or in the pages."""

from typing import TYPE_CHECKING, Final

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.wizard import Standing

NEXT: Final = {
    "source": "closing source list",
    "login": "closing connect {id}",
    "file": "closing import --engagement {id} FILE",
    "import": "closing import --engagement {id}",
    "running": "closing runs list",
    "done": "closing balances {id}",
}
"""The command that takes each step."""


def guide(engagement: str, /) -> None:
    """Show where an engagement stands in the start guide, and the command for its next step.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.engagements.register import find_engagement
    from closing_host.engagements.wizard import STEPS, standing

    words = session().words
    with house() as host:
        now = standing(host, find_engagement(host, engagement).id)
    command = NEXT[now.step].format(id=now.client.engagement.id)

    def human() -> None:
        output.line(now.client.engagement.name, style="bold")
        steps = STEPS[now.way] if now.way is not None else ()
        for each in steps:
            output.line(f"{_mark(now, each, steps)} {said[each]}")
        output.line(words.text("Next: {command}", command=command))

    labels = words.texts("Data source", "Log in", "SIE file", "Import")
    said = dict(zip(("source", "login", "file", "import"), labels, strict=True))
    data = {"engagement": now.client.engagement.id, "step": str(now.step), "next": command}
    output.result(data, human)


def _mark(now: "Standing", step: str, steps: tuple[str, ...]) -> str:
    here = "import" if now.step == "running" else str(now.step)
    if step == here:
        return "→"
    return "✓" if here not in steps or steps.index(step) < steps.index(here) else " "
