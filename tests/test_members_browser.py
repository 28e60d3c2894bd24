"""Members in a real browser: signing in, the documents in chat and page, access taken away in an open chat."""

import re
from collections.abc import Iterator

import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE
from members_site import HOST, PASSWORD, MembersSite, vouch_token
from playwright.sync_api import Browser, Locator, Page, expect

from assistant.members.member import Member
from assistant.staff.accounts import StaffAccounts

QUESTION = "Selon quels critères choisir les lieux d'arrêt de la camionnette Tok-Tok ?"


@pytest.fixture(params=[pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR", viewport=request.param)
    yield context.new_page()
    context.close()


def sign_in(page: Page, site: MembersSite, member: Member, wanted: str) -> None:
    page.goto(f"{site.url}/connexion?suite={wanted}")
    page.get_by_role("textbox", name="Adresse électronique").fill(member.email or "")
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"**{wanted}")


def ask(page: Page, question: str) -> Locator:
    answers = page.locator("[data-step-type=assistant_message]")
    count = answers.count()
    page.locator("#chat-input").fill(question)
    expect(page.locator("#chat-submit")).to_be_enabled()
    page.locator("#chat-submit").click()
    expect(answers.nth(count)).to_be_visible()
    expect(page.locator("#stop-button")).to_have_count(0)
    return answers.last


def test_a_member_gets_the_documents_with_their_pages_until_the_access_is_taken_away(
    page: Page, members_site: MembersSite, browser: Browser
) -> None:
    member = members_site.add_member("Camille Durand")
    page.goto(f"{members_site.url}/chat/")
    page.get_by_role("link", name="Connectez-vous").click()
    sign_in(page, members_site, member, "/chat/")
    expect(page.locator(".reader-line")).to_contain_text("Vous lisez avec l'accès adhérent (Camille Durand)")
    expect(page.locator("#welcome-screen")).to_contain_text("ne doit pas être diffusé")
    answer = ask(page, QUESTION)
    expect(answer).to_contain_text(re.compile(r"p\.\s\d"))
    answer.locator('a[href^="#citation-"]').first.click()
    card = page.locator(".sheet-card")
    expect(card).to_contain_text(re.compile(r"Fiche descriptive, p\.\s\d+ \(réservée aux adhérents\)"))
    expect(card.locator("mark")).to_be_visible()
    if page.viewport_size == PHONE:
        page.get_by_role("button", name=re.compile("^Fermer")).first.click()
    suspend(browser, members_site, member)
    ask(page, QUESTION)
    ended = page.get_by_text("Votre accès adhérent a pris fin")
    expect(ended).to_have_count(1)
    last = ask(page, QUESTION)
    expect(last).not_to_contain_text("p.\u00a0")
    expect(last).to_contain_text("réservée")
    expect(ended).to_have_count(1)
    expect(page.locator(".reader-line")).to_contain_text("Connectez-vous")


def test_a_member_who_loses_the_access_before_the_first_question_is_told(
    page: Page, members_site: MembersSite, browser: Browser
) -> None:
    member = members_site.add_member("Sam Petit")
    sign_in(page, members_site, member, "/chat/")
    expect(page.locator(".reader-line")).to_contain_text("accès adhérent (Sam Petit)")
    suspend(browser, members_site, member)
    ask(page, QUESTION)
    expect(page.get_by_text("Votre accès adhérent a pris fin")).to_have_count(1)


def suspend(browser: Browser, site: MembersSite, member: Member) -> None:
    """What someone of the staff does in another browser."""
    name = f"equipe-{member.id[:8]}"
    StaffAccounts(site.data_dir).add(name, PASSWORD)
    context = browser.new_context(locale="fr-FR")
    staff = context.new_page()
    staff.goto(f"{site.url}/admin/connexion")
    staff.get_by_role("textbox", name="Nom du compte").fill(name)
    staff.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    staff.get_by_role("button", name="Se connecter").click()
    staff.get_by_role("link", name="Adhérents").click()
    staff.get_by_role("searchbox").fill(member.email or "")
    staff.get_by_role("button", name="Chercher").click()
    staff.get_by_role("link", name=member.email or "", exact=True).click()
    check_accessible(staff)
    staff.get_by_role("button", name="Suspendre l’accès").click()
    expect(staff.get_by_text("L'accès est suspendu")).to_be_visible()
    context.close()


def test_a_member_reads_the_text_of_a_document_and_opens_its_pdf(page: Page, members_site: MembersSite) -> None:
    page.goto(f"{members_site.url}/fiches/10")
    page.get_by_role("complementary", name="Fiche descriptive").get_by_role("link", name="Connectez-vous").click()
    page.get_by_role("textbox", name="Adresse électronique").fill(members_site.add_member().email or "")
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/fiches/10")
    expect(page.get_by_role("heading", name="Page 2", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    pdf = page.request.get(f"{members_site.url}/fiches/10.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    expect(page.get_by_role("link", name="Ouvrir le PDF")).to_have_attribute("href", "/fiches/10.pdf")


def test_a_host_site_vouches_for_its_member_in_the_frame_without_any_cookie(
    page: Page, members_site: MembersSite
) -> None:
    frame_in_host(page, members_site)
    frame = page.frame_locator("iframe")
    expect(frame.locator(".reader-line")).to_contain_text("Connectez-vous")
    message = {"type": "assistant:token", "token": vouch_token(members_site.url, iss=members_site.framing)}
    page.evaluate("(message) => document.querySelector('iframe').contentWindow.postMessage(message, '*')", message)
    expect(frame.locator(".reader-line")).to_contain_text("accès adhérent (Alix)")
    frame.locator("#chat-input").fill(QUESTION)
    frame.locator("#chat-submit").click()
    expect(frame.locator("[data-step-type=assistant_message]")).to_contain_text(re.compile(r"p\.\s\d"))


def test_a_member_signs_in_beside_the_frame_and_confirms_for_this_conversation_alone(
    page: Page, members_site: MembersSite
) -> None:
    frame_in_host(page, members_site)
    line = page.frame_locator("iframe").locator(".reader-line")
    expect(line).to_contain_text("Connectez-vous")
    expect(line).not_to_contain_text("code")  # which who has not pressed has nothing to compare with
    with page.expect_popup() as waiting:
        line.get_by_role("link").click()
    expect(line).to_contain_text("La page ouverte doit montrer le même code : ")
    code = line.inner_text().split("le même code : ")[1][:4]
    tab = waiting.value
    tab.get_by_role("textbox", name="Adresse électronique").fill(members_site.add_member("Zoé").email or "")
    tab.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    tab.get_by_role("button", name="Se connecter").click()
    expect(tab.locator("main")).to_contain_text(code)
    tab.get_by_role("button", name="C’est bien ma conversation").click()
    expect(tab.get_by_role("status")).to_contain_text("C’est fait")
    tab.close()
    page.frame_locator("iframe").locator("#chat-input").click()
    expect(line).to_contain_text("accès adhérent (Zoé)")
    page.frame_locator("iframe").locator("#chat-input").fill(QUESTION)
    page.frame_locator("iframe").locator("#chat-submit").click()
    answer = page.frame_locator("iframe").locator("[data-step-type=assistant_message]")
    expect(answer).to_contain_text(re.compile(r"p\.\s\d"))


def frame_in_host(page: Page, site: MembersSite) -> None:
    """A page of another site that frames the chat."""
    page.goto(f"{site.framing}/?{site.url}/chat/")


def test_a_page_that_opened_the_chat_cannot_sign_its_visitor_in(page: Page, members_site: MembersSite) -> None:
    html = f"<!doctype html><button onclick=\"chat = window.open('{members_site.url}/chat/')\">Ouvrir</button>"
    page.route(f"{HOST}/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{HOST}/page")
    with page.expect_popup() as waiting:
        page.get_by_role("button").click()
    chat = waiting.value
    expect(chat.locator(".reader-line")).to_contain_text("Connectez-vous")
    sent: list[str] = []
    chat.on("request", lambda request: sent.append(request.url))
    chat.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    chat.evaluate("window.heard = 0; addEventListener('message', () => { heard += 1; }, true)")
    for kind in ("assistant:token", "assistant:key"):
        message = {"type": kind, "token": vouch_token(members_site.url), "origin": HOST, "key": "x"}
        page.evaluate("(message) => chat.postMessage(message, '*')", message)
    chat.wait_for_timeout(500)
    assert chat.evaluate("heard") == 0, "no script of the chat hears it"
    assert not [each for each in sent if "vouch" in each or "assistant:" in each]


PAGES = ("/connexion", "/mon-compte", "/deconnexion", "/fiches/10", "/fiches/1", "/")


def test_members_pages_are_accessible_light_or_dark(browser: Browser, members_site: MembersSite) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{members_site.url}/connexion")
    check_accessible(page)
    sign_in(page, members_site, members_site.add_member(), "/mon-compte")
    for path in PAGES[1:]:
        page.goto(f"{members_site.url}{path}")
        check_accessible(page)
    context.close()


def check_accessible(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        faults = [each["id"] for each in find_faults(page) if each["impact"] in ("serious", "critical")]
        assert faults == [], (page.url, scheme)
