"""The pages for everyone over HTTP, on a real server over the project's own sheets."""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.catalogue.directory import Directory
from assistant.catalogue.france import FRAMES, find_point, name_mark, place_marks
from assistant.catalogue.links import is_web_address
from assistant.catalogue.selection import Selection, read_selection
from assistant.edge.authentication import Authentication
from assistant.exports.spreadsheet import write_table
from assistant.history.conversations import History
from assistant.members.documents import DocumentFiles, DocumentPage, DocumentView
from assistant.members.membership import open_membership
from assistant.members.readers import Readers
from assistant.notes.shelf import shipped_shelf
from assistant.pipeline import Knowledge
from assistant.serving.served import Served, warm_up
from assistant.settings import Settings, SettingsWrong, read_settings
from assistant.store.database import open_database
from assistant.web.api import make_api
from assistant.web.frame.templates import add_static_files
from assistant.web.pages.assembly import add_pages
from assistant.web.pages.linked_data import describe_sheet_data
from assistant.web.pages.sheets import sheet_content
from assistant.web.pages.site import Site, open_site_templates
from assistant.web.pages.table import HEADER, list_cells
from assistant.wording import QUESTION_TOO_COSTLY
from assistant.wording.pages import ENGLISH
from index.encoding.encoder import Encoder
from index.filters import Filters
from index.opened import Index
from index.ranking.similar import find_similar
from index.storage.folder_store import FolderStore
from ingest.sheet import Block, Place, Section, Sheet

PAGES = ("/", "/fiches", "/fiches?vue=tableau", "/fiches?vue=carte", "/fiches/1", "/fiches/zzz", "/mentions-legales")
PAGES = (*PAGES, "/confidentialite", "/accessibilite")


def get(server: str, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{server}{path}", headers=headers, timeout=30)


def count_of(page: str) -> str:
    found = re.search(r'id="compte"[^>]*>(.*?)</p>', page, re.DOTALL)
    assert found
    return html.unescape(found[1]).strip()


def titles_of(page: str) -> list[str]:
    return [html.unescape(title) for title in re.findall(r'<h3><a href="/fiches/[^"]*">(.*?)</a>', page)]


def text_of(sheet: Sheet) -> str:
    blocks = [f"{block.label} {block.text}" for section in sheet.sections for block in section.blocks]
    return " ".join([sheet.title, sheet.organisation, sheet.place.commune, *blocks])


@pytest.fixture(scope="module")
def directory(own_index: Index, encoder: Encoder) -> Directory:
    knowledge = Knowledge(own_index, encoder, "contact@example.org")
    warm_up(knowledge)
    return Directory(knowledge)


@pytest.fixture
def small_site(own_index: Index, encoder: Encoder, tmp_path: Path) -> Iterator[Callable[..., TestClient]]:
    """The pages and the search of programs alone, with other settings than a server's usual ones."""
    engine = open_database(f"sqlite:///{tmp_path / 'assistant.db'}")

    def open_site(**chosen: str) -> TestClient:
        settings = Settings.model_validate(chosen)
        served = Served(Knowledge(own_index, encoder, settings.contact), FolderStore(settings.index_dir))
        membership = open_membership(settings, engine)
        authentication = Authentication(Readers(served, membership.sessions), membership, "secret")
        app = FastAPI()
        add_static_files(app)
        app.include_router(make_api(authentication, settings))
        add_pages(
            app,
            Site(settings, authentication),
            DocumentFiles(lambda _manifest: [], settings.sources_dir),
            History(engine),
        )
        return TestClient(app, base_url="http://site.example")

    yield open_site
    engine.dispose()


# --- home ---


def test_the_home_page_asks_for_a_question_and_leads_to_the_sheets_and_to_membership(server: str) -> None:
    page = get(server, "/").text
    assert '<form class="ask" action="/chat/" method="get">' in page
    assert 'name="question"' in page
    assert "35 fiches" in page
    assert 'href="/fiches"' in page
    assert 'href="mailto:contact@deciderensemble.com"' in page
    assert page.count("/chat/?question=") >= 4


@pytest.mark.parametrize("path", PAGES)
def test_every_page_links_to_the_legal_pages_and_asks_no_other_host(path: str, server: str) -> None:
    page = get(server, path, Accept="text/html").text
    assert '<html lang="fr">' in page
    for legal in ("/mentions-legales", "/confidentialite", "/accessibilite"):
        assert f'href="{legal}"' in page
    loaded = re.findall(r'<(?:script|img|iframe|use|source)\b[^>]*(?:src|href)="([^"]*)"', page)
    loaded += re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]*)"', page)
    assert loaded
    assert all(address.startswith(("/static/", "data:,")) for address in loaded), loaded


