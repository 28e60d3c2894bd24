"""Colour: what a widget may be painted with, and the label that is read on it, by the same rule as static/widget.js."""

import colorsys
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(r"rgb\(\s*(\d{1,3})(?:\s*,\s*|\s+)(\d{1,3})(?:\s*,\s*|\s+)(\d{1,3})\s*\)", re.ASCII)
_HSL = re.compile(r"hsl\(\s*(\d{1,3})(?:deg)?(?:\s*,\s*|\s+)(\d{1,3})%(?:\s*,\s*|\s+)(\d{1,3})%\s*\)", re.ASCII)
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
    written = text.strip().lower()
    written = _names().get(written, written)
    if _HEX.fullmatch(written):
        digits = written[1:] if len(written) == 7 else "".join(digit * 2 for digit in written[1:])
        return Color(*bytes.fromhex(digits))
    if found := _RGB.fullmatch(written):
        return Color(*(min(int(part), 255) for part in found.groups()))
    if found := _HSL.fullmatch(written):
        hue, saturation, lightness = (int(part) for part in found.groups())
        parts = colorsys.hls_to_rgb(hue % 360 / 360, min(lightness, 100) / 100, min(saturation, 100) / 100)
        return Color(*(round(part * 255) for part in parts))
    raise ValueError(f"« {text.strip()} » n'est pas une couleur, {_EXAMPLES}.")


def _straighten(part: float) -> float:
    return part / 12.92 if part <= 0.03928 else float(((part + 0.055) / 1.055) ** 2.4)


@lru_cache
def _names() -> dict[str, str]:
    """The names that CSS gives to colours, each with its six digits."""
    lines = Path(__file__).with_name("color_names.txt").read_text(encoding="ascii").splitlines()
    return dict(line.split() for line in lines)
