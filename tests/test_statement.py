"""What a language model writes, proved statement by statement."""

import re

import pytest

from assistant.answers.draft import Citations
from assistant.checks.figures import find_figures
from assistant.checks.proof import Given
from assistant.checks.proofreading import Proofreader
from assistant.checks.statement import cut_statements, prove_statement
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
    (Hit(Sheet(id=passage.sheet, title=passage.heading), 1.0, 0.6, 0.3, passage, (), {}), passage)
    for passage in (GERS, MILLAU, RENNES)
]


@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        pytest.param("Le Gers a réuni 47 000 votants [1].", "Le Gers a réuni 47 000 votants [1].", id="proved"),
        pytest.param(
            "Le Gers a réuni 47 000 votants. [1]", "Le Gers a réuni 47 000 votants [1].", id="mark-after-stop"
        ),
        pytest.param("Soit 33 % du corps [1][1].", "Soit 33 % du corps [1].", id="repeated-mark"),
        pytest.param("Soit 33 % du corps [1, 9].", "Soit 33 % du corps [1].", id="known-and-unknown-marks"),
        pytest.param("Soit 33 % du corps [7].", "", id="unknown-mark"),
        pytest.param("Soit 33 % du corps.", "", id="no-mark"),
        pytest.param("Le Gers a réuni 74 000 votants [1].", "", id="wrong-figure"),
        pytest.param("Le Gers a réuni 47 000 votants en 2020 [1].", "", id="one-wrong-figure-among-right-ones"),
        pytest.param("19 citoyens tirés au sort [1].", "", id="right-figure-of-another-passage"),
        pytest.param("La capitale de la France est Paris [1].", "", id="words-that-are-not-there"),
        pytest.param("[1]", "", id="mark-alone"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_statement_is_kept_only_with_its_proof(statement: str, kept: str) -> None:
    assert prove_statement(statement, PASSAGES, Citations()) == kept


@pytest.mark.parametrize(
    ("statement", "is_kept"),
    [
        pytest.param("Le Gers a réuni moins de 47 000 votants [1].", False, id="bound-turned-round"),
        pytest.param("Le Gers a réuni 33 votants [1].", False, id="a-share-as-a-number"),
        pytest.param("Le Gers a reçu 47 000 projets du corps [1].", False, id="a-figure-of-another-thing"),
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
        pytest.param("À Millau et dans le Gers, des citoyens tirés au sort [1][2].", False, id="of-one-sheet"),
        pytest.param("**Le Gers** : plus de 47000 votants en 2019 [1]", True, id="bold-and-no-stop"),
    ],
)
def test_what_a_passage_does_not_say_so_is_not_kept(statement: str, is_kept: bool) -> None:
    assert bool(prove_statement(statement, PASSAGES, Citations())) is is_kept


def test_real_sentences_are_proved_and_lies_made_of_them_are_not(own_index: Index) -> None:
    told = {"true": 0, "figure": 0, "denied": 0, "person": 0, "elsewhere": 0}
    kept = dict.fromkeys(told, 0)

    def tell(kind: str, statement: str, given: Given) -> None:
        told[kind] += 1
        kept[kind] += bool(prove_statement(f"{statement.rstrip('.')} [1].", [given], Citations()))

    passages = [passage for passage in own_index.passages if len(passage.text) > 80]
    for passage, other in zip(passages, passages[7:], strict=False):
        sheet = own_index.find_sheet(passage.sheet)
        assert sheet is not None
        given: Given = (Hit(sheet, 1.0, 0.6, 0.3, passage, (), {}), passage)
        sentence = max(split_sentences(passage.text), key=len)
        tell("true", sentence, given)
        tell("person", f"{sentence.rstrip('.')} grâce à Jean Dupont", given)
        if other.sheet != passage.sheet:
            tell("elsewhere", max(split_sentences(other.text), key=len), given)
        wrong = re.sub(r"\d+", lambda number: str(int(number[0]) + 7), sentence, count=1)
        if find_figures(wrong) != find_figures(sentence):
            tell("figure", wrong, given)
        if not re.search(r"\bn(?:e|['’])|\bpas\b|\bsans\b|aucun", sentence) and re.search(r" (?:a|est) ", sentence):
            tell("denied", re.sub(r" (a|est) ", r" n'\1 pas ", sentence, count=1), given)
    assert min(told.values()) >= 30
    assert kept["true"] >= 0.97 * told["true"]
    assert kept["person"] == kept["elsewhere"] == kept["denied"] == 0
    assert kept["figure"] <= 0.02 * told["figure"]


def test_marks_are_numbered_in_the_order_in_which_they_appear_and_quote_the_best_sentence() -> None:
    citations = Citations()
    assert prove_statement("À Millau, 19 citoyens tirés au sort [2].", PASSAGES, citations).endswith("[1].")
    assert prove_statement("Un budget participatif d'un million d'euros [1].", PASSAGES, citations).endswith("[2].")
    assert prove_statement("Plus de 47000 votants en 2019 [1].", PASSAGES, citations).endswith("[3].")
    assert [(c.sheet, c.quote) for c in citations.all()] == [
        ("87", "19 citoyens tirés au sort."),
        ("1", "Le Gers a doté son budget participatif d'un million d'euros."),
        ("1", "En 2019, plus de 47000 votants, soit 33 % du corps."),
    ]


def test_images_links_and_tags_that_a_model_repeats_do_nothing() -> None:
    statement = "![x](https://evil.example/?d=1)Un [budget participatif](https://evil.example) <b>doté</b> [1]."
    kept = prove_statement(statement, PASSAGES, Citations())
    assert "evil.example" not in kept
    assert kept == "Un budget participatif \\<b\\>doté\\</b\\> [1]."


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
    kept: list[str] = []
    rest = ""
    citations = Citations()
    for start in range(0, len(text), size):
        statements, rest = cut_statements(rest + text[start : start + size])
        kept += [proved for s in statements if (proved := prove_statement(s, PASSAGES, citations))]
    assert [statement.strip() for statement in kept] == [
        "Le Gers a doté son budget d'un million d'euros [1].",
        "À Millau, 19 citoyens tirés au sort [2].",
    ]


def proofread(text: str, question: str = "Combien de votants dans le Gers ?") -> tuple[str, Proofreader]:
    reader = Proofreader(question, PASSAGES, Citations())
    pieces = [reader.read(text[start : start + 5]) for start in range(0, len(text), 5)]
    return "".join([*pieces, reader.finish()]), reader


def test_a_statement_that_is_not_proved_gives_way_to_the_sentence_it_rests_on() -> None:
    text = "Le Gers a doté son budget d'un million d'euros [1]. Le Gers a réuni 90 000 votants en 2019 [1]. Fin.\n"
    shown, reader = proofread(text)
    assert shown == (
        "Le Gers a doté son budget d'un million d'euros [1]. "
        "«\u00a0En 2019, plus de 47000 votants, soit 33 % du corps.\u00a0»\u00a0[2]"
    )
    assert (reader.proved, reader.quoted, reader.removed) == (1, 1, 1)


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
    assert shown == "- Le Gers a doté son budget d'un million d'euros [1].\n- À Millau, 19 citoyens tirés au sort [2]."
    assert (reader.proved, reader.removed) == (2, 1)