# --- English ---

TRANSLATED = (
    "/",
    "/fiches",
    "/fiches?vue=tableau&q=nucl%C3%A9aire",
    "/fiches?vue=carte&thematique=ENV",
    "/fiches?q=xyzzy",
)
TRANSLATED += ("/fiches/1", "/fiches/5", "/notions", "/notions?q=xyzzy", "/notions/concertation", "/fiches/zzz")
TRANSLATED += ("/chiffres?quantity=cost&sort=-value", "/chiffres?q=xyzzy", "/verifier", "/reponse")
TRANSLATED += ("/reponse?question=Which+towns+have+a+participatory+budget", "/chiffres")
_FILES = re.compile(r"/(?:static/|fiches\.|chiffres\.csv|reponse\.)")


def in_english(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang=en"


@pytest.mark.parametrize("path", TRANSLATED)
def test_a_page_speaks_english_where_its_address_asks_and_so_do_those_it_leads_to(path: str, server: str) -> None:
    page = get(server, in_english(path), Accept="text/html").text
    assert '<html lang="en">' in page
    assert "in French only" not in page
    linked = [html.unescape(each) for each in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>', page)]
    ours = [each for each in linked if each.startswith("/") and not _FILES.match(each)]
    here = re.search(r'<a href="([^"]*)" lang="fr" hreflang="fr"', page)
    assert here
    assert [each for each in ours if "lang=en" not in each] == [html.unescape(here[1])]
    for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
        assert 'name="lang" value="en"' in form or "lang=en" in form
    french = get(server, html.unescape(here[1]), Accept="text/html").text
    assert '<html lang="fr">' in french
    assert re.search(r'<a href="[^"]*lang=en" lang="en" hreflang="en" class="language">English</a>', french)


@pytest.mark.parametrize("path", TRANSLATED)
def test_what_is_in_french_in_a_page_in_english_is_marked_so(path: str, server: str) -> None:
    page = get(server, in_english(path), Accept="text/html").text
    rest = re.sub(r"<(script|style)\b.*?</\1>|<head>.*?</head>", " ", page, flags=re.DOTALL)
    before = None
    while before != rest:  # from the inside out
        before, rest = rest, re.sub(r'<(\w+)[^<>]* lang="fr"[^<>]*>(?:(?!<\1\b).)*?</\1>', " ", rest, flags=re.DOTALL)
    words = html.unescape(re.sub(r"<[^>]*>", " ", rest))
    assert not re.search(r"\b(?:les|des|une|pour|dans|avec|fiches?|Votre)\b", words), words


@pytest.mark.parametrize("path", ["/mentions-legales", "/confidentialite", "/accessibilite"])
def test_a_page_in_french_alone_says_so_in_english_and_keeps_the_way_back(path: str, server: str) -> None:
    page = get(server, in_english(path)).text
    assert '<html lang="en">' in page
    assert '<main id="contenu" tabindex="-1" lang="fr">' in page
    assert '<p class="note" lang="en">This page is in French only.</p>' in page
    assert 'href="/fiches?lang=en"' in page
    assert f'<link rel="canonical" href="{server}{path}">' in page


def test_search_engines_are_told_both_languages_of_a_page(server: str) -> None:
    page = get(server, "/fiches/1?lang=en").text
    assert f'<link rel="canonical" href="{server}/fiches/1?lang=en">' in page
    for language, address in (("fr", "/fiches/1"), ("en", "/fiches/1?lang=en")):
        assert f'<link rel="alternate" hreflang="{language}" href="{server}{address}">' in page


def test_the_language_of_a_browser_changes_nothing_so_that_no_cache_gives_one_for_the_other(server: str) -> None:
    assert '<html lang="fr">' in get(server, "/fiches", **{"Accept-Language": "en"}).text
    assert '<html lang="fr">' in get(server, "/fiches?lang=xx").text


def test_all_that_templates_say_is_in_english_and_nothing_else() -> None:
    templates = open_site_templates().env
    said: set[str] = set()
    for name in templates.list_templates(filter_func=lambda name: name.endswith(".html")):
        source = templates.loader.get_source(templates, name)[0]  # type: ignore[union-attr]
        for _line, _function, message in templates.extract_translations(source):  # type: ignore[attr-defined]
            said |= {each for each in (message if isinstance(message, tuple) else (message,)) if each}
    assert said - set(ENGLISH) == set()
    for french, english in ENGLISH.items():
        assert sorted(re.findall(r"%\(\w+\)s|\{\w+\}", english)) == sorted(re.findall(r"%\(\w+\)s|\{\w+\}", french))


# --- the list ---


def test_the_list_has_all_sheets_by_pages(server: str) -> None:
    first, last = get(server, "/fiches").text, get(server, "/fiches?page=2").text
    assert count_of(first) == "35 fiches"
    assert (len(titles_of(first)), len(titles_of(last))) == (24, 11)
    assert titles_of(get(server, "/fiches?page=99").text) == titles_of(last)


def test_facets_hold_either_within_and_all_together(server: str) -> None:
    api = {"porteur": ["DEP", "GV"], "demarche": ["BP"]}
    wanted = httpx.get(f"{server}/api/sheets", params=api, timeout=30).json()["total"]
    page = get(server, "/fiches?porteur=DEP&porteur=GV&demarche=BP").text
    assert count_of(page) == f"{wanted} fiches"
    assert 'href="/fiches?porteur=GV&amp;demarche=BP"' in page, "each filter has a link without it"


def test_a_choice_is_counted_with_the_other_facets_and_not_with_its_own(directory: Directory) -> None:
    listing = directory.list_sheets(Selection(filters=Filters(porteur=("DEP",), demarche=("BP",))))
    both = Filters(porteur=("GV",), demarche=("BP",))
    practices = directory.knowledge.index.practices
    assert listing.counts["porteur"]["GV"] == sum(map(both.accept, practices)) > 0
    assert listing.counts["porteur"]["DEP"] == len(listing.sheets)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vélo", "VELO"),
        ("démocratie locale", "democratie  locale"),
        ("école", "ecoles"),
        ("mobilité", "mobilite"),
        ("élu", "elus"),
        ("tirage au sort", "tirés au sort"),
    ],
)
def test_words_are_found_in_any_form_with_accents_or_without(one: str, other: str, directory: Directory) -> None:
    def find(words: str) -> list[str]:
        listing = directory.list_sheets(Selection(query=words, order="titre"))
        return [sheet.id for sheet in listing.sheets if sheet.id not in listing.near]

    assert find(other) == find(one) != []


