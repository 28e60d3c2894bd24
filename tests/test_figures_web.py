"""The table of figures: its page, its file, its interface and its command, and who sees what, on real sheets."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import PHONE, RESERVED, SHEETS, make_data_dir, run_assistant
from fastapi import FastAPI
from fastapi.testclient import TestClient
from members_site import MembersSite
from playwright.sync_api import Browser

from assistant.catalogue.figures import QUANTITIES
from assistant.catalogue.plot import WIDTH, plot_figures
from assistant.edge.authentication import Authentication
from assistant.history.conversations import History
from assistant.members.documents import DocumentFiles
from assistant.members.membership import open_membership
from assistant.members.readers import Readers
from assistant.pipeline import Knowledge
from assistant.serving.served import Served
from assistant.settings import Settings
from assistant.store.database import open_database
from assistant.web.api_figures import make_figures_api
from assistant.web.frame.templates import add_static_files
from assistant.web.pages.assembly import add_pages
from assistant.web.pages.site import Site
from index.aspects.figures import Figure, list_figures
from index.build import build_index
from index.encoding.encoder import Encoder
from index.opened import Index
from index.storage.folder_store import FolderStore
from ingest.layout import Layout
from ingest.source import read_source

ATTACK = "=HYPERLINK(1) <script>alert(1)</script> de 4 321 personnes"
DURATIONS = "Un film de 40 minutes, puis 3 semaines, 2 ans de travail et 4 mois d'essais."


def get(server: str, path: str, **parameters: object) -> httpx.Response:
    return httpx.get(f"{server}{path}", params=parameters or None, timeout=30)  # type: ignore[arg-type]


def figures_of(server: str, **parameters: object) -> list[dict]:
    return list(get(server, "/api/figures", limit=500, **parameters).json()["figures"])


def written_of(page: str) -> list[str]:
    return re.findall(r'<th role="rowheader" scope="row">(.*?)</th>', page)


def figure(low: float, high: float = 0.0) -> Figure:
    return Figure(measured="cost", low=low, high=max(low, high), unit="€", written="", start=0, end=1)


# --- the page ---


def test_the_page_gives_each_figure_with_its_sentence_and_its_sheet(server: str) -> None:
    page = get(server, "/chiffres", q="gersois", quantity="voters").text
    assert written_of(page) == ["47 000 votants"]
    assert "plus de <mark>47 000 votants</mark>, ce qui représente 33 % du corps électoral." in page
    assert '<a href="/fiches/1">Budget participatif gersois</a>' in page
    assert "Un programme lit ces valeurs" in page
    assert 'lang="en"' in page


def test_the_menu_the_home_page_and_search_engines_lead_to_it(server: str) -> None:
    home = get(server, "/").text
    assert home.count('href="/chiffres"') == 2
    assert f"{server}/chiffres</loc>" in get(server, "/sitemap.xml").text
    assert '<a href="/chiffres" aria-current="page">' in get(server, "/chiffres").text
    assert "noindex" not in get(server, "/chiffres").text
    assert "noindex" in get(server, "/chiffres?quantity=cost").text


def test_figures_are_chosen_by_quantity_words_and_kind_of_organisation(server: str) -> None:
    page = get(server, "/chiffres").text
    for label in QUANTITIES.values():
        assert f">{label} (" in page
    costs = figures_of(server, quantity="cost")
    assert {each["quantity"] for each in costs} == {"cost"}
    assert {each["sheet"] for each in figures_of(server, q="Gers")} >= {"1"}
    regions = figures_of(server, porteur="RG")
    assert {each["sheet"] for each in regions} <= {"15", "16"}
    assert regions
    assert "Aucun chiffre" in get(server, "/chiffres?q=xyzzy").text


def test_an_address_that_asks_for_nothing_known_is_read_as_far_as_it_can_be(server: str) -> None:
    whole = written_of(get(server, "/chiffres").text)
    assert written_of(get(server, "/chiffres?quantity=pizza&porteur=ZZ&sort=x&page=abc").text) == whole
    assert get(server, "/chiffres?page=999").status_code == 200
    assert "<script>x" not in get(server, "/chiffres?q=<script>x").text


def test_values_are_put_in_order_from_either_end(server: str) -> None:
    up = [each["high"] for each in figures_of(server, quantity="cost", sort="value")]
    down = [each["high"] for each in figures_of(server, quantity="cost", sort="-value")]
    assert up == sorted(up)
    assert down == sorted(up, reverse=True)
    page = get(server, "/chiffres?quantity=cost&sort=-value").text
    assert written_of(page)[0] == "426 millions d&#39;euros"
    assert 'aria-sort="descending"' in page
    names = [each["organisation"] for each in figures_of(server, sort="organisation")]
    assert names.index("Département du Gers") < names.index("Ville de Paris")


def test_every_page_of_the_table_holds_other_figures(server: str) -> None:
    total = get(server, "/api/figures?limit=1").json()["total"]
    first, second = (get(server, f"/chiffres?page={number}").text for number in (1, 2))
    assert f'role="status">{total} chiffres</p>' in first
    assert len(written_of(first)) == len(written_of(second)) == 50
    assert first != second
    assert 'rel="next"' in first


# --- the plot ---


def test_the_values_of_a_quantity_are_drawn_with_a_title_and_a_description(server: str) -> None:
    page = get(server, "/chiffres?quantity=cost").text
    svg = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert svg
    assert 'role="img" aria-labelledby="plot-title plot-desc"' in svg[0]
    assert re.search(r'<title id="plot-title">Coûts et budgets \(€\).*valeurs', svg[0])
    assert "De 30 euros à 426 millions d&#39;euros ; médiane" in svg[0]
    assert "Échelle logarithmique" in page
    assert "<svg" not in get(server, "/chiffres").text, "unlike things are not drawn together"


def test_an_axis_is_logarithmic_when_values_span_more_than_two_powers_of_ten() -> None:
    assert plot_figures([figure(1), figure(101)]).is_logarithmic
    assert not plot_figures([figure(1), figure(100)]).is_logarithmic
    assert [tick.label for tick in plot_figures([figure(20), figure(500), figure(90_000)]).ticks] == [
        *("10", "100", "1\u202f000", "10\u202f000", "100\u202f000")
    ]
    assert [tick.label for tick in plot_figures([figure(3), figure(98)]).ticks] == ["0", "20", "40", "60", "80", "100"]


@pytest.mark.parametrize("values", [[0.0], [5.0] * 3, [0.0, 1e12], [0.1, 0.2], [1.0] * 500], ids=str)
def test_whatever_the_values_are_they_stand_on_the_drawing(values: list[float]) -> None:
    plot = plot_figures([figure(value) for value in values])
    places = re.findall(r"M([\d.]+) ([\d.]+)h0", plot.dots)
    assert len(places) == len(values)
    assert all(0 <= float(x) <= WIDTH and 0 <= float(y) <= plot.base for x, y in places)
    assert all(0 <= tick.x <= WIDTH for tick in plot.ticks)
    assert plot.height < 300


# --- file, interface, command ---


def test_what_is_filtered_is_downloaded_as_a_table(server: str) -> None:
    answer = get(server, "/chiffres.csv", quantity="voters", q="gersois")
    assert re.search(r'filename="chiffres-\d{4}-\d\d-\d\d\.csv"', answer.headers["content-disposition"])
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert (row["Grandeur"], row["De"], row["Écrit"]) == ("Votants", "47000", "47 000 votants")
    assert row["Adresse"] == f"{server}/fiches/1"
    assert (
        'href="/chiffres.csv?q=gersois&amp;quantity=voters"' in get(server, "/chiffres?q=gersois&quantity=voters").text
    )


def test_programs_get_the_figures_as_the_description_says(server: str) -> None:
    (row,) = figures_of(server, quantity="voters", q="gersois")
    assert row == {
        "quantity": "voters",
        **{"low": 47_000.0, "high": 47_000.0, "unit": "", "per": "", "counts": "", "written": "47 000 votants"},
        "sentence": "L'opération est relancée dès 2019 et la mobilisation s'amplifie : plus de 47 000 votants, "
        "ce qui représente 33 % du corps électoral.",
        **{"sheet": "1", "title": "Budget participatif gersois", "organisation": "Département du Gers"},
        **{"passage": row["passage"], "access": "public", "page": None},
    }
    assert row["passage"].startswith("1/")
    described = get(server, "/openapi.json").json()["paths"]["/api/figures"]["get"]
    assert described["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/FigureList")
    page = get(server, "/api/figures?offset=2&limit=3").json()
    assert page["figures"] == figures_of(server)[2:5]
    for wrong in ("quantity=pizza", "limit=501", "offset=-1", "sort=x", f"q={'a' * 301}"):
        answer = get(server, f"/api/figures?{wrong}")
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_the_command_gives_the_same_in_three_forms(own_data_dir: Path, server: str) -> None:
    def run(*arguments: str) -> str:
        done = run_assistant("figures", "--quantity", "voters", *arguments, ASSISTANT_DATA_DIR=str(own_data_dir))
        assert done.returncode == 0, done.stderr
        return done.stdout

    told = json.loads(run("--json"))
    assert told["figures"] == figures_of(server, quantity="voters")
    rows = list(csv.reader(io.StringIO(run("--csv", "--as", "member").removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) == told["total"] + 1
    assert "47 000 votants (fiche 1, Budget participatif gersois)" in run("--words", "gersois")
    refused = run_assistant("figures", "--csv", "--json", ASSISTANT_DATA_DIR=str(own_data_dir))
    assert (refused.returncode, refused.stdout) == (2, "")


# --- who sees what ---


def test_a_visitor_never_sees_a_members_figure_and_a_member_does(members_site: MembersSite) -> None:
    def read(client: httpx.Client) -> tuple[set[str], str]:
        figures = client.get("/api/figures?limit=500").json()["figures"]
        texts = [client.get(path).text for path in ("/chiffres.csv", "/chiffres?page=1", "/chiffres?page=5")]
        return {each["sheet"] for each in figures if each["access"] == "members"}, "\n".join(texts)

    with members_site.signed_in() as member:
        reserved, seen = read(member)
        figures = member.get("/api/figures?limit=500").json()["figures"]
        assert member.get("/chiffres").headers["cache-control"] == "private, no-store"
    hidden = [each["sentence"] for each in figures if each["access"] == "members"]
    assert reserved <= set(RESERVED)
    assert reserved
    assert hidden[0].replace('"', '""') in seen
    with members_site.client() as visitor:
        found, told = read(visitor)
        public = visitor.get("/api/figures?limit=500").text
    assert found == set()
    for sentence in hidden:
        assert sentence not in told
        assert json.dumps(sentence, ensure_ascii=False)[1:-1] not in public
    command = run_assistant("figures", "--json", ASSISTANT_DATA_DIR=str(members_site.data_dir))
    assert not [each for each in json.loads(command.stdout)["figures"] if each["sheet"] in RESERVED]
    command = run_assistant("figures", "--json", "--as", "member", ASSISTANT_DATA_DIR=str(members_site.data_dir))
    assert [each for each in json.loads(command.stdout)["figures"] if each["sheet"] in RESERVED]


def test_figures_are_read_once_for_an_index_and_kept_with_it_alone(own_index: Index, own_members_index: Index) -> None:
    assert list_figures(own_index) is list_figures(own_index)
    assert list_figures(own_index) is not list_figures(own_members_index)


# --- hostile text ---


@pytest.fixture
def attacked(tmp_path: Path, own_members_index: Index, layout: Layout, encoder: Encoder) -> Iterator[TestClient]:
    """The page and the interface over sheets of which one attacks whoever shows it."""
    folder = make_data_dir(tmp_path)
    reading = read_source(str(SHEETS), layout)
    sheet = next(each for each in reading.sheets if each.id == "1")
    section = sheet.sections[0]
    blocks = [section.blocks[0].model_copy(update={"text": text}) for text in (ATTACK, DURATIONS)]
    wrong = sheet.model_copy(
        update={
            "title": "@SUM(1) <b>titre",
            "sections": (section.model_copy(update={"blocks": tuple(blocks)}), *sheet.sections[1:]),
        }
    )
    reading.sheets = [wrong if each.id == "1" else each for each in reading.sheets]
    built = build_index(reading, str(SHEETS), encoder, folder / "index", previous=own_members_index)
    store = FolderStore(folder / "index")
    store.promote(built.version)
    engine = open_database(f"sqlite:///{tmp_path / 'assistant.db'}")
    settings = Settings(data_dir=folder)
    served = Served(Knowledge(store.open(encoder.name, "public"), encoder, settings.contact), store)
    membership = open_membership(settings, engine)
    authentication = Authentication(Readers(served, membership.sessions), membership, "secret")
    app = FastAPI()
    add_static_files(app)
    app.include_router(make_figures_api(authentication))
    documents = DocumentFiles(lambda _manifest: [], settings.sources_dir)
    add_pages(app, Site(settings, authentication), documents, History(engine))
    yield TestClient(app)
    engine.dispose()


def test_what_a_sheet_says_is_shown_as_text_and_runs_nowhere(attacked: TestClient) -> None:
    page = attacked.get("/chiffres?q=alert").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; de <mark>4 321 personnes</mark>" in page
    assert "<script>alert" not in page
    assert "<b>titre" not in page
    rows = list(
        csv.reader(io.StringIO(attacked.get("/chiffres.csv?q=alert").content.decode("utf-8-sig")), delimiter=";")
    )
    assert rows[1:]
    assert all(cell[:1] not in "=+-@" for row in rows[1:] for cell in row if cell)
    assert attacked.get("/api/figures?q=alert").json()["figures"][0]["sentence"].endswith("4 321 personnes")


def test_durations_are_compared_whatever_their_unit(attacked: TestClient) -> None:
    up = attacked.get("/api/figures?q=film&quantity=duration&sort=value").json()["figures"]
    down = attacked.get("/api/figures?q=film&quantity=duration&sort=-value").json()["figures"]
    assert [each["unit"] for each in up] == ["minutes", "semaines", "mois", "ans"]
    assert down == up[::-1]


# --- in a browser ---


def test_without_script_on_a_phone_rows_are_stacked_and_the_form_works(browser: Browser, server: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="fr-FR")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{server}/chiffres")
    page.get_by_label("Ce qui est mesuré").select_option("cost")
    page.get_by_label("Ordre").select_option("-value")
    page.get_by_role("button", name="Afficher").click()
    row = page.get_by_role("row").nth(1)
    assert row.get_by_role("rowheader").inner_text() == "426 millions d'euros"
    box = row.get_by_role("cell").nth(1).bounding_box()
    assert box
    assert box["x"] + box["width"] <= PHONE["width"]
    assert page.get_by_role("img", name=re.compile("Coûts et budgets")).is_visible()
    context.close()
