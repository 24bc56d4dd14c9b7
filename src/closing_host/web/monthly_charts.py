"""Pictures of a year month by month: amounts as columns, balances as lines. Geometry in whole units, as `charts`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from closing_host.web.charts import Bar, Tick, round_amounts, share

WIDTH: Final = 760
HEIGHT: Final = 240
LEFT: Final = 104
"""Room for the amounts beside the picture."""

WIDEST: Final = 40
"""A column of a year with few months."""

LABEL: Final = 50
"""Room that a whole label needs; where there is less the month's number has to do."""

Series = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Months:
    """A picture with a place for each month, all of one width. `zero`: where 0 lies; `amounts`: the scale's lines.

    `middles`: where each month's words are centred; `spelt`: there is room for whole labels. `columns`: the bars of
    each series; `paths`: its line (`d`), with a gap where nothing is known.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    zero: int
    amounts: tuple[Tick, ...]
    middles: tuple[int, ...]
    spelt: bool
    columns: tuple[tuple[Bar, ...], ...] = ()
    paths: tuple[str, ...] = ()


def columns(series: Sequence[Series], *, width: int = WIDTH) -> Months:
    """The amounts of several series side by side in each month, None as nothing. An amount that is not 0 is seen.

    Raises `ValueError` without months, or when a series has another length.
    """
    drawn, y = _laid_out(series, width)
    room = (drawn.right - drawn.left) // len(drawn.middles)
    each = min(room * 3 // (4 * len(series)), WIDEST)
    made = []
    for place, one in enumerate(series):
        bars = []
        for middle, amount in zip(drawn.middles, one, strict=True):
            tall = max(abs(drawn.zero - y(amount)), 1) if amount else 0
            x = middle - each * len(series) // 2 + place * each
            top = drawn.zero - tall if (amount or 0) > 0 else drawn.zero
            bars.append(Bar(x, each, top, tall, amount or 0, above=(amount or 0) >= 0))
        made.append(tuple(bars))
    return replace(drawn, columns=tuple(made))


def trend(series: Sequence[Series], *, width: int = WIDTH) -> Months:
    """A line for each series through its amount in each month. Raises as `columns`."""
    drawn, y = _laid_out(series, width)
    paths = []
    for one in series:
        parts: list[str] = []
        known = False
        for middle, amount in zip(drawn.middles, one, strict=True):
            if amount is not None:
                # "h0" is a dot where no line follows: a month between two of which nothing is known.
                parts.append(f"L{middle} {y(amount)}" if known else f"M{middle} {y(amount)}h0")
            known = amount is not None
        paths.append("".join(parts))
    return replace(drawn, paths=tuple(paths))


def _laid_out(series: Sequence[Series], width: int) -> tuple[Months, Callable[[int], int]]:
    """The picture without its series, and where an amount lies in it."""
    count = len(series[0]) if series else 0
    if not count or any(len(each) != count for each in series):
        raise ValueError("every series needs an amount for every month")
    known = [amount for each in series for amount in each if amount is not None]
    ticks = round_amounts(min([0, *known]), max([0, *known]))
    left, right, top, bottom = LEFT, width - 8, 12, HEIGHT - 26

    def y(amount: int) -> int:
        return bottom - share(amount - ticks[0], ticks[-1] - ticks[0], bottom - top)

    each = (right - left) // count
    middles = tuple(left + place * each + each // 2 for place in range(count))
    amounts = tuple(Tick(y(amount), amount) for amount in ticks)
    return Months(width, HEIGHT, left, right, top, bottom, y(0), amounts, middles, each >= LABEL), y
