"""Nearby: what stands before a place of a text, as far as whoever reads it looks back."""

_FAR = 200  # characters: more than the longest expressions that are looked for before a word


def before(text: str, at: int) -> str:
    """The characters before a place: few, so that a text with many such places is still read once."""
    return text[max(0, at - _FAR) : at]
