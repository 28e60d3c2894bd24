"""Understanding: what questions say of the sheets sought."""

from pathlib import Path

import pytest

from assistant.reading.inhabitants import find_inhabitants
from assistant.reading.understanding import mend, understand
from assistant.reading.years import find_years
from assistant.settings import ROOT
from assistant.wording import describe_filters
from index.build import join_facets
from index.filters import Filters
from index.lexicon import Lexicon, build_lexicon
from index.manifest import FacetLabels, Manifest
from index.understood import Understood
from ingest.layout import Layout, LayoutWrong, read_layout
from ingest.reading import Reading
from ingest.source import read_source
from language.detection import detect_language

YEARS = (2016, 2017, 2018, 2019, 2020, 2021)


def make_manifest(layout: Layout) -> Manifest:
    labels = layout.programmes.labels
    return Manifest(
        version="1",
        created="2026-11-24T10:00:00Z",
        source="",
        layout=layout.name,
        model="",
        dimension=384,
        practices=35,
        pages=0,
        passages={},
        facets=join_facets([layout]),
        programmes={code: each.label for code, each in labels.items()},
        programme_words={code: each.words for code, each in labels.items()},
    )


@pytest.fixture(scope="module")
def manifest(layout: Layout) -> Manifest:
    return make_manifest(layout)


@pytest.fixture(scope="module")
def reading(layout: Layout) -> Reading:
    return read_source(str(ROOT / "sheets"), layout)


@pytest.fixture(scope="module")
def lexicon(manifest: Manifest, reading: Reading) -> Lexicon:
    """What the project's own sheets give to understand."""
    return build_lexicon(manifest, reading.practices)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param("budgets participatifs des départements", {"porteur": ["DEP"], "demarche": ["BP"]}, id="plural"),
        pytest.param("les DEPARTEMENTS et la sante", {"porteur": ["DEP"], "thematique": ["SAN"]}, id="no-accents"),
        pytest.param("BP jeunes", {"demarche": ["BP"], "thematique": ["JEU"]}, id="acronym"),
        pytest.param(
            "conseils de quartier dans les villes moyennes", {"porteur": ["VM"], "demarche": ["IP"]}, id="size"
        ),
        pytest.param("petites, moyennes ou grandes villes", {"porteur": ["GV", "PV", "VM"]}, id="coordination-before"),
        pytest.param("communes petites et moyennes", {"porteur": ["PV", "VM"]}, id="coordination-after"),
        pytest.param("une commune plutôt petite", {"porteur": ["PV"]}, id="adverb-between"),
        pytest.param("communes de moins de 5 000 habitants", {"porteur": ["PV"]}, id="fewer-than"),
        pytest.param("villes de plus de 100 000 habitants", {"porteur": ["GV"]}, id="more-than"),
        pytest.param("collectivités de 20 000 à 100 000 habitants", {"porteur": ["VM"]}, id="range"),
        pytest.param("petite ville de 30 000 habitants", {"porteur": ["VM"]}, id="figure-before-word"),
        pytest.param("un département de 400 000 habitants", {"porteur": ["DEP"]}, id="a-departement-has-no-size"),
        pytest.param("agglo de 45 000 habitants, plan climat", {"porteur": ["VM"], "thematique": ["ENV"]}, id="agglo"),
        pytest.param("Maire d'un village, je cherche des idées", {"porteur": ["PV"]}, id="size-of-who-asks"),
        pytest.param("ce qui a été récompensé en 2019", {"annee": [2019], "source": "trophees"}, id="prize"),
        pytest.param("consultation d'une région", {"porteur": ["RG"], "demarche": ["DC"]}, id="region"),
        pytest.param(
            "les trophées de la participation et de la concertation", {"source": "trophees"}, id="words-of-a-programme"
        ),
        pytest.param("baromètre de la démocratie numérique", {"source": "barometre"}, id="words-of-another-programme"),
        pytest.param("santé dans le Gers", {"thematique": ["SAN"], "departement": ["32"]}, id="departement"),
        pytest.param("culture en Bretagne", {"thematique": ["JEU"], "region": ["53"]}, id="region-named"),
        pytest.param("comunes rurales et budjet participatif", {"porteur": ["PV"], "demarche": ["BP"]}, id="typos"),
        pytest.param(
            "youth projects led by county councils", {"porteur": ["DEP"], "thematique": ["JEU"]}, id="english"
        ),
        pytest.param("small towns, urban planning", {"porteur": ["PV"], "thematique": ["URB"]}, id="english-keywords"),
    ],
)
def test_what_a_question_implies_becomes_filters(question: str, expected: object, lexicon: Lexicon) -> None:
    found = understand(question, lexicon).filters.to_json()
    assert {key: sorted(value) if isinstance(value, list) else value for key, value in found.items()} == expected


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("comment associer les associations et les entreprises ?", id="those-who-take-part"),
        pytest.param("l'association des habitants aux décisions", id="to-associate"),
        pytest.param("un état des lieux de la participation", id="state-of-play"),
        pytest.param("continuer pendant la crise sanitaire", id="health-crisis"),
        pytest.param("notre intercommunalité est jeune", id="young-body"),
        pytest.param("un atelier de 300 habitants", id="participants"),
        pytest.param("environ deux heures, plus ou moins", id="words-that-look-alike"),
        pytest.param("des projets dans ma région", id="around-here"),
        pytest.param("dans le département", id="in-the-departement"),
        pytest.param("Horizon 2030", id="a-year-ahead"),
        pytest.param("autre chose que l'urbanisme", id="set-aside"),
        pytest.param("par des élus plutôt que par des associations", id="rather-than"),
        pytest.param("comment animer une réunion ?", id="nothing"),
    ],
)
def test_what_a_question_does_not_ask_for_gives_no_filter(question: str, lexicon: Lexicon) -> None:
    assert understand(question, lexicon).filters == Filters()


