"""The templates, style sheets and scripts that the pages of visitors and of staff share."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from assistant.web.frame.language import add_language

_STATIC = Path(__file__).parent.parent / "static"
_TEMPLATES = Path(__file__).parent / "templates"
_FILES = "/static"
_A_YEAR = 31_536_000  # seconds


class _MarkedFiles(StaticFiles):
    """Files that browsers keep for a year when their address bears the mark of their content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        marked = scope["query_string"].startswith(b"v=") and answer.status_code in (200, 304)
        answer.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if marked else "no-cache"
        return answer


def add_static_files(app: FastAPI) -> None:
    """Serve the style sheets, scripts and outlines of all our pages."""
    app.mount(_FILES, _MarkedFiles(directory=_STATIC), name="static")


def open_templates(
    folders: Sequence[Path], filters: Mapping[str, Callable[..., str]], names: Mapping[str, Any]
) -> Jinja2Templates:
    """The templates of some folders, which may extend `frame.html`, with filters and names of their own.

    Everything is escaped, and a name that is not there is an error rather than nothing.
    """
    environment = Environment(
        loader=FileSystemLoader([*folders, _TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    add_language(environment)
    environment.filters |= filters
    environment.globals |= {"mark": mark_file, **names}
    return Jinja2Templates(env=environment)


@lru_cache
def mark_file(name: str) -> str:
    """The address of one of our files, another when its content is another."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{_FILES}/{name}?v={digest}"
