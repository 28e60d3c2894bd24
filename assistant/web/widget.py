"""Widget: the script that other sites put in their pages, and what it tells them in the browser's console."""

import re
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import Scope

from assistant.web.compressed import CompressedFiles, compress_files
from assistant.widget.snippet import WIDGET

_FOLDER = Path(__file__).parent / "static"
_WARNINGS = "/widget-warnings.js"
_FOR_READERS = re.compile(r"^[ ]*//.*\n|^[ ]+", re.MULTILINE)  # comments and indentation: a seventh of the script
_FIVE_MINUTES = "public, max-age=300"


class _WidgetFiles(CompressedFiles):
    """The widget's script, which any page may load: where the chat may open is checked when it opens."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        # A page of an older encoding would read the script, and its accents, in its own.
        answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
        return answer


def add_widget(app: FastAPI, folder: Path, kept: Path) -> None:
    """Serve the scripts, written to `folder` without their comments; their compressed forms are kept in `kept`."""
    folder.mkdir()
    for address in (WIDGET, _WARNINGS):
        script = folder / address.strip("/")
        script.write_text(_FOR_READERS.sub("", (_FOLDER / script.name).read_text(encoding="utf-8")), encoding="utf-8")
    compress_files(folder.iterdir(), kept)
    files = _WidgetFiles(folder, kept, _FIVE_MINUTES)

    @app.api_route(WIDGET, methods=["GET", "HEAD"], include_in_schema=False)
    @app.api_route(_WARNINGS, methods=["GET", "HEAD"], include_in_schema=False)
    async def widget(request: Request) -> Response:
        return await files.get_response(request.url.path.strip("/"), request.scope)
