"""The page of the widget: what a site writes to show the assistant, and the sites that may."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from assistant.web.admin.desk import Desk, form_check
from assistant.web.admin.session import PAGES
from assistant.widget.origins import WidgetOrigins
from assistant.widget.snippet import FORMS, LANGUAGES, POSITIONS, Options, policy_lines, write_snippet
from index.filters import Filters

_log = logging.getLogger(__name__)
_PATH = f"{PAGES}/widget"
_FACETS = ("porteur", "demarche", "thematique")


def make_widget(desk: Desk, origins: WidgetOrigins) -> APIRouter:
    """The page, and the form of the sites allowed."""
    router = APIRouter(prefix=_PATH, include_in_schema=False, dependencies=[Depends(form_check(desk))])

    def show(request: Request, status: int = 200, error: str = "", written: str | None = None) -> Response:
        options = _read_options(request)
        address = desk.settings.public_url or str(request.base_url).rstrip("/")
        facets = desk.served.knowledge().index.manifest.facets
        return desk.show(
            request,
            "widget.html",
            status,
            options=options,
            attributes=options.attributes(),
            snippet=write_snippet(options, address),
            policy=policy_lines(options.form, address),
            forms=FORMS,
            positions=POSITIONS,
            languages=LANGUAGES,
            facets=[(key, facets[key].title, {"": "Tout"} | facets[key].labels) for key in _FACETS if key in facets],
            of_settings=origins.of_settings,
            written="\n".join(origins.kept()) if written is None else written,
            error=error,
        )

    @router.get("")
    def page(request: Request) -> Response:
        return show(request)

    @router.post("/sites")
    def keep(request: Request, sites: Annotated[str, Form()] = "") -> Response:
        try:
            origins.keep(line for line in sites.splitlines() if line.strip())
        except ValueError as error:
            return show(request, 422, f"Rien n'a été enregistré. {error}", sites)
        _log.info("Someone of the staff changed the sites that may show the widget")
        request.state.session.message = "Les sites autorisés sont enregistrés. C'est effectif tout de suite."
        return RedirectResponse(_PATH, 303)

    return router


def _read_options(request: Request) -> Options:
    """The options that the address tells; those of the start when it tells something else."""
    told = request.query_params
    filters = {key: told.getlist(key) for key in _FACETS if any(told.getlist(key))}
    chosen = {
        name: told[name] for name in ("form", "lang", "color", "position", "label", "greeting", "sheet") if name in told
    }
    try:
        return Options.model_validate(
            {**chosen, "open": told.get("open") == "true", "filters": Filters.model_validate(filters)}
        )
    except ValidationError:
        return Options()
