"""How findings and import controls are shown: what, where, and what to do next."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from closing_host.cli import output
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.api.ledger import Finding
    from closing_host.ledgers.controls import ControlResult

OUTCOMES = {"passed": "✓", "found": "✗", "could_not_run": "–"}


def finding_of(row: Mapping[str, Any]) -> "Finding":
    """A row of the findings table as a record."""
    from closing_host.api.ledger import Finding

    parameters = {each["name"]: each["value"] for each in row["parameters"] or []}
    return Finding(row["code"], row["severity"], row["line"], row["column"], row["text"], parameters)


def words_of(finding: "Finding") -> str:
    """The finding in words; its line, column and text fill the message's places too."""
    places = {"line": finding.line, "column": finding.column, "text": finding.text}
    return session().words.message(finding.code, {**places, **finding.parameters})


def finding_data(finding: "Finding") -> dict[str, object]:
    """A finding for JSON."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "line": finding.line,
        "column": finding.column,
        "text": finding.text,
        "parameters": {name: str(value) for name, value in finding.parameters.items()},
        "message": words_of(finding),
    }


def control_data(result: "ControlResult") -> dict[str, object]:
    """A control's result for JSON and for the snapshot's record."""
    words = session().words
    return {
        "id": result.id,
        "name": words.message(result.code, {}),
        "severity": result.severity,
        "outcome": result.outcome,
        "count": result.count,
        "reason": words.message(result.reason, result.parameters) if result.reason else "",
        "findings": [finding_data(each) for each in result.findings],
    }


def show_findings(findings: Sequence["Finding"], limit: int) -> None:
    """Findings by line, the gravest first where there is no line; says how many are not shown."""
    words = session().words
    if not findings:
        return
    titles = words.texts("Line", "Severity", "Finding")
    severities = dict(zip(("error", "warning", "info"), words.texts("error", "warning", "note"), strict=True))
    rows = [(each.line, severities[each.severity], words_of(each)) for each in findings[:limit]]
    output.table("", titles, rows)
    if len(findings) > limit:
        more = len(findings) - limit
        output.line(
            words.plural("{count} more finding: --all shows it.", "{count} more findings: --all shows them.", more)
        )


def show_controls(results: Iterable["ControlResult"]) -> None:
    """One line per control, with what it found under it."""
    words = session().words
    rows: list[tuple[object, ...]] = []
    for each in results:
        said = words.message(each.reason, each.parameters) if each.reason else ""
        found = [words_of(finding) for finding in each.findings[:3]]
        if each.count > len(found):
            found.append(words.plural("… and {count} more", "… and {count} more", each.count - len(found)))
        rows.append((OUTCOMES[each.outcome], each.id, words.message(each.code, {}), said or "\n".join(found)))
    output.table(words.text("Import checks"), words.texts("", "Id", "Check", "Result"), rows)
