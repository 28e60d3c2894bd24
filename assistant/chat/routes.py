"""Routes: what this chat answers of Chainlit's own routes, and nothing else of them.

What it serves of files, its page included, and the actions are the application's (`web/chat_page.py`, `actions.py`).
"""

from chainlit.server import app, router, set_session_cookie
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from assistant.chat.sent import Identifier
from assistant.edge.problems import add_problem_handlers

WEBSOCKET = "/ws/socket.io"
# All that the page asks for. None of them reads or writes what a client names: see docs/chainlit.md.
ROUTES = frozenset(
    {
        ("GET", "/auth/config"),
        ("GET", "/user"),
        ("GET", "/project/translations"),
        ("GET", "/project/settings"),
        ("GET", "/favicon"),
        ("GET", "/logo"),
        ("GET", "/avatars/{avatar_id:str}"),
        ("HEAD", "/"),
    }
)


class _Cookie(BaseModel):
    session_id: Identifier


def keep_known_routes() -> None:
    """Drop every route of Chainlit that is not known here; its errors leave as those of the application."""
    router.routes[:] = [route for route in router.routes if _is_known(route)]
    # Its application holds the router, the websocket, and the pages that describe it.
    app.router.routes[:] = [
        route for route in app.router.routes if getattr(route, "path", None) in (None, WEBSOCKET) or _is_known(route)
    ]
    add_problem_handlers(app)


def make_session_cookie(path: str) -> APIRouter:
    """The cookie that names a conversation to what stands before several servers, of a true identifier only."""
    made = APIRouter(include_in_schema=False)

    @made.post(f"{path}/set-session-cookie")
    async def keep(told: _Cookie, request: Request, response: Response) -> dict[str, str]:  # noqa: ARG001 - checked
        answer: dict[str, str] = await set_session_cookie(request, response)
        return answer

    return made


def _is_known(route: object) -> bool:
    methods = getattr(route, "methods", None) or set()
    return bool(methods) and {(method, getattr(route, "path", "")) for method in methods} <= ROUTES
