"""The notions over HTTP and in a real browser: their pages for everyone, their interface, and the staff's forms."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE, make_data_dir, start_server
from playwright.sync_api import Browser, Page, expect
from test_admin import NAME, PASSWORD, sign_in, token_of

from assistant.staff.accounts import StaffAccounts

ADDED = {"term": "Café <i>citoyen</i>", "slug": "cafe-citoyen", "genre": "notion", "text": "Une rencontre ouverte."}


@pytest.fixture(scope="module")
def folder(own_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_data_dir(tmp_path_factory.mktemp("notions-data"), own_data_dir)
    StaffAccounts(folder).add(NAME, PASSWORD)
    return folder


@pytest.fixture(scope="module")
def site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server whose staff write notes."""
    yield from start_server(folder, tmp_path_factory.mktemp("notions-served"))


@pytest.fixture
def staff(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site, timeout=60) as client:
        assert sign_in(client).status_code == 303
        yield client


def post(client: httpx.Client, path: str = "", **fields: str) -> httpx.Response:
    token = token_of(client.get("/admin/notions/nouvelle").text)
    return client.post(f"/admin/notions{path}", data={"csrf": token, **fields})


def test_every_note_has_a_page_that_the_list_the_menu_and_search_engines_lead_to(server: str) -> None:
    listed = httpx.get(f"{server}/notions", timeout=30).text
    links = set(re.findall(r'<a href="(/notions/[a-z0-9-]+)"', listed))
    assert len(links) >= 100
    known = ElementTree.fromstring(httpx.get(f"{server}/sitemap.xml", timeout=30).text)
    assert links <= {httpx.URL(each.text or "").path for each in known.iter() if each.tag.endswith("loc")}
    assert '<a href="/notions"' in httpx.get(server, timeout=30).text
    for path in sorted(links)[::20]:
        page = httpx.get(f"{server}{path}", timeout=30)
        assert page.status_code == 200
        assert page.text.count("<h1>") == 1


def test_the_page_of_an_obligation_gives_the_answer_the_law_and_the_english(server: str) -> None:
    page = httpx.get(f"{server}/notions/obligation-conseil-de-quartier", timeout=30).text
    assert "<h1>Une commune doit-elle créer des conseils de quartier ?</h1>" in page
    assert "Oui à partir de 80 000 habitants" in page
    assert "Code général des collectivités territoriales, article L2143-1" in page
    assert re.search(r"Vérifié le \d", page)
    assert 'lang="en"' in page
    assert "Yes, from 80,000 inhabitants" in page


def test_words_sought_filter_the_list_without_script_too(server: str) -> None:
    page = httpx.get(f"{server}/notions", params={"q": "Reféréndum"}, timeout=30).text
    assert "Référendum local" in page
    assert "Budget participatif" not in page
    assert "n’a pas de note" in httpx.get(f"{server}/notions?q=xyzzy", timeout=30).text
    assert "<script>x" not in httpx.get(f"{server}/notions?q=<script>x", timeout=30).text


def test_a_note_that_is_not_there_is_told_to_people_and_to_programs(server: str) -> None:
    for slug in ("nulle-part", "..%2f..%2fetc", "LISEZMOI.txt", "a" * 80):
        assert httpx.get(f"{server}/notions/{slug}", timeout=30).status_code == 404
        assert httpx.get(f"{server}/api/notions/{slug}", timeout=30).status_code == 404


