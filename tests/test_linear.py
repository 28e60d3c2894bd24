"""Logistic regressions that read a short text: fitted, saved, read again, with another model's vectors left out."""

from pathlib import Path

import numpy as np
import pytest

from index.aspects.linear import Linear, split_terms
from index.encoding.adapter import BASE
from training.linear import Scales, Texts, fit

_TEXTS = [
    "Le projet a coûté 30 000 € à la commune.",
    "La plateforme a coûté 5 000 € par an.",
    "Le budget de la démarche est de 200 000 €.",
    "Le coût du site est de 10 000 € par an.",
    "Il faut associer les agents dès le début.",
    "Il faut du temps pour associer les habitants.",
    "Nous avons appris à associer les élus.",
    "Il faut associer les jeunes dès le début du projet.",
]
_CLASSES = ("cost", "lesson")
_COST = np.array([[0, 1], [1, 0]])[np.array([1, 1, 1, 1, 0, 0, 0, 0])]
OTHER = "another-model"


@pytest.fixture(scope="module")
def texts() -> Texts:
    draw = np.random.default_rng(7)
    vectors = draw.normal(size=(len(_TEXTS), 6)).astype(np.float32)
    vectors[:, 0] = np.where(_COST[:, 0] == 1, 1.0, -1.0)
    signs = np.array([[float("€" in text)] for text in _TEXTS], dtype=np.float32)
    return Texts(_TEXTS, vectors, signs)


@pytest.fixture(scope="module", params=[False, True], ids=["each-for-itself", "one-of-all"])
def fitted(texts: Texts, request: pytest.FixtureRequest) -> Linear:
    classes = (*_CLASSES, "other") if request.param else _CLASSES
    labels = np.column_stack([_COST, np.zeros(len(_COST), dtype=int)]) if request.param else _COST.copy()
    if request.param:  # all together takes three classes at least
        labels[-1] = (0, 0, 1)
    return fit(texts, labels, classes, Scales(), exclusive=bool(request.param))


@pytest.mark.parametrize("model", [BASE, f"{BASE}+participation-1234", OTHER])
def test_a_fit_that_was_saved_reads_the_same(fitted: Linear, texts: Texts, model: str, tmp_path: Path) -> None:
    path = tmp_path / "fit.npz"
    fitted.save(path)
    read = Linear.load(path)
    assert (read.classes, read.known) == (fitted.classes, fitted.known)
    before = fitted.score(texts.texts, texts.vectors, texts.signs, model)
    after = read.score(texts.texts, texts.vectors, texts.signs, model)
    assert (before.argmax(axis=1) == after.argmax(axis=1)).all()
    assert 1 / (1 + np.exp(-after)) == pytest.approx(1 / (1 + np.exp(-before)), abs=0.002)
    read.save(tmp_path / "again.npz")
    again = Linear.load(tmp_path / "again.npz").score(texts.texts, texts.vectors, texts.signs, model)
    assert (again == after).all()


def test_what_is_saved_is_plain_arrays(fitted: Linear, tmp_path: Path) -> None:
    fitted.save(tmp_path / "fit.npz")
    with np.load(tmp_path / "fit.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_vectors_of_another_model_are_left_out(fitted: Linear, texts: Texts) -> None:
    draw = np.random.default_rng(3)
    others = draw.normal(size=(len(_TEXTS), 11)).astype(np.float32)  # of another dimension, even
    told = fitted.score(texts.texts, others, texts.signs, OTHER)
    assert (told == fitted.score(texts.texts, -9 * others, texts.signs, OTHER)).all()
    assert told.shape == (len(_TEXTS), len(fitted.classes))
    assert (told[:4].argmax(axis=1) == 0).all()  # its words and signs are enough


def test_vectors_of_the_default_model_count_with_any_adapter(fitted: Linear, texts: Texts) -> None:
    for model in (BASE, f"{BASE}+participation-1234"):
        turned = fitted.score(texts.texts, -texts.vectors, texts.signs, model)
        assert not np.allclose(turned, fitted.score(texts.texts, texts.vectors, texts.signs, model))


def test_a_text_without_a_known_word_is_told_by_its_vector_and_signs(fitted: Linear, texts: Texts) -> None:
    nothing = fitted.score(["", "Zzz qqq xxx"], texts.vectors[:2], texts.signs[:2], BASE)
    assert np.isfinite(nothing).all()
    assert list(fitted.weigh("")) == list(fitted.weigh("Zzz qqq xxx")) == []


def test_the_weights_of_a_text_have_norm_1_together(fitted: Linear) -> None:
    assert sum(weight**2 for _, weight in fitted.weigh(_TEXTS[0])) == pytest.approx(1.0)


def test_a_text_is_split_into_words_pairs_marks_and_numbers_read_zero() -> None:
    terms = split_terms("Combien coûte l'Été : 1500 € ?")
    assert terms[:6] == ["combien", "coute", "l", "ete", "0", "combien coute"]
    assert "ete 0" in terms
    assert terms[-4:] == ["^ combien", ":", "€", "?"]
    assert split_terms("") == []
