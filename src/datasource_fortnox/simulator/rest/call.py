"""An authorized API call as handlers see it: parameters with Fortnox's refusals, and the year it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from datasource_fortnox.simulator.clock import swedish
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.errors import invalid, missing
from datasource_fortnox.simulator.exchange import Incoming
from datasource_fortnox.simulator.ledger import FinancialYear
from datasource_fortnox.simulator.oauth.tokens import AccessToken
from datasource_fortnox.simulator.switches import Switches
from datasource_fortnox.simulator.world import World

__all__ = ["LIST_PARAMETERS", "YEAR_PARAMETERS", "Call", "Fields"]

T = TypeVar("T")

Fields = Mapping[str, Callable[[T], object]]
"""Search parameters of a list, each with the text or number that it searches in."""

YEAR_PARAMETERS = ("financialyear", "financialyeardate")
LIST_PARAMETERS = ("page", "limit", "offset", "sortby", "sortorder", "lastmodified", *YEAR_PARAMETERS)
"""Global parameters (F 3.3, F 3.4, D). Names are lower case (F 3.1)."""


@dataclass
class Call:
    """One call: who (``token``), in which company, with which path parameters."""

    world: World
    company: Company
    token: AccessToken
    incoming: Incoming
    params: dict[str, str]

    def __post_init__(self) -> None:
        """Read the query once; ``<`` and ``>`` are refused even when escaped (F 3.4, O)."""
        self.query = self.incoming.query
        if any(mark in value for value in self.query.values() for mark in "<>"):
            raise invalid(2000359, "Värdet innehåller ej tillåtna tecken.")

    @property
    def switches(self) -> Switches:
        """The world's switches."""
        return self.world.switches

    def allow(self, *names: str) -> None:
        """Refuse query parameters outside ``names``: 2000588 (D text; switch ``strict_parameters``)."""
        if self.switches.strict_parameters and not set(names).issuperset(self.query):
            raise invalid(2000588, "Ogiltig parameter i anropet.")

    def allow_list(self, *names: str) -> None:
        """`allow` for a list route: its own names and the global ones."""
        self.allow(*LIST_PARAMETERS, *names)

    def number(self, name: str, default: int, *, least: int, most: int | None = None) -> int:
        """An integer parameter within its bounds; anything else is 2000588."""
        text = self.query.get(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or int(text) < least or (most is not None and int(text) > most):
            raise invalid(2000588, "Ogiltig parameter i anropet.")
        return int(text)

    def day(self, name: str) -> date | None:
        """A ``YYYY-MM-DD`` parameter."""
        text = self.query.get(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise invalid(2000588, "Ogiltig parameter i anropet.") from error

    @cached_property
    def modified_since(self) -> datetime | None:
        """``lastmodified`` as Swedish local time: date, minutes or seconds (F 3.4, D/C)."""
        text = self.query.get("lastmodified")
        if not text:
            return None
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise invalid(2000588, "Ogiltig parameter i anropet.") from error

    def is_modified(self, moment: datetime | None) -> bool:
        """Whether something changed at ``moment`` passes the ``lastmodified`` filter."""
        since = self.modified_since
        return since is None or (moment is not None and swedish(moment) >= since)

    def search(self, items: Iterable[T], fields: Fields[T]) -> list[T]:
        """Items that hold every asked text, without regard to case; numbers too (F 3.4, D: ``1`` hits 10)."""
        asked = [(text.casefold(), fields[name]) for name, text in self.query.items() if name in fields]
        return [item for item in items if all(text in str(field(item)).casefold() for text, field in asked)]

    def year(self) -> FinancialYear:
        """The year that the request names, else the preselected one (F 4.1: unreliable)."""
        if "financialyear" in self.query:
            year = self.company.years.get(self.number("financialyear", 0, least=0))
        elif "financialyeardate" in self.query:
            day = self.day("financialyeardate")
            year = self.company.year_of(day) if day else None
        else:
            year = self.company.selected_year()
        if year is None:
            raise missing("financialyear", "räkenskapsåret")
        return year

    def body(self, envelope: str) -> dict[str, Any]:
        """The object inside its envelope, numbers as `Decimal`; 2002115 and 2001392 otherwise (D)."""
        try:
            content = json.loads(self.incoming.body, parse_float=Decimal)
        except ValueError as error:
            raise invalid(2002115, "Error deserializing JSON: JSON_ERROR_SYNTAX") from error
        entity = content.get(envelope) if isinstance(content, dict) else None
        if not isinstance(entity, dict) or not entity:
            raise invalid(2001392, "Ingen eller felaktig typ av data.")
        return entity
