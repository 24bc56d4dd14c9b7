"""Words for the values that pages show: states, steps, forms of company, parts of a comparison."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from closing_host.ledgers.not_compared import NotCompared
from closing_host.locale import Words

# English text for each value; `labels.<TABLE>` is what the catalogue's test collects.
CONNECTION_STATES: Final[Mapping[str, str]] = {
    "not-connected": "Not connected",
    "awaiting-consent": "Awaiting consent",
    "connected": "Connected",
    "expires-soon": "Expires soon",
    "expired": "Expired",
    "revoked": "Revoked",
    "disconnected": "Disconnected",
}
RUN_STATES: Final[Mapping[str, str]] = {
    "queued": "waiting",
    "running": "running",
    "done": "done",
    "failed": "failed",
    "cancelled": "stopped",
    "interrupted": "broken off",
}
STAGES: Final[Mapping[str, str]] = {"": "Reading", "read": "Reading", "fetch": "Fetching", "compare": "Comparing"}
STEPS: Final[Mapping[str, str]] = {
    "source": "Data source",
    "login": "Log in",
    "file": "SIE file",
    "company": "Is this right?",
    "period": "Reconciliation period",
    "import": "Import",
    "accounts": "Control accounts",
    "done": "All set",
}
PERIODS: Final[Mapping[str, str]] = {"month": "Month", "quarter": "Quarter", "year": "Year only"}
FORMS: Final[Mapping[str, str]] = {
    "AB": "Limited company (AB)",
    "E": "Sole trader (EF)",
    "EF": "Sole trader (EF)",
    "HB": "Trading partnership (HB)",
    "KB": "Limited partnership (KB)",
    "EK": "Economic association (EK)",
    "BRF": "Housing cooperative (BRF)",
    "BF": "Housing cooperative (BRF)",
    "I": "Non-profit association",
    "S": "Foundation",
}
OUTCOMES: Final[Mapping[str, str]] = {"passed": "Passed", "found": "Found something", "could_not_run": "Could not run"}
PARTS: Final[Mapping[str, str]] = {
    "totals": "Sums of accounts that differ",
    "months": "What vouchers moved, by account and month",
    "vouchers": "Vouchers",
    "balances": "Stated balances",
    "accounts": "Accounts",
    "objects": "Dimensions and objects",
    "company": "Company and years",
    "not_compared": "Not compared",
}


def connection_state(words: Words, state: str) -> str:
    """*Ansluten*, *Går snart ut* …"""
    return words.text(CONNECTION_STATES[state])


def run_state(words: Words, state: str) -> str:
    """How a run stands."""
    return words.text(RUN_STATES[state])


def stage(words: Words, stage: str) -> str:
    """What a running import does; a stage of a source that we have no word for is the source's own."""
    return words.text(STAGES[stage]) if stage in STAGES else stage


def step(words: Words, step: str) -> str:
    """A step of *Startguiden*."""
    return words.text(STEPS[step])


def period(words: Words, period: str) -> str:
    """How often is reconciled."""
    return words.text(PERIODS[period])


def form(words: Words, code: str) -> str:
    """A form of company by SIE's #FTYP; an unknown code as it stands."""
    return words.text(FORMS[code.upper()]) if code.upper() in FORMS else code


def outcome(words: Words, outcome: str) -> str:
    """How an import control ended."""
    return words.text(OUTCOMES[outcome])


def part(words: Words, name: str) -> str:
    """A part of a comparison."""
    return words.text(PARTS[name])


def company_field(words: Words, field: str) -> str:
    """A particular of the company as a comparison names it: `company.name`, `currency`, `years.0`."""
    table, _, index = field.partition(".")
    if table == "years":
        return f"{words.message('field-years', {})} {year_before(words, int(index))}".strip()
    return words.message(f"field-{field}", {})


def year_before(words: Words, index: int) -> str:
    """A year by its index: nothing for the ledger's own."""
    return words.plural("({count} year before)", "({count} years before)", -index) if index < 0 else ""


def not_compared(words: Words, stated: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """What was not compared, one sentence for each reason, with the names of the fields and the side."""
    sides = {"a": words.text("the first one"), "b": words.text("the second one")}
    fields: dict[tuple[str, str, object], list[str]] = {}
    for each in (NotCompared(**one) for one in stated):
        names = fields.setdefault((each.code, sides[each.side], each.parameters.get("year", "")), [])
        names.append(words.message(each.field_code, {}))
    return tuple(
        words.message(code, {"side": side, "year": year, "field": ", ".join(names)})
        for (code, side, year), names in fields.items()
    )
