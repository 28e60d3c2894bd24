"""The members' pages and interface, added to the application."""

from fastapi import FastAPI

from assistant.edge.authentication import Privacy
from assistant.web.members.account import make_account
from assistant.web.members.binding import make_binding
from assistant.web.members.interface import make_member_interface
from assistant.web.members.links import make_links
from assistant.web.members.provider import make_provider
from assistant.web.members.sign_in import MemberSignIn, make_sign_in, make_sign_out
from assistant.web.pages.site import Site


def add_members(app: FastAPI, site: Site, secret: str) -> None:
    """Add the pages of signing in and the interface, and keep what members read from every cache."""
    members = MemberSignIn(site, secret)
    for make in (make_sign_in, make_links, make_sign_out, make_account):
        app.include_router(make(members))
    app.include_router(make_provider(members, secret))
    app.include_router(make_binding(site))
    app.include_router(make_member_interface(site.authentication))
    app.add_middleware(Privacy)
