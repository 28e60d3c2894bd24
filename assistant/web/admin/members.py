"""Pages of the staff: the members' accounts."""

import logging
from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request
from fastapi.responses import RedirectResponse, Response

from assistant.french.numbers import say_count
from assistant.members.accounts import MemberAccounts, MemberWrong, add_many
from assistant.members.address_list import read_address_list
from assistant.members.links import BY_STAFF
from assistant.members.member import Member
from assistant.members.membership import Membership
from assistant.web.admin.session import PAGES
from assistant.web.admin.site import AdminSite, PageRefused, form_check
from assistant.web.frame.addresses import LINK

MEMBERS = f"{PAGES}/adherents"
_A_PAGE = 50
_WRONG_SHOWN = 10
_log = logging.getLogger(__name__)


def make_members(admin: AdminSite, membership: Membership) -> APIRouter:
    """The list of the members, and the page of each."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(form_check(admin))])
    for part in (_make_list(admin, membership.accounts), _make_member(admin, membership)):
        router.include_router(part)
    return router


def _make_list(admin: AdminSite, accounts: MemberAccounts) -> APIRouter:
    router = APIRouter(prefix=MEMBERS)

    def show_list(
        request: Request, status: int = 200, *, sought: str = "", page: int = 1, error: str = "", email: str = ""
    ) -> Response:
        total = accounts.count(sought)
        pages = max(1, -(-total // _A_PAGE))
        page = min(max(1, page), pages)
        listed = accounts.list_members(sought, (page - 1) * _A_PAGE, _A_PAGE)
        content = {"members": listed, "total": total, "sought": sought, "number": page, "pages": pages}
        return admin.show(request, "members.html", status, **content, error=error, email=email)

    @router.get("")
    def listing(request: Request, q: str = "", page: int = 1) -> Response:
        return show_list(request, sought=q[:200], page=page)

    @router.post("")
    def add(request: Request, email: Annotated[str, Form()] = "", name: Annotated[str, Form()] = "") -> Response:
        try:
            member = accounts.add(email, name)
        except MemberWrong as error:
            return show_list(request, 422, error=str(error), email=email[:254])
        _log.info("Someone of the staff added a member")
        request.state.session.message = "Le compte est ajouté. Donnez à cette personne un lien de connexion."
        return RedirectResponse(f"{MEMBERS}/{member.id}", 303)

    @router.post("/import")
    def import_list(request: Request, table: Annotated[bytes, File()]) -> Response:
        added, known, wrong = add_many(accounts, read_address_list(table))
        if not added and not known:
            return show_list(request, 422, error="Il n'y a pas d'adresse électronique dans ce fichier.")
        _log.info("Someone of the staff imported %d members", added)
        request.state.session.message = _tell_imported(added, known, wrong)
        return RedirectResponse(MEMBERS, 303)

    return router


def _tell_imported(added: int, known: int, wrong: Sequence[str]) -> str:
    """What became of the addresses of a list."""
    told = f"{say_count(added, 'compte ajouté', 'comptes ajoutés')}, {say_count(known, 'déjà là', 'déjà là')}."
    if not wrong:
        return told
    more = f" et {len(wrong) - _WRONG_SHOWN} autres" if len(wrong) > _WRONG_SHOWN else ""
    return f"{told} Adresses incorrectes, laissées de côté : {', '.join(wrong[:_WRONG_SHOWN])}{more}."


def _make_member(admin: AdminSite, membership: Membership) -> APIRouter:
    router = APIRouter(prefix=MEMBERS)
    accounts = membership.accounts
    changes = _list_changes(accounts)

    @router.get("/{member_id}")
    def show(request: Request, member_id: str) -> Response:
        return admin.show(request, "member.html", member=_find(accounts, member_id), link="")

    @router.post("/{member_id}/lien")
    def make_link(request: Request, member_id: str) -> Response:
        member = _find(accounts, member_id)
        key = None if member.revoked else membership.links.make(member.id, BY_STAFF)
        if key is None:
            raise PageRefused(409, "Ce compte est suspendu, ou a déjà trop de liens qui n'ont pas servi.")
        _log.info("Someone of the staff made a sign-in link")
        site = admin.settings.public_url or str(request.base_url).rstrip("/")
        return admin.show(request, "member.html", member=member, link=f"{site}{LINK}/{key}")

    @router.post("/{member_id}/retirer")
    def remove(request: Request, member_id: str) -> Response:
        accounts.remove(_find(accounts, member_id).id)
        _log.info("Someone of the staff removed a member")
        request.state.session.message = "Le compte et ce qui lui appartenait sont effacés."
        return RedirectResponse(MEMBERS, 303)

    @router.post("/{member_id}/{change}")
    def change_access(request: Request, member_id: str, change: str) -> Response:
        if change not in changes:
            raise PageRefused(404, "Cette page n'existe pas.")
        do, told = changes[change]
        do(_find(accounts, member_id).id)
        _log.info("Someone of the staff changed a member's access: %s", change)
        request.state.session.message = told
        return RedirectResponse(f"{MEMBERS}/{member_id}", 303)

    return router


def _list_changes(accounts: MemberAccounts) -> dict[str, tuple[Callable[[str], object], str]]:
    """What the buttons of a member's page do, and what is told once it is done."""
    return {
        "suspendre": (accounts.revoke, "L'accès est suspendu, aussi dans les conversations ouvertes."),
        "retablir": (accounts.restore, "L'accès est rétabli."),
        "deconnecter": (accounts.end_sessions, "Toutes les sessions de ce compte sont fermées."),
    }


def _find(accounts: MemberAccounts, member_id: str) -> Member:
    """The member with this id, or raise PageRefused."""
    member = accounts.find(member_id)
    if member is None:
        raise PageRefused(404, "Ce compte n'existe pas, ou n'existe plus.")
    return member
