"""Costs: what each request that works for a visitor counts for, against as many pages as their limit allows.

Questions are counted by themselves, where they are taken (ask.py, chat/admission.py); staff have signed in; health is
asked by supervisors; files that never change cost nothing.
"""

from fnmatch import fnmatchcase
from urllib.parse import parse_qs

from starlette.types import Scope

from assistant.catalogue.figures import FIGURES
from assistant.catalogue.selection import LIST
from assistant.notes.note import PAGES as NOTIONS
from assistant.sharing.links import SHARED
from assistant.web.frame.addresses import ANSWER, CHECK

_PAGE, _SEARCH, _FILE = 1.0, 4.0, 20.0  # what a page costs; a file of all the sheets costs as much as a question
_FORMS = ("markdown", "docx")
# As the file names of a shell: "*" stands for anything.
_COSTS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (_FILE, (f"GET {LIST}.csv", f"GET {LIST}.docx", f"GET {LIST}.md", f"GET {FIGURES}.csv")),
    (_FILE, (f"POST {CHECK}",)),  # to read it; its sentences count as questions
    (_SEARCH, ("GET /api/search", "POST /api/feedback", f"GET {LIST}/*.pdf", "POST /chat/project/action")),
    (_SEARCH, (f"POST {SHARED}/*", "GET /mes-conversations/*", "POST /mes-conversations/*")),
    (_PAGE, ("GET /api/facets", "GET /api/figures", "GET /api/sheets*", "GET /api/notions*")),
    (_PAGE, ("GET /", f"GET {LIST}", f"GET {LIST}/*", f"GET {FIGURES}", f"GET {NOTIONS}", f"GET {NOTIONS}/*")),
    (_PAGE, (f"GET {ANSWER}", f"GET {SHARED}/*", f"GET {CHECK}", "GET /sitemap.xml", "GET /demo")),
    (_PAGE, ("GET /chat/", "GET /chat/filters", "GET /chat/project/settings")),
)


def find_cost(scope: Scope) -> float:
    """What a request counts for, 0 for one that is not counted here."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    asked = f"{method} {scope['path']}"
    cost = next((cost for cost, pages in _COSTS if any(fnmatchcase(asked, page) for page in pages)), 0.0)
    if cost != _PAGE:
        return cost
    given = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=None)
    if set(given.get("format", ())) & set(_FORMS):
        return _FILE
    return _SEARCH if any(text.strip() for text in given.get("q", ())) else cost
