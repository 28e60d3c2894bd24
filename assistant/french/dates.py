"""Dates, moments and delays as French writes them."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.french.numbers import say_count

_MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


def format_date(day: date) -> str:
    """ "1er mars 2026"."""
    return f"{day.day}{'er' if day.day == 1 else ''} {_MONTHS[day.month - 1]} {day.year}"


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
