"""What the pre-flight checks are told beside entries and terms, and what they answer (P 7.6.3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from closing_host.api.errors import ClosingError
from closing_host.api.ledger import Severity
from closing_host.api.vouchers import VoucherRecord
from closing_host.closing.entries import Kind

CheckId = Literal[
    "E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "E10", "E11", "E12", "E13", "E14", "E15",
    "E16",
]  # fmt: skip

Outcome = Literal["passed", "found", "could_not_run"]

State = Literal["ok", "tick", "blocked"]


@dataclass(frozen=True, slots=True)
class PreflightFacts:
    """What the host knows. `source` is the source's name, for words; `series` the chosen series for each kind.

    `organisation_number` is the engagement's, `account_id` the connection's (None: not to be compared).
    `connection_problem`: why the connection cannot be used, None when it can. `unlockable_series`: those that the
    user marked *Ej låsbar bokslutsserie*. `found`: vouchers that carry a marker of the entry (by its id); None when
    the source has not been asked. `changed`: by the period of an entry (`EntryContent.period`), the accounts that are
    *Ändrad efter klar* in it; None when there are no books to tell it by. `outdated`: entries (by id) of a rule that
    wants something else by now.
    """

    source: str
    series: Mapping[Kind, str]
    organisation_number: str | None
    account_id: str | None = None
    connection_problem: ClosingError | None = None
    unlockable_series: frozenset[str] = frozenset()
    found: Mapping[int, tuple[VoucherRecord, ...]] | None = None
    changed: Mapping[str, tuple[str, ...]] | None = None
    outdated: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PreflightFinding:
    """One thing that a check found. `code` and `parameters` give its words.

    `entry` is the id of the closing entry, None when it concerns the whole export; `row` is 1-based. An error blocks
    the entry (all entries when it has none), a warning wants a tick, "info" only tells.
    """

    code: str
    severity: Severity
    parameters: Mapping[str, object] = field(default_factory=dict)
    entry: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check over all entries. `code` is the message code of its name.

    `reason`, a message code whose place is {source}, says why it could not run; a check that could run in part has
    both findings and a reason.
    """

    id: CheckId
    code: str
    outcome: Outcome
    findings: tuple[PreflightFinding, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EntryResult:
    """One entry's state, and what was found about it alone."""

    id: int
    label: str
    state: State
    findings: tuple[PreflightFinding, ...] = ()


@dataclass(frozen=True, slots=True)
class SeriesChoice:
    """A series as the dialog lists it. One that is not `usable` is greyed; `reason` is the message code of why."""

    code: str
    description: str
    next_number: int | None
    usable: bool
    reason: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preflight:
    """The checks' answer. `entries` stands in the order in which they were given.

    `general`: what concerns the whole export, also that a check could not run.
    """

    checks: tuple[CheckResult, ...]
    entries: tuple[EntryResult, ...]
    general: tuple[PreflightFinding, ...]
    series: tuple[SeriesChoice, ...]

    @property
    def state(self) -> State:
        """Blocked when no entry can go; tick when what can go has a warning or the whole has one."""
        going = [each for each in self.entries if each.state != "blocked"]
        if not going:
            return "blocked"
        general = any(each.severity == "warning" for each in self.general)
        return "tick" if general or any(each.state == "tick" for each in going) else "ok"

    @property
    def sendable(self) -> tuple[int, ...]:
        """The ids of the entries that nothing blocks; a tick may still be wanted."""
        return tuple(each.id for each in self.entries if each.state != "blocked")

    @property
    def findings(self) -> tuple[PreflightFinding, ...]:
        """All of them, the general ones first."""
        return (*self.general, *(finding for each in self.entries for finding in each.findings))
