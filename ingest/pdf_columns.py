"""Columns of a PDF page: lines that hold a line of each of two columns are put back in reading order."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

Box = tuple[float, float, float, float]  # left, bottom, right, top, in points

_GUTTER, _OF_HEIGHT = 9.0, 1.2  # points, and of a letter's height: a narrower gap is a space
_LEAST_LINES = 3
_READS_ON = 0.5  # of the lines of a column go on in the next; a table's rows do not


@dataclass(frozen=True)
class _Cut:
    """A line parted at its widest gap, which lies from `left` to `right`."""

    before: str
    after: str
    left: float
    right: float


def order_columns(lines: list[str], box_of: Callable[[int], Box]) -> list[str]:
    """The lines of a page with two columns one after the other where they stood side by side.

    `box_of` gives the box of a character by its number in the page, line ends included.
    """
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    cuts = [_cut(line, start, box_of) for line, start in zip(lines, starts, strict=False)]
    ordered: list[str] = []
    at = 0
    while at < len(lines):
        end = _find_end(cuts, at)
        band = [cut for cut in cuts[at:end] if cut]
        if len(band) >= _LEAST_LINES and _reads_on([cut.before for cut in band], [cut.after for cut in band]):
            ordered += [f"{cut.before}\n" for cut in band] + [f"{cut.after}\n" for cut in band]
            at = end
        else:
            ordered.append(lines[at])
            at += 1
    return ordered


def _cut(line: str, start: int, box_of: Callable[[int], Box]) -> _Cut | None:
    """A line at its widest gap, None when no gap parts columns."""
    text = line.rstrip()
    gaps = []
    for place, letter in enumerate(text[1:-1], start=1):
        if letter.isspace() and not text[place - 1].isspace():
            after = len(text) - len(text[place:].lstrip())
            _, bottom, left, top = box_of(start + place - 1)
            gaps.append((box_of(start + after)[0] - left, top - bottom, left, place, after))
    width, height, left, place, after = max(gaps, default=(0.0, 0.0, 0.0, 0, 0))
    if width < max(_GUTTER, _OF_HEIGHT * height):
        return None
    return _Cut(text[:place], text[after:], left, left + width)


def _find_end(cuts: list[_Cut | None], start: int) -> int:
    """Where the lines end that one gutter parts."""
    left, right = float("-inf"), float("inf")
    for at in range(start, len(cuts)):
        cut = cuts[at]
        if cut is None or min(right, cut.right) - max(left, cut.left) < _GUTTER:
            return at
        left, right = max(left, cut.left), min(right, cut.right)
    return len(cuts)


def _reads_on(*columns: list[str]) -> bool:
    """Whether sentences go on from one line of a column to the next."""
    return all(
        sum(after[:1].islower() for _, after in pairwise(column)) >= _READS_ON * (len(column) - 1) for column in columns
    )
