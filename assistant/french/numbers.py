"""Numbers and counts as French writes them."""


def say_number(number: int) -> str:
    """ "1 234", with spaces that do not break."""
    return f"{number:,}".replace(",", "\u202f")


def say_count(number: int, one: str, many: str = "") -> str:
    """A number with its noun, in the plural from two on."""
    return f"{say_number(number)} {one if number < 2 else many or one + 's'}"


def percent(share: float) -> str:
    """A share as French writes it: 0.894 is "89 %", with a space that does not break."""
    return f"{100 * share:.0f}\u00a0%"


def say_amount(value: float) -> str:
    """A number that may not be whole: 1234.5 is "1 234,5"."""
    whole = f"{value:,.2f}".rstrip("0").rstrip(".")
    return whole.replace(",", "\u202f").replace(".", ",")
