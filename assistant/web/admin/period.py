"""Period: the days that a page of the staff shows, from its address; and what else an address keeps."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query

from assistant.french.dates import open_zone
from assistant.learning.asked import Period

_DEFAULT, _MOST = 30, 3660  # days


@dataclass(frozen=True)
class Choice:
    """A length of time that a page offers, in days until today."""

    days: int
    label: str
    query: str
    is_chosen: bool


def read_period(du: Annotated[str, Query(max_length=10)] = "", au: Annotated[str, Query(max_length=10)] = "") -> Period:
    """The days of "?du=2026-10-01&au=2026-10-31": the last 30 when they are not said or cannot be read."""
    zone = open_zone() or UTC
    today = datetime.now(zone).date()
    last = min(_read_day(au) or today, today)
    first = _read_day(du) or last - timedelta(days=_DEFAULT - 1)
    if first > last:
        first, last = last, min(first, today)
    return Period(max(first, last - timedelta(days=_MOST)), last, zone)


def write_query(period: Period, **others: str) -> str:
    """The end of an address that keeps a period: "?du=...&au=..."."""
    kept = {name: value for name, value in others.items() if value}
    return "?" + urlencode({"du": period.first.isoformat(), "au": period.last.isoformat(), **kept})


def offer_periods(period: Period, days: int) -> list[Choice]:
    """The last week, month and quarter, and all the days that questions are kept."""
    today = datetime.now(period.zone).date()
    named = {7: "7 jours", 30: "30 jours", 90: "90 jours", days: "Tout ce qui est gardé"}
    choices = []
    for length, label in sorted(named.items()):
        offered = Period(today - timedelta(days=length - 1), today, period.zone)
        choices.append(Choice(length, label, write_query(offered), offered == period))
    return choices


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
