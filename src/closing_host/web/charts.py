"""Geometry of the pictures on pages: whole units of an SVG's `viewBox`, from whole amounts. Pure.

Everything is integer arithmetic, so that the same amounts give the same picture, and a picture is never off by a
float's whim. Colours and strokes are the style sheet's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

_STEPS: Final = (1, 2, 5)
_MOST_TICKS: Final = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the picture: where it lies, and the amount or day that it stands for."""

    at: int
    value: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `y` and `height` are its rectangle; `above` says that its amount is written over it, not under."""

    x: int
    width: int
    y: int
    height: int
    value: int
    above: bool

    @property
    def middle(self) -> int:
        """Where its words are centred."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars side by side on a zero line."""

    width: int
    height: int
    zero: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Amounts over days. `paths`: one path (`d`) for each series, in their order; each keeps its level from one day to
    the next. `months`: the first day of each month, `value` its number; `marked`: x of the marked day."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    paths: tuple[str, ...]
    amounts: tuple[Tick, ...]
    months: tuple[Tick, ...]
    marked: int | None


def bars(values: Sequence[int], *, width: int = 420, height: int = 190, margin: int = 26) -> Bars:
    """One bar for each value, in order; negative ones hang below the zero line.

    `margin`: room above and below for words. A value that is not 0 is at least one unit high.
    """
    top, bottom = max([0, *values]), min([0, *values])
    room = height - 2 * margin
    zero = margin + share(top, top - bottom, room)
    each = width // max(1, len(values))
    gap = each // 5
    made = []
    for place, value in enumerate(values):
        tall = share(abs(value), top - bottom, room)
        tall = max(tall, 1) if value else 0
        y = zero - tall if value > 0 else zero
        made.append(Bar(place * each + gap // 2, each - gap, y, tall, value, value >= 0))
    return Bars(width, height, zero, tuple(made))


def lines(
    days: Sequence[date],
    series: Sequence[Sequence[int]],
    *,
    marked: date | None = None,
    width: int = 760,
    height: int = 260,
    left: int = 104,
) -> Lines:
    """Each of `series` over `days`, which follow each other; they share one scale that holds 0.

    Raises `ValueError` without days, or when a series has another length.
    """
    if not days or any(len(each) != len(days) for each in series):
        raise ValueError("every series needs an amount for every day")
    right, top, bottom = width - 8, 12, height - 26
    ticks = round_amounts(min([0, *map(min, series)]), max([0, *map(max, series)]))
    least, span = ticks[0], ticks[-1] - ticks[0]

    def x(place: int) -> int:
        return left + share(place, len(days) - 1, right - left)

    def y(amount: int) -> int:
        return bottom - share(amount - least, span, bottom - top)

    return Lines(
        width,
        height,
        left,
        right,
        top,
        bottom,
        tuple(_path([(x(place), y(amount)) for place, amount in enumerate(each)]) for each in series),
        tuple(Tick(y(amount), amount) for amount in ticks),
        tuple(Tick(x(place), day.month) for place, day in enumerate(days) if day.day == 1),
        x(days.index(marked)) if marked is not None and marked in days else None,
    )


def share(part: int, whole: int, room: int) -> int:
    """`part` of `whole` as units of `room`, to the nearest."""
    return (2 * part * room + whole) // (2 * whole) if whole > 0 else 0


def _path(points: Sequence[tuple[int, int]]) -> str:
    """A staircase: along to the day, then up or down; days on which nothing changes are left out."""
    at_x, at_y = points[0]
    parts = [f"M{at_x} {at_y}"]
    for x, y in points[1:]:
        if y != at_y:
            parts.append(f"H{x}V{y}")
            at_x, at_y = x, y
    last = points[-1][0]
    return "".join([*parts, f"H{last}"] if last != at_x else parts)


def round_amounts(least: int, most: int) -> tuple[int, ...]:
    """Round amounts, evenly apart, the first at or below `least` and the last at or above `most`."""
    step, power = 1, 1
    while -(-most // step) - least // step >= _MOST_TICKS:
        place = _STEPS.index(step // power)
        power = power * 10 if place == len(_STEPS) - 1 else power
        step = _STEPS[(place + 1) % len(_STEPS)] * power
    first, last = least // step, max(-(-most // step), least // step + 1)
    return tuple(step * number for number in range(first, last + 1))
