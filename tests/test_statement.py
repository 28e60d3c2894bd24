"""What a language model writes, proved statement by statement."""

import re
from dataclasses import replace
from typing import Any

import pytest
from conftest import MODELS
from written import open_checker

from assistant.answers.draft import Citations
from assistant.checks.checker import Checker, Judged
from assistant.checks.figures import find_figures
from assistant.checks.given import Given
from assistant.checks.proofreading import Judging, Proofreader
from assistant.checks.statement import cut_statements, find_cited
from assistant.checks.support import load
from index.encoding.encoder import open_encoder
from index.opened import Index
from index.ranking.retrieval import Hit
from ingest.passage import Passage
from ingest.sentence import split_sentences
from ingest.sheet import Sheet

GERS = Passage(
    id="1/presentation/1",
    sheet="1",
    section="Présentation",
    heading="Budget participatif – Gers",
    order=0,
    text="Le Gers a doté son budget participatif d'un million d'euros. "
    "En 2019, plus de 47000 votants, soit 33 % du corps.",
)
RENNES = Passage(
    id="91/presentation/1",
    sheet="91",
    section="Présentation",
    heading="Maison du projet – Archipel habitat",
    order=0,
    text="La permanence était ouverte deux jours par semaine à Rennes avec la SEM Territoires. "
    "Le vote n'était pas obligatoire pour les locataires.\n"
    "Étape 1 : Enquête auprès de 120 locataires\n"
    "Étape 2 : Atelier avec 12 locataires en mars 2018",
)
MILLAU = Passage(
    id="87/retenir/1",
    sheet="87",
    section="À retenir",
    heading="Audit – Millau",
    order=0,
    text="19 citoyens tirés au sort.",
)
PASSAGES = [
    Given(Hit(Sheet(id=passage.sheet, title=passage.heading), 1.0, 0.6, 0.3, passage, (), {}), passage)
    for passage in (GERS, MILLAU, RENNES)
]


def judge(statement: str, *numbers: int) -> Judged:
    """A statement against these passages, from 1."""
    given = [PASSAGES[number - 1] for number in numbers]
    return open_checker().judge(statement, [(passage.heading, passage.text) for _, passage in given])


@pytest.mark.parametrize(
    ("statement", "is_kept"),
    [
        pytest.param("Le Gers a réuni moins de 47 000 votants [1].", False, id="bound-turned-round"),
        pytest.param("Le Gers a réuni 33 votants [1].", False, id="a-share-as-a-number"),
        pytest.param("Un budget participatif de 1 000 000 € dans le Gers [1].", True, id="an-amount-in-digits"),
        pytest.param("En 2019, un tiers du corps a voté [1].", False, id="a-third-is-not-33-percent"),
        pytest.param("Twenty thousand votants dans le Gers [1].", False, id="a-number-in-english-words"),
        pytest.param("À Toulouse, plus de 47000 votants en 2019 [1].", False, id="a-place-that-is-not-there"),
        pytest.param("toulouse a doté son budget participatif d'un million d'euros [1].", False, id="a-place-in-small"),
        pytest.param("Gérard Martin a doté son budget participatif d'un million d'euros [1].", False, id="a-person"),
        pytest.param("La permanence était ouverte deux jours par semaine avec la CAF [3].", False, id="an-acronym"),
        pytest.param("La permanence était ouverte deux jours par semaine avec la SEM [3].", True, id="a-known-acronym"),
        pytest.param("Le vote était obligatoire pour les locataires [3].", False, id="what-is-denied-is-said"),
        pytest.param("Le vote n'était pas obligatoire pour les locataires [3].", True, id="what-is-denied-is-denied"),
        pytest.param("La permanence n'était jamais ouverte à Rennes [3].", False, id="what-is-said-is-denied"),
        pytest.param("La permanence était ouverte 2 jours par semaine [3].", True, id="a-figure-in-words"),
        pytest.param("Atelier avec 120 locataires en mars 2018 [3].", False, id="the-figure-of-another-step"),
        pytest.param("Enquête auprès de 12 locataires [3].", False, id="the-figure-of-another-step-again"),
        pytest.param("La permanence était ouverte à Rennes, voir www.evil.example [3].", False, id="an-address"),
        pytest.param("À Millau, 47000 votants et des citoyens tirés au sort [1][2].", False, id="of-another-sheet"),
        pytest.param("**Le Gers** : plus de 47000 votants en 2019 [1]", True, id="bold-and-no-stop"),
    ],
)
def test_what_a_passage_does_not_say_so_is_not_confirmed(statement: str, is_kept: bool) -> None:
    numbers = [int(number) for number in re.findall(r"\[(\d)\]", statement)]
    judged = judge(re.sub(r" *\[\d\]|\*\*", "", statement), *numbers)
    assert judged.verdict != "contradicted" if is_kept else judged.verdict != "confirmed"


