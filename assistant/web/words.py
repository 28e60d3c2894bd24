"""Words that all our pages use: numbers, counts and moments as French writes them."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.wording import format_date


def say_number(number: int) -> str:
    """ "1 234", with spaces that do not break."""
    return f"{number:,}".replace(",", "\u202f")


def say_count(number: int, one: str, many: str = "") -> str:
    """A number with its noun, in the plural from two on."""
    return f"{say_number(number)} {one if number < 2 else many or one + 's'}"


@lru_cache
def open_zone() -> ZoneInfo | None:
    """The time zone of France; None where this machine knows none."""
    try:
        return ZoneInfo("Europe/Paris")
    except ZoneInfoNotFoundError:
        return None


def say_date(iso: str) -> str:
    """A moment in France: "1er mars 2026 à 9 h 05"."""
    moment = datetime.fromisoformat(iso).astimezone(open_zone() or UTC)
    zone = "" if open_zone() else " (UTC)"
    return f"{format_date(moment)} à {moment.hour}\u00a0h\u00a0{moment.minute:02}{zone}"


def say_delay(delay: timedelta) -> str:
    """ "6 heures", "30 minutes"."""
    minutes = int(delay.total_seconds() // 60)
    for size, name in ((1440, "jour"), (60, "heure")):
        if minutes % size == 0:
            return say_count(minutes // size, name)
    return say_count(minutes, "minute")
