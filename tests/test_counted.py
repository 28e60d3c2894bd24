"""Counts, lists and shares of the catalogue that no rule reads, by what the question most likely wants."""

import re
from pathlib import Path

import pytest
from conftest import RESERVED, ask_soundly

from assistant.pipeline import Knowledge
from assistant.reading.content import find_beside_content
from index.encoding.encoder import Encoder
from index.opened import Index
from index.storage.folder_store import FolderStore
from language.text import read_text


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("combien concernent l'environnement ?", "**14 fiches** sur 101, d'après ce critère : thématique"),
        (
            "combien ont tiré au sort ?",
            "**8 fiches** sur 101, d'après ce critère : texte qui contient « tiré",
        ),
        ("en % combien ont une plateforme ?", "**25 fiches** sur 101"),
        (
            "combien parlent d'un jeu ou d'une maquette ?",
            "**7 fiches** sur 101, d'après ce critère : texte",
        ),
        ("Combien de villes utilisent Cap Collectif ?", "**8 fiches** sur 101"),
    ],
)
def test_a_question_that_names_no_sheet_is_counted_by_what_it_says(
    question: str, opening: str, knowledge: Knowledge
) -> None:
    given = ask_soundly(knowledge, question)
    assert given.kind == "listing"
    assert given.answer.replace("\u00a0", " ").startswith(opening)


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("Parmi les fiches des départements, quelle part est en Occitanie ?", "50 % des fiches qui répondent à"),
        ("Quelle proportion des petites villes a fait un budget participatif ?", "27 % des fiches qui répondent à"),
        (
            "Quelle part des démarches menées par des associations parle d'environnement ?",
            "25 % des fiches qui répondent",
        ),
        ("Quelle part des démarches est portée par des entreprises ?", "12 % des fiches (12 ÷ 101)"),
    ],
)
def test_a_share_is_of_the_part_that_the_question_names(question: str, share: str, knowledge: Knowledge) -> None:
    assert f"Soit {share}" in ask_soundly(knowledge, question).answer.replace("\u00a0", " ")


def test_a_share_of_the_catalogue_is_not_asked_of_the_sheets_before(knowledge: Knowledge) -> None:
    given = ask_soundly(
        knowledge,
        "Quelle plateforme a coûté le plus cher ?",
        "Parmi les fiches des départements, quelle part est en Occitanie ?",
    )
    assert "50 % des fiches" in given.answer.replace("\u00a0", " ")


@pytest.mark.parametrize("question", ["comment se répartissent les fiches par région ?", "combien visent les jeunes ?"])
def test_a_visitor_counts_no_sheet_of_members(question: str, reserved_data_dir: Path, encoder: Encoder) -> None:
    store = FolderStore(reserved_data_dir / "index")
    visitor, member = (
        ask_soundly(Knowledge(store.open(encoder.name, access), encoder, "contact@exemple.fr"), question)
        for access in ("public", "members")
    )
    assert {*RESERVED} & {*member.listed}
    assert not {*RESERVED} & {*visitor.listed, *(citation.sheet for citation in visitor.citations)}
    assert len(visitor.listed) < len(member.listed)


def test_sheets_are_divided_over_the_column_that_the_question_names(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "comment se répartissent les fiches par région ?")
    numbers = [int(number) for number in re.findall(r"\| (\d+) \|", given.answer)]
    assert "| Occitanie | 11 |" in given.answer
    assert sum(numbers) == 101  # each sheet is in one region


@pytest.mark.parametrize(
    "question",
    [
        "Quel pourcentage de la population de la Plaine de l'Ain n'a pas internet ?",
        "budget participatif : combien d'euros par ville ?",
        "Combien de projets ont été retenus à Jarny ?",
        "je dois présenter deux villes qui ont fait voter les enfants, et combien ont voté",
        "Comment faire pour que toutes les générations viennent ?",
    ],
)
def test_what_sentences_tell_is_no_count_of_sheets(question: str, knowledge: Knowledge) -> None:
    assert ask_soundly(knowledge, question).kind != "listing"


@pytest.mark.parametrize(
    ("question", "content"),
    [
        ("combien visent les jeunes ?", "jeunes"),
        ("quelles fiches concernent les petites écoles rurales ?", "fiches écoles rurales"),
        ("je suis maire d'un village et j'aimerais savoir combien parlent d'éoliennes", "éoliennes"),
        ("combien ont tiré au sort ?", "tiré au sort"),
        ("combien parlent de végétaliser les cours ?", "végétaliser cours"),
        ("les associations pèsent-elles lourd ? vérifiez", "associations"),
    ],
)
def test_what_sheets_are_looked_for_by_is_told_from_what_only_asks(
    question: str, content: str, real_index: Index
) -> None:
    asking = find_beside_content(read_text(question), real_index)
    words = [found[0] for found in re.finditer(r"\w+", question) if found.start() not in asking]
    assert set(content.split()) <= {*words}
    assert not {"visent", "concernent", "petites", "suis", "maire", "parlent", "pèsent", "vérifiez"} & {*words}


def test_both_ends_are_told_where_both_are_asked(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "Quelle plateforme a coûté le plus cher, et laquelle le moins cher ?")
    assert "le plus petit montant" in given.answer
    assert "le plus grand montant" in given.answer


def test_the_figure_asked_of_what_is_listed_is_told_of_each(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "Quels départements ont fait un budget participatif et de quel montant ?")
    assert "**1 million d’euros**" in given.answer
    assert "la fiche ne le dit pas" in given.answer  # of the Val-de-Marne
    assert "Loire-Atlantique" not in given.answer


def test_another_question_on_what_is_counted_is_asked_of_all(knowledge: Knowledge) -> None:
    given = ask_soundly(
        knowledge, "Combien de villes utilisent Cap Collectif et lesquelles utilisent Open Source Politics ?"
    )
    assert "**Quelles villes utilisent Open Source Politics\u00a0?**" in given.answer
    assert {"41", "44", "45"} <= {citation.sheet for citation in given.citations}