def test_a_word_half_typed_finds_what_it_begins(directory: Directory) -> None:
    half = {sheet.id for sheet in directory.list_sheets(Selection(query="budg")).sheets}
    whole = {sheet.id for sheet in directory.list_sheets(Selection(query="budget participatif")).sheets}
    assert "1" in whole < half


def test_a_short_word_is_not_the_beginning_of_others(directory: Directory) -> None:
    listing = directory.list_sheets(Selection(query="PLU"))
    texts = [text_of(sheet) for sheet in listing.sheets if sheet.id not in listing.near]
    assert all(re.search(r"\bPLU\b", text) for text in texts)
    assert any("plusieurs" in text_of(sheet) for sheet in directory.knowledge.index.practices)


@pytest.mark.parametrize(("query", "code"), [("Gironde", "33"), ("en Occitanie", "76"), ("bretons", "53")])
def test_a_place_finds_the_sheets_that_are_in_it(directory: Directory, query: str, code: str) -> None:
    found = {sheet.id for sheet in directory.list_sheets(Selection(query=query)).sheets}
    practices = directory.knowledge.index.practices
    there = [sheet for sheet in practices if code in (sheet.place.departement, sheet.place.region)]
    assert found >= {sheet.id for sheet in there} != set()


def test_a_place_and_a_word_are_both_sought(directory: Directory) -> None:
    listing = directory.list_sheets(Selection(query="vote en Occitanie"))
    held = [sheet for sheet in listing.sheets if sheet.id not in listing.near]
    assert held
    assert all(sheet.place.region == "76" or "Occitanie" in text_of(sheet) for sheet in held)


