"""Holds a source against the rules, and says which tier it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from closing_host.sources.quality.declared import Declared
from closing_host.sources.quality.rules import RULES, TIERS, Rule, Tier
from closing_host.sources.quality.subject import Subject

Verdict = Literal["holds", "stated", "exempt", "not-applicable", "missing", "not-tried"]
GOOD: frozenset[Verdict] = frozenset({"holds", "stated", "exempt", "not-applicable"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test of the kit ended for the source: `reason` of an exemption, or why it does not apply.

    `excused`: it does not apply because of what the source is, not because its author left something out.
    """

    state: Literal["passed", "failed", "exempt", "not-applicable"]
    reason: str = ""
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule's verdict and why: names and places for the author, or the reason that the source states."""

    rule: Rule
    verdict: Verdict
    why: str = ""


def judged(
    subject: Subject, declared: Declared, tests: Mapping[str, Outcome]
) -> tuple[Tier | None, tuple[Judged, ...]]:
    """The tier, None below bronze, and every rule's verdict in the order of `RULES`.

    `tests`: the outcome of each test of the kit; one that is not there was not tried.
    """
    verdicts = tuple(_declared(_judged(rule, subject, declared, tests), declared) for rule in RULES)
    reached: Tier | None = None
    for tier in TIERS:
        if any(each.rule.tier == tier and each.verdict not in GOOD for each in verdicts):
            break
        reached = tier
    return reached, verdicts


def _declared(found: Judged, declared: Declared) -> Judged:
    reason = declared.exempt.get(found.rule.id)
    if reason is None:
        return found
    if found.verdict in GOOD:
        return Judged(found.rule, "missing", f"exempt, and holds all the same: {reason}")
    return Judged(found.rule, "exempt", reason) if found.verdict == "missing" else found


def _judged(rule: Rule, subject: Subject, declared: Declared, tests: Mapping[str, Outcome]) -> Judged:
    if rule.stated:
        said = declared.stated.get(rule.id, "")
        return Judged(rule, "stated" if said else "missing", said)
    if missing := [hook for hook in rule.needs if hook not in subject.source.operations]:
        return Judged(rule, "not-applicable", f"no {', '.join(missing)}")
    if rule.look is not None:
        wrong = rule.look(subject)
        return Judged(rule, "missing" if wrong else "holds", wrong)
    return _tried(rule, tests)


def _tried(rule: Rule, tests: Mapping[str, Outcome]) -> Judged:
    if untried := [name for name in rule.tests if name not in tests]:
        return Judged(rule, "not-tried", ", ".join(untried))
    outcomes = {name: tests[name] for name in rule.tests}
    if failed := [name for name, each in outcomes.items() if each.state == "failed"]:
        return Judged(rule, "missing", ", ".join(failed))
    left_out = [
        f"{name}: {each.reason}"
        for name, each in outcomes.items()
        if each.state == "not-applicable" and (rule.always or not each.excused)
    ]
    if left_out:
        return Judged(rule, "missing", "; ".join(left_out))
    if exempt := [f"{name}: {each.reason}" for name, each in outcomes.items() if each.state == "exempt"]:
        return Judged(rule, "exempt", "; ".join(exempt))
    if all(each.state == "not-applicable" for each in outcomes.values()):
        return Judged(rule, "not-applicable", next(iter(outcomes.values())).reason)
    return Judged(rule, "holds")
