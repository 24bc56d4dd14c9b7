"""`closing guide`: where an engagement stands in *Startguiden*, its next step, and the answers that it asks for."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.cli.next_step_commands import Told
    from closing_host.engagements.host import Host
    from closing_host.engagements.wizard import Standing

NEXT: Final = {
    "source": "closing source list",
    "login": "closing connect {id}",
    "file": "closing import --engagement {id} FILE",
    "company": "closing guide {id} --confirm",
    "period": "closing guide {id} --period month",
    "import": "closing import --engagement {id}",
    "running": "closing runs list",
    "accounts": "closing guide {id} --confirm",
}
"""The command that takes each step; when all are done the year's own next steps follow."""

Form = Literal["AB", "E", "HB", "KB", "EK", "BRF", "I", "S"]


def guide(
    engagement: str,
    /,
    *,
    confirm: Annotated[
        bool, Parameter(negative="", show_default=False, help="The step where it stands is right as it is.")
    ] = False,
    form: Annotated[Form | None, Parameter(help="The form of company, as SIE names it.")] = None,
    framework: Annotated[Literal["K2", "K3"] | None, Parameter(help="The accounting framework.")] = None,
    period: Annotated[
        Literal["month", "quarter", "year"] | None, Parameter(help="How often balance accounts are reconciled.")
    ] = None,
    receivables: Annotated[str | None, Parameter(help="Control accounts, with a space between several.")] = None,
    payables: Annotated[str | None, Parameter(help="Control accounts, with a space between several.")] = None,
    series: Annotated[str | None, Parameter(help="The voucher series that exports preselect.")] = None,
) -> None:
    """Show where an engagement stands in the start guide, and the command for its next step; with options, answer it.
    When the guide is done, show what the year wants next, the most urgent first.

    Parameters
    ----------
    engagement
        Number, organisation number or name.
    """
    from closing_host.engagements import setup
    from closing_host.engagements.attachment_choices import choose_accounts
    from closing_host.engagements.closing_series import choose_series
    from closing_host.engagements.register import find_engagement
    from closing_host.engagements.wizard import Step, standing

    with house() as host:
        id = find_engagement(host, engagement).id
        step = standing(host, id).step if confirm else None
        if form or framework or step is Step.COMPANY:
            setup.confirm_company(host, id, form=form or "", framework=framework)
        if period or step is Step.PERIOD:
            setup.choose_period(host, id, period or setup.USUAL_PERIOD)
        if receivables:
            asyncio.run(choose_accounts(host, str(id), "receivables", receivables.split()))
        if payables:
            asyncio.run(choose_accounts(host, str(id), "payables", payables.split()))
        if series:
            choose_series(host, id, series)
        if receivables or payables or series or step is Step.ACCOUNTS:
            setup.confirm_accounts(host, id)
        now = standing(host, id)
        _show(now, _year_wants(host, now) if now.step is Step.DONE else [])


def _year_wants(host: "Host", now: "Standing") -> "list[Told]":
    from closing_host.cli.next_step_commands import told
    from closing_host.engagements.year_overview import read_year_overview

    overview = read_year_overview(host, now)
    return [told(now, overview.year, each) for each in overview.next]


def _show(now: "Standing", wanted: "list[Told]") -> None:
    words = session().words
    client = now.client.engagement
    command = wanted[0].command if wanted else NEXT[now.step].format(id=client.id)
    labels = words.texts(
        *("Data source", "Log in", "SIE file", "Is this right?", "Reconciliation period", "Import"),
        *("Control accounts", "All set"),
    )
    steps = ("source", "login", "file", "company", "period", "import", "accounts", "done")
    said = dict(zip(steps, labels, strict=True))

    def human() -> None:
        output.line(client.name, style="bold")
        for each in now.steps:
            output.line(f"{_mark(now, each)} {said[each]}{_answer(now, each)}")
        for place, step in enumerate(wanted):
            output.line(step.text)
            if place and step.command:
                output.line(words.text("Then: {command}", command=step.command))
            elif step.command:
                output.line(words.text("Next: {command}", command=step.command))
        if not wanted:
            output.line(words.text("Next: {command}", command=command))

    data = {
        "engagement": client.id,
        "step": str(now.step),
        "passed": [str(each) for each in now.steps if each in now.passed],
        "form": client.form,
        "framework": now.setup.framework,
        "period": now.setup.period,
        "next": command or None,
        "next_steps": [each.data for each in wanted],
    }
    output.result(data, human)


def _answer(now: "Standing", step: str) -> str:
    """What was answered, or what there is to look at."""
    from closing_host.ledgers import organisation

    words, client = session().words, now.client
    number = organisation.display(client.engagement.organisation_number or "")
    years = [f"{year.year_start} – {year.year_end}" for year, _ in client.years]
    periods = dict(zip(("month", "quarter", "year"), words.texts("Month", "Quarter", "Year only"), strict=True))
    stated = {
        "source": (now.source_name,),
        "company": (number, client.engagement.form, now.setup.framework, *years),
        "period": (periods.get(now.setup.period, ""),),
    }
    told = ", ".join(each for each in stated.get(step, ()) if each)
    return f": {told}" if told else ""


def _mark(now: "Standing", step: str) -> str:
    if step == ("import" if now.step == "running" else now.step) and step != "done":
        return "→"
    return "✓" if step in now.passed else " "