def test_real_sentences_are_kept_and_lies_made_of_them_are_not_confirmed(own_index: Index) -> None:
    told: dict[str, list[str]] = {"true": [], "figure": [], "denied": [], "person": [], "elsewhere": []}

    def tell(kind: str, statement: str, passage: Passage) -> None:
        told[kind].append(open_checker().judge(statement, [(passage.heading, passage.text)]).verdict)

    passages = [passage for passage in own_index.passages if len(passage.text) > 80][::2]
    for row, (passage, other) in enumerate(zip(passages, passages[7:], strict=False)):
        sentence = max(split_sentences(passage.text), key=len)
        if row % 2:  # every sentence may be told so: half of them do
            tell("true", sentence, passage)
            tell("person", f"{sentence.rstrip('.')} grâce à Jean Dupont", passage)
            if other.sheet != passage.sheet:
                tell("elsewhere", max(split_sentences(other.text), key=len), passage)
        wrong = re.sub(r"\d+", lambda number: str(int(number[0]) + 7), sentence, count=1)
        if find_figures(wrong) != find_figures(sentence):
            tell("figure", wrong, passage)
        if not re.search(r"\bn(?:e|['’])|\bpas\b|\bsans\b|aucun", sentence) and re.search(r" (?:a|est) ", sentence):
            tell("denied", re.sub(r" (a|est) ", r" n'\1 pas ", sentence, count=1), passage)
    shares = {
        kind: {each: verdicts.count(each) / len(verdicts) for each in set(verdicts)} for kind, verdicts in told.items()
    }
    print(shares, {kind: len(verdicts) for kind, verdicts in told.items()})
    assert min(map(len, told.values())) >= 15
    assert shares["true"].get("confirmed", 0.0) >= 0.9
    assert shares["true"].get("contradicted", 0.0) <= 0.02
    assert shares["person"] == {"contradicted": 1.0}
    assert shares["figure"].get("contradicted", 0.0) >= 0.7
    assert all(shares[kind].get("confirmed", 0.0) <= 0.05 for kind in ("elsewhere", "denied", "figure"))


def test_statements_are_cut_where_sentences_end_with_their_marks() -> None:
    text = "Un vote [1]. Deux [2].[3] Trois. [1] Quatre [1]\n- Cinq [2]\nSix"
    statements, rest = cut_statements(text)
    assert "".join(statements) + rest == text
    assert [statement.strip() for statement in statements] == [
        "Un vote [1].",
        "Deux [2].[3]",
        "Trois. [1]",
        "Quatre [1]",
        "- Cinq [2]",
    ]
    assert rest == "Six"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a_text_cut_anywhere_by_the_stream_gives_the_same_statements(size: int) -> None:
    text = "Le Gers a doté son budget d'un million d'euros [1]. À Millau, 19 citoyens tirés au sort [2]. Fin.\n"
    cut: list[str] = []
    rest = ""
    for start in range(0, len(text), size):
        statements, rest = cut_statements(rest + text[start : start + size])
        cut += statements
    assert [statement.strip() for statement in cut] == [
        "Le Gers a doté son budget d'un million d'euros [1].",
        "À Millau, 19 citoyens tirés au sort [2].",
        "Fin.",
    ]


def proofread(text: str, question: str = "Combien de votants dans le Gers ?", **how: Any) -> tuple[str, Proofreader]:
    reader = Proofreader(question, PASSAGES, Citations(), Judging(open_checker(), **how))
    pieces = [reader.read(text[start : start + 5]) for start in range(0, len(text), 5)]
    return "".join([*pieces, reader.finish()]), reader


def test_a_statement_that_is_not_proved_gives_way_to_the_sentence_it_rests_on() -> None:
    text = "Le Gers a doté son budget d'un million d'euros [1]. Le Gers a réuni 90 000 votants en 2019 [1].\n"
    shown, reader = proofread(text)
    assert shown == (
        "Le Gers a doté son budget d'un million d'euros [1]. "
        "«\u00a0En 2019, plus de 47000 votants, soit 33 % du corps.\u00a0»\u00a0[2]"
    )
    assert (reader.proved, reader.quoted, reader.removed) == (1, 1, 0)


def test_quotes_wait_for_a_proved_statement() -> None:
    lie = "Le Gers a réuni 90 000 votants en 2019 [1].\n\n"
    assert proofread(lie)[0] == ""
    shown, _ = proofread(f"{lie}Le Gers a doté son budget d'un million d'euros [1].")
    assert shown.startswith("«\u00a0En 2019")
    assert shown.endswith("\n\nLe Gers a doté son budget d'un million d'euros [2].")


def test_paragraphs_and_lists_stay_when_a_statement_is_left_out() -> None:
    text = (
        "Voici :\n\n- Le Gers a doté son budget d'un million d'euros [1]. Inventé 12 fois [9].\n"
        "- À Millau, 19 citoyens tirés au sort [2].\n"
    )
    shown, reader = proofread(text)
    first, second = (
        "- Le Gers a doté son budget d'un million d'euros [1].",
        "- À Millau, 19 citoyens tirés au sort [2].",
    )
    assert shown == f"*Voici :*\n\n{first}\n{second}"
    assert (reader.proved, reader.removed) == (2, 1)