def test_programs_get_the_notes_as_the_description_says(server: str) -> None:
    listed = httpx.get(f"{server}/api/notions", timeout=30).json()
    assert listed["total"] == len(listed["notes"]) >= 100
    note = httpx.get(f"{server}/api/notions/obligation-conseil-de-quartier", timeout=30).json()
    assert note["laws"][0]["article"] == "L2143-1"
    described = httpx.get(f"{server}/openapi.json", timeout=30).json()
    shape = described["paths"]["/api/notions/{slug}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert shape["schema"]["$ref"].endswith("/Note")


def test_an_answer_names_the_notes_that_it_shows(server: str) -> None:
    told = httpx.post(f"{server}/api/ask", json={"query": "Qu'est-ce qu'un jury citoyen ?"}, timeout=60).json()
    assert (told["kind"], told["form"], told["notes"]) == ("notion", "definition", ["jury-citoyen"])
    assert all(citation["sheet"] != "jury-citoyen" for citation in told["citations"])


def test_the_list_follows_what_is_typed(browser: Browser, server: str) -> None:
    page = browser.new_page(viewport=DESKTOP, locale="fr-FR")  # type: ignore[arg-type]
    page.goto(f"{server}/notions")
    page.get_by_label("Chercher une notion").fill("pas dans mon JARDIN")
    expect(page.get_by_role("link", name="NIMBY", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Budget participatif", exact=True)).to_be_hidden()
    expect(page.locator("#compte")).to_have_text("1 note")
    expect(page.get_by_role("navigation", name="Les mots, par lettre").get_by_role("link")).to_have_count(1)
    page.get_by_label("Chercher une notion").fill("xyzzy")
    expect(page.locator("#aucune")).to_be_visible()
    page.close()


def test_the_form_needs_who_is_signed_in_and_its_token(site: str, staff: httpx.Client) -> None:
    assert httpx.post(f"{site}/admin/notions", data=ADDED, timeout=30).status_code in (303, 403)
    assert staff.post("/admin/notions", data={"csrf": "0" * 64, **ADDED}).status_code == 403
    assert staff.post("/admin/notions/concertation/retirer", data={"csrf": "x"}).status_code == 403
    assert "cafe-citoyen" not in httpx.get(f"{site}/api/notions", timeout=30).text


def test_staff_add_a_note_see_it_first_and_it_answers_at_once(site: str, staff: httpx.Client, folder: Path) -> None:
    preview = post(staff, **ADDED, preview="1")
    assert preview.status_code == 200
    assert "Aperçu, pas encore enregistré" in preview.text
    assert not (folder / "notions" / "cafe-citoyen.md").exists()
    assert post(staff, **ADDED, others="café\ncafés citoyens").headers["location"] == "/admin/notions/cafe-citoyen"
    assert "effectif tout de suite" in staff.get("/admin/notions/cafe-citoyen").text
    page = httpx.get(f"{site}/notions/cafe-citoyen", timeout=30).text
    assert "Café &lt;i&gt;citoyen&lt;/i&gt;" in page
    told = httpx.post(f"{site}/api/ask", json={"query": "c'est quoi un café ?"}, timeout=60).json()
    assert told["notes"] == ["cafe-citoyen"]
    assert [each.name for each in (folder / "notions").iterdir()] == ["cafe-citoyen.md"], "nothing is left aside"
    taken = post(staff, **ADDED)
    assert taken.status_code == 422
    assert "Une note porte déjà ce nom" in taken.text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": ""}, "Écrivez la note en français."),
        ({"term": "", "slug": ""}, "Donnez le terme."),
        ({"slug": "nouvelle"}, "page d&#39;administration"),
        ({"genre": "obligation"}, "Une obligation répond à une question"),
        ({"genre": "recette"}, "Choisissez notion ou obligation."),
        ({"checked": "demain"}, "2026-11-29"),
        ({"law_text_0": "Code", "law_says_0": ""}, "Dites en une phrase"),
        ({"law_text_0": "Code", "law_says_0": "Oui."}, "la date à laquelle vous avez relu"),
        ({"related": "../etc"}, "n&#39;est pas un nom de note"),
        ({"text": "x" * 4000}, "La note est trop longue"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    fields: dict[str, str], reason: str, staff: httpx.Client, folder: Path
) -> None:
    answer = post(staff, **{**ADDED, "slug": "autre-note", "english": "kept words", **fields})
    assert answer.status_code == 422
    assert reason in answer.text
    assert "kept words" in answer.text
    assert not (folder / "notions" / "autre-note.md").exists()


def test_staff_change_a_shipped_note_take_it_back_withdraw_and_restore_it(site: str, staff: httpx.Client) -> None:
    form = {"known": "1", "slug": "votation-citoyenne", "term": "Votation", "genre": "notion", "text": "Chez nous."}
    assert post(staff, **form).status_code == 303
    assert "Chez nous." in httpx.get(f"{site}/notions/votation-citoyenne", timeout=30).text
    assert "Modifiée" in staff.get("/admin/notions").text
    assert post(staff, "/votation-citoyenne/reprendre").status_code == 303
    assert "Chez nous." not in httpx.get(f"{site}/notions/votation-citoyenne", timeout=30).text
    assert post(staff, "/votation-citoyenne/reprendre").status_code == 404, "there is nothing to take back"
    assert post(staff, "/votation-citoyenne/retirer").status_code == 303
    assert httpx.get(f"{site}/notions/votation-citoyenne", timeout=30).status_code == 404
    assert "retirée" in staff.get("/admin/notions").text
    assert post(staff, "/votation-citoyenne/remettre").status_code == 303
    assert httpx.get(f"{site}/notions/votation-citoyenne", timeout=30).status_code == 200
    assert post(staff, "/inconnue/retirer").status_code == 404


def test_a_file_that_cannot_be_read_is_told_to_staff(site: str, staff: httpx.Client, folder: Path) -> None:
    (folder / "notions").mkdir(exist_ok=True)
    broken = folder / "notions" / "cassee.md"
    broken.write_text("rien", encoding="utf-8")
    assert "Fichier laissé de côté" in staff.get("/admin/notions").text
    assert httpx.get(f"{site}/notions", timeout=30).status_code == 200
    broken.unlink()
    assert "Fichier laissé de côté" not in staff.get("/admin/notions").text


def _sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/admin/connexion")
    page.get_by_label("Nom").fill(NAME)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin")


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_the_staffs_pages_have_no_fault_that_axe_finds(viewport: dict, browser: Browser, site: str) -> None:
    context = browser.new_context(locale="fr-FR", viewport=viewport)
    page = context.new_page()
    _sign_in(page, site)
    for path in ("", "/nouvelle", "/obligation-conseil-de-quartier"):
        page.goto(f"{site}/admin/notions{path}")
        assert find_faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    page.get_by_role("button", name="Aperçu").click()
    expect(page.get_by_role("heading", name="Aperçu, pas encore enregistré")).to_be_visible()
    assert find_faults(page) == []
    page.get_by_label("La note", exact=True).fill("")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("Écrivez la note en français.")
    assert find_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    context.close()
