"""The check of a note over HTTP and in a real browser: its page, its interface, and what it never shows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from accessibility import find_faults
from conftest import DESKTOP, PHONE, RESERVED, start_server
from members_site import MembersSite
from playwright.sync_api import Browser, Page, expect
from test_check import NOTE, word

from assistant.checks.note_file import LARGEST_FILE
from assistant.exports.docx_writer import write_docx
from assistant.serving.note_desk import LONGEST_SENT
from index.encoding.encoder import Encoder
from index.opened import Index
from index.storage.folder_store import FolderStore

SECRET = "Ceci est la phrase de Mélusine Trévidic"


def ask(client: httpx.Client, text: str) -> httpx.Response:
    return client.post("/api/check", json={"text": text})


def send(client: httpx.Client, text: str = "", file: tuple[str, bytes] | None = None) -> httpx.Response:
    """The form as a browser sends it."""
    return client.post("/verifier", data={"text": text}, files={"file": file or ("", b"")})


@pytest.fixture
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as client:
        yield client


# --- interface ---


def test_programs_get_the_verdicts_as_the_description_says(client: httpx.Client) -> None:
    told = ask(client, NOTE).json()
    assert [each["verdict"] for each in told["sentences"]] == ["exact", "contradicted", "unknown"]
    assert told["counts"] == {"exact": 1, "supported": 0, "contradicted": 1, "unknown": 1}
    assert told["unchecked"] == 1
    assert told["sentences"][1] == {
        "sentence": "Dans le Gers, plus de 58 000 personnes ont voté en 2019, soit 33 % du corps électoral.",
        "verdict": "contradicted",
        "sheet": "1",
        "quote": "Plus de 47 000 personnes ont voté en 2019, soit 33 % du corps électoral",
        "told": "Plus de 47 000 personnes",
        "why": "figure",
    }
    described = client.get("/openapi.json").json()["paths"]["/api/check"]["post"]
    shape = described["responses"]["200"]["content"]["application/json"]["schema"]
    assert shape["$ref"].endswith("/NoteTold")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": " \n\u200b"}, 422),
        ({"text": "a" * (LONGEST_SENT + 1)}, 422),
        ({"text": "a", "keep": True}, 422),
        ({"text": "é" * 40_000}, 413),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_problem_in_french(
    body: dict[str, object], status: int, client: httpx.Client
) -> None:
    told = client.post("/api/check", json=body)
    assert told.status_code == status
    assert told.headers["content-type"] == "application/problem+json"
    assert told.json()["detail"]


def test_a_note_counts_as_the_questions_that_it_makes(own_data_dir: Path, tmp_path: Path) -> None:
    for url in start_server(own_data_dir, tmp_path, ASSISTANT_LIMIT_VISITOR="3/minute", ASSISTANT_HOST="0.0.0.0"):
        address = _other_address(url)
        with httpx.Client(base_url=address, timeout=60) as client:
            text = "\n".join(f"En {year}, {year * 3} personnes ont voté." for year in range(2000, 2012))
            assert ask(client, text).status_code == 200
            assert ask(client, text).status_code == 429
            page = send(client, text)
            assert page.status_code == 429
            assert int(page.headers["retry-after"]) > 0
            assert "attendez" in page.text
            assert "En 2011" in page.text, "what was written is still there"


def _other_address(url: str) -> str:
    """The same server at an address that is not the machine's own loop, whose visitors are not counted."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return url.replace("127.0.0.1", probe.getsockname()[0])


# --- page ---


def test_the_menu_the_home_page_and_search_engines_lead_to_the_page(client: httpx.Client) -> None:
    home = client.get("/").text
    assert home.count('href="/verifier"') == 2
    assert "/verifier" in client.get("/sitemap.xml").text
    page = client.get("/verifier").text
    assert page.count("<h1>") == 1
    assert 'lang="en"' in page


