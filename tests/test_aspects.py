"""What each sentence of a sheet tells, on the real sheets: found when it is indexed, kept, or told again."""

from pathlib import Path

import numpy as np
import pytest

from index.aspects.aspects import ASPECTS, Aspect, read_aspects, told_by
from index.encoding.encoder import Encoder
from index.opened import Index
from index.passage_index import PassageIndex
from index.passages import Sentence
from index.ranking.retrieval import retrieve
from index.storage.folder_store import FolderStore
from index.understood import Understood

_LIKELY = 0.5


def sentence_of(words: str, index: Index, encoder: Encoder) -> Sentence:
    rows, question = np.arange(len(index.sheets)), encoder.encode_question("une question")
    told = index.read_sentences(rows, question, index.parts[0].weigh_tokens(question))
    return next(each for own in told.values() for each in own if words in each.text)


def chance(sentence: Sentence, aspect: Aspect) -> float:
    assert sentence.aspects is not None
    return float(sentence.aspects[ASPECTS.index(aspect)])


@pytest.mark.parametrize(
    ("words", "aspect", "other"),
    [
        pytest.param(
            "le coût de la plateforme est estimé entre 10 000 et 50 000 euros", "moyens", "objectif", id="cost"
        ),
        pytest.param("Le budget consacré à la participation est estimé", "moyens", "public", id="budget"),
        pytest.param("Une démarche reproductible qui s’inscrit dans une", "enseignement", "moyens", id="lesson"),
        pytest.param("Des habitants impliqués à toutes les étapes, de la", "enseignement", "moyens", id="what-helped"),
        pytest.param("SNCF Réseau s’est heurtée à des difficultés", "difficulte", "moyens", id="difficulty"),
        pytest.param("Recrutement de 19 citoyens par tirage au sort", "recrutement", "effet", id="drawn-by-lot"),
        pytest.param("Elle a pour objectif de recenser toutes les", "objectif", "moyens", id="aim"),
        pytest.param("ont été désignés par plus de 40 000 votes", "resultat", "partenaire", id="result"),
    ],
)
def test_what_a_real_sentence_tells_is_found(
    words: str, aspect: Aspect, other: Aspect, real_index: Index, encoder: Encoder
) -> None:
    sentence = sentence_of(words, real_index, encoder)
    assert chance(sentence, aspect) >= _LIKELY > chance(sentence, other)


def test_every_sentence_that_is_found_has_its_row_and_what_it_tells(real_index: Index, encoder: Encoder) -> None:
    hits = retrieve("budget participatif", real_index, encoder, understood=Understood())
    for hit in hits:
        rows: dict[str, int] = {}
        for sentence in hit.sentences:
            assert sentence.row == rows.get(sentence.passage.id, 0)
            rows[sentence.passage.id] = sentence.row + 1
            assert sentence.aspects is not None
            assert sentence.aspects.shape == (len(ASPECTS),)
            assert (sentence.aspects >= 0).all()
            assert (sentence.aspects <= 1).all()


def test_nothing_tells_nothing() -> None:
    assert read_aspects([], np.zeros((0, 8), dtype=np.float32), "any").shape == (0, len(ASPECTS))


def test_a_sentence_whose_vector_another_model_made_is_told_by_its_words(real_index: Index, encoder: Encoder) -> None:
    sentence = sentence_of("le coût de la plateforme est estimé entre 10 000 et 50 000 euros", real_index, encoder)
    pair = [(sentence.passage, sentence.text)]
    one, other = (read_aspects(pair, np.full((1, 5), value, dtype=np.float32), "another") for value in (0.1, -0.3))
    assert (one == other).all()
    assert one[0, ASPECTS.index("moyens")] >= _LIKELY


@pytest.fixture
def folder(own_data_dir: Path) -> Path:
    """The public passages of the project's own sheets, as they stand on the disk."""
    version = FolderStore(own_data_dir / "index").current()
    return own_data_dir / "index" / str(version) / "public" / "passages"


def read_whole(index: PassageIndex) -> np.ndarray:
    told = [row.aspects for row in index.recall(range(len(index)))]
    assert all(each is not None for each in told)
    return np.concatenate([each for each in told if each is not None])


def rewrite(folder: Path, **changes: np.ndarray | None) -> None:
    """Write the sentences anew with other arrays, or without those that are None."""
    with np.load(folder / "sentences.npz", allow_pickle=False) as arrays:
        kept = {name: arrays[name] for name in arrays.files} | changes
    np.savez(folder / "sentences.npz", **{name: each for name, each in kept.items() if each is not None})


def copy(folder: Path, encoder: Encoder, to: Path) -> tuple[PassageIndex, Path]:
    index = PassageIndex.load(folder, encoder.name)
    index.save(to)
    return index, to


def test_what_sentences_tell_is_kept_with_what_told_it(folder: Path, encoder: Encoder, tmp_path: Path) -> None:
    index, saved = copy(folder, encoder, tmp_path / "copy")
    with np.load(saved / "sentences.npz", allow_pickle=False) as arrays:
        assert str(arrays["told_by"]) == told_by()
        assert len(arrays["aspects"]) == len(arrays["spans"])
    wrong = np.full_like(read_whole(index), 0.25)
    rewrite(saved, aspects=wrong)
    assert (read_whole(PassageIndex.load(saved, encoder.name)) == wrong).all()  # it was not told again


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"aspects": None, "told_by": None}, id="none-at-all"),
        pytest.param({"told_by": np.array("0123456789abcdef")}, id="another-classifier"),
    ],
)
def test_a_version_told_by_no_classifier_or_another_is_read_and_told_again(
    changes: dict[str, np.ndarray | None], folder: Path, encoder: Encoder, tmp_path: Path
) -> None:
    index, saved = copy(folder, encoder, tmp_path / "copy")
    known = read_whole(index)
    if "aspects" not in changes:
        changes = changes | {"aspects": np.full_like(known, 0.25)}
    rewrite(saved, **changes)
    again = read_whole(PassageIndex.load(saved, encoder.name))
    assert again.shape == known.shape
    assert again.astype(float) == pytest.approx(known.astype(float), abs=0.02)  # vectors are kept in halves


def test_what_is_recalled_keeps_what_its_sentences_tell(folder: Path, encoder: Encoder) -> None:
    index = PassageIndex.load(folder, encoder.name)
    for row, one in zip((0, 5, len(index) - 1), index.recall([0, 5, len(index) - 1]), strict=True):
        with np.load(folder / "sentences.npz", allow_pickle=False) as arrays:
            own = arrays["spans"][:, 0] == row
            assert one.aspects is not None
            assert (one.aspects == arrays["aspects"][own]).all()
            assert len(one.aspects) == len(one.spans) == len(one.sentences)