def test_images_links_and_tags_that_a_model_repeats_do_nothing() -> None:
    statement = (
        "![x](https://evil.example/?d=1)Un [budget participatif](https://evil.example) <b>doté</b> d'un million [1]."
    )
    shown, _ = proofread(f"Le Gers a doté son budget d'un million d'euros [1]. {statement} Fin.\n")
    assert "evil.example" not in shown
    assert "<b>" not in shown.replace("\\<", "")


def test_a_sentence_of_the_assistants_own_stands_in_italics_and_states_no_fact() -> None:
    text = (
        "Voici ce que disent les fiches :\n\nLe Gers a doté son budget d'un million d'euros [1]. Paris a fait mieux. "
    )
    shown, reader = proofread(f"{text}Il a coûté 12 500 euros.\n")
    assert shown == "*Voici ce que disent les fiches :*\n\nLe Gers a doté son budget d'un million d'euros [1]."
    assert reader.removed == 2


def test_marks_are_numbered_in_the_order_in_which_they_appear_and_quote_the_best_sentence() -> None:
    citations = Citations()
    reader = Proofreader("Combien de votants ?", PASSAGES, citations, Judging(open_checker()))
    shown = reader.read(
        "À Millau, 19 citoyens tirés au sort [2]. Un budget participatif d'un million d'euros [1]. Fin.\n"
    )
    assert "[1]. " in shown
    assert [(c.n, c.sheet, c.quote) for c in citations.all()] == [
        (1, "87", "19 citoyens tirés au sort."),
        (2, "1", "Le Gers a doté son budget participatif d'un million d'euros."),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "Les riverains ont fait retirer la proposition.",
        "Le comité a ensuite changé d'avis.",
        "The neighbours had the proposal withdrawn.",
    ],
)
def test_a_fact_without_a_mark_is_not_the_assistants_own(statement: str) -> None:
    shown, reader = proofread(f"Le Gers a doté son budget d'un million d'euros [1]. {statement}\n")
    assert statement.rstrip(".") not in shown
    assert reader.own == 0


@pytest.mark.parametrize(
    "statement",
    [
        "Voici ce que l'on peut en retenir.",
        "Les fiches ne donnent ni le coût ni la durée.",
        "Mieux vaut commencer par un essai limité.",
        "The sheets say nothing about the cost.",
        "Je peux comparer ces exemples si vous le souhaitez.",
    ],
)
def test_an_opening_a_caveat_advice_or_an_offer_is_the_assistants_own(statement: str) -> None:
    shown, reader = proofread(f"Le Gers a doté son budget d'un million d'euros [1]. {statement}\n")
    assert f"*{statement}*" in shown
    assert reader.own == 1


def test_a_fact_without_a_mark_that_a_passage_says_is_cited() -> None:
    shown, _ = proofread("Le Gers a doté son budget participatif d'un million d'euros.\n", "Quel budget dans le Gers ?")
    assert shown == "Le Gers a doté son budget participatif d'un million d'euros [1]."


@pytest.mark.parametrize("mark", ["[0]", "[42]", "[0][42]"])
def test_a_mark_of_no_passage_is_none(mark: str) -> None:
    assert find_cited("Un fait [0], un autre [2; 0].") == [2]
    shown, reader = proofread(
        f"Le Gers a doté son budget d'un million d'euros [1]. Les habitants ont rejeté tout {mark}."
    )
    assert "rejeté" not in shown
    assert reader.doubtful == 0


def test_each_figure_and_name_is_cited_by_a_sentence_that_has_it() -> None:
    citations = Citations()
    unsure = Checker(open_encoder("multilingual-e5-small", MODELS), replace(load(), contradicted=0.0))
    reader = Proofreader("Combien de votants ?", PASSAGES, citations, Judging(unsure))
    text = "Plus de 47000 votants dans le Gers en 2019, 19 citoyens tirés au sort à Millau et 120 locataires à Rennes"
    shown = reader.read(f"{text} [1][2][3].\n") + reader.finish()
    quotes = " ".join(citation.quote for citation in citations.all())
    assert text in shown
    assert all(each in quotes for each in ("47000", "19", "120", "Rennes"))
    assert all(f"[{citation.n}]" in shown for citation in citations.all())


@pytest.mark.parametrize(
    ("statement", "is_copy"),
    [
        pytest.param("La permanence était ouverte deux jours par semaine à Rennes.", True, id="cut-short"),
        pytest.param("Archipel habitat : la permanence était ouverte avec la SEM.", True, id="named"),
        pytest.param("La permanence était ouverte deux jours par an à Rennes.", False, id="a-word-put-in"),
        pytest.param("Le vote était obligatoire pour les locataires.", False, id="denial-left-out"),
    ],
)
def test_a_sentence_less_some_words_is_a_copy_and_one_with_others_is_not(statement: str, is_copy: bool) -> None:
    unsure = Checker(open_encoder("multilingual-e5-small", MODELS), replace(load(), confirmed=2.0))
    judged = unsure.judge(statement, [(RENNES.heading, RENNES.text)])
    assert (judged.verdict == "confirmed") == is_copy
