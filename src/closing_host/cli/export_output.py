"""How an export and its checks are shown: a line for each voucher, in words, with the clock time of the next look."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from closing_host.api.errors import ClosingError
from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.closing.preflight import Preflight, PreflightFinding
    from closing_host.transfers.exporting.views import BatchView, VoucherView

_STYLES = {"error": "red", "warning": "yellow", "info": "dim"}


def show_batch(view: "BatchView", source: str) -> None:
    """The whole in one line, then each voucher, then why it stopped or waits."""
    from closing_host.transfers.exporting.words import batch_says, voucher_says

    words = session().words
    output.line(_said(*batch_says(view, source)), style="bold")
    for voucher in view.vouchers:
        said = _said(*voucher_says(voucher, source))
        output.line("  " + (f"{said} ({voucher.detail})" if voucher.detail and voucher.state == "REJECTED" else said))
        _show_difference(voucher)
        _show_reversals(voucher)
    if view.reason and all(each.reason != view.reason for each in view.vouchers):
        told = {"source": source, **view.parameters}
        output.line(words.error(ClosingError(view.reason, detail=view.detail, **told)), style="yellow")
    output.line(
        words.text(
            "Export {id}, approved by {by} {at}.", id=view.id, by=view.approved_by, at=words.instant(view.approved_at)
        ),
        style="dim",
    )


def _show_difference(voucher: "VoucherView") -> None:
    words, difference = session().words, voucher.difference or {}
    if "date" in difference:
        sent, found = difference["date"]
        output.line("    " + words.text("Dated {found}, not {sent}.", found=found, sent=sent))
    for title, rows in (("Not there", difference.get("missing", ())), ("There instead", difference.get("added", ()))):
        label = dict(zip(("Not there", "There instead"), words.texts("Not there", "There instead"), strict=True))[title]
        for account, amount, *_ in rows:
            output.line(f"    {label}: {account} {words.amount(amount)}")


def _show_reversals(voucher: "VoucherView") -> None:
    words = session().words
    for content in voucher.reversals:
        rows = ", ".join(f"{row.account} {words.amount(row.amount)}" for row in content.rows)
        said = words.text("Proposed: {text}, {date}: {rows}.", text=content.text, date=content.date, rows=rows)
        output.line(f"    {said}", style="yellow")


def show_preflight(checked: "Preflight", source: str) -> None:
    """The findings, the worst first, and what can go."""
    words = session().words
    for finding in sorted(checked.findings, key=lambda each: list(_STYLES).index(each.severity)):
        output.line(
            words.message(finding.code, {"source": source, **finding.parameters}), style=_STYLES[finding.severity]
        )
    going = [each.label for each in checked.entries if each.state != "blocked"]
    if going:
        output.line(words.text("Can be exported: {entries}.", entries=", ".join(going)))
    if usable := [f"{each.code} {each.description}".strip() for each in checked.series if each.usable]:
        output.line(words.text("Series that take vouchers: {series}.", series=", ".join(usable)), style="dim")


def preflight_data(checked: "Preflight") -> dict[str, Any]:
    """The checks' answer for JSON."""
    return {
        "state": checked.state,
        "checks": [{"check": each.id, "outcome": each.outcome, "reason": each.reason} for each in checked.checks],
        "entries": [{"entry": each.label, "state": each.state} for each in checked.entries],
        "findings": [_finding_data(each) for each in checked.findings],
        "series": [
            {"series": each.code, "description": each.description, "next": each.next_number, "usable": each.usable}
            for each in checked.series
        ],
    }


def batch_data(view: "BatchView") -> dict[str, Any]:
    """An export for JSON."""
    return {
        "export": view.id,
        "engagement": view.engagement_id,
        "year_start": view.year_start,
        "state": str(view.state),
        "booked": view.booked,
        "of": len(view.vouchers),
        "approved_by": view.approved_by,
        "approved_at": view.approved_at,
        "reason": view.reason,
        "reason_parameters": dict(view.parameters),
        "detail": view.detail,
        "next_look": view.next_look,
        "held_until": view.held_until,
        "vouchers": [_voucher_data(each) for each in view.vouchers],
    }


def _voucher_data(voucher: "VoucherView") -> dict[str, Any]:
    return {
        "entry": voucher.label,
        "state": str(voucher.state),
        "series": voucher.booked_series or voucher.series,
        "number": voucher.number,
        "evidence": voucher.evidence,
        "sendings": voucher.attempts,
        "reason": voucher.reason,
        "reason_parameters": dict(voucher.parameters),
        "detail": voucher.detail,
        "next_look": voucher.next_look,
        "found": list(voucher.found),
        "reversals": [
            {
                "date": each.date,
                "text": each.text,
                "rows": [{"account": row.account, "amount": Ore(row.amount)} for row in each.rows],
            }
            for each in voucher.reversals
        ],
    }


def _finding_data(finding: "PreflightFinding") -> dict[str, Any]:
    said = session().words.message(finding.code, finding.parameters)
    return {"code": finding.code, "severity": finding.severity, "row": finding.row, "message": said}


def _said(code: str, places: Mapping[str, object]) -> str:
    words = session().words
    local = {name: words.instant(value) if isinstance(value, datetime) else value for name, value in places.items()}
    return words.message(code, local)