def test_what_is_sought_comes_first_and_what_only_comes_near_is_said(directory: Directory, server: str) -> None:
    listing = directory.list_sheets(Selection(query="budget participatif dans le Gers", order="pertinence"))
    assert listing.sheets[0].id == "1"
    near = directory.list_sheets(Selection(query="bicyclette"))
    assert near.near == {sheet.id for sheet in near.sheets} != set()
    page = get(server, "/fiches?q=bicyclette").text
    assert count_of(page).startswith("Aucune fiche n’a tous ces mots")
    assert "Proche par le sens" in page


def test_a_word_of_no_language_finds_nothing_and_leads_to_the_assistant(server: str) -> None:
    page = get(server, "/fiches?q=xyzzy").text
    assert count_of(page) == "Aucune fiche"
    assert 'href="/chat/?question=xyzzy"' in page


@pytest.mark.parametrize(
    "query",
    [
        "porteur=ZZ",
        "annee=abc",
        "annee=1999",
        "page=-1",
        "page=²",
        "page=" + "9" * 400,
        "vue=x&tri=y",
        "region=' or 1",
        "q=%00",
    ],
)
def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(query: str, server: str) -> None:
    answer = get(server, f"/fiches?{query}")
    assert answer.status_code == 200


def test_a_long_address_makes_no_long_page(server: str) -> None:
    usual = len(get(server, "/fiches?q=vote").content)
    for address in (
        "q=vote" + "".join(f"&commune={number}" + "x" * 1000 for number in range(50)),
        "q=vote" + "".join(f"&commune={number}" + "x" * 50 for number in range(500)),
        "q=" + "%F0%9F%98%80" * 2000,
    ):
        assert len(get(server, f"/fiches?{address}").content) < usual + 400_000


