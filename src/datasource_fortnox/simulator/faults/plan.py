"""The plan: rules for requests, and edits of the ledger at a moment or after a request (T 4.2)."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from datasource_fortnox.simulator.exchange import Incoming
from datasource_fortnox.simulator.faults.actions import Action, PlanError
from datasource_fortnox.simulator.faults.rules import Rule, Selector, action_from

if TYPE_CHECKING:
    from datasource_fortnox.simulator.world import World

__all__ = ["FaultPlan"]


class _EditAfter:
    """An edit that is due when the n-th fitting request has been executed."""

    def __init__(self, text: str, edits: Mapping[str, Any]) -> None:
        request, _, nth = text.partition("#")
        method, _, path = request.strip().partition(" ")
        self.selector = Selector(method, path.strip() or "*")
        self.nth = int(nth or "1")
        self.seen = 0
        self.edits = edits


class FaultPlan:
    """What is going to go wrong. Rules are asked in order; the first that strikes decides."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.clear()

    def clear(self) -> None:
        """Nothing goes wrong any more (planned late commits still happen)."""
        self.rules: list[Rule] = []
        self._after: list[_EditAfter] = []
        self._since = self._world.clock.timestamp()
        self._dice = random.Random(self._world.seed)
        self._assigned: dict[str, Action | None] = {}

    def add(self, do: Any, *, phase: str | None = None, **match: Any) -> Rule:
        """One rule from Python: ``plan.add("N10", method="POST", path="/3/vouchers", nth=2)``."""
        rule = Rule(Selector.read(match), action_from(do, phase), dice=self._dice)
        self.rules.append(rule)
        return rule

    def load(self, script: Mapping[str, Any]) -> None:
        """Append a script: ``seed``, ``plan``, ``late``, ``limits`` and ``list_lag_s`` as in T 4.2."""
        unknown = set(script) - {"seed", "plan", "late", "limits", "list_lag_s"}
        if unknown:
            raise PlanError(f"unknown parts of a plan: {', '.join(sorted(unknown))}")
        if "seed" in script:
            self._dice = random.Random(script["seed"])
        rules, edits, timed = self._read(script)
        limits = script.get("limits", {})
        changes = {"rate_window_s": limits.get("window_s"), "rate_max": limits.get("max")}
        changes["list_lag_s"] = script.get("list_lag_s")
        self._world.change_switches({name: value for name, value in changes.items() if value is not None})
        self.rules.extend(rules)
        self._after.extend(edits)
        for seconds, edit in timed:
            self._world.later(seconds, lambda edit=edit: self._apply(edit))  # type: ignore[misc]

    def _read(
        self, script: Mapping[str, Any]
    ) -> tuple[list[Rule], list[_EditAfter], list[tuple[float, Mapping[str, Any]]]]:
        rules: list[Rule] = []
        edits: list[_EditAfter] = []
        timed: list[tuple[float, Mapping[str, Any]]] = []
        for part in script.get("plan", ()):
            if "at" not in part:
                rules.append(Rule.read(part, self._dice))
            elif "after_request" in part["at"]:
                edits.append(_EditAfter(part["at"]["after_request"], part.get("ledger", {})))
            elif "virtual_s" in part["at"]:
                timed.append((float(part["at"]["virtual_s"]), part.get("ledger", {})))
            else:
                raise PlanError("'at' needs after_request or virtual_s")
        late = script.get("late")
        if late is not None:
            do = {"fault": "N9", "commit_after_s": late["commit_after_s"]}
            rules.append(Rule.read({"match": late["match"], "do": do}, self._dice))
        return rules, edits, timed

    def match(self, incoming: Incoming, tenant: int | None) -> Action | None:
        """The fault for this request, if any; counts it for every rule."""
        elapsed = self._world.clock.timestamp() - self._since
        struck = [rule for rule in self.rules if rule.strikes(incoming, tenant, elapsed)]
        return struck[0].action if struck else None

    def assign(self, action: Action | None) -> str:
        """A ticket that carries an already matched fault (or none) from the proxy to the application behind it."""
        ticket = self._world.new_id()
        self._assigned[ticket] = action
        return ticket

    def redeem(self, ticket: str) -> tuple[bool, Action | None]:
        """Whether the ticket is ours, and its fault."""
        if ticket not in self._assigned:
            return False, None
        return True, self._assigned.pop(ticket)

    def executed(self, incoming: Incoming) -> None:
        """Note an executed request; edits that wait for it happen now."""
        due: list[_EditAfter] = []
        for edit in self._after:
            if edit.selector.fits(incoming, None, 0):
                edit.seen += 1
                if edit.seen == edit.nth:
                    due.append(edit)
        for edit in due:
            self._after.remove(edit)
            self._apply(edit.edits)

    def _apply(self, edits: Mapping[str, Any] | Iterable[Mapping[str, Any]]) -> None:
        from datasource_fortnox.simulator.edits import apply_script  # noqa: PLC0415

        apply_script(self._world, edits)
