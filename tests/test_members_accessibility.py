"""The members' pages, and those by which staff manage members, in each of their states: axe, small screens, zoom."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from accessibility import find_faults
from answers import make_answer
from conftest import DESKTOP, PHONE
from members_site import PASSWORD, MembersSite
from playwright.sync_api import Browser, Page

from assistant.credentials.keys import hash_key, make_key
from assistant.history.conversations import History
from assistant.members.member import Member
from assistant.staff.accounts import StaffAccounts
from index.filters import Filters

ZOOMED = {"width": 320, "height": 256}  # what a screen of 1280 by 1024 holds at 400 %
SCREENS = [
    pytest.param(DESKTOP, ("light", "dark"), id="desktop"),
    pytest.param(PHONE, ("light",), id="phone-light"),
    pytest.param(ZOOMED, ("dark",), id="zoomed-dark"),
]


@pytest.mark.parametrize(("viewport", "schemes"), SCREENS)
def test_no_state_of_the_members_pages_has_a_fault_that_axe_sees(
    browser: Browser, members_site: MembersSite, viewport: dict[str, int], schemes: tuple[str, ...]
) -> None:
    address = f"prenom-compose.nom-compose.{uuid4().hex[:8]}@communaute-de-communes.exemple.fr"
    member = members_site.accounts().add(address, "Camille Durand", PASSWORD)
    context = browser.new_context(
        locale="fr-FR",
        viewport=viewport,  # type: ignore[arg-type]
        bypass_csp=True,  # axe is put in the page, which its policy rightly refuses to others
        extra_http_headers={"X-Forwarded-For": f"2001:db8:{uuid4().hex[:4]}::1"},  # wrong passwords are this test's own
    )
    page = context.new_page()
    for states in (visitors_states, members_states, staffs_states):
        for state in states(page, members_site, member):
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                assert find_wrong(page, state) == [], (state, scheme)
    context.close()


def visitors_states(page: Page, site: MembersSite, member: Member) -> Iterator[str]:
    """Signing in, each state named once it is shown."""
    page.goto(f"{site.url}/connexion")
    yield "sign-in"
    sign_in(page, member, "ce n'est pas le bon")
    yield "sign-in refused"
    page.goto(f"{site.url}/connexion/lien/{make_key()}")
    yield "link"
    press(page, "Se connecter")
    yield "link over"
    page.goto(f"{site.url}/connexion?suite=/mon-compte")
    sign_in(page, member, PASSWORD)
    page.wait_for_url("**/mon-compte")


def members_states(page: Page, site: MembersSite, member: Member) -> Iterator[str]:
    """What a member who is signed in sees."""
    yield "account"
    page.get_by_label("Mot de passe actuel").fill("ce n'est pas le bon")
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    press(page, "Enregistrer")
    yield "account refused"
    for sheet, state in (("10", "document"), ("1", "locked document"), ("12", "reserved sheet")):
        page.goto(f"{site.url}/fiches/{sheet}")
        yield state
    page.goto(f"{site.url}/mes-conversations")
    yield "no conversation"
    kept = History(site.database()).keep(
        member.id, "", 0, "Un budget participatif ?", make_answer("10", access="members"), Filters()
    )
    page.goto(f"{site.url}/mes-conversations")
    yield "conversations"
    page.goto(f"{site.url}/mes-conversations/{kept}")
    yield "conversation"
    page.goto(f"{site.url}/relier?demande={hash_key(make_key())}")
    yield "confirming"
    press(page, "C’est bien ma conversation")
    yield "confirmed"
    page.goto(f"{site.url}/deconnexion")
    yield "signing out"
    press(page, "Se déconnecter")
    yield "signed out"


def staffs_states(page: Page, site: MembersSite, member: Member) -> Iterator[str]:
    """What staff see of the members."""
    name = f"equipe-{uuid4().hex[:8]}"
    StaffAccounts(site.data_dir).add(name, PASSWORD)
    page.goto(f"{site.url}/admin/connexion")
    page.get_by_role("textbox", name="Nom du compte").fill(name)
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    press(page, "Se connecter")
    page.goto(f"{site.url}/admin/adherents")
    yield "members"
    page.get_by_role("textbox", name="Adresse électronique").fill(member.email or "")
    press(page, "Ajouter cet adhérent")
    yield "member known already"
    page.goto(f"{site.url}/admin/adherents/{member.id}")
    yield "member"
    press(page, "Faire un lien de connexion")
    yield "link made"
    page.goto(f"{site.url}/admin/adherents/{member.id}")
    press(page, "Suspendre l’accès")
    yield "member suspended"


def sign_in(page: Page, member: Member, password: str) -> None:
    page.get_by_role("textbox", name="Adresse électronique").fill(member.email or "")
    page.get_by_role("textbox", name="Mot de passe").fill(password)
    press(page, "Se connecter")


def press(page: Page, button: str) -> None:
    """Send a form, and wait for what comes back."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def find_wrong(page: Page, state: str) -> list[object]:
    """What axe sees, and whether the page scrolls sideways."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    faults: list[object] = [(each["id"], [node["html"] for node in each["nodes"]]) for each in find_faults(page)]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append(f"{state} scrolls sideways")
    return faults