def test_who_asks_is_told_from_who_is_sought(lexicon: Lexicon) -> None:
    understood = understand("Je travaille pour une entreprise, que font les conseils régionaux ?", lexicon)
    assert understood.filters == Filters(porteur=("RG",))
    assert understood.asker == Filters(porteur=("ENT",))


def test_everything_understood_is_there(lexicon: Lexicon) -> None:
    question = "Commune d'environ 5 500 habitants : un buget participatif en ligne dans le Gers ?"
    understood = understand(question, lexicon)
    assert understood.filters == Filters(porteur=("PV",), demarche=("BP",), departement=("32",))
    assert [place.name for place in understood.places] == ["Gers"]
    assert (understood.population, understood.population_range) == (5500, (5500, 5500))
    assert understood.online is True
    assert mend(question, lexicon) == question.replace("buget", "budget")
    assert "budget citoyen" in understood.expansions
    assert understood.language == "fr"


@pytest.mark.parametrize(
    ("question", "online"),
    [
        ("une consultation sur internet", True),
        ("la même chose sans internet", False),
        ("ceux qui n'ont pas de connexion", False),
        ("which ones were offline?", False),
        ("à la fois en ligne et en présentiel", None),
        ("un jury citoyen", None),
    ],
)
def test_online_or_in_person(question: str, online: bool | None, lexicon: Lexicon) -> None:
    assert understand(question, lexicon).online is online


def test_a_value_taken_away_is_forgotten_with_what_it_came_from(lexicon: Lexicon) -> None:
    understood = understand("budget participatif d'un bourg de 3 000 habitants du Gers", lexicon)
    assert understood.without("demarche", "BP").filters == Filters(porteur=("PV",), departement=("32",))
    without_size = understood.without("porteur", "PV")
    assert (without_size.filters.porteur, without_size.population, without_size.population_range) == ((), None, None)
    without_place = understood.without("departement", "32")
    assert (without_place.filters.departement, without_place.places) == ((), ())
    assert understood.less(Filters(demarche=("BP",), porteur=("PV",))).filters == Filters(departement=("32",))
    assert understood.without("demarche", "PN") == understood


def test_a_layout_without_words_is_understood_by_its_labels() -> None:
    labels = {"JE": "Jeunesse, éducation et sport", "CO": "Société coopérative et participative", "X": "Autre"}
    facets = {"thematique": FacetLabels(title="Thème", labels=labels)}
    lexicon = build_lexicon(make_manifest(read_layout("multibao")).model_copy(update={"facets": facets}), ())
    assert understand("des idées pour le sport", lexicon).filters == Filters(thematique=("JE",))
    assert understand("les sociétés coopératives et participatives", lexicon).filters == Filters(thematique=("CO",))
    assert understand("une autre démarche participative", lexicon).filters == Filters()


