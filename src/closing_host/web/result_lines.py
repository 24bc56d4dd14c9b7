"""*Resultatanalys* as a page lists it: accounts under their groups or by variance, filtered; signs of a statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal, get_args

from closing_host.api.money import parse_local
from closing_host.closing.income_statement import LINES, Kind, as_statement, percent, variance
from closing_host.engagements.result_analysis import ResultSheet
from closing_host.locale import Words

Sort = Literal["account", "variance", "percent"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)

Of = Literal["period", "year"]


@dataclass(frozen=True, slots=True)
class Compared:
    """An amount beside last year's, öre in the statement's sign; `before` None without last year."""

    now: int
    before: int | None

    @property
    def variance(self) -> int | None:
        """What changed."""
        return variance(self.now, self.before)

    @property
    def percent(self) -> Decimal | None:
        """That in percent of what it was."""
        return percent(self.now, self.before)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """An account or a sum: the period, and the year until its end."""

    account: str
    name: str
    period: Compared
    year: Compared


@dataclass(frozen=True, slots=True)
class Block:
    """A group with its accounts and their sum, or a total without accounts. `code` "" for accounts in one list."""

    code: str
    kind: Kind
    lines: tuple[ResultLine, ...]
    sum: ResultLine | None

    @property
    def count(self) -> int:
        """How many accounts are shown."""
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page shows. `of`: whose variance sorts and filters. `above` (öre) and `percent` (hundredths of percent):
    only accounts whose variance is at least that; `wrong`: the fields that hold no number."""

    sort: Sort = "account"
    of: Of = "period"
    above: int | None = None
    percent: int | None = None
    wrong: frozenset[str] = frozenset()

    @property
    def filters(self) -> bool:
        """Whether accounts are left out."""
        return self.above is not None or self.percent is not None


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """What an address asks for; what it says that is no choice is as if it were not there."""
    sort: Sort = next((each for each in SORTS if each == query.get("sort")), "account")
    numbers: dict[str, int | None] = {}
    wrong = set()
    for name in ("above", "percent"):
        text = query.get(name, "").strip().removesuffix("%")
        try:
            numbers[name] = abs(parse_local(text)) if text else None
        except ValueError:
            wrong.add(name)
            numbers[name] = None
    of: Of = "year" if query.get("of") == "year" else "period"
    return Wanted(sort, of, numbers["above"], numbers["percent"], frozenset(wrong))


def blocks_of(sheet: ResultSheet, wanted: Wanted) -> tuple[Block, ...]:
    """The groups that have accounts, and the totals; by variance one list of accounts, the largest first. Sums are of
    all accounts, whatever is filtered."""
    rows = [_line(row) for row in as_statement(sheet.frame).iter_rows(named=True)]
    shown = [line for line in rows if _wanted(line, wanted)]
    if wanted.sort != "account":
        return (Block("", "group", tuple(sorted(shown, key=lambda line: _order(line, wanted))), None),)
    group = dict(sheet.frame.select("account", "group").iter_rows())
    sums = {row["line"]: _line({"account": "", "name": "", **row}) for row in as_statement(sheet.groups).to_dicts()}
    used = set(group.values())
    return tuple(
        Block(each.code, each.kind, tuple(line for line in shown if group[line.account] == each.code), sums[each.code])
        for each in LINES
        if each.kind == "total" or each.code in used
    )


def spelt_percent(words: Words, value: Decimal | None) -> str:
    """`12,5 %` or `12.5 %`; nothing for None."""
    if value is None:
        return ""
    said = f"{value:f}"
    return f"{said.replace('.', ',') if words.language == 'sv' else said}\u00a0%"


def _line(row: Mapping[str, Any]) -> ResultLine:
    return ResultLine(
        row["account"],
        row["name"],
        Compared(row["change"], row["before"]),
        Compared(row["closing"], row["before_closing"]),
    )


def _looked_at(line: ResultLine, wanted: Wanted) -> Compared:
    return line.period if wanted.of == "period" else line.year


def _wanted(line: ResultLine, wanted: Wanted) -> bool:
    if not wanted.filters:
        return True
    compared = _looked_at(line, wanted)
    if compared.variance is None:
        return False
    size, before = abs(compared.variance), abs(compared.before or 0)
    # In whole numbers: hundredths of percent of what it was. From nothing any change is beyond every percent.
    enough = wanted.percent is None or (10_000 * size >= wanted.percent * before and size > 0)
    return enough and (wanted.above is None or size >= wanted.above)


def _order(line: ResultLine, wanted: Wanted) -> tuple[bool, Decimal, str]:
    compared = _looked_at(line, wanted)
    size: Decimal | int | None = compared.percent if wanted.sort == "percent" else compared.variance
    if size is None and compared.variance and wanted.sort == "percent":
        size = Decimal("Infinity")
    return size is None, -abs(Decimal(size or 0)), line.account
