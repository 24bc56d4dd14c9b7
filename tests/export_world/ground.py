"""What was really booked: the simulator's own ledger, followed by a witness that no edit can mislead."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from datasource_fortnox.simulator import World
from datasource_fortnox.simulator.ledger import Voucher
from export_world.company import TENANT, YEAR_ID

MARKER = re.compile(r"BK[A-Z2-7]{16}")


class Lines(NamedTuple):
    """What a voucher says: its date, text and rows of account and öre."""

    date: str
    text: str
    rows: tuple[tuple[str, int], ...]

    @property
    def figures(self) -> tuple[str, list[tuple[str, int]]]:
        """What makes two vouchers the same (P 7.6.5): date and rows, in any order."""
        return self.date, sorted(self.rows)


def lines_of(date: Any, text: str, rows: Iterable[tuple[Any, int]]) -> Lines:
    """In the one form that both sides are compared in."""
    return Lines(str(date), text, tuple((str(account), amount) for account, amount in rows))


class Birth:
    """A voucher as it was booked, whatever became of it."""

    def __init__(self, voucher: Voucher, marker: str) -> None:
        self.voucher = voucher
        self.marker = marker
        self.lines = lines_of(voucher.date, voucher.text, ((row.account, row.amount) for row in voucher.rows))
        self.names = {(voucher.series, str(voucher.number))}
        self.changed = self.stripped = self.moved = False
        """What somebody did to it since: its lines, its marker, its number."""
        self.forgotten = False
        """A backup was restored since, and nobody has found it again."""

    @property
    def touched(self) -> bool:
        """It no longer says what was booked."""
        return self.changed or self.stripped

    @property
    def disguised(self) -> bool:
        """Nobody could recognise it."""
        return self.stripped and (self.changed or self.moved or self.forgotten)


class Ground:
    """Follows the exporting company's ledger. Call `look` before anybody edits it, and after each step."""

    def __init__(self, simulator: World) -> None:
        self._world = simulator
        self._known: set[int] = set()
        self.births: dict[str, list[Birth]] = defaultdict(list)
        self.look()

    @property
    def _vouchers(self) -> Iterable[Voucher]:
        return self._world.companies[TENANT].years[YEAR_ID].vouchers.values()

    def look(self) -> None:
        """Note what was booked since."""
        for voucher in self._vouchers:
            if id(voucher) not in self._known:
                self._known.add(id(voucher))
                if found := MARKER.search(voucher.comments):
                    self.births[found[0]].append(Birth(voucher, found[0]))

    def living(self, markers: Iterable[str]) -> list[Birth]:
        """The vouchers booked under these markers that are still in the ledger."""
        there = {id(voucher) for voucher in self._vouchers}
        return [birth for marker in markers for birth in self.births[marker] if id(birth.voucher) in there]

    def all_living(self) -> list[Birth]:
        """Every voucher that the export booked and nobody has deleted."""
        return self.living(list(self.births))

    def all(self) -> list[Birth]:
        """Every voucher that the export ever booked."""
        return [birth for births in self.births.values() for birth in births]

    def compare(self) -> None:
        """Somebody edited the ledger: note what became of our vouchers."""
        for birth in self.all():
            voucher = birth.voucher
            rows = ((row.account, row.amount) for row in voucher.booked())
            birth.changed |= lines_of(voucher.date, voucher.text, rows) != birth.lines
            birth.stripped |= birth.marker not in voucher.comments
            name = (voucher.series, str(voucher.number))
            birth.moved |= name not in birth.names
            birth.names.add(name)
