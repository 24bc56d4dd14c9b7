"""Rules of a plan: selectors, phases and actions, read from the JSON form of T 4.2."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from typing import Any

from datasource_fortnox.simulator.exchange import Incoming
from datasource_fortnox.simulator.faults.actions import Action, Ending, PlanError, named

__all__ = ["Rule", "Selector", "action_from"]

PHASES = {"before_accept": 0, "before_commit": 0, "at_commit": 1, "after_commit": 1, "during_body": 1}
"""How often the request is executed when a fault of that phase strikes (T 4.2)."""


@dataclass(frozen=True)
class Selector:
    """Which requests: all given conditions together. ``nth`` (one or several) and ``every`` count the matching ones."""

    method: str = "*"
    path: str = "*"
    nth: tuple[int, ...] = ()
    every: int = 0
    probability: float = 1.0
    tenant: int | None = None
    grant: str | None = None
    between_s: tuple[float, float] | None = None
    body_contains: str = ""

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Selector:
        """From JSON; raises `PlanError` for unknown names."""
        _known(content, {item.name for item in fields(cls)}, "selector")
        values = dict(content)
        if "nth" in values:
            values["nth"] = tuple(values["nth"]) if isinstance(values["nth"], list | tuple) else (values["nth"],)
        if values.get("between_s") is not None:
            values["between_s"] = tuple(values["between_s"])
        return cls(**values)

    def fits(self, incoming: Incoming, tenant: int | None, elapsed_s: float) -> bool:
        """Whether the request is of the kind that is counted."""
        return (
            fnmatchcase(incoming.method, self.method.upper())
            and fnmatchcase(incoming.path, self.path.rstrip("/") or "/")
            and (self.tenant is None or self.tenant == tenant)
            and (self.grant is None or self.grant == incoming.form.get("grant_type"))
            and (self.between_s is None or self.between_s[0] <= elapsed_s <= self.between_s[1])
            and self.body_contains.encode() in incoming.body
        )


@dataclass
class Rule:
    """A selector and what happens to the requests it picks; ``seen`` counts the fitting ones so far."""

    selector: Selector
    action: Action
    seen: int = 0
    struck: int = 0
    dice: random.Random = field(default_factory=random.Random)

    @classmethod
    def read(cls, content: Mapping[str, Any], dice: random.Random) -> Rule:
        """From ``{"match": {...}, "phase": ..., "do": ...}``."""
        _known(content, {"match", "phase", "do"}, "rule")
        if "do" not in content:
            raise PlanError("a rule needs 'do'")
        return cls(Selector.read(content.get("match", {})), action_from(content["do"], content.get("phase")), dice=dice)

    def strikes(self, incoming: Incoming, tenant: int | None, elapsed_s: float) -> bool:
        """Count the request; whether the fault is for it."""
        if not self.selector.fits(incoming, tenant, elapsed_s):
            return False
        self.seen += 1
        due = not self.selector.nth or self.seen in self.selector.nth
        if self.selector.every:
            due = due and self.seen % self.selector.every == 0
        if due and self.selector.probability < 1:
            due = self.dice.random() < self.selector.probability
        self.struck += due
        return due


def action_from(do: Any, phase: str | None = None) -> Action:
    """``"N10"``, ``{"fault": "N9", "commit_after_s": 9}``, ``{"status": 429}``, ``{"delay_s": 5, "then": "close"}``."""
    if phase is not None and phase not in PHASES:
        raise PlanError(f"no phase {phase!r}; known: {', '.join(PHASES)}")
    content: dict[str, Any] = {"fault": do} if isinstance(do, str) else dict(do)
    base = content.pop("fault", content.pop("then", None))
    retry_after = content.pop("retry_after", None)
    if base is None and "status" in content:
        action = Action("answer", Ending.ANSWER, 0)
    else:
        action = named(base) if base is not None else Action("delay")
    known = {item.name for item in fields(Action)} - {"name", "ending"}
    _known(content, known, "fault parameter")
    if retry_after is not None:
        content["headers"] = {**content.get("headers", {}), "Retry-After": str(retry_after)}
    if phase is not None:
        content.setdefault("commits", PHASES[phase])
    return replace(action, **content)


def _known(content: Mapping[str, Any], names: set[str], what: str) -> None:
    for name in content:
        if name not in names:
            raise PlanError(f"no {what} {name!r}; known: {', '.join(sorted(names))}")
