"""Language: a page speaks French, or English where its address asks for it (`lang=en`); what sheets say stays French.

The address alone tells, so that a cache never gives one language for the other.
"""

from collections.abc import Mapping
from datetime import date, datetime

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from starlette.requests import Request

from assistant.french.dates import format_date, say_date
from assistant.french.numbers import say_amount, say_count, say_number
from assistant.wording.pages import translate
from ingest.layout import Language

_NAME = "lang"


def language_of(request: Request) -> Language:
    """The language that an address asks for."""
    return "en" if request.query_params.get(_NAME) == "en" else "fr"


def keep_language(address: str, language: Language) -> str:
    """An address of ours in the language of the page that leads there."""
    if language == "fr" or not address.startswith("/"):
        return address
    path, mark, anchor = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{_NAME}={language}{mark}{anchor}"


def other_language(request: Request) -> str:
    """The address of the page that is asked for in the other language."""
    url = request.url if request.method == "GET" else request.url.replace(query="")
    if language_of(request) == "en":
        other = url.remove_query_params(_NAME)
    else:
        other = url.include_query_params(**{_NAME: "en"})
    return f"{other.path}?{other.query}" if other.query else other.path


def add_language(environment: Environment) -> None:
    """Let templates say their words in the language of the page, `language` of their context, French without one."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(_say, _say_many, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"language": "fr", "french": _mark_french}
    environment.filters |= {
        **{"say": _say, "to": _keep, "number": _say_number, "count": _say_count, "amount": _say_amount},
        **{"day": _say_day, "date": _say_day, "moment": _say_moment},
    }


def _of(context: Context | Mapping[str, object]) -> Language:
    return "en" if context.get("language") == "en" else "fr"


@pass_context
def _say(context: Context, text: str) -> str:
    return translate(text, _of(context))


@pass_context
def _say_many(context: Context, one: str, many: str, number: int) -> str:
    is_one = number == 1 if _of(context) == "en" else number < 2
    return translate(one if is_one else many, _of(context))


@pass_context
def _mark_french(context: Context) -> str:
    """The attribute of what is written in French in a page in English."""
    marked: str = context.environment.call_filter("safe", ' lang="fr"' if _of(context) == "en" else "")
    return marked


@pass_context
def _keep(context: Context, address: str) -> str:
    return keep_language(address, _of(context))


@pass_context
def _say_number(context: Context, number: int) -> str:
    return f"{number:,}" if _of(context) == "en" else say_number(number)


@pass_context
def _say_count(context: Context, number: int, one: str, many: str = "") -> str:
    if _of(context) == "fr":
        return say_count(number, one, many)
    return f"{number:,} {translate(one if number == 1 else many or one + 's', 'en')}"


@pass_context
def _say_amount(context: Context, value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".") if _of(context) == "en" else say_amount(value)


@pass_context
def _say_day(context: Context, day: date) -> str:
    return f"{day.day} {day:%B} {day.year}" if _of(context) == "en" else format_date(day)


@pass_context
def _say_moment(context: Context, iso: str) -> str:
    if _of(context) == "fr":
        return say_date(iso)
    moment = datetime.fromisoformat(iso)
    return f"{moment.day} {moment:%B} {moment.year}"