def test_words_for_a_code_without_label_are_refused(tmp_path: Path) -> None:
    text = (ROOT / "ingest/layouts/cooptech.toml").read_text(encoding="utf-8")
    path = tmp_path / "mien.toml"
    path.write_text(text + 'XYZ = ["mot"]\n', encoding="utf-8")
    with pytest.raises(LayoutWrong, match=r"facets\.porteur.*'XYZ'"):
        read_layout(str(path))


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("en 2019", (2019,)),
        ("2017 ou 2020", (2017, 2020)),
        ("entre 2017 et 2019", (2017, 2018, 2019)),
        ("de 2016 à 2018", (2016, 2017, 2018)),
        ("depuis 2020", (2020, 2021)),
        ("après 2020", (2021,)),
        ("avant 2018", (2016, 2017)),
        ("jusqu'en 2017", (2016, 2017)),
        ("les deux dernières éditions", (2020, 2021)),
        ("la première édition", (2016,)),
        ("since 2020", (2020, 2021)),
        ("2019 habitants", ()),
        ("un budget de 2 020 000 €", ()),
        ("la loi de 2014", ()),
        ("une ville en 2050", ()),
    ],
)
def test_years_and_periods(question: str, years: tuple[int, ...]) -> None:
    assert find_years(question, YEARS) == years


@pytest.mark.parametrize(
    ("question", "number", "ends"),
    [
        ("on est 3 000 habitants", 3000, (3000, 3000)),
        ("un village de 2 000 âmes", 2000, (2000, 2000)),
        ("commune de deux mille habitants", 2000, (2000, 2000)),
        ("intercommunalité de 20 mille habitants", 20_000, (20_000, 20_000)),
        ("un bourg de 15 milliers d'habitants", 15_000, (15_000, 15_000)),
        ("a town of 20 thousand people", 20_000, (20_000, 20_000)),
        ("una ciudad de 20 mil habitantes", 20_000, (20_000, 20_000)),
        ("ville de 1,5 million d'habitants", 1_500_000, (1_500_000, 1_500_000)),
        ("a town of 12,000 people", 12_000, (12_000, 12_000)),
        ("moins de 10 000 habitants", None, (0, 10_000)),
        ("entre 20 et 50 000 habitants", None, (20_000, 50_000)),
    ],
)
def test_inhabitants_of_a_town(question: str, number: int | None, ends: tuple[int, int]) -> None:
    found = find_inhabitants(question)
    assert found is not None
    assert (found.number, (found.least, found.most)) == (number, ends)


@pytest.mark.parametrize(
    "question", ["un panel de 150 habitants", "2 500 habitants ont voté", "un quartier de 5 000 habitants", "en 2019"]
)
def test_people_who_take_part_are_no_town(question: str) -> None:
    assert find_inhabitants(question) is None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Comment faire voter les habitants ?", "fr"),
        ("quel rôle a l'élu ?", "fr"),
        ("How do towns let people vote?", "en"),
        ("Wie können Bürger mitreden?", "de"),
        ("¿Cómo funcionan los presupuestos?", "es"),
        ("Бюджет участия", "other"),
        ("concertation plage", None),
    ],
)
def test_languages_are_told_by_their_small_words(question: str, language: str | None) -> None:
    assert detect_language(question) == language


def test_english_words_become_french_ones_to_search_for(lexicon: Lexicon) -> None:
    understood = understand("citizens' assembly about climate", lexicon)
    assert understood.language == "en"
    assert {"convention citoyenne", "climat"} <= set(understood.expansions)


def test_filters_tell_which_keys_a_sheet_meets(reading: Reading) -> None:
    sheet = next(sheet for sheet in reading.practices if sheet.demarche == ("BP",))
    filters = Filters(porteur=("XX",), demarche=("BP", "PN"), departement=(sheet.place.departement,))
    assert filters.stated == ("porteur", "demarche", "departement")
    assert filters.met(sheet) == ("demarche", "departement")
    assert not filters.accept(sheet)
    assert filters.without("porteur", "XX").accept(sheet)


def test_filters_are_described_in_french(manifest: Manifest) -> None:
    filters = Filters(porteur=("PV",), annee=(2019,), source="trophees", departement=("32",), region=("53",))
    described = "Petite ville ou EPCI · 2019 · Trophées de la participation et de la concertation · Gers · Bretagne"
    assert describe_filters(filters, manifest) == described
    assert describe_filters(Understood().filters, manifest) == ""
