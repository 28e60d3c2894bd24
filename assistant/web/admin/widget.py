"""The page of the widget: what a site writes to show the assistant, and the sites that may."""

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.web.admin.session import PAGES
from assistant.web.admin.site import AdminSite, form_check
from assistant.widget.chosen import read_chosen
from assistant.widget.origins import WidgetOrigins
from assistant.widget.snippet import FORMS, LANGUAGES, POSITIONS, policy_lines, write_snippet

_log = logging.getLogger(__name__)
_PATH = f"{PAGES}/widget"
_FACETS = ("porteur", "demarche", "thematique")


def make_widget(admin: AdminSite, origins: WidgetOrigins) -> APIRouter:
    """The page, and the form of the sites allowed."""
    router = APIRouter(prefix=_PATH, include_in_schema=False, dependencies=[Depends(form_check(admin))])

    def show(request: Request, status: int = 200, error: str = "", written: str | None = None) -> Response:
        content = _content(request, admin)
        kept = "\n".join(origins.kept()) if written is None else written
        status = 422 if content["wrong"] else status
        return admin.show(
            request, "widget.html", status, **content, of_settings=origins.of_settings, written=kept, error=error
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


def _content(request: Request, admin: AdminSite) -> dict[str, Any]:
    """What was chosen, what is wrong in it, and what a site writes for it."""
    index = admin.served.knowledge().index
    facets = {key: facet for key, facet in index.manifest.facets.items() if key in _FACETS}
    chosen = read_chosen(request.query_params, {key: facet.labels for key, facet in facets.items()})
    wrong = dict(chosen.wrong)
    if (sheet := chosen.options.sheet) and not index.find_sheet(sheet):
        wrong["sheet"] = f"Il n'y a pas de fiche « {sheet} »."
    options = chosen.options.model_copy(update={"sheet": ""}) if "sheet" in wrong else chosen.options
    address = admin.settings.public_url or str(request.base_url).rstrip("/")
    return {
        "options": options,
        "told": chosen.written,
        "wrong": wrong,
        "label_said": chosen.label_said,
        "attributes": options.attributes(),
        "snippet": write_snippet(options, address),
        "policy": policy_lines(options.form, address),
        "forms": FORMS,
        "positions": POSITIONS,
        "languages": LANGUAGES,
        "facets": [(key, facets[key].title, {"": "Tout"} | facets[key].labels) for key in _FACETS if key in facets],
    }