def test_words_that_take_too_long_to_read_are_asked_again_in_fewer(
    small_site: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.catalogue.directory.LONGEST_READING", 0.0)
    page = small_site().get("/fiches?q=jurys citoyens").text
    assert count_of(page) == "Aucune fiche"
    assert "en moins de mots" in page


def test_a_search_that_takes_too_long_to_read_is_refused_to_programs(
    small_site: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.web.api.LONGEST_READING", 0.0)
    answer = small_site().get("/api/search?query=jurys citoyens")
    assert (answer.status_code, answer.json()) == (422, {"detail": QUESTION_TOO_COSTLY})


def test_an_address_keeps_the_whole_selection(directory: Directory) -> None:
    selection = Selection(
        query="jeunes",
        filters=Filters(porteur=("PV", "VM"), annee=(2019,), source="trophees", region=("76",), departement=("31",)),
        communes=("31555",),
        view="tableau",
        order="titre",
        page=3,
    )
    address = httpx.URL("http://x" + selection.address(page=3))

    class Parameters:
        def getlist(self, key: str) -> list[str]:
            return address.params.get_list(key)

    assert read_selection(Parameters(), directory.known) == selection


def test_what_is_typed_never_becomes_html(server: str) -> None:
    for path in ("/fiches?q=", "/fiches?commune="):
        page = get(server, path + '"><script>alert(1)</script>').text
        assert "<script>alert" not in page
        assert "alert(1)" in page


def test_the_list_is_sorted_as_asked(directory: Directory) -> None:
    years = [sheet.annee or 0 for sheet in directory.list_sheets(Selection(order="recent")).sheets]
    assert years == sorted(years, reverse=True)
    titles = [sheet.organisation for sheet in directory.list_sheets(Selection(order="porteur")).sheets]
    assert (titles[0][0], titles[-1][0]) == ("A", "V")


def test_a_filtered_list_is_left_to_its_whole_by_search_engines(server: str) -> None:
    page = get(server, "/fiches?porteur=PV").text
    assert f'<link rel="canonical" href="{server}/fiches">' in page
    assert 'content="noindex, follow"' in page
    assert "noindex" not in get(server, "/fiches").text


# --- files ---


def test_a_selection_is_downloaded_as_a_table(server: str) -> None:
    answer = get(server, "/fiches.csv?demarche=BP&region=76&region=75")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="fiches-[\d-]+\.csv"', answer.headers["content-disposition"])
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert tuple(rows[0]) == HEADER
    assert count_of(get(server, "/fiches?demarche=BP&region=76&region=75").text).startswith(str(len(rows)))
    gers = next(row for row in rows if row["Fiche"] == "1")
    assert (gers["Commune"], gers["Département"], gers["Région"]) == ("Auch", "Gers", "Occitanie")
    assert gers["Adresse"] == f"{server}/fiches/1"
    assert "Février et mars 2019 : Ateliers ouverts à tous" in gers["Déroulé"]


def test_a_cell_that_looks_like_a_formula_is_text() -> None:
    written = write_table(("Titre",), [["=HYPERLINK(1)"], ["Une fiche"]]).decode("utf-8-sig")
    assert written == '"Titre"\r\n"\'=HYPERLINK(1)"\r\n"Une fiche"\r\n'


@pytest.mark.parametrize("sign", "=+-@\t\r\n＝＋－＠﹢﹣﹦﹫⁼⁺⁻₌₊₋−‑➕")
@pytest.mark.parametrize("before", ["", " ", "\ufeff", "\u200b\u202e", "\u3000", "\x00 \u2066"])
def test_a_cell_that_begins_with_what_looks_like_a_formula_is_text(before: str, sign: str) -> None:
    written = write_table(("Titre",), [[f"{before}{sign}1+1"]]).decode("utf-8-sig")
    assert written.startswith('"Titre"\r\n"\'')
    assert not set(written) & set("\ufeff\u200b\u202e\u2066\x00")


def test_a_selection_is_downloaded_as_a_note_that_says_what_was_sought(server: str) -> None:
    note = get(server, "/fiches.md?q=jeunes&demarche=BP").text
    assert note.startswith("# Fiches : « jeunes » · Budget et financement participatif")
    assert get(server, "/fiches.docx?demarche=BP").content.startswith(b"PK")


# --- a sheet ---


def test_a_sheet_shows_all_its_public_fields(server: str, own_index: Index) -> None:
    for sheet_id in ("1", "5", "18"):
        sheet = own_index.find_sheet(sheet_id)
        assert sheet
        page = html.unescape(get(server, f"/fiches/{sheet_id}").text)
        texts = [block.text for section in sheet.sections for block in section.blocks]
        labels = [block.label for section in sheet.sections for block in section.blocks]
        for text in (sheet.title, sheet.organisation, sheet.place.commune, sheet.edition, *texts, *labels):
            assert text in page, text
        for facet in ("porteur", "demarche", "thematique"):
            for code in getattr(sheet, facet):
                assert f'href="/fiches?{facet}={code}"' in page
        assert f'href="{sheet.website}" rel="noopener' in page


def test_a_sheet_tells_where_its_organisation_is_written_to_and_its_site(
    server: str, own_index: Index, directory: Directory
) -> None:
    sheet = own_index.practices[0].model_copy(update={"address": "7 place Tout-Court"})
    common = {
        "language": "fr",
        "translated": True,
        "addresses": {"fr": ""},
        "other_language": "",
        "is_french_only": False,
    }
    common |= {"centre": "", "contact": "", "here": "", "canonical": "", "member": None, "data": {}, "document": None}
    page = open_site_templates().get_template("sheet.html").render(**common, **sheet_content(directory, sheet))
    section = page[page.index('<h2 id="organisation">Organisation</h2>') :].split("</section>")[0]
    town = f"7 place Tout-Court, {sheet.place.postcode} {sheet.place.commune}"
    for said in (html.escape(sheet.organisation), town, f'<a href="{sheet.website}"'):
        assert said in section
    assert get(server, f"/fiches/{sheet.id}").text.count(f'href="{sheet.website}"') == 1


def test_a_sheet_tells_search_engines_what_it_is(server: str) -> None:
    page = get(server, "/fiches/1").text
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert (data["headline"], data["url"]) == ("Budget participatif gersois", f"{server}/fiches/1")
    assert data["contentLocation"]["address"]["addressLocality"] == "Auch"
    assert re.search(r'<meta name="description" content="Département du Gers, Auch \(Gers\) : Aucun département', page)
    assert f'<link rel="canonical" href="{server}/fiches/1">' in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_sheet_whose_text_attacks_is_shown_as_text(language: str, own_index: Index) -> None:
    attack = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    sheet = Sheet(
        id='1"><b>',
        title=attack,
        organisation=attack,
        website="javascript:alert(1)",
        place=Place(commune=attack),
        sections=(Section(key='x"><b>', title=attack, blocks=(Block(text=attack, label=attack),)),),
    )
    passage = own_index.passages[0].model_copy(update={"section": attack, "text": attack})
    data = describe_sheet_data(sheet, own_index, "http://x/fiches/1", attack)
    shown = (
        open_site_templates()
        .get_template("sheet.html")
        .render(
            **{"sheet": sheet, "data": data, "origin": attack, "description": attack, "tags": [], "facet_titles": {}},
            **{"links": [], "point": None, "frame": FRAMES[-1], "similar": [(sheet, attack)], "question": attack},
            **{"centre": attack, "contact": attack, "here": attack, "canonical": attack, "member": None},
            **{"language": language, "translated": True, "addresses": {"fr": attack, "en": attack}},
            **{"other_language": attack, "is_french_only": False, "address": attack},
            document=DocumentView((DocumentPage(1, (passage,)),), is_here=False, is_locked=False),
        )
    )
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "<b>" not in shown
    assert not is_web_address(sheet.website)


def test_a_members_document_is_announced_and_nothing_more(server: str, own_members_index: Index) -> None:
    passages = [passage for passage in own_members_index.passages if passage.access == "members"]
    blocks = [block for sheet in own_members_index.sheets for section in sheet.sections for block in section.blocks]
    public = "\n".join(f"{block.label} : {block.text}" for block in blocks)
    paths = ["/", "/fiches?q=jury", "/fiches?vue=tableau", "/fiches.csv", "/fiches.md", "/sitemap.xml"]
    paths += [f"/fiches/{sheet}" for sheet in {passage.sheet for passage in passages}]
    shown = "\n".join(html.unescape(get(server, path).text) for path in paths)
    assert "réservée aux adhérents" in shown
    assert not re.search(r"fiche.?descriptive[^\s\"]*\.pdf", shown, re.IGNORECASE)
    secret = [passage.text[:50] for passage in passages if len(passage.text) > 60 and passage.text[:50] not in public]
    assert len(secret) > 5
    assert not [text for text in secret if text in shown]


def test_similar_sheets_are_others_that_treat_of_the_same(own_index: Index, server: str) -> None:
    similar = find_similar("1", own_index, 3)
    assert len(similar) == 3
    assert all(sheet.kind == "practice" and sheet.id != "1" for sheet in similar)
    assert any("BP" in sheet.demarche for sheet in similar)
    assert f'href="/fiches/{similar[0].id}"' in get(server, "/fiches/1").text


@pytest.mark.parametrize(
    "path", ["/fiches/999", "/fiches/decider-ensemble-intro", "/fiches/..%2f..%2fetc", "/fiches/", "/nothing"]
)
def test_an_unknown_page_is_said_in_french(path: str, server: str) -> None:
    answer = get(server, path, Accept="text/html")
    assert answer.status_code == 404
    assert "<h1>Page introuvable</h1>" in answer.text


def test_programs_still_get_problem_documents(server: str) -> None:
    for path, accept in (("/api/sheets/999", "text/html"), ("/nothing", "application/json")):
        answer = get(server, path, Accept=accept)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


# --- the map ---


def test_every_sheet_with_coordinates_stands_on_the_map_in_the_frame_of_its_departement(own_index: Index) -> None:
    for sheet in own_index.practices:
        assert find_point(sheet.place), sheet.place
    reunion = next(frame for frame in FRAMES if "974" in frame.departements)
    x, y = find_point(Place(departement="974", latitude=-20.88, longitude=55.45)) or (0, 0)
    assert reunion.x < x < reunion.x + reunion.width
    assert reunion.y <= y < reunion.y + reunion.height


def test_marks_of_the_map_stand_apart_and_lose_no_sheet(own_index: Index) -> None:
    marks = place_marks(own_index.practices)
    assert sorted(sheet.id for mark in marks for sheet in mark.sheets) == sorted(s.id for s in own_index.practices)
    for at, mark in enumerate(marks):
        assert all(abs(complex(mark.x - other.x, mark.y - other.y)) >= 42 for other in marks[:at])
    assert name_mark(next(mark for mark in marks if "Paris" in mark.names)).startswith("Paris et ")


def test_a_mark_leads_to_its_sheet_or_to_the_list_of_its_communes(server: str) -> None:
    page = get(server, "/fiches?vue=carte&departement=38").text
    addresses = re.findall(r'<a href="([^"]+)" aria-label="Grenoble[^"]*"', page)
    assert len(addresses) == 1
    listed = get(server, html.unescape(addresses[0])).text
    assert count_of(listed) == count_of(page)
    assert "Retirer </span>Grenoble" in listed


# --- what surrounds ---


def test_legal_pages_say_what_the_settings_say(small_site: Callable[..., TestClient]) -> None:
    empty = small_site()
    assert "à compléter" in empty.get("/mentions-legales").text
    assert "non conforme" in empty.get("/accessibilite").text
    assert "n’est transmise à personne" in empty.get("/confidentialite").text
    chosen = {"publisher": "Association <Test>", "publisher_details": "1 rue de la Paix", "hosting": "Hébergeur SA"}
    more = {"publication_director": "Camille Exemple", "accessibility_audit": "Audit : 90 %", "llm": "openai:petit"}
    full = small_site(**chosen, **more)
    legal = full.get("/mentions-legales").text
    assert "Association &lt;Test&gt;" in legal
    assert "à compléter" not in legal
    assert "Audit : 90 %" in full.get("/accessibilite").text
    assert "openai:petit" in full.get("/confidentialite").text


def test_search_engines_find_every_sheet_and_no_private_place(small_site: Callable[..., TestClient]) -> None:
    site = small_site(public_url="https://fiches.example.org/base/")
    robots = site.get("/robots.txt").text
    assert "Disallow: /admin" in robots
    assert "Sitemap: https://fiches.example.org/base/sitemap.xml" in robots
    root = ElementTree.fromstring(site.get("/sitemap.xml").text)
    addresses = [element.text for element in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert len(addresses) == 35 + 8 + len(shipped_shelf().library().notes)
    assert "https://fiches.example.org/base/fiches/1" in addresses


def test_a_public_address_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsWrong, match="adresse complète"):
        read_settings(public_url="assistant.exemple.fr")


def test_files_are_kept_by_browsers_and_pages_are_not(server: str) -> None:
    page = get(server, "/fiches/1")
    assert page.headers["cache-control"] == "no-cache"
    address = re.search(r'href="(/static/base\.css\?v=\w+)"', page.text)[1]  # type: ignore[index]
    assert "immutable" in get(server, address).headers["cache-control"]
    assert get(server, "/static/base.css").headers["cache-control"] == "no-cache"
    assert get(server, "/static/../app.py").status_code == 404


def test_pages_for_everyone_are_compressed_and_those_that_hold_a_token_are_not(server: str) -> None:
    packed = {"Accept-Encoding": "gzip"}
    assert get(server, "/fiches", **packed).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in get(server, "/admin/connexion", **packed).headers


def test_a_region_is_shown_by_its_name_where_no_departement_is_known(own_index: Index) -> None:
    sheet = own_index.sheets[0].model_copy(update={"place": Place(commune="Quelque part", region="53")})
    cells = dict(zip(HEADER, list_cells(sheet, own_index, ""), strict=True))
    assert (cells["Département"], cells["Région"]) == ("", "Bretagne")
    place = describe_sheet_data(sheet, own_index, "http://x/fiches/1", "")["contentLocation"]
    assert place["address"]["addressRegion"] == "Bretagne"
