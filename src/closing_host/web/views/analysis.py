"""*Transaktionsanalys*: the checks of a year or period, what they found, and the engagement's choice of checks."""

from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.analysis import CHECKS
from closing_host.closing.analysis.choices import standard_of
from closing_host.web import reconciliation_words
from closing_host.web.analysis_lines import check_lines, frozen_lines
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission
from closing_host.web.years import shown_year


def analysis(call: Call) -> Response:
    """All checks, the gravest first; `?check=` shows all findings of one. In a locked period what was frozen."""
    shown = shown_year(call)
    year = shown["year"]
    period = call.query("period")[:20]
    desk = call.desk.analysis(year)
    frozen = desk.frozen(period)
    if frozen is not None:
        return call.page(
            "analysis_frozen.html",
            frozen=frozen,
            lines=frozen_lines(call.words, frozen),
            period=period,
            periods=desk.periods,
            saying=reconciliation_words,
            **shown,
        )
    return _found(call, shown, period, whole=call.query("check")[:40])


def decide(call: Call) -> Response:
    """Be done with findings, or open them again; what cannot be done comes back to its check as it was typed."""
    shown = shown_year(call)
    findings = [value for value in call.form.getlist("finding") if isinstance(value, str)]
    desk, period, check = call.desk.analysis(shown["year"]), call.field("period")[:20], call.field("check")[:40]
    if (frozen := desk.frozen(period)) is not None:
        raise ClosingError("period-locked", period=frozen.period.key)
    found = desk.found(period)
    try:
        if not findings:
            raise DataError("finding-none-chosen")
        if call.field("action") == "reopen":
            desk.reopen(found, findings)
        else:
            desk.mark_done(found, findings, call.field("comment"))
    except DataError as error:
        refused = Refused(error, check, frozenset(findings), call.field("comment"))
        return _found(call, shown, period, whole=check, refused=refused)
    return call.go(f"{_address(call, shown)}&period={period}#{check}")


def checks(call: Call) -> Response:
    """Which checks run; the form of an own one for `?standard=`."""
    shown = shown_year(call)
    standard = call.query("standard")[:40]
    return _checks(call, shown, standard=standard_of(standard) if standard else None)


def change(call: Call) -> Response:
    """Switch a check off or on, add or remove an own one."""
    shown = shown_year(call)
    desk, check, action = call.desk.analysis(shown["year"]), call.field("check")[:40], call.field("action")
    match action:
        case "off":
            desk.switch_off(check, call.field("reason"))
        case "on":
            desk.switch_on(check)
        case "remove":
            desk.remove_check(check)
        case _:
            standard = standard_of(check)
            values = {each.name: call.field(each.name) for each in standard.parameters if call.field(each.name)}
            try:
                desk.add_check(check, call.field("name"), values)
            except DataError as error:
                return _checks(
                    call, shown, standard=standard, error_found=error, typed=dict(values, name=call.field("name"))
                )
    return call.go(f"/engagements/{call.desk.id}/analysis/checks?year={shown['year'].year_end}")


@dataclass(frozen=True, slots=True)
class Refused:
    """What could not be done with findings of a check: why, which were ticked, and what was typed."""

    why: DataError
    check: str
    findings: frozenset[str]
    comment: str


def _found(call: Call, shown: dict[str, Any], period: str, *, whole: str, refused: Refused | None = None) -> Response:
    desk = call.desk.analysis(shown["year"])
    found = desk.found(period)
    lines = check_lines(call.words, found, whole=whole)
    return call.page(
        "analysis.html",
        422 if refused else 200,
        found=found,
        lines=lines,
        period=period,
        periods=desk.periods,
        open_checks=sum(line.state == "red" for line in lines),
        refused=refused,
        refused_at=next((line.id for line in lines if refused and line.id == refused.check), ""),
        saying=reconciliation_words,
        **shown,
    )


def _checks(call: Call, shown: dict[str, Any], **values: Any) -> Response:
    choices = call.desk.analysis(shown["year"]).choices()
    values = {"standard": None, "error_found": None, "typed": {}, **values}
    return call.page(
        "analysis_checks.html",
        422 if values["error_found"] else 200,
        checks=CHECKS,
        off={each.id: each for each in choices if not each.standard},
        own=[each for each in choices if each.standard],
        by_id={each.id: each for each in CHECKS},
        **values,
        **shown,
    )


def _address(call: Call, shown: dict[str, Any]) -> str:
    return f"/engagements/{call.desk.id}/analysis?year={shown['year'].year_end}"


_ANALYSIS: Final = "/engagements/{engagement:int}/analysis"

PAGES = (
    Page("GET", _ANALYSIS, analysis, Permission.READ),
    Page("POST", _ANALYSIS, decide, Permission.ANALYSE),
    Page("GET", f"{_ANALYSIS}/checks", checks, Permission.READ),
    Page("POST", f"{_ANALYSIS}/checks", change, Permission.ANALYSE),
)
