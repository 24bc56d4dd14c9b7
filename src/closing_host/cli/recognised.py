"""What an import says of closing entries, in words and as data."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from closing_host.cli import output
from closing_host.cli.output import Ore
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.api.errors import ClosingError
    from closing_host.api.vouchers import DraftRow
    from closing_host.closing.recognition import Difference, Recognised

_STYLES: Final = {"error": "bold red", "warning": "yellow", "info": None}


def show_recognised(recognised: "Sequence[Recognised]", not_asked: "ClosingError | None") -> None:
    """One line for each thing that was found; under a changed entry what is gone and what was added."""
    words = session().words
    for each in recognised:
        for finding in each.findings:
            output.line(words.message(finding.code, finding.parameters), style=_STYLES[finding.severity])
        if each.difference is not None:
            for line in _differences(each.difference):
                output.line(line)
    if not_asked is not None:
        output.line(words.message("recognition-not-asked", {}), style="yellow")
        output.line(words.error(not_asked), style="yellow")


def recognised_data(recognised: "Sequence[Recognised]") -> list[dict[str, Any]]:
    """The same for JSON."""
    words = session().words
    return [
        {
            "entry": each.entry.label,
            "outcome": each.outcome,
            "status": str(each.status),
            "voucher": " ".join(each.place).strip() if each.place else "",
            "counts": each.counts,
            "findings": [
                {
                    "code": one.code,
                    "severity": one.severity,
                    "message": words.message(one.code, one.parameters),
                }
                for one in each.findings
            ],
            "difference": None if each.difference is None else _difference_data(each.difference),
        }
        for each in recognised
    ]


def _differences(difference: "Difference") -> list[str]:
    words = session().words
    lines = []
    if difference.dates is not None:
        sent, now = difference.dates
        lines.append(words.text("  date: {sent} → {now}", sent=sent, now=now))
    if difference.texts is not None:
        sent_text, now_text = difference.texts
        lines.append(words.text("  text: {sent} → {now}", sent=sent_text, now=now_text))
    for sign, rows in (("−", difference.gone), ("+", difference.added)):
        lines += [f"  {sign} {_row(row)}" for row in rows]
    return lines


def _row(row: "DraftRow") -> str:
    objects = " ".join(f"{dimension}:{code}" for dimension, code in row.objects)
    return f"{row.account} {session().words.amount(row.amount)} {objects}".rstrip()


def _difference_data(difference: "Difference") -> dict[str, Any]:
    def rows(several: "Sequence[DraftRow]") -> list[dict[str, Any]]:
        return [
            {"account": row.account, "amount": Ore(row.amount), "objects": [f"{d}:{code}" for d, code in row.objects]}
            for row in several
        ]

    return {
        "gone": rows(difference.gone),
        "added": rows(difference.added),
        "dates": None if difference.dates is None else list(difference.dates),
        "texts": None if difference.texts is None else list(difference.texts),
    }
