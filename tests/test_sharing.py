"""Links to an answer: made in the chat, opened elsewhere, told what changed since, removed; never of members' text."""

import asyncio
import csv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from accessibility import find_faults
from answers import make_answer
from conftest import DESKTOP, PHONE, RESERVED, Chat, make_data_dir, open_chat, run_assistant, start_server, wait_until
from members_site import MembersSite, token_of
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select, update

from assistant.edge.authentication import COOKIE
from assistant.pipeline import Knowledge, answer
from assistant.settings import Settings
from assistant.sharing.frozen import FrozenAnswer, find_changes, freeze, without_gone
from assistant.sharing.links import SharedLink, SharedLinks
from assistant.staff.accounts import StaffAccounts
from assistant.store.database import open_settings_database
from assistant.store.retention import purge
from assistant.store.tables import shared_links
from index.encoding.encoder import Encoder
from index.opened import Index
from index.storage.folder_store import FolderStore

GERS = "Combien de personnes ont voté au budget participatif du Gers en 2019 ?"
LINK = "Lien vers cette réponse"
PASSWORD = "quatre mots sans lien"


@dataclass(frozen=True)
class Site:
    """A server over a copy of the sheets that a test may change."""

    url: str
    data_dir: Path
    table: Path
    log: Path

    def change(self, sheet: int, column: str, old: str, new: str) -> None:
        """Change words of a sheet, "" for all of its row, and index the sheets again."""
        rows = list(csv.DictReader(self.table.open(encoding="utf-8", newline="")))
        assert old in rows[sheet][column]
        rows[sheet][column] = rows[sheet][column].replace(old, new)
        self.write([row for row in rows if row[column] or new])

    def write(self, rows: list[dict[str, str]]) -> None:
        with self.table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        environment = {"ASSISTANT_DATA_DIR": str(self.data_dir), "ASSISTANT_SOURCE": str(self.table.parents[1])}
        before = httpx.get(f"{self.url}/readyz").json()["version"]
        done = run_assistant("reindex", "--force", **environment)
        assert done.returncode == 0, done.stderr
        wait_until(lambda: httpx.get(f"{self.url}/readyz").json()["version"] != before, "it is not served")


@pytest.fixture
def site(own_data_dir: Path, sheets_copy: Path, tmp_path: Path) -> Iterator[Site]:
    data_dir = make_data_dir(tmp_path / "data", own_data_dir)
    StaffAccounts(data_dir).add("camille", PASSWORD)
    for url in start_server(data_dir, tmp_path, ASSISTANT_SOURCE=str(sheets_copy)):
        yield Site(url, data_dir, sheets_copy / "csv" / "fiches.csv", tmp_path / "server.log")


def share(chat: Chat, button: str = "Partager", label: str = LINK) -> str:
    """The address of a new link to the last answer."""
    chat.answers.last.get_by_role("button", name=button).click()
    field = chat.page.get_by_label(label, exact=True)
    expect(field).to_be_visible()
    return field.input_value()


