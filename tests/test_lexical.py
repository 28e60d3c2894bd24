from pathlib import Path

import numpy as np
import pytest

from index.signals.lexical import Lexical, best_rows, split_words

TEXTS = ["Le budget participatif des lycéens", "L'éco-quartier voté par les habitants", "Une fête"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("démocratie", "democratie", id="accents"),
        pytest.param("l'habitant", "habitants", id="elision-and-plural"),
        pytest.param("qu’une école", "écoles", id="curly-elision"),
        pytest.param("47 000 votants", "47000 votants", id="thousands"),
        pytest.param("faut-il voter", "voter", id="inverted-pronoun"),
        pytest.param("participatifs", "participatif", id="stem"),
    ],
)
def test_two_ways_of_writing_are_the_same_words(one: str, other: str) -> None:
    assert split_words(one) == split_words(other)


def test_a_compound_is_found_by_its_parts_and_as_a_whole() -> None:
    assert {*split_words("éco-quartier")} >= {*split_words("quartier"), *split_words("écoquartier")}


def test_words_that_say_nothing_are_left_out() -> None:
    assert split_words("Qu'est-ce que c'est, et comment ?") == []


def test_the_text_with_the_words_of_the_question_scores_best(tmp_path: Path) -> None:
    Lexical.build(TEXTS).save(tmp_path)
    scores = Lexical.load(tmp_path).score("Quels éco quartiers ont été votés ?", 3)
    assert (int(np.argmax(scores)), scores.shape) == (1, (3,))
    assert scores[2] == 0


def test_a_question_without_known_words_scores_nothing() -> None:
    assert Lexical.build(TEXTS).score("zzz ???", 3).tolist() == [0, 0, 0]


def test_texts_without_words_can_be_indexed(tmp_path: Path) -> None:
    Lexical.build(["…", ""]).save(tmp_path)
    assert Lexical.load(tmp_path).score("budget", 2).tolist() == [0, 0]


def test_other_ways_to_say_it_count_for_less_and_only_once() -> None:
    index = Lexical.build(TEXTS)
    alone, helped = index.score("budget", 3), index.score("budget", 3, ["budget", "une fête"], 0.5)
    np.testing.assert_allclose(helped - alone, 0.5 * index.score("fête", 3))
    assert helped[2] > 0


@pytest.mark.parametrize(
    ("k", "accepted", "rows"),
    [
        pytest.param(2, None, [3, 1], id="best-first"),
        pytest.param(9, None, [3, 1, 4, 0], id="nothing-that-scores-nothing"),
        pytest.param(2, [True, True, True, False, True], [1, 4], id="accepted-alone"),
    ],
)
def test_the_best_rows_are_the_greatest_scores(k: int, accepted: list[bool] | None, rows: list[int]) -> None:
    scores = np.array([1, 5, 0, 9, 3], dtype=np.float32)
    assert best_rows(scores, k, None if accepted is None else np.array(accepted)).tolist() == rows
