"""Absence told rightly, durations by dated steps, a yes by a figure, bounds and kinds of organisation."""

import asyncio
from pathlib import Path

import pytest

from assistant.answers.answer import Answer
from assistant.checks.verification import find_faults
from assistant.finding.missing import find_missing
from assistant.pipeline import Knowledge, answer, answer_turns
from index.build import build_index
from index.encoding.encoder import Encoder
from index.storage.folder_store import FolderStore
from ingest.layout import FacetColumn, Layout
from ingest.reading import Reading
from ingest.sheet import Block, Place, Section, Sheet


def ask(question: str, knowledge: Knowledge) -> Answer:
    return asyncio.run(answer(question, knowledge))


def ask_last(knowledge: Knowledge, *questions: str) -> Answer:
    return asyncio.run(answer_turns(questions, knowledge))[-1]


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        (
            "Avez-vous un modèle de règlement de budget participatif à télécharger ?",
            "Aucune fiche ne contient de modèle",
        ),
        ("Y a-t-il une fiche sur un centre pénitentiaire ?", "Aucune fiche ne parle de centre pénitentiaire."),
        ("Do you have a template contract for an online platform?", "No sheet holds any template contract"),
        ("Combien de litres de peinture pour Prox'quartiers ?", "Aucune fiche ne donne le nombre de litres"),
    ],
)
def test_what_nothing_in_the_sheets_comes_near_is_told_as_absent(
    question: str, opening: str, knowledge: Knowledge
) -> None:
    given = ask(question, knowledge)
    assert given.abstained
    assert given.missing
    assert given.answer.startswith(opening)


def test_what_the_sheets_speak_of_in_other_words_is_not_told_as_absent(knowledge: Knowledge) -> None:
    assert not ask("Vous avez des démarches sur la santé ou le bien-être ?", knowledge).abstained


def test_a_noun_that_no_sheet_has_is_named_before_what_comes_near(knowledge: Knowledge) -> None:
    given = ask("Comment monter un hackathon citoyen avec des développeurs ?", knowledge)
    assert not given.abstained
    assert given.answer.startswith("Aucune fiche n'emploie «\u00a0hackathon\u00a0»")
    assert "hackathon" in given.missing


def test_dated_steps_tell_from_when_to_when_where_no_sentence_tells_how_long(knowledge: Knowledge) -> None:
    given = ask_last(knowledge, "square Concorde à Lille", "Combien de temps cela a-t-il duré ?")
    assert (given.kind, given.form) == ("duration", "period")
    assert "de **Mars à juin 2021**\u00a0[1] à **25 juin 2021**\u00a0[2]" in given.answer
    assert [citation.sheet for citation in given.citations] == ["95", "95"]


def test_where_only_the_order_of_steps_is_known_that_is_said(knowledge: Knowledge) -> None:
    given = ask("Combien de temps a duré la révision du PLU à Saint-Martin-d'Uriage ?", knowledge)
    assert given.abstained
    assert "Elle ne donne que l'ordre de ses étapes" in given.answer


@pytest.mark.parametrize(
    ("question", "says_yes"),
    [
        ("Mode Responsable a-t-il eu plus de 100 000 participants ?", True),
        ("Mode Responsable a-t-il eu plus de 200 000 participants ?", False),
        ("Comment EDF a-t-elle consulté ses salariés ?", False),
    ],
)
def test_a_figure_that_passes_the_bound_asked_is_a_yes(question: str, says_yes: bool, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.answer.startswith("**Oui**") == says_yes
    assert "tranche" not in given.answer or "Comment" not in question


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("Quelles communautés d'agglomération ?", 3),
        ("Combien d'EPCI dans vos fiches ?", 15),
        ("liste des bailleurs sociaux", 2),
        ("how many intermunicipal authorities?", 15),
    ],
)
def test_kinds_of_organisation_that_no_code_tells_apart_are_listed(
    question: str, count: int, knowledge: Knowledge
) -> None:
    assert len(ask(question, knowledge).listed) == count


def test_the_sheets_of_before_are_counted(knowledge: Knowledge) -> None:
    given = ask_last(
        knowledge, "Combien de fiches parlent de budget participatif ?", "combien d'entre elles depuis 2021 ?"
    )
    assert given.form == "count"
    assert "parmi 17 fiches de la réponse précédente" in given.answer
    assert 0 < len(given.listed) < 17


def test_a_size_may_be_said_without_its_noun(knowledge: Knowledge) -> None:
    given = ask("budgets participatifs dans des villes (moins de 20 000)", knowledge)
    people = knowledge.index.catalogue.told_inhabitants
    assert given.listed
    assert all(people[knowledge.index.catalogue.rows[sheet]] <= 20_000 for sheet in given.listed)


def test_what_is_nearer_to_the_subject_outside_the_bounds_is_named(knowledge: Knowledge) -> None:
    given = ask("réaménager un square avec les enfants, villes de moins de 60 000 habitants : exemples ?", knowledge)
    assert "En dehors de ces limites, plus près du sujet : **Je donne mon avis sur le square Concorde**" in given.answer
    assert not find_faults(given, knowledge.index)


