"""The interactive page of the HTTP interface at /docs, with its script served from here rather than from a CDN."""

from importlib.resources import files

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

_PAGE = """\
<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Interface HTTP</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css">
    <script src="/docs/assets/swagger-ui-bundle.js" defer></script>
    <script src="/docs/start.js" defer></script>
  </head>
  <body><div id="docs"></div></body>
</html>
"""
_START = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true });"


def add_docs(app: FastAPI) -> None:
    """Serve the page, its starting script and the library's files (Swagger UI, from the package fastapi-offline)."""

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(_PAGE)

    @app.get("/docs/start.js", include_in_schema=False)
    def start() -> Response:
        return Response(_START, media_type="text/javascript")

    app.mount("/docs/assets", StaticFiles(directory=str(files("fastapi_offline") / "static")))
