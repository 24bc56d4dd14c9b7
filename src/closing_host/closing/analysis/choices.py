"""Which checks an engagement runs, and which findings its user has done with (P 7.3).

A standard check can be switched off, with a reason, and never changed; an own check is a copy of one with other
parameters.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from closing_host.api.errors import DataError
from closing_host.closing.analysis.checks import CHECKS, Check, own_check
from closing_host.closing.analysis.parameters import Parameter
from closing_host.closing.analysis.result import CheckResult

State = Literal["red", "info", "done", "could_not_run", "passed"]
"""What is shown of a check: `done` when all that it found is marked done."""

OWN: Final = "own-"
"""What the id of an own check begins with; its number follows."""

LONGEST: Final = 2_000
"""Characters of a comment, a reason."""


@dataclass(frozen=True, slots=True)
class CheckChoice:
    """A standard check that is switched off (`standard` is ""), or an own check: a copy of `standard`."""

    id: str
    standard: str = ""
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    enabled: bool = True
    reason: str = ""


def chosen_checks(choices: Iterable[CheckChoice]) -> tuple[Check, ...]:
    """The checks to run: the standard ones that are not switched off, then the own ones that are on."""
    by_id = {each.id: each for each in choices}
    standard = [each for each in CHECKS if each.id not in by_id or by_id[each.id].enabled]
    own = [own_check(standard_of(each.standard), each.id, each.values) for each in by_id.values() if each.standard]
    return (*standard, *(each for each in own if by_id[each.id].enabled))


def standard_of(id: str) -> Check:
    """The standard check. Raises `DataError` `analysis-check-unknown`, with those that there are."""
    for each in CHECKS:
        if each.id == id:
            return each
    raise DataError("analysis-check-unknown", check=id, checks=", ".join(each.id for each in CHECKS))


def new_own_check(used: Iterable[str], standard: str, name: str, values: Mapping[str, str]) -> CheckChoice:
    """An own check with an id of its own: `own-1`, or the number after the highest of `used`.

    `used`: the ids that checks ever had, also removed ones: a finding's identity begins with its check's id, so another
    check of that id would take over what is marked done.

    Raises `DataError` `analysis-check-unknown`, `analysis-no-parameters` for a check that has none,
    `analysis-name-missing`, and `analysis-value-wrong` for a value that its parameter cannot have.
    """
    check = standard_of(standard)
    if not check.parameters:
        raise DataError("analysis-no-parameters", check=standard)
    if not name.strip() or len(name) > 200:
        raise DataError("analysis-name-missing", check=standard)
    stated = {each.name: _checked(each, values[each.name]) for each in check.parameters if each.name in values}
    if unknown := values.keys() - stated.keys():
        known = ", ".join(each.name for each in check.parameters)
        raise DataError("analysis-parameter-unknown", check=standard, parameter=min(unknown), parameters=known)
    numbers = [int(number) for each in used if (number := each.removeprefix(OWN)) != each]
    return CheckChoice(f"{OWN}{max(numbers, default=0) + 1}", standard, name.strip(), stated)


def switched_off(choice: CheckChoice, reason: str) -> CheckChoice:
    """The check, off. Raises `DataError` `analysis-reason-missing`, also for one that is too long."""
    if not reason.strip() or len(reason) > LONGEST:
        raise DataError("analysis-reason-missing", check=choice.id, limit=LONGEST)
    return replace(choice, enabled=False, reason=reason.strip())


def hash_of(identity: str) -> str:
    """What a finding is known by where its words must not stand."""
    return hashlib.sha256(identity.encode()).hexdigest()


def open_findings(result: CheckResult, done: Collection[str]) -> int:
    """How many findings are not marked done; `done`: hashes of identities."""
    return sum(hash_of(each) not in done for each in result.findings["identity"])


def state_of(result: CheckResult, done: Collection[str]) -> State:
    """What is shown of the check."""
    if result.outcome != "found":
        return result.outcome
    return result.mark if open_findings(result, done) else "done"


def _checked(parameter: Parameter, typed: str) -> str:
    try:
        return parameter.kept(typed)
    except (ValueError, ArithmeticError):
        raise DataError("analysis-value-wrong", parameter=parameter.name, value=typed) from None
