"""The whole simulated Fortnox: companies, users, integrations, tokens, time, log and planned events."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.faults.plan import FaultPlan
from datasource_fortnox.simulator.limits import SlidingWindow
from datasource_fortnox.simulator.oauth.registry import Client, OAuthState, User
from datasource_fortnox.simulator.request_log import RequestLog
from datasource_fortnox.simulator.switches import Switches

__all__ = ["CompanySource", "World"]

CompanySource = Callable[[Clock, random.Random], Company]
"""Builds a company; called again at `World.reset`, so it must give the same company each time."""


@dataclass
class _Planned:
    due: float
    order: int
    action: Callable[[], Any]


def _everyday_users() -> list[User]:
    names = ((1, "anna", "Anna Öberg"), (2, "bo", "Bo Ek"), (3, "cecilia", "Cecilia Åhman"))
    return [User(number, login, name) for number, login, name in names]


class World:
    """All state behind the HTTP fronts. Take ``lock`` to read or change it beside a running server."""

    def __init__(
        self,
        sources: Sequence[CompanySource] = (),
        *,
        seed: int = 42,
        clock: Clock | None = None,
        switches: Switches | None = None,
        users: Sequence[User] | None = None,
        clients: Sequence[Client] | None = None,
    ) -> None:
        self.seed = seed
        self.clock = clock or Clock(running=True)
        self.lock = threading.RLock()
        self._sources = list(sources)
        self._users = users
        self._clients = clients
        self._initial_switches = switches or Switches()
        self._planned: list[_Planned] = []
        self._build()
        self.clock.on_move(self.settle)

    def _build(self) -> None:
        self.random = random.Random(self.seed)
        self.switches = self._initial_switches
        self.companies: dict[int, Company] = {}
        self._planned.clear()
        self._order = 0
        self.oauth = OAuthState(self.seed, self._clients, _everyday_users() if self._users is None else self._users)
        self.log = RequestLog()
        self.window = SlidingWindow(self)
        self.faults = FaultPlan(self)
        for number, source in enumerate(self._sources):
            self.add(source(self.clock, random.Random(f"{self.seed}/{number}")))

    def reset(self) -> None:
        """Back to the beginning: companies rebuilt, tokens, log, plan and switches forgotten; the clock stays."""
        with self.lock:
            self._build()

    def forget_plans(self) -> None:
        """What was to happen later never will."""
        self._planned.clear()

    def add(self, company: Company) -> Company:
        """Take a company in: it gets the world's clock and switches."""
        with self.lock:
            if company.tenant in self.companies:
                raise ValueError(f"tenant {company.tenant} exists")
            company.clock = self.clock
            company.switches = self.switches
            if self._users is None:
                self._let_in(company)
            self.companies[company.tenant] = company
        return company

    def _let_in(self, company: Company) -> None:
        """anna is system administrator everywhere, bo works everywhere, cecilia administers the first company only."""
        anna, bo, cecilia = (self.oauth.users[number] for number in (1, 2, 3))
        anna.companies[company.tenant] = True
        bo.companies[company.tenant] = False
        if not self.companies:
            cecilia.companies[company.tenant] = True

    def change_switches(self, changes: dict[str, Any]) -> Switches:
        """Set switches by name for everything from now on."""
        with self.lock:
            self.switches = self.switches.changed(changes)
            for company in self.companies.values():
                company.switches = self.switches
        return self.switches

    def new_id(self) -> str:
        """A UUID from the seed: codes and refresh tokens look like this (F 1.1, R)."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def later(self, seconds: float, action: Callable[[], Any]) -> None:
        """Do ``action`` when the clock has moved on by ``seconds``: late commits (N9), planned edits."""
        self._order += 1
        self._planned.append(_Planned(self.clock.timestamp() + seconds, self._order, action))

    def settle(self) -> None:
        """Do what has fallen due, in order; called on every request, control call and clock move."""
        with self.lock:
            now = self.clock.timestamp()
            due = sorted((p for p in self._planned if p.due <= now), key=lambda p: (p.due, p.order))
            for planned in due:
                self._planned.remove(planned)
                planned.action()

    @property
    def pending(self) -> int:
        """How many planned actions wait for their time."""
        return len(self._planned)
