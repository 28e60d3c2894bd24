"""The pages for everyone in a real browser, on a real server over the project's own sheets."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE, caller_of
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

STATES = (
    *(
        "/",
        "/fiches",
        "/fiches?vue=tableau",
        "/fiches?vue=carte",
        "/fiches?q=nucl%C3%A9aire&annee=2019",
        "/fiches?q=xyzzy",
    ),
    *(
        "/notions",
        "/notions?q=jury",
        "/notions?q=xyzzy",
        "/notions/concertation",
        "/notions/obligation-conseil-de-quartier",
    ),
    *("/chiffres", "/chiffres?quantity=cost&sort=-value", "/chiffres?quantity=share", "/chiffres?q=xyzzy"),
    "/verifier",
    "/reponse",
    "/reponse?question=Combien+de+personnes+ont+vot%C3%A9+au+budget+participatif+du+Gers+en+2019",
    "/reponse?question=Compare+les+budgets+participatifs+du+Gers+et+des+Landes",
    "/reponse?question=C%27est+quoi+la+concertation",
    *("/fiches/1", "/fiches/5", "/fiches/zzz", "/mentions-legales", "/confidentialite", "/accessibilite"),
    *("/?lang=en", "/fiches?q=nucl%C3%A9aire&lang=en", "/fiches?vue=tableau&lang=en", "/fiches?vue=carte&lang=en"),
    *("/fiches/1?lang=en", "/notions?lang=en", "/notions/concertation?lang=en", "/verifier?lang=en"),
    *("/chiffres?quantity=cost&lang=en", "/mentions-legales?lang=en", "/reponse?lang=en"),
    "/reponse?question=Why+a+participatory+budget&lang=en",
)


class Visit:
    """A page of the site, with what it asked of other hosts and the errors of its scripts."""

    def __init__(self, context: BrowserContext, server: str) -> None:
        self.context, self.server = context, server
        self.page: Page = context.new_page()
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self._hear(message.type, message.text))

    def _note(self, url: str) -> None:
        if not url.startswith((self.server, self.server.replace("http", "ws"), "data:", "blob:")):
            self.elsewhere.append(url)

    def _hear(self, kind: str, text: str) -> None:
        if "Content Security Policy" in text or (kind == "error" and "404" not in text):
            self.errors.append(text)

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.server}{path}")
        return self.page

    def expect_count(self, text: str) -> None:
        expect(self.page.locator("#compte")).to_contain_text(text)

    def expect_path(self, path: str) -> None:
        expect(self.page).to_have_url(f"{self.server}{path}")


def open_visit(browser: Browser, server: str, **options: object) -> Iterator[Visit]:
    context = browser.new_context(**{"viewport": DESKTOP, "locale": "fr-FR", **options})  # type: ignore[arg-type]
    visit = Visit(context, server)
    yield visit
    context.close()
    assert visit.elsewhere == [], "the page asked other hosts"
    assert visit.errors == [], "the page's scripts failed"


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Visit]:
    yield from open_visit(browser, server)


@pytest.fixture
def plain(browser: Browser, server: str) -> Iterator[Visit]:
    """A visit without JavaScript."""
    yield from open_visit(browser, server, java_script_enabled=False)


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_no_page_has_a_fault_that_axe_sees_light_or_dark(browser: Browser, server: str, viewport: object) -> None:
    # axe is put in the page, which its policy rightly refuses to others.
    for visit in open_visit(browser, server, viewport=viewport, bypass_csp=True):
        for path in STATES:
            page = visit.go(path)
            page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                faults = [(each["id"], [node["html"] for node in each["nodes"]]) for each in find_faults(page)]
                assert faults == [], (path, scheme)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (path, scheme)


def test_at_400_percent_nothing_scrolls_sideways(browser: Browser, server: str) -> None:
    for visit in open_visit(browser, server, viewport={"width": 320, "height": 256}):
        for path in STATES:
            page = visit.go(path)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_a_question_asked_at_home_is_answered_in_the_chat_once(visit: Visit) -> None:
    page = visit.go("/")
    page.get_by_label("Votre question").fill("Combien de personnes ont voté au budget participatif du Gers en 2019 ?")
    page.keyboard.press("Enter")
    expect(page.locator("[data-step-type=assistant_message]")).to_contain_text("47 000")
    expect(page.locator("[data-step-type=user_message]")).to_have_count(1)
    visit.expect_path("/chat/")
    page.reload()
    expect(page.locator("#chat-input")).to_be_visible()
    expect(page.locator("[data-step-type=user_message]")).to_have_count(0)
    expect(page.locator("#chat-input")).to_be_empty()


def test_a_sheet_leads_to_the_chat_with_a_question_on_it(visit: Visit) -> None:
    page = visit.go("/fiches/1")
    page.get_by_role("link", name="Poser une question sur cette fiche").click()
    answer = page.locator("[data-step-type=assistant_message]")
    expect(answer).to_contain_text("Budget participatif gersois")


def test_a_question_in_an_address_is_never_html(visit: Visit) -> None:
    page = visit.go("/chat/?question=%3Cimg%20src%3Dx%20onerror%3D%22window.hacked%3D1%22%3E%20budget")
    expect(page.locator("[data-step-type=assistant_message]")).to_be_visible()
    assert page.evaluate("window.hacked") is None


def test_the_list_follows_what_is_typed_and_tells_how_many(visit: Visit) -> None:
    page = visit.go("/fiches")
    search = page.get_by_role("searchbox", name="Chercher")
    search.press_sequentially("mobilite")
    expect(page.locator("#resultats h3").first).to_be_visible()
    visit.expect_path("/fiches?q=mobilite")
    visit.expect_count("3 fiches")
    expect(search).to_be_focused()
    expect(page.get_by_label("Ordre")).to_have_value("")
    search.fill("")
    visit.expect_count("35 fiches")
    visit.expect_path("/fiches")


def test_filters_make_an_address_and_the_back_button_undoes_them(visit: Visit) -> None:
    page = visit.go("/fiches")
    page.get_by_label("Environnement").check()
    visit.expect_path("/fiches?thematique=ENV")
    visit.expect_count("11 fiches")
    expect(page.get_by_label("Environnement")).to_be_focused()
    page.get_by_label("Participation en ligne").check()
    expect(page).to_have_url(re.compile("demarche="))
    page.go_back()
    visit.expect_path("/fiches?thematique=ENV")
    visit.expect_count("11 fiches")
    expect(page.get_by_label("Participation en ligne")).not_to_be_checked()
    page.go_back()
    visit.expect_count("35 fiches")
    expect(page.get_by_label("Environnement")).not_to_be_checked()
    page.go_forward()
    expect(page.get_by_label("Environnement")).to_be_checked()


def test_a_deep_link_shows_the_same_and_a_filter_is_removed_with_the_keyboard(visit: Visit) -> None:
    page = visit.go("/fiches?demarche=BP&region=75&vue=tableau")
    rows = page.locator("tbody tr").count()
    assert rows > 1
    visit.expect_count(f"{rows} fiches")
    page.get_by_role("link", name="Retirer Nouvelle-Aquitaine").press("Enter")
    visit.expect_path("/fiches?demarche=BP&vue=tableau")
    visit.expect_count("5 fiches")
    expect(page.locator("#compte")).to_be_focused()
    expect(page.get_by_label("Budget et financement participatif")).to_be_checked()


def test_a_selection_is_downloaded(visit: Visit) -> None:
    page = visit.go("/fiches?demarche=BP")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(text), delimiter=";"))) == 5
    assert waiting.value.suggested_filename.startswith("fiches-")


def test_a_point_of_the_map_is_followed_with_the_keyboard(visit: Visit) -> None:
    page = visit.go("/fiches?departement=32")
    page.get_by_role("link", name="Carte").click()
    point = page.locator(".france").get_by_role("link", name="Budget participatif gersois, Auch")
    point.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Budget participatif gersois")


def test_without_javascript_the_form_and_the_links_do_the_same(plain: Visit) -> None:
    page = plain.go("/fiches")
    page.get_by_label("Environnement").check()
    page.get_by_role("searchbox", name="Chercher").fill("climat")
    page.get_by_role("button", name="Appliquer les filtres").click()
    expect(page).to_have_url(re.compile(r"q=climat&thematique=ENV"))
    expect(page.get_by_label("Environnement")).to_be_checked()
    page.get_by_role("link", name="Tableau").click()
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="À retenir")).to_be_visible()
    page.get_by_role("link", name="Environnement").click()
    plain.expect_count("11 fiches")
    page.get_by_role("link", name="Retirer Environnement").click()
    page.get_by_role("link", name="Suivante").click()
    plain.expect_path("/fiches?page=2")


def test_the_first_key_leads_past_the_header(visit: Visit) -> None:
    page = visit.go("/fiches/1")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Aller au contenu")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_printed_sheet_keeps_its_text_and_drops_what_is_pressed(visit: Visit) -> None:
    page = visit.go("/fiches/1")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="À retenir")).to_be_visible()
    expect(page.get_by_role("link", name="Poser une question")).to_be_hidden()
    expect(page.get_by_role("banner")).to_be_hidden()


def test_a_page_of_another_site_that_is_allowed_asks_and_links_to_the_sheets(browser: Browser, server: str) -> None:
    ask = """async ([server, query]) => {
      const sent = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query }) };
      return (await fetch(`${server}/api/ask`, sent)).json();
    }"""
    question = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"
    for visit in open_visit(browser, server, bypass_csp=True):  # our own page, by the name of another site
        page = visit.page
        page.goto(f"{caller_of(server)}/mentions-legales")
        given = page.evaluate(ask, [server, question])
        assert "47 000" in given["answer"]
        assert given["citations"][0]["url"] == f"{server}/fiches/1"
        page.goto(f"{caller_of(server).replace('partenaire', 'autre')}/mentions-legales")
        with pytest.raises(Error, match="Failed to fetch"):
            page.evaluate(ask, [server, question])
        assert any("CORS" in error for error in visit.errors)
        visit.elsewhere.clear()
        visit.errors.clear()


def test_english_is_chosen_once_and_kept_from_page_to_page_with_script_or_without(visit: Visit) -> None:
    page = visit.go("/")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who has done it already, and how?")
    page.get_by_role("link", name="See all the sheets").click()
    page.get_by_role("searchbox", name="Search").fill("jeunes")
    expect(page).to_have_url(re.compile(r"q=jeunes.*lang=en"))
    expect(page.locator("#compte")).to_contain_text("sheets")
    page.get_by_role("group", name="Theme").get_by_label("Environnement").check()
    expect(page).to_have_url(re.compile(r"thematique=ENV.*lang=en"))
    page.locator("#resultats h3 a").first.click()
    expect(page.get_by_role("link", name="Ask about this sheet")).to_be_visible()
    assert page.locator("article.sheet h1").get_attribute("lang") == "fr"
    page.get_by_role("navigation", name="Main navigation").get_by_role("link", name="Notions").click()
    page.get_by_role("searchbox", name="Search for a notion").fill("sortition")
    expect(page.locator("#compte")).to_have_text("1 note")
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Les notions")


def test_without_javascript_a_question_in_english_is_answered_on_a_page_in_english(plain: Visit) -> None:
    page = plain.go("/?lang=en")
    page.get_by_label("Your question").fill("Why a participatory budget in Gers?")
    page.get_by_role("button", name="Ask without JavaScript").click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    expect(page.get_by_text("Each sheet describes a practice at its date")).to_be_visible()
    expect(page.get_by_role("link", name="Go on in the chat")).to_have_attribute("href", re.compile("lang=en"))
    assert page.locator(".quotes a").first.get_attribute("href") == "/fiches/1?lang=en"


@pytest.mark.parametrize("path", ["/fiches/1", "/reponse?question=Pourquoi+un+budget+participatif+dans+le+Gers"])
def test_a_printed_page_uses_the_whole_width_of_the_paper(visit: Visit, path: str) -> None:
    page = visit.go(path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1400, "height": 1000})
    widths = page.locator("main p:visible, main li:visible").evaluate_all(
        "each => each.map(one => one.getBoundingClientRect().width)"
    )
    assert max(widths) > 1300
