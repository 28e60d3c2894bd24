"""The page that answers one question without a script, and its files."""

import io
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from conftest import DESKTOP, PHONE, RESERVED
from docx import Document
from members_site import MembersSite
from playwright.sync_api import Browser, Page, expect
from test_pages_browser import Visit, open_visit

GERS = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"


@pytest.fixture(params=[pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def plain(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A visit without JavaScript."""
    yield from open_visit(browser, server, java_script_enabled=False, viewport=request.param)


def ask(page: Page, question: str) -> None:
    page.get_by_label("question").fill(question)
    page.get_by_role("button", name="Demander", exact=True).click()


def test_without_javascript_one_asks_at_home_and_reads_an_answer_with_its_sources(plain: Visit) -> None:
    page = plain.go("/")
    page.get_by_label("Votre question").fill(GERS)
    page.get_by_role("button", name="Demander sans JavaScript").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(GERS)
    answer = page.get_by_role("group", name="Réponse")
    expect(answer).to_contain_text("47 000")
    answer.get_by_role("link", name="[1]").click()
    source = page.locator("li:has(:target)")
    expect(source).to_contain_text("Budget participatif gersois")
    source.get_by_role("link", name="Budget participatif gersois").click()
    plain.expect_path("/fiches/1")


def test_without_javascript_the_chat_leads_to_that_page_and_one_asks_again_there(plain: Visit) -> None:
    page = plain.go("/chat/")
    page.get_by_role("link", name="Posez votre question sur une page simple").click()
    ask(page, "Compare les budgets participatifs du Gers et des Landes")
    expect(page.get_by_role("table")).to_contain_text("Mont-de-Marsan")
    ask(page, GERS)
    expect(page.get_by_role("group", name="Réponse")).to_contain_text("47 000")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_page_leads_to_the_chat_with_the_question_and_its_filters(browser: Browser, server: str) -> None:
    for visit in open_visit(browser, server):
        page = visit.go(f"/reponse?question={quote('des exemples pour les jeunes')}&annee=2019")
        expect(page.get_by_text("Compris : ")).to_contain_text("2019")
        page.get_by_role("link", name="Continuer dans le chat").click()
        expect(page).to_have_url(f"{server}/chat/?annee=2019")
        expect(page.locator("[data-step-type=assistant_message]")).to_be_visible()


def test_a_printed_answer_has_its_sources_and_nothing_to_press(browser: Browser, server: str) -> None:
    for visit in open_visit(browser, server):
        page = visit.go(f"/reponse?question={quote(GERS)}")
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", name="Sources")).to_be_visible()
        expect(page.get_by_text("d’après la version")).to_be_visible()
        for gone in (page.get_by_role("link", name="Continuer dans le chat"), page.locator("form.ask")):
            expect(gone).to_be_hidden()


def test_no_search_engine_keeps_an_answer_and_no_cache_does(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        for path in (f"/reponse?question={quote(GERS)}", "/reponse", f"/reponse.md?question={quote(GERS)}"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers["x-robots-tag"] == "noindex"
            assert answer.headers["cache-control"] == "no-store"
        assert "Disallow: /reponse\n" in client.get("/robots.txt").text
        assert "/reponse" not in client.get("/sitemap.xml").text


def test_the_files_of_an_answer_say_what_its_page_says(server: str) -> None:
    with httpx.Client(base_url=server) as client:
        markdown = client.get("/reponse.md", params={"question": GERS})
        word = client.get("/reponse.docx", params={"question": GERS})
        page = client.get("/reponse", params={"question": GERS}).text
    assert markdown.headers["content-disposition"].startswith('attachment; filename="reponse-')
    written = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(word.content)).paragraphs)
    for said in ("47 000", "Budget participatif gersois", "Fiches du centre : version "):
        assert said in markdown.text
        assert said in written
    version = markdown.text.rpartition("version ")[2].split(".")[0]
    assert f"la version {version} des fiches" in page


@pytest.mark.parametrize("question", ["", "   ", "\x00"])
def test_an_address_that_asks_nothing_shows_the_form(server: str, question: str) -> None:
    answer = httpx.get(f"{server}/reponse", params={"question": question})
    assert answer.status_code == 200
    assert "<h1>Poser une question</h1>" in answer.text
    assert httpx.get(f"{server}/reponse.docx", params={"question": question}).status_code == 422


def test_a_question_is_text_whatever_it_holds_and_too_long_a_one_is_refused(server: str) -> None:
    poison = '<img src=x onerror=alert(1)> budget participatif "><script>alert(1)</script>'
    page = httpx.get(f"{server}/reponse", params={"question": poison}).text
    assert "<script>alert" not in page
    assert "<img" not in page
    long = httpx.get(f"{server}/reponse", params={"question": "budget " * 300})
    assert long.status_code == 422
    assert "La question est trop longue" in long.text


def test_a_member_is_answered_from_members_sheets_and_a_visitor_is_not(members_site: MembersSite) -> None:
    with members_site.signed_in() as member, members_site.client() as visitor:
        title = member.get(f"/api/sheets/{RESERVED[0]}").json()["title"]
        asked = {"question": f"Que retenir de « {title} » ?"}
        mine, theirs = member.get("/reponse", params=asked), visitor.get("/reponse", params=asked)
    assert f'href="/fiches/{RESERVED[0]}"' in mine.text
    assert f"/fiches/{RESERVED[0]}" not in theirs.text
    assert mine.headers["cache-control"] == "private, no-store"
    assert "Cookie" in theirs.headers["vary"]