@pytest.mark.parametrize(
    ("question", "note", "side"),
    [
        (
            "Ma commune de 1 800 habitants est-elle obligée de créer des conseils de quartier ?",
            "obligation-conseil-de-quartier",
            "en dessous du seuil",
        ),
        (
            "On est 95 000 habitants, un conseil de quartier est-il imposé ?",
            "obligation-conseil-de-quartier",
            "atteint",
        ),
        ("Is a public debate required by law for a power line?", "saisine-de-la-cndp", ""),
        ("La concertation est-elle obligatoire quand on révise son PLU ?", "obligation-concertation-urbanisme", ""),
    ],
)
def test_the_law_is_found_when_a_case_is_told(question: str, note: str, side: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.notes[0] == note
    assert side in given.answer.split("\n")[0]


def test_a_contact_answer_cites_the_sheet(knowledge: Knowledge) -> None:
    given = ask("Qui contacter à Jarny ?", knowledge)
    assert given.kind == "contact"
    assert given.citations


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Quelle ville a utilisé le jugement majoritaire pour son budget participatif ?", "jugement"),
        ("Quelles banques ont mené une consultation de leurs clients ?", "banques"),
    ],
)
def test_a_word_that_no_sheet_cited_has_is_named_before_them(question: str, words: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert given.answer.startswith(("Les fiches citées n'emploient pas", "Aucune fiche n'emploie"))
    assert words in given.missing
    said = " ".join(
        passage.text.casefold()
        for passage in knowledge.index.passages
        if passage.sheet in {citation.sheet for citation in given.citations}
    )
    assert words not in said


@pytest.mark.parametrize(
    "question",
    [
        "Comment tirer au sort des habitants ?",
        "Quelles leçons tirer des budgets participatifs ?",
        "Qui a fait un audit ?",
    ],
)
def test_no_word_is_named_where_the_sheets_cited_have_them_all(question: str, knowledge: Knowledge) -> None:
    assert not ask(question, knowledge).missing


def test_a_town_of_so_many_inhabitants_means_those_of_about_its_size(knowledge: Knowledge) -> None:
    given = ask("communes de 2000 habitants", knowledge)
    assert given.answer.startswith("**3 fiches** sur 101")
    assert "taille proche de 2\u00a0000 habitants" in given.answer
    assert ask("des exemples de communes comme la mienne, 2000 habitants", knowledge).shown == given.shown


@pytest.mark.parametrize(
    "question", ["Combien de personnes dans l'équipe participation à Nantes ?", "Combien d'agents à Nantes ?"]
)
def test_those_who_work_on_a_practice_are_told_by_the_lines_of_its_team(question: str, knowledge: Knowledge) -> None:
    given = ask(question, knowledge)
    assert "Six chargés de mission" in given.answer
    assert "47" in {citation.sheet for citation in given.citations}


def test_the_figure_of_one_year_is_not_told_for_another(knowledge: Knowledge) -> None:
    assert "**47000**" in ask("Combien de personnes ont voté dans le Gers en 2019 ?", knowledge).answer
    assert "**47000**" not in ask("Combien de personnes ont voté dans le Gers en 2018 ?", knowledge).answer


def test_a_place_and_a_label_of_the_catalogue_are_known_though_no_text_says_them(
    tmp_path: Path, encoder: Encoder, layout: Layout
) -> None:
    def write(number: str, title: str, text: str, place: Place, theme: str) -> Sheet:
        section = Section(key="presentation", title="Présentation", blocks=(Block(text=text),))
        return Sheet(id=number, title=title, sections=(section,), place=place, thematique=(theme,))

    rennes = Place(commune="Rennes", insee="35238", postcode="35000", departement="35", region="53")
    brest = Place(commune="Brest", insee="29019", postcode="29200", departement="29", region="53")
    facet = FacetColumn(title="Régime", column=("Régime",), labels={"SG": "Sans gluten", "VG": "Végétarien"})
    sheets = [
        write("1", "Galettes de sarrasin", "Mélanger la farine de sarrasin, l'eau et le sel.", rennes, "SG"),
        write("2", "Soupe de légumes", "Éplucher les légumes, puis les cuire une heure.", brest, "VG"),
    ]
    own = layout.model_copy(update={"facets": {"thematique": facet}})
    built = build_index(Reading(sheets=sheets, layouts=[own]), "", encoder, tmp_path)
    index = FolderStore(tmp_path).open(encoder.name, "public", built.version)
    knowledge = Knowledge(index, encoder, "contact@exemple.fr")
    assert set(index.labels) == {"Sans gluten", "Végétarien"}
    for question in ("Une recette de galettes à Rennes ?", "Des recettes en Bretagne ?", "Quelle soupe à Brest ?"):
        denied = ask(question, knowledge).answer.partition("\n")[0]
        assert not [place for place in ("Rennes", "Bretagne", "Brest") if place in denied]
    assert find_missing("des galettes sans gluten et sans lactose", index) == ("lactose",)
