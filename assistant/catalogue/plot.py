"""Plot: values of one unit as dots along an axis, alike ones above each other."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.french.numbers import say_number
from index.aspects.figures import Figure

WIDTH, _SIDE = 640, 44  # of the drawing; left of the axis and right of it
_DOT, _LEVELS = 11, 16  # the room of a dot, and how many stand above each other before they are drawn closer
_BELOW, _ABOVE = 34, 12  # for the ticks, and over the highest dot
_LOGARITHMIC = 100  # times the least value
_MOST_TICKS = 5
_SCALES = ((1_000_000_000, "Md"), (1_000_000, "M"))


@dataclass(frozen=True)
class Tick:
    """A value written under the axis, and where."""

    x: float
    label: str


@dataclass(frozen=True)
class Plot:
    """What is drawn: `dots` and `ranges` are paths of SVG, `base` is where the axis stands."""

    height: int
    base: int
    dots: str
    ranges: str
    ticks: tuple[Tick, ...]
    is_logarithmic: bool


class _Axis:
    """Where values stand from left to right."""

    def __init__(self, values: Sequence[float]) -> None:
        positive = [value for value in values if value > 0]
        self.is_logarithmic = bool(positive) and max(positive) > _LOGARITHMIC * min(positive)
        low, high = (min(positive), max(positive)) if self.is_logarithmic else (min(0.0, *values), max(values))
        ticks = _powers(low, high) if self.is_logarithmic else _steps(low, high)
        self._low, self._high = self._measure(ticks[0]), self._measure(ticks[-1])
        self.ticks = ticks[:: math.ceil((len(ticks) - 1) / _MOST_TICKS)]

    def place(self, value: float) -> float:
        share = (self._measure(value) - self._low) / (self._high - self._low)
        return round(_SIDE + min(1.0, max(0.0, share)) * (WIDTH - 2 * _SIDE), 1)

    def _measure(self, value: float) -> float:
        if not self.is_logarithmic:
            return value
        return math.log10(value) if value > 0 else -math.inf


def plot_figures(figures: Sequence[Figure]) -> Plot:
    """The dots of figures of one unit, on a logarithmic axis when they span more than two powers of ten.

    A figure that says from how many to how many stands where it begins, with a line to where it ends.
    """
    axis = _Axis([value for figure in figures for value in (figure.low, figure.high)])
    places = [(_column(axis.place(figure.low)), figure) for figure in figures]
    highest = max(Counter(column for column, _ in places).values())
    step = _DOT * min(1.0, _LEVELS / highest)
    base = math.ceil(_ABOVE + highest * step)
    levels: Counter[int] = Counter()
    dots, ranges = [], []
    for column, figure in places:
        x, y = column * _DOT + _SIDE, round(base - (levels[column] + 0.5) * step - 2, 1)
        levels[column] += 1
        dots.append(f"M{x} {y}h0")
        if figure.high > figure.low:
            ranges.append(f"M{x} {y}H{max(float(x), axis.place(figure.high))}")
    ticks = tuple(Tick(axis.place(value), _write(value)) for value in axis.ticks)
    return Plot(base + _BELOW, base, "".join(dots), "".join(ranges), ticks, axis.is_logarithmic)


def _column(x: float) -> int:
    """Dots stand in columns, so that those of near values do not hide each other."""
    return round((x - _SIDE) / _DOT)


def _powers(low: float, high: float) -> list[float]:
    """The powers of ten around the values."""
    return [10.0**power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def _steps(low: float, high: float) -> list[float]:
    """Round values around the values, at equal steps."""
    span = (high - low) or 1.0
    size = 10 ** math.floor(math.log10(span / _MOST_TICKS))
    step = next(size * times for times in (1, 2, 5, 10) if size * times * _MOST_TICKS >= span)
    first, last = math.floor(low / step), max(math.ceil(high / step), math.floor(low / step) + 1)
    return [round(row * step, 6) for row in range(first, last + 1)]


def _write(value: float) -> str:
    scale, name = next(((scale, name) for scale, name in _SCALES if value >= scale), (1, ""))
    small = value / scale
    digits = say_number(int(small)) if small == int(small) else f"{small:g}".replace(".", ",")
    return f"{digits}\u202f{name}" if name else digits
