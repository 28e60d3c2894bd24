from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from index.encoding.encoder import Encoder, ModelUnusable, _batches, _open, open_encoder

TEXTS = [
    "La commune a réservé une part de son budget aux projets des jeunes.",
    "Un jury de citoyens tirés au sort a examiné les comptes de la ville.",
    "La recette de la tarte aux pommes demande du beurre et du sucre.",
]


def test_the_question_finds_the_passage_that_answers_it(encoder: Encoder) -> None:
    passages = dict(encoder.encode_passages(TEXTS))
    scores = [
        passages[i].vector @ encoder.encode_question("Qui a vérifié les finances municipales ?").vector
        for i in range(3)
    ]
    assert int(np.argmax(scores)) == 1


def test_vectors_have_norm_one_and_do_not_depend_on_the_batch(encoder: Encoder) -> None:
    together = dict(encoder.encode_passages([*TEXTS, "mot " * 300]))
    alone = next(iter(encoder.encode_passages([TEXTS[0]])))[1]
    assert np.linalg.norm(together[0].vector) == pytest.approx(1.0, abs=1e-3)
    assert together[0].vector @ alone.vector == pytest.approx(1.0, abs=5e-3)


def test_tokens_leave_out_the_prefix_and_know_their_place_in_the_text(encoder: Encoder) -> None:
    encoded = encoder.encode_question("Budget des jeunes")
    assert encoded.tokens.shape == (len(encoded.token_ids), 384)
    assert encoded.offsets[0].tolist() == [0, 6]
    assert encoded.offsets[-1].tolist()[1] == len("Budget des jeunes")


def test_of_a_long_question_the_beginning_and_the_end_are_read(encoder: Encoder) -> None:
    asked, told = "Qui a vérifié les finances municipales ?", "Nous sommes une petite ville au bord de la mer. " * 40
    passages = np.stack([passage.vector for _, passage in sorted(encoder.encode_passages(TEXTS))])
    for question in (f"{asked} {told}", f"{told} {asked}"):
        encoded = encoder.encode_question(question)
        assert int(np.argmax(passages @ encoded.vector)) == 1
        assert 90 < len(encoded.token_ids) < 110


def test_questions_and_passages_have_different_prefixes(encoder: Encoder) -> None:
    question = encoder.encode_question(TEXTS[0]).vector
    passage = next(iter(encoder.encode_passages([TEXTS[0]])))[1].vector
    assert question @ passage < 0.999


def test_progress_counts_every_text(encoder: Encoder) -> None:
    seen: list[tuple[int, int]] = []
    list(encoder.encode_passages(TEXTS, lambda done, total: seen.append((done, total))))
    assert seen[-1] == (3, 3)


def test_batches_hold_every_text_once_and_little_padding() -> None:
    lengths = [500, 10, 30, 480, 20, 4000]
    batches = list(_batches(lengths))
    assert sorted(position for batch in batches for position in batch) == list(range(6))
    assert batches[0] == [1, 4, 2, 3, 0]
    assert all(len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= 4096 for batch in batches)


def test_a_model_that_cannot_be_opened_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"'modele-inconnu' ne s'ouvre pas.*ASSISTANT_EMBEDDING_MODEL"):
        open_encoder("modele-inconnu", tmp_path)


def test_the_vectors_are_those_of_the_library_in_single_precision(data_dir: Path) -> None:
    folder = next(path for path in (data_dir / "models").iterdir() if (path / "model.safetensors").is_file())
    library = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})
    wanted = library.encode([f"query: {text}" for text in TEXTS], normalize_embeddings=True)
    ours = Encoder(_open(str(folder), "float32"), "e5")
    found = np.stack([ours.encode_question(text).vector for text in TEXTS])
    assert np.abs(found - wanted).max() < 1e-4
    vocabulary = ours._model[0].model.get_input_embeddings().weight
    assert vocabulary.dtype == torch.float16, "the vocabulary takes half of the memory"
