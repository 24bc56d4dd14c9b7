"""A stored comparison as a page shows it: parts, each a page of lines at a time, read as far as is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

import polars as pl

PartName = Literal["totals", "months", "vouchers", "balances", "accounts", "objects", "company", "not_compared"]
PARTS: Final[tuple[PartName, ...]] = get_args(PartName)

GLANCE: Final = 25
"""Lines of a part on the page that shows all of them."""
AT_ONCE: Final = 200
"""Lines of a part that is shown alone."""

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """One of the two sides. `kind`: import, live or file. `name`: the file's. `at`: when it was imported or asked."""

    kind: str
    source: str
    name: str
    at: datetime | None
    snapshot: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """`lines`: those of the page; `count`: all of them."""

    name: PartName
    lines: tuple[Line, ...]
    count: int
    page: int
    pages: int


class Found:
    """A result. `frame` gives a frame of `ledgers.comparison.FRAMES`, or `names` (`account`, `name`)."""

    def __init__(self, about: Mapping[str, Any], frame: Callable[[str], pl.LazyFrame]) -> None:
        self._about: Final = about
        self._frame: Final = frame
        self.a: Final = _told(about["a"])
        self.b: Final = _told(about["b"])
        self.count: Final = int(about["count"])
        self.counts: Final[Mapping[str, int]] = about["counts"]
        self.result: Final = int(about["result"])
        """By how much the year's result is higher in b, in öre: of accounts 3000 to 8999."""
        self.made_at: Final = datetime.fromisoformat(about["made_at"])

    @property
    def year(self) -> tuple[date, date] | None:
        """The financial year's first and last day."""
        stated = self._about["year"]
        return (date.fromisoformat(stated[0]), date.fromisoformat(stated[1])) if stated else None

    def parts(self, alone: str = "", page: int = 1) -> tuple[Part, ...]:
        """The parts in which anything stands: the beginning of each, or one page of the part called `alone`."""
        chosen = [name for name in PARTS if name == alone]
        if chosen:
            return (self._part(chosen[0], page, AT_ONCE),)
        return tuple(part for part in (self._part(name, 1, GLANCE) for name in PARTS) if part.count)

    def _part(self, name: PartName, page: int, size: int) -> Part:
        if name == "not_compared":
            stated = tuple(self._about["not_compared"])
            return Part(name, stated, len(stated), 1, 1)
        frame = self._frame(name)
        count = int(frame.select(pl.len()).collect().item())
        pages = max(1, -(-count // size))
        page = min(max(page, 1), pages)
        part = frame.slice((page - 1) * size, size).collect()
        if name in ("totals", "months", "balances"):
            part = part.join(self._frame("names").collect(), on="account", how="left", maintain_order="left")
        lines = tuple(part.iter_rows(named=True))
        return Part(name, with_details(lines, self._frame) if name == "vouchers" else lines, count, page, pages)


def with_details(vouchers: tuple[Line, ...], frame: Callable[[str], pl.LazyFrame]) -> tuple[Line, ...]:
    """Each changed voucher with its changed `fields` and the `rows` that only one side has: of the frames
    `voucher_fields` and `rows`."""
    changed = [each["voucher_b"] for each in vouchers if each["change"] == "changed"]
    fields: dict[int, list[Line]] = {}
    rows: dict[int, list[Line]] = {}
    if changed:
        for name, found in (("voucher_fields", fields), ("rows", rows)):
            own = frame(name).filter(pl.col("voucher_b").is_in(changed)).collect()
            if name == "rows":  # what went before what came
                own = own.sort(pl.col("change") == "new", maintain_order=True)
            for line in own.iter_rows(named=True):
                found.setdefault(line["voucher_b"], []).append(line)
    return tuple(
        {**each, "fields": fields.get(each["voucher_b"], ()), "rows": rows.get(each["voucher_b"], ())}
        if each["change"] == "changed"
        else {**each, "fields": (), "rows": ()}
        for each in vouchers
    )


def _told(stated: Mapping[str, Any]) -> Told:
    at = datetime.fromisoformat(stated["at"]) if stated["at"] else None
    return Told(stated["kind"], stated["source"], stated["name"], at, stated.get("snapshot"))
