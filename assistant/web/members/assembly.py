"""The members' pages and interface, added to the application."""

from fastapi import FastAPI

from assistant.edge.door import Privacy
from assistant.web.members.account import make_account
from assistant.web.members.binding import make_binding
from assistant.web.members.interface import make_member_interface
from assistant.web.members.sign_in import make_porch, make_sign_in
from assistant.web.pages.site import Site


def add_members(app: FastAPI, site: Site, secret: str) -> None:
    """Add the pages of signing in and the interface, and keep what members read from every cache."""
    porch = make_porch(site, secret)
    app.include_router(make_sign_in(porch))
    app.include_router(make_account(porch))
    app.include_router(make_binding(porch))
    app.include_router(make_member_interface(site.door))
    app.add_middleware(Privacy)