def test_each_sentence_is_shown_with_its_verdict_its_sheet_and_the_true_value(client: httpx.Client) -> None:
    page = send(client, NOTE)
    assert page.headers["cache-control"] == "private, no-store"
    for words in ("<strong>Contredit</strong>", "<strong>Exact</strong>", "<strong>Inconnu</strong>"):
        assert words in page.text
    assert '<strong class="told">Plus de 47 000 personnes</strong>' in page.text
    assert "<mark>Plus de 47 000 personnes</mark> ont voté en 2019" in page.text
    assert '<a href="/fiches/1">' in page.text
    assert re.search(r"3 phrases comparées.*1 contredite, 1 exacte, 1 inconnue", page.text, re.DOTALL)
    assert '<a href="#phrase-2">' in page.text


def test_files_of_each_kind_are_compared(client: httpx.Client) -> None:
    for file in (("note.md", NOTE.encode()), ("note.TXT", NOTE.encode()), ("note.docx", write_docx(NOTE, "Note"))):
        page = send(client, file=file).text
        assert '<strong class="told">Plus de 47 000 personnes</strong>' in page, file[0]


@pytest.mark.parametrize(
    ("text", "file", "field", "reason"),
    [
        pytest.param("", None, "text", "Collez un texte", id="empty"),
        pytest.param(" \u200b\n", None, "text", "Collez un texte", id="blank"),
        pytest.param("a" * (LONGEST_SENT + 1), None, "text", "Coupez-le", id="long"),
        pytest.param("Un texte.", ("a.txt", b"Un autre."), "file", "pas les deux", id="both"),
        pytest.param("", ("a.pdf", b"%PDF"), "file", ".docx", id="kind"),
        pytest.param("", ("a.txt", "été".encode("latin-1")), "file", "UTF-8", id="latin"),
        pytest.param("", ("a.txt", b""), "file", "pas de texte", id="empty-file"),
        pytest.param("", ("a.md", b"a" * (LONGEST_SENT + 1)), "file", "Coupez-le", id="long-file"),
        pytest.param("", ("a.txt", b"a" * (LARGEST_FILE + 1)), "file", "trop lourd", id="heavy"),
        pytest.param("", ("a.docx", b"PK\x03\x04"), "file", "document Word", id="damaged"),
        pytest.param("", ("a.docx", word("<!DOCTYPE a><a/>")), "file", "forme attendue", id="entities"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    text: str, file: tuple[str, bytes] | None, field: str, reason: str, client: httpx.Client
) -> None:
    page = send(client, text, file)
    assert page.status_code == 422
    assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-erreur"[^>]*aria-invalid="true"', page.text)
    told = re.search(rf'id="{field}-erreur" role="alert">([^<]*)<', page.text)
    assert told
    assert reason in told[1]
    assert "<title>Erreur" in page.text


def test_a_file_beyond_all_bounds_is_refused_with_a_page_for_people(client: httpx.Client) -> None:
    content = b"a" * (LARGEST_FILE * 2)
    page = client.post("/verifier", files={"file": ("a.docx", content)}, headers={"Accept": "text/html"})
    assert page.status_code == 413
    assert page.headers["content-type"].startswith("text/html")
    assert "2 Mo" in page.text


def test_a_page_of_elsewhere_cannot_send_the_form(client: httpx.Client) -> None:
    assert client.post("/verifier", data={"text": NOTE}, headers={"Origin": "https://evil.example"}).status_code == 403


def test_hostile_text_is_shown_as_text(client: httpx.Client) -> None:
    page = send(client, "<script>alert(1)</script> Le Gers a eu 12 345 votants </textarea><b>ici</b>.").text
    assert "<script>alert" not in page
    assert "</textarea><b>" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_nothing_of_a_text_is_kept_nor_logged(own_data_dir: Path, tmp_path: Path) -> None:
    for url in start_server(own_data_dir, tmp_path):
        with httpx.Client(base_url=url, timeout=60) as client:
            assert ask(client, f"{SECRET} en 2019.").status_code == 200
            assert send(client, f"{SECRET} en 2019.").status_code == 200
            assert send(client, file=("trevidic.md", f"{SECRET} en 2019.".encode())).status_code == 200
    for path in (path for folder in (own_data_dir, tmp_path) for path in folder.rglob("*")):
        if path.is_file() and "models" not in path.parts:
            assert "Trévidic".encode() not in path.read_bytes(), path
            assert b"trevidic" not in path.read_bytes(), path


# --- members ---


def test_a_visitor_is_told_nothing_of_members_sheets_and_a_member_is(
    members_site: MembersSite, encoder: Encoder
) -> None:
    store = FolderStore(members_site.data_dir / "index")
    members, public = store.open(encoder.name, "members"), store.open(encoder.name, "public")
    note = _note_of_secrets(members, public)
    with members_site.client() as visitor, members_site.signed_in() as member:
        told, page = ask(visitor, note).json(), send(visitor, note).text
        of_member = ask(member, note).json()
        seen = send(member, note)
    exact = [each for each in of_member["sentences"] if each["verdict"] == "exact" and each["sheet"] in RESERVED]
    assert exact, "a member's sheets are compared"
    assert exact[0]["quote"] in json.dumps(of_member, ensure_ascii=False)
    assert seen.headers["cache-control"] == "private, no-store"
    assert "Seules les fiches ouvertes à tous" not in seen.text
    public_text = "\n".join(passage.text for passage in public.passages)
    for each in told["sentences"]:
        assert each["sheet"] not in RESERVED
        assert each["quote"] in public_text, "a visitor is shown public sentences alone"
        assert each["told"] in public_text
    assert not re.search(rf'href="/fiches/({"|".join(RESERVED)})"', page)
    assert "Seules les fiches ouvertes à tous" in page


def _note_of_secrets(members: Index, public: Index) -> str:
    """Sentences of members' sheets and documents as they are, and with other figures, as who guesses would write."""
    known = {passage.text for passage in public.passages}
    secrets = [passage.text for passage in members.passages if passage.text not in known]
    lines = [text.replace("\n", " ")[:400] for text in secrets[:: max(1, len(secrets) // 18)]]
    guesses = [re.sub(r"\d", lambda found: str((int(found[0]) + 3) % 10), line) for line in lines]
    named = [f"{members.find_sheet(sheet).title} a coûté 12 345 euros." for sheet in RESERVED]  # type: ignore[union-attr]
    return "\n".join((*lines, *guesses, *named))[:LONGEST_SENT]


# --- in a browser ---


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, locale="fr-FR", java_script_enabled=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server}/verifier")
    yield page
    context.close()


def compare(page: Page, text: str) -> None:
    page.get_by_label("Texte de la note").fill(text)
    page.get_by_role("button", name="Comparer avec les fiches").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_result_and_its_errors_are_accessible(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    compare(page, NOTE)
    expect(page.get_by_role("listitem").filter(has_text="Contredit")).to_contain_text("Plus de 47 000 personnes")
    assert find_faults(page) == []
    compare(page, "")
    expect(page.get_by_role("alert")).to_have_text("Collez un texte, ou choisissez un fichier.")
    expect(page.get_by_label("Texte de la note")).to_have_attribute("aria-invalid", "true")
    assert find_faults(page) == []


def test_a_word_file_is_chosen_by_keyboard_and_compared(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "note.docx"
    file.write_bytes(write_docx(NOTE, "Note"))
    page.get_by_label("Ou un fichier").set_input_files(file)
    page.get_by_role("button", name="Comparer avec les fiches").press("Enter")
    page.get_by_role("link", name="phrase 2").click()
    expect(page.locator(":target")).to_contain_text("Contredit")
    page.locator(":target").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Budget participatif gersois")


def test_without_script_on_a_phone_the_form_works_and_nothing_overflows(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="fr-FR")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server}/verifier")
    compare(page, NOTE)
    item = page.locator("#phrase-2")
    expect(item).to_contain_text("Contredit")
    box = item.bounding_box()
    assert box
    assert box["x"] + box["width"] <= PHONE["width"]
    context.close()


def test_on_paper_verdicts_are_words_and_the_form_is_left_out(page: Page) -> None:
    compare(page, NOTE)
    expect(page.locator("#phrase-2")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#phrase-2").get_by_text("Contredit", exact=True)).to_be_visible()
    expect(page.get_by_label("Texte de la note")).to_be_hidden()
    mark = page.locator("mark")
    expect(mark).to_have_css("text-decoration-line", "underline")
