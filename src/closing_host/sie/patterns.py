"""Vouchers, rows and balances read as whole columns: the main path, without a Python object per line.

Each pattern accepts only lines that the strict reading (`records.py`) reads alike and has nothing to say about; all
others stay for it. A test holds the two equal.

How the patterns are written decides the speed: classes of ASCII characters; an anchor at both ends; and at every
character one way to go on, so that the engine never has to come back. Hence the nested optional fields.
"""

from typing import Any, Final

import polars as pl

from closing_host.api.ledger import SCHEMAS
from closing_host.sie.lines import TEXT
from closing_host.sie.object_lists import ObjectLists
from closing_host.sie.strict import BALANCE_ROWS, ROWS, VOUCHERS

_CONTROL: Final = r"\x00-\x1f\x7f"
_QUOTED: Final = rf'"(?:[^"\\{_CONTROL}]|\\+[^\\{_CONTROL}])*"'
_BARE: Final = rf'[^ "\\{{}}{_CONTROL}][^ "\\{_CONTROL}]*'
_FIELD: Final = f"{_QUOTED}|{_BARE}"
_ACCOUNT: Final = '"[0-9]{3,6}"|[0-9]{3,6}'
_AMOUNT: Final = r"-?[0-9]{1,13}(?:\.[0-9]{1,2})?"
_DATE: Final = '(?:19|20)[0-9]{6}|"(?:19|20)[0-9]{6}"'
_NO_DATE_OR_DATE: Final = '(?:19|20)[0-9]{6}|"(?:(?:19|20)[0-9]{6})?"'
_QUANTITY: Final = r'""|-?[0-9]{1,15}(?:\.[0-9]{1,6})?'
_LIST: Final = rf'\{{(?P<objects>(?:[^"\\{{}}\x00-\x08\x0a-\x1f\x7f]|{_QUOTED})*)\}}'


def _fields(**patterns: str) -> str:
    """Named fields, each behind blanks."""
    return "".join(rf"[ \t]+(?P<{name}>{pattern})" for name, pattern in patterns.items())


def _optional(**patterns: str) -> str:
    """Fields of which any number at the end may be missing."""
    nested = r"[ \t]*"
    for name, pattern in reversed(patterns.items()):
        nested = rf"(?:[ \t]+(?:(?P<{name}>{pattern}){nested})?)?"
    return nested + "$"


_VOUCHER: Final = (
    r"^[ \t]*#VER"
    + _fields(series=_FIELD, number=_FIELD, date=_DATE)
    + _optional(text=_FIELD, registered_on=_NO_DATE_OR_DATE, signature=_FIELD)
)
_ROW: Final = (
    r"^[ \t]*#(?P<kind>[RB]?)TRANS"
    + _fields(account=_ACCOUNT)
    + rf"[ \t]*{_LIST}[ \t]*(?P<amount>{_AMOUNT})"
    + _optional(date=_NO_DATE_OR_DATE, text=_FIELD, quantity=_QUANTITY, signature=_FIELD)
)
_YEAR: Final = "-?[0-9]{1,2}"
_PERIOD: Final = "[0-9]{4}(?:0[1-9]|1[0-2])"
_BALANCE: Final = (
    r"^[ \t]*#(?P<kind>IB|UB|RES)"
    + _fields(year=_YEAR, account=_ACCOUNT, amount=_AMOUNT)
    + _optional(quantity=_QUANTITY)
)
_OBJECT_BALANCE: Final = (
    r"^[ \t]*#(?P<kind>OIB|OUB)"
    + _fields(year=_YEAR, account=_ACCOUNT)
    + rf"[ \t]*{_LIST}[ \t]*(?P<amount>{_AMOUNT})"
    + _optional(quantity=_QUANTITY)
)
_PERIOD_BALANCE: Final = (
    r"^[ \t]*#(?P<kind>PSALDO|PBUDGET)"
    + _fields(year=_YEAR, period=_PERIOD, account=_ACCOUNT)
    + rf"[ \t]*{_LIST}[ \t]*(?P<amount>{_AMOUNT})"
    + _optional(quantity=_QUANTITY)
)
_BEGINS_BALANCE: Final = r"^[ \t]*#(?:IB|UB|RES|O[IU]B|P[BS])"
_BALANCES: Final = (
    (r"^[ \t]*#(?:IB|UB|RES)", _BALANCE),
    (r"^[ \t]*#O[IU]B", _OBJECT_BALANCE),
    (r"^[ \t]*#P[BS]", _PERIOD_BALANCE),
)

_NO_VOUCHERS: Final = pl.DataFrame(schema=VOUCHERS)
_NO_ROWS: Final = pl.DataFrame(schema=ROWS)
_NO_BALANCES: Final = pl.DataFrame(schema=BALANCE_ROWS)

