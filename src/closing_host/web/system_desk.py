"""The system entries of one engagement's year as pages may reach them: every call names its year (T G-1)."""

from typing import Final

from closing_host.closing.system_entries import Choices
from closing_host.engagements import system_entries, system_making
from closing_host.engagements.entry_year import EntryYear
from closing_host.engagements.host import Host
from closing_host.engagements.system_entries import SystemYear


class SystemDesk:
    """The rules of `year`, whose books are at hand."""

    def __init__(self, host: Host, year: EntryYear) -> None:
        self._host: Final = host
        self._year: Final = year

    def shown(self, choices: Choices | None = None) -> SystemYear:
        """The rules as they stand, or as they would with other choices. Raises as `system_entries.system_year`."""
        return system_entries.system_year(self._host, self._year, choices)

    def choose(self, choices: Choices) -> None:
        """Keep the choices."""
        system_entries.choose(self._host, self._year, choices)

    def make(self) -> None:
        """Make the entries, or bring them in step."""
        system_making.make(self._host, self._year)
