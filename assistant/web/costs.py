"""Costs: what each request that works for a visitor counts for, against as many pages as their limit allows.

Questions are counted by themselves, where they are taken (ask.py, chat/admission.py); staff have signed in; health is
asked by supervisors; files that never change cost nothing.
"""

import re
from urllib.parse import parse_qs

from starlette.types import Scope

from assistant.catalogue.figures import FIGURES
from assistant.catalogue.selection import LIST
from assistant.notes.note import PAGES as NOTIONS
from assistant.web.frame.addresses import CHECK

_PAGE, _SEARCH, _FILE = 1.0, 4.0, 20.0  # what a page costs; a file of all the sheets costs as much as a question
_FORMS = ("markdown", "docx")
_COSTS = tuple(
    (re.compile(pattern), cost)
    for pattern, cost in (
        (r"GET /api/search", _SEARCH),
        (r"GET /api/(?:facets|figures|sheets.*|notions.*)", _PAGE),
        (r"POST /api/feedback", _SEARCH),
        (rf"GET {LIST}\.(?:csv|docx|md)", _FILE),
        (rf"GET {FIGURES}\.csv", _FILE),
        (rf"GET {LIST}/.*\.pdf", _SEARCH),
        (rf"POST {CHECK}", _FILE),  # to read it; its sentences count as questions
        (rf"GET (?:/|{LIST}(?:/.*)?|{FIGURES}|{NOTIONS}(?:/.*)?|{CHECK}|/sitemap\.xml|/demo)", _PAGE),
        (r"(?:GET|POST) /mes-conversations/.*", _SEARCH),
        (r"GET /chat/(?:filters|project/settings)?", _PAGE),
        (r"POST /chat/project/action", _SEARCH),
    )
)


def find_cost(scope: Scope) -> float:
    """What a request counts for, 0 for one that is not counted here."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    asked = f"{method} {scope['path']}"
    cost = next((cost for pattern, cost in _COSTS if pattern.fullmatch(asked)), 0.0)
    if cost != _PAGE:
        return cost
    given = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=None)
    if set(given.get("format", ())) & set(_FORMS):
        return _FILE
    return _SEARCH if any(text.strip() for text in given.get("q", ())) else cost