Split = tuple[pl.DataFrame, pl.DataFrame]
"""What was read, and the lines that were not."""


def vouchers(lines: pl.DataFrame) -> Split:
    """Lines that begin with #VER as `strict.VOUCHERS`."""
    if not lines.height:
        return _NO_VOUCHERS, lines
    parsed = _parsed(lines, _VOUCHER).with_columns(
        _unquoted("series"),
        _unquoted("number"),
        _day("date"),
        _unquoted("text"),
        _day("registered_on"),
        _unquoted("signature"),
        fine=_is_day("date") & _is_day("registered_on"),
    )
    return _split(parsed.collect(), lines, VOUCHERS)


def rows(lines: pl.DataFrame, lists: ObjectLists) -> Split:
    """Lines that begin with #TRANS, #RTRANS or #BTRANS as `strict.ROWS`."""
    if not lines.height:
        return _NO_ROWS, lines
    kind, kinds = pl.col("kind"), SCHEMAS["rows"]["kind"]
    added, removed, booked = (pl.lit(each, kinds) for each in ("added", "removed", "booked"))
    parsed = _parsed(lines, _ROW).with_columns(
        pl.when(kind == "R").then(added).when(kind == "B").then(removed).otherwise(booked).alias("kind"),
        pl.col("account").str.strip_chars('"'),
        _ore("amount"),
        _day("date"),
        _unquoted("text"),
        _quantity(),
        _unquoted("signature"),
        fine=_is_day("date"),
    )
    return _split(lists.read(parsed.collect()), lines, ROWS)


def balances(lines: pl.DataFrame, lists: ObjectLists) -> Split:
    """Lines with balances as `strict.BALANCE_ROWS`; all other lines are left."""
    read, rest = [_NO_BALANCES], lines
    if not lines["text"].str.contains(_BEGINS_BALANCE).any():
        return _NO_BALANCES, lines
    for begins, pattern in _BALANCES:
        candidates = rest.filter(TEXT.str.contains(begins))
        if not candidates.height:
            continue
        parsed = _parsed(candidates, pattern)
        missing = [name for name in ("period", "objects") if f"<{name}>" not in pattern]
        typed = parsed.with_columns(
            *(pl.lit(None if name == "period" else "", pl.String).alias(name) for name in missing)
        ).with_columns(
            pl.col("kind").cast(SCHEMAS["balances"]["kind"]),
            pl.col("year").cast(pl.Int16),
            pl.col("period").cast(pl.Int32),
            pl.col("account").str.strip_chars('"'),
            _ore("amount"),
            _quantity(),
            fine=pl.lit(True),
        )
        found, left = _split(lists.read(typed.collect()), candidates, BALANCE_ROWS)
        read.append(found)
        rest = pl.concat([rest.filter(~TEXT.str.contains(begins)), left])
    return pl.concat(read).sort("at"), rest.sort("at")


def _parsed(lines: pl.DataFrame, pattern: str) -> pl.LazyFrame:
    """The lines without their text, with a String column per group of `pattern`; all null where it does not match."""
    return lines.lazy().with_columns(TEXT.str.extract_groups(pattern).alias("groups")).drop("text").unnest("groups")


def _split(parsed: pl.DataFrame, lines: pl.DataFrame, schema: dict[str, Any]) -> Split:
    """`parsed` has a row per line and `fine`, which is not true where the line is left for the strict reading."""
    fine = parsed["fine"].fill_null(False) & parsed["amount" if "amount" in schema else "date"].is_not_null()
    if fine.all():
        return parsed.select(*schema), lines.clear()
    return parsed.filter(fine).select(*schema), lines.filter(~fine)


def _unquoted(name: str) -> pl.Expr:
    """A field's value; quotes can stand only at both ends. "" where the record leaves it out."""
    inner = pl.col(name).str.strip_prefix('"').str.strip_suffix('"')
    return inner.str.replace_all('\\"', '"', literal=True).fill_null("").alias(name)


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars('"').str.to_date("%Y%m%d", strict=False).alias(name)


def _is_day(name: str) -> pl.Expr:
    """Whether a date that is stated is a real one."""
    return pl.col(name).is_null() | (pl.col(name) == '""') | _day(name).is_not_null()


def _ore(name: str) -> pl.Expr:
    """Öre, exact: what a decimal number with two decimals holds are its hundredths. The pattern lets no third decimal
    through, which the conversion would cut off in silence."""
    return pl.col(name).cast(pl.Decimal(18, 2)).to_physical().cast(pl.Int64).alias(name)


def _quantity() -> pl.Expr:
    quantity = pl.col("quantity")
    return pl.when(quantity != '""').then(quantity).cast(SCHEMAS["rows"]["quantity"]).alias("quantity")
