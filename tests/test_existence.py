"""Yes, perhaps or no where it is asked whether something exists; what comes near; what was shown; what is left out."""

import pytest
from conftest import ask_soundly

from assistant.finding.excluded import find_left_out
from assistant.pipeline import Knowledge


@pytest.mark.parametrize(
    ("question", "opening", "sheets"),
    [
        ("Y a-t-il des démarches menées en Guyane ?", "**Oui** : une fiche en parle.", {"14"}),
        ("Y a-t-il des projets en outre-mer ?", "**Oui** : 2 fiches en parlent.", {"10", "14"}),
        ("est ce qu'une mairie a fait réaliser un audit de ses finances par des habitants ?", "**Oui**", {"87"}),
        ("Did any organisation run a citizens' review of municipal finances?", "**Yes**", {"87"}),
    ],
)
def test_what_a_sheet_surely_did_is_a_yes(question: str, opening: str, sheets: set[str], knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, question)
    assert given.answer.startswith(opening)
    assert sheets <= {citation.sheet for citation in given.citations}


def test_each_sheet_within_what_is_asked_is_told(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "Avez-vous des exemples portés par un conseil départemental ?")
    assert given.answer.startswith("**Oui** : 10 fiches en parlent.")
    assert len({citation.sheet for citation in given.citations}) == 10


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("est-ce qu'une ville a fait participer les cyclistes pour son plan vélo ?", "cyclistes"),
        ("Une ville a-t-elle consulté ses habitants sur l'armement de sa police municipale ?", "police"),
        ("est-ce que les budgets participatifs ont fait baisser l'abstention aux municipales ?", "abstention"),
    ],
)
def test_what_no_sheet_did_is_told_first_whatever_the_wording(
    question: str, missing: str, knowledge: Knowledge
) -> None:
    given = ask_soundly(knowledge, question)
    assert given.abstained
    assert missing in given.missing
    assert given.answer.startswith("Aucune fiche")


def test_what_only_comes_near_is_told_briefly(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "Quelle ville a utilisé le jugement majoritaire pour son budget participatif ?")
    assert "« jugement »" in given.answer.replace("\u00a0", " ")
    assert len(given.citations) <= 4


@pytest.mark.parametrize(
    "question",
    [
        "on a une petite asso écolo dans un village, on voudrait lancer une démarche sur le climat. ya des exemples ?",
        "We are a small NGO working with homeless people. Is there an example where they take part in decisions?",
    ],
)
def test_what_a_sentence_surely_answers_is_not_declined_for_what_who_asks_says_of_themselves(
    question: str, knowledge: Knowledge
) -> None:
    given = ask_soundly(knowledge, question)
    assert not given.abstained
    assert given.citations[0].sheet in {"9", "4"}


def test_what_may_exist_anywhere_is_not_asked_of_the_sheet_before(knowledge: Knowledge) -> None:
    first = "Combien de votants au budget participatif de Paris ?"
    given = ask_soundly(knowledge, first, "Y a-t-il des conventions citoyennes sur le climat ?")
    assert {citation.sheet for citation in given.citations} != {"64"}


def test_what_is_not_sure_is_a_perhaps(knowledge: Knowledge) -> None:
    given = ask_soundly(
        knowledge, "Avez-vous un retour sur une votation d'habitants à propos du prix du stationnement ?"
    )
    assert given.answer.startswith("**Peut-être** : une fiche s'en approche")
    assert {citation.sheet for citation in given.citations} == {"71"}


def test_one_of_two_things_is_enough(knowledge: Knowledge) -> None:
    given = ask_soundly(
        knowledge, "Existe-t-il une démarche de concertation dans un collège ou un lycée sur les repas ?"
    )
    assert not given.abstained
    assert "82" in {citation.sheet for citation in given.citations}


def test_the_sheet_that_comes_near_says_what_is_nearest(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "Combien a coûté la camionnette de la tournée Tok-Tok à Coutances ?")
    assert given.abstained
    assert given.answer.startswith("Aucune fiche ne dit ce que coûte la camionnette")
    assert "Ce qu'elle dit de plus proche" in given.answer
    assert "camionnette" in given.citations[0].quote


def test_what_is_far_from_every_sheet_has_no_quote(knowledge: Knowledge) -> None:
    assert not ask_soundly(knowledge, "Comment faire des crêpes sans gluten ?").citations


@pytest.mark.parametrize(
    ("first", "then", "opening"),
    [
        (
            "Comment Castillon-la-Bataille a-t-elle associé ses habitants ?",
            "et ça a coûté combien ?",
            "La fiche montrée",
        ),
        pytest.param(
            *("Quelles villes ont organisé des marches exploratoires ?", "avec quel budget ?", "Aucune de ces fiches"),
            marks=pytest.mark.xfail(strict=True, reason="one of those shown tells the whole budget of a city"),
        ),
    ],
)
def test_a_figure_that_the_sheets_shown_lack_is_told_missing_first(
    first: str, then: str, opening: str, knowledge: Knowledge
) -> None:
    given = ask_soundly(knowledge, first, then)
    assert given.abstained
    assert given.answer.startswith(opening)
    assert not given.citations or "D'autres fiches en donnent un, pour d'autres démarches" in given.answer


def test_a_figure_that_a_sheet_shown_gives_is_told(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "parle-moi du budget participatif de Jarny", "quel montant ?")
    assert not given.abstained
    assert "250 000€" in given.answer


def test_a_sheet_that_leaves_out_those_asked_about_is_no_example(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "Quels exemples de participation de personnes handicapées ?")
    assert "36" in {citation.sheet for citation in given.citations}
    assert "15" not in {citation.sheet for citation in given.citations}


def test_those_whom_who_asks_sees_too_often_are_not_sought(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "On n'a que des retraités dans nos réunions, comment toucher d'autres publics ?")
    assert all("retraité" not in citation.quote for citation in given.citations)


def test_what_is_left_out_ends_with_its_clause() -> None:
    sentence = "Les agents (hors saisonniers) et les élus, sauf le maire."
    assert list(find_left_out(sentence)) == [" saisonniers", " le maire"]


def test_a_duration_that_no_sheet_tells_is_said_first(knowledge: Knowledge) -> None:
    given = ask_soundly(knowledge, "combien de temps faut il prévoir pour une concertation sur un PLUi ?")
    assert given.answer.startswith("Aucune fiche ne dit combien de temps")
