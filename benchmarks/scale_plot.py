"""The plot of `scale.py`: milliseconds against passages, both logarithmic, as an SVG written by hand."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 420, 60, 190, 40, 50
_LEAST, _MOST = 0.1, 1000.0  # milliseconds
_COLOURS = {
    "all three": "#111111",
    "vectors": "#0b6e4f",
    "10 % accepted": "#5a9e86",
    "words": "#b5541c",
    "late": "#3b4cc0",
}
_TARGET = 50  # milliseconds


def draw(sizes: Sequence[Mapping[str, Any]]) -> str:
    """A line for the p95 of each step and, dashed, for its p50; recall stands under the sizes."""
    counts = [each["passages"] for each in sizes]
    parts = [_text(_LEFT, 22, "Search time by number of passages: p95 (p50 dashed), milliseconds", size=14)]
    for power in range(-1, 4):
        y = _y(10.0**power)
        parts += [
            _line([(_LEFT, y), (_WIDTH - _RIGHT, y)], "#dddddd"),
            _text(_LEFT - 8, y + 4, f"{10.0**power:g}", "end"),
        ]
    parts.append(_line([(_LEFT, _y(_TARGET)), (_WIDTH - _RIGHT, _y(_TARGET))], "#cc0000", dashed=True))
    for each in sizes:
        x = _x(each["passages"], counts)
        parts.append(_text(x, _HEIGHT - 28, f"{each['passages']:,}".replace(",", " "), "middle"))
        parts.append(_text(x, _HEIGHT - 12, f"recall {each['recall']['vectors']:.3f}", "middle"))
    labels = _spread_labels({name: _y(sizes[-1]["ms"][name]["p95"]) for name in _COLOURS})
    for name, colour in _COLOURS.items():
        for quantile in ("p95", "p50"):
            points = [(_x(each["passages"], counts), _y(each["ms"][name][quantile])) for each in sizes]
            parts.append(_line(points, colour, dashed=quantile == "p50"))
        last = sizes[-1]["ms"][name]["p95"]
        parts.append(_text(_WIDTH - _RIGHT + 10, labels[name] + 4, f"{name}: {last:g} ms", colour=colour))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n{body}\n</svg>\n'
    )


def _x(count: int, counts: Sequence[int]) -> float:
    low, high = math.log(min(counts)), math.log(max(counts))
    share = (math.log(count) - low) / (high - low) if high > low else 0.5
    return round(_LEFT + 40 + share * (_WIDTH - _LEFT - _RIGHT - 80), 1)


def _y(milliseconds: float) -> float:
    share = math.log(max(milliseconds, _LEAST) / _LEAST) / math.log(_MOST / _LEAST)
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)


def _spread_labels(heights: Mapping[str, float]) -> dict[str, float]:
    """The same heights, moved down where two would lie over each other."""
    placed: dict[str, float] = {}
    for name in sorted(heights, key=heights.__getitem__):
        placed[name] = max([heights[name], *(each + 15 for each in placed.values())])
    return placed


def _line(points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}"' + (
        ' stroke-dasharray="4 3"/>' if dashed else "/>"
    )


def _text(x: float, y: float, text: str, anchor: str = "start", *, size: int = 12, colour: str = "#333333") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{text}</text>'
