"""What a language model writes, proved statement by statement."""

import pytest

from assistant.draft import Citations
from assistant.statement import cut_statements, prove_statement
from index.retrieval import Hit
from ingest.passage import Passage
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
    for passage in (GERS, MILLAU)
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
    assert "\\<b>" in kept


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