def check_page(page: Page) -> None:
    """axe finds no fault, light or dark, and nothing scrolls sideways."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in find_faults(page)] == [], scheme
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_a_link_is_made_opened_elsewhere_told_what_changed_and_removed(
    browser: Browser, site: Site, viewport: object
) -> None:
    for chat in open_chat(browser, site.url, viewport=viewport, bypass_csp=True):
        chat.open().ask(GERS)
        address = share(chat)
        assert address.startswith(f"{site.url}/r/")
        check_page(chat.page)
        other = browser.new_context(locale="fr-FR", viewport=viewport, bypass_csp=True)  # type: ignore[arg-type]
        page = other.new_page()
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(GERS)
        expect(page.get_by_role("group", name="Réponse")).to_contain_text("47 000")
        expect(page.get_by_text("Les fiches ont changé")).to_have_count(0)
        expect(page.get_by_role("button", name="Supprimer ce lien")).to_be_hidden()
        check_page(page)

        site.change(0, "À RETENIR", "47 000", "48 000")
        page.reload()
        expect(page.get_by_role("note")).to_contain_text("une phrase citée n’y est plus")
        expect(page.get_by_role("group", name="Réponse")).to_contain_text("47 000")
        check_page(page)
        page.get_by_role("link", name="Poser la question aujourd’hui").click()
        expect(page.locator("[data-step-type=assistant_message]")).to_contain_text("48 000")

        mine = chat.page.context.new_page()
        mine.goto(address)
        mine.get_by_role("button", name="Supprimer ce lien").click()
        expect(mine.get_by_role("heading", level=1)).to_have_text("Le lien est supprimé")
        check_page(mine)
        gone = page.goto(address)
        assert gone is not None
        assert gone.status == 404
        expect(page.get_by_text("a pris fin, ou a été supprimé")).to_be_visible()
        other.close()
    log = site.log.read_text()
    assert "Gers" not in log
    assert address.rpartition("/")[2] not in log


def test_a_link_is_removed_where_it_was_made_and_copied(browser: Browser, server: str) -> None:
    for chat in open_chat(browser, server, permissions=["clipboard-read", "clipboard-write"]):
        chat.open().ask(GERS)
        address = share(chat)
        chat.page.get_by_role("button", name="Copier le lien").click()
        expect(chat.page.get_by_text("Lien copié.")).to_be_visible()
        assert chat.page.evaluate("navigator.clipboard.readText()") == address
        chat.page.get_by_role("button", name="Supprimer le lien").click()
        expect(chat.page.get_by_text("n'ouvre plus rien")).to_be_visible()
        assert httpx.get(address).status_code == 404
        assert chat.page.evaluate("localStorage.getItem('assistant-links')") == "{}"


def test_who_has_not_the_key_removes_nothing_and_the_link_is_for_no_search_engine(site: Site) -> None:
    link, key = SharedLinks(_database(site), 365).make(GERS, _frozen(), "public")
    with httpx.Client(base_url=site.url) as client:
        for wrong in ("", "x", key[:-1], link.id):
            assert client.post(f"{link.path}/supprimer", data={"key": wrong}).status_code == 403
        page = client.get(link.path)
        assert page.headers["x-robots-tag"] == "noindex"
        assert page.headers["cache-control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in page.text
        assert client.post(f"{link.path}/supprimer", data={"key": key}).status_code == 200
        for gone in (link.path, "/r/x", "/r/..%2f..%2fetc", f"/r/{'0' * 5000}"):
            assert client.get(gone).status_code == 404


def test_staff_see_the_links_and_remove_one(site: Site) -> None:
    link, _ = SharedLinks(_database(site), 365).make("<b>Les jeunes</b> ?", _frozen(), "public")
    with httpx.Client(base_url=site.url) as client:
        assert client.get("/admin/liens").status_code == 303
        form = {"csrf": token_of(client.get("/admin/connexion").text), "name": "camille", "password": PASSWORD}
        client.post("/admin/connexion", data=form)
        page = client.get("/admin/liens").text
        assert "&lt;b&gt;Les jeunes" in page
        address = f"/admin/liens/{link.id}/supprimer"
        assert client.post(address, data={"csrf": "0" * 64}).status_code == 403
        assert client.post(address, data={"csrf": token_of(page)}).status_code == 303
        assert "Aucun lien" in client.get("/admin/liens").text
    assert httpx.get(f"{site.url}{link.path}").status_code == 404


def test_a_members_answer_is_shared_as_a_visitor_would_get_it_and_a_members_link_opens_for_members(
    browser: Browser, members_site: MembersSite
) -> None:
    with members_site.signed_in() as member, members_site.client() as visitor:
        title = member.get(f"/api/sheets/{RESERVED[0]}").json()["title"]
        cookies = [{"name": COOKIE, "value": member.cookies[COOKIE], "url": members_site.url}]
        context = browser.new_context(locale="fr-FR")
        context.add_cookies(cookies)  # type: ignore[arg-type]
        chat = Chat(context.new_page(), members_site.url).open()
        chat.ask(f"Que retenir de « {title} » ?")
        chat.page.get_by_role("button", name="Partager").last.click()
        expect(chat.page.get_by_text("La question nomme une fiche réservée aux adhérents")).to_be_visible()
        private = share(chat, "Lien pour adhérents", f"{LINK}, pour adhérents")
        closed, opened = visitor.get(private), member.get(private)
        assert closed.status_code == 303
        assert closed.headers["location"].startswith("/connexion?suite=/r/")
        assert title not in closed.text
        assert title in opened.text.replace("&#39;", "'")
        assert opened.headers["cache-control"] == "private, no-store"
        chat.ask("Quelles démarches ont un budget participatif ?")
        public = share(chat)
        for reader in (visitor, member):
            page = reader.get(public)
            assert page.status_code == 200
            assert "réservé aux adhérents)" not in page.text
            assert not [sheet for sheet in RESERVED if f'href="/fiches/{sheet}"' in page.text]
        context.close()


def test_what_a_question_says_of_persons_is_masked_before_it_is_kept(browser: Browser, site: Site) -> None:
    for chat in open_chat(browser, site.url):
        chat.open().ask(f"{GERS} Répondez à odile.tartempion@exemple.fr")
        page = httpx.get(share(chat)).text
    assert "Budget participatif gersois" in page
    assert "[adresse électronique]" in page
    with _database(site).connect() as connection:
        row = connection.execute(select(shared_links)).one()
    assert not [value for value in row if "tartempion" in str(value)]


def test_no_link_for_everyone_is_made_of_members_text(database: Engine, own_index: Index) -> None:
    frozen = freeze(make_answer("10", access="members", quote="rien que pour eux"), "?", own_index)
    links = SharedLinks(database, 365)
    with pytest.raises(ValueError, match="members alone"):
        links.make("?", frozen, "public")
    assert links.make("?", frozen, "members")[0].access == "members"


def test_a_link_ends_and_is_then_erased(database: Engine) -> None:
    links = SharedLinks(database, 30)
    link, key = links.make(GERS, _frozen(), "public")
    assert links.find(link.id) == link
    assert link.ends - link.made == timedelta(days=30)
    with database.begin() as connection:
        connection.execute(update(shared_links).values(ends=datetime.now(UTC) - timedelta(seconds=1)))
    assert links.find(link.id) is None
    assert links.count() == 0
    assert purge(database, 90).links == 1
    assert not links.remove(link.id, key)


def test_an_answer_that_an_older_program_wrote_otherwise_is_told_as_missing(database: Engine) -> None:
    links = SharedLinks(database, 30)
    link, _ = links.make(GERS, _frozen(), "public")
    with database.begin() as connection:
        connection.execute(update(shared_links).values(answer='{"answer": {"text": "?"}}'))
    found = links.find(link.id)
    assert isinstance(found, SharedLink)
    assert found.frozen is None


def test_a_sheet_that_is_members_own_by_now_leaves_neither_its_sentences_nor_its_title(
    own_index: Index, reserved_data_dir: Path, encoder: Encoder
) -> None:
    question = "Des exemples de concertation sur l'environnement"
    asked = answer(question, Knowledge(own_index, encoder, "contact@exemple.fr"))
    with ThreadPoolExecutor(1) as apart:  # the browser keeps a loop in this thread
        given = apart.submit(asyncio.run, asked).result()
    gone = set(given.shown) & set(RESERVED)
    assert gone
    less = FolderStore(reserved_data_dir / "index").open(encoder.name, "public")
    frozen = freeze(given, question, own_index)
    assert find_changes(frozen, own_index) == ()
    assert {each.sheet for each in find_changes(frozen, less) if each.became == "gone"} == gone
    kept = without_gone(given, less)
    assert kept.shown == tuple(sheet for sheet in given.shown if sheet not in gone)
    text = kept.answer.replace("**", "")
    for citation in given.citations:
        said = citation.sheet not in gone
        assert (f"[{citation.n}]" in text) == said
        assert said or (citation.title not in text and citation.quote not in text)
    assert without_gone(given, own_index) is given


def _frozen() -> FrozenAnswer:
    return FrozenAnswer(answer=make_answer("1"), version="1", texts={})


def _database(site: Site) -> Engine:
    return open_settings_database(Settings(data_dir=site.data_dir))
