"""Chart: bars of questions over time, as the figures of an SVG that a template draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.learning.figures import Span

WIDTH, HEIGHT = 720, 160
_GAP = 0.2  # of a bar's place


@dataclass(frozen=True)
class Bar:
    """A span's bar: what was answered stands below what was not. Coordinates are those of the drawing."""

    span: Span
    x: float
    width: float
    top: float
    answered: float  # height
    unanswered: float


@dataclass(frozen=True)
class Chart:
    """The bars, and what the top of the drawing stands for."""

    bars: tuple[Bar, ...]
    top: int


def draw_chart(spans: Sequence[Span]) -> Chart:
    """The bars of these spans, in their order."""
    top = _round_up(max((span.total for span in spans), default=0))
    place = WIDTH / max(1, len(spans))
    bars = []
    for number, span in enumerate(spans):
        answered, unanswered = HEIGHT * span.others / top, HEIGHT * span.unanswered / top
        x, width = place * (number + _GAP / 2), place * (1 - _GAP)
        heights = (round(HEIGHT - answered - unanswered, 2), round(answered, 2), round(unanswered, 2))
        bars.append(Bar(span, round(x, 2), round(width, 2), *heights))
    return Chart(tuple(bars), top)


def _round_up(count: int) -> int:
    """1, 2, 5, 10, 20, 50...: the first that is enough."""
    power = 1
    while True:
        for step in (1, 2, 5):
            if count <= step * power:
                return step * power
        power *= 10
