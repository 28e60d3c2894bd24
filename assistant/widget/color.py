"""Colour: what a widget may be painted with, and the label that is read on it, by the same rule as static/widget.js."""

from dataclasses import dataclass

from tinycss2.color4 import Color as CSSColor
from tinycss2.color4 import parse_color

_SPACES = ("srgb", "hsl", "hwb")  # those that browsers give back as rgb(…)
_LIGHT = 0.179  # the luminance at which black and white are read as well
_EXAMPLES = "écrivez #7a2e5d, rgb(122, 46, 93), hsl(323, 45%, 33%), ou un nom anglais comme purple"


@dataclass(frozen=True)
class Color:
    """An opaque colour, each part from 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def luminance(self) -> float:
        """From 0 for black to 1 for white, as WCAG measures it."""
        red, green, blue = (_straighten(part / 255) for part in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    @property
    def label(self) -> "Color":
        """Black or white, whichever is read better on it."""
        return BLACK if self.luminance > _LIGHT else WHITE


BLACK, WHITE = Color(0, 0, 0), Color(255, 255, 255)


def contrast(one: Color, other: Color) -> float:
    """How well two colours are told apart, from 1 to 21; text wants 4.5."""
    low, high = sorted((one.luminance, other.luminance))
    return (high + 0.05) / (low + 0.05)


def read_color(text: str) -> Color:
    """A colour as CSS writes it, or raise ValueError with the reason in French."""
    parsed = parse_color(text)
    if not isinstance(parsed, CSSColor) or parsed.space not in _SPACES or parsed.alpha != 1:
        raise ValueError(f"« {text.strip()} » n'est pas une couleur, {_EXAMPLES}.")
    return Color(*(round(255 * min(max(part, 0), 1)) for part in parsed.to("srgb").coordinates))


def _straighten(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)
