import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from conftest import MODELS, SHEETS

from assistant.settings import ROOT
from index.encoding.encoder import Encoder, ModelUnusable, _batches, open_encoder
from ingest.choice import choose_layout
from ingest.source import read_source

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


@pytest.fixture(scope="module")
def forgetful(encoder: Encoder) -> Encoder:  # noqa: ARG001 - the model is there
    """The model that reads a text again each time."""
    return open_encoder("multilingual-e5-small", MODELS)


def test_vectors_have_norm_one_and_do_not_depend_on_the_batch(forgetful: Encoder) -> None:
    together = dict(forgetful.encode_passages([*TEXTS, "mot " * 300]))
    alone = next(iter(forgetful.encode_passages([TEXTS[0]])))[1]
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
    assert batches[0] == [1, 4, 2]
    assert all(len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= 1024 for batch in batches)


def test_texts_cut_a_few_at_a_time_keep_their_rows(forgetful: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = dict(forgetful.encode_passages(TEXTS))
    monkeypatch.setattr("index.encoding.encoder._CUT_TOGETHER", 2)
    seen: list[tuple[int, int]] = []
    found = dict(forgetful.encode_passages(TEXTS, lambda done, total: seen.append((done, total))))
    assert seen[-1] == (3, 3)
    for row, each in wanted.items():
        assert np.abs(found[row].vector - each.vector).max() < 1e-5
        assert found[row].offsets.tolist() == each.offsets.tolist()


def test_a_model_that_cannot_be_opened_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"'modele-inconnu' ne s'ouvre pas.*ASSISTANT_EMBEDDING_MODEL"):
        open_encoder("modele-inconnu", tmp_path)


def test_another_model_without_its_library_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "index.encoding.library", raising=False)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ModelUnusable, match=r"'autre' demande 'torch', qui n'est pas installé.*make models"):
        open_encoder("autre", tmp_path)


@pytest.fixture(scope="module")
def folder(encoder: Encoder) -> Path:
    """The default model with its adapter, prepared."""
    return MODELS / encoder.name


@pytest.fixture(scope="module")
def library(folder: Path) -> Encoder:
    """The same through sentence-transformers, in single precision whatever this processor does faster."""
    from index.encoding.library import LibraryModel, _open

    return Encoder(LibraryModel(_open(str(folder), "float32")), "e5")


@pytest.fixture(scope="module")
def real_texts(shared: Path) -> list[str]:
    """Sentences of the project's sheets and questions of PIAF, 160 of each, and texts that are hard to cut."""
    sheets = read_source(str(SHEETS), choose_layout(SHEETS)).practices
    blocks = [block.text for sheet in sheets for section in sheet.sections for block in section.blocks]
    sentences = [text for block in blocks for text in re.split(r"(?<=[.!?])\s+", block) if len(text) > 20]
    lines = (shared / "bench" / "piaf" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["text"] for line in lines]
    hard = ["", " ", "a", "œuvre ﬁnale № 5", "e\u0301te\u0301", "😀 jury", "日本の市民", "mot " * 700, "x" * 3000]
    return [*sentences[:: len(sentences) // 160][:160], *questions[:: len(questions) // 160][:160], *hard]


def cosines(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    return (some * others).sum(-1) / np.linalg.norm(some, axis=-1) / np.linalg.norm(others, axis=-1)


def test_vectors_and_states_are_those_of_the_library(encoder: Encoder, library: Encoder, real_texts: list[str]) -> None:
    assert len(real_texts) > 300
    wanted = dict(library.encode_passages(real_texts))
    for row, found in encoder.encode_passages(real_texts):
        assert cosines(found.vector, wanted[row].vector) > 0.9999
        assert (found.token_ids == wanted[row].token_ids).all()
        assert (found.offsets == wanted[row].offsets).all()
        assert (cosines(found.tokens, wanted[row].tokens) > 0.9999).all()


def test_texts_are_cut_as_by_the_whole_tokenizer_alone_and_together(folder: Path, real_texts: list[str]) -> None:
    from tokenizers import Tokenizer

    from index.encoding.pieces import Pieces
    from index.encoding.tokens import cut

    pieces, whole = Pieces(folder / "tokenizer.json"), Tokenizer.from_file(str(folder / "tokenizer.json"))
    hard = [
        "<mask>bar <s>é</s>x<unk>",
        "<mas<mask>k>",
        "▁a▁▁b",
        "\u200b\u00a0a\tb\x00c",
        "bấy ấấ",
        "한국어 العربية ไทย 👨‍👩‍👧 ﷺ",
    ]
    texts = [*real_texts, *hard]
    for longest in (512, None):
        wanted = cut(whole, texts, longest)
        for found in (pieces.cut(texts, longest), [pieces.cut([text], longest)[0] for text in texts]):
            for one, other in zip(found, wanted, strict=True):
                assert one.ids.tolist() == other.ids.tolist()
                assert one.offsets.tolist() == other.offsets.tolist()
                assert one.inside.tolist() == other.inside.tolist()


def test_the_library_without_us_gives_the_same(encoder: Encoder, folder: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})
    wanted = model.encode([f"query: {text}" for text in TEXTS], normalize_embeddings=True)
    assert np.abs(encoder.encode_questions(TEXTS) - wanted).max() < 1e-5


def test_a_text_has_the_same_vector_in_whatever_batch(forgetful: Encoder, real_texts: list[str]) -> None:
    texts = real_texts[:60]
    together = dict(forgetful.encode_passages([*texts, "mot " * 300]))
    for row, text in enumerate(texts):
        alone = next(iter(forgetful.encode_passages([text])))[1]
        assert np.abs(alone.vector - together[row].vector).max() < 1e-5
        assert np.abs(alone.tokens - together[row].tokens).max() < 1e-4


def test_another_model_is_opened_by_the_library_from_its_folder(folder: Path, tmp_path: Path) -> None:
    from index.encoding.library import LibraryModel

    other = tmp_path / "autre-modele"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("*.onnx"))
    ours = open_encoder(str(other), tmp_path / "models")
    assert isinstance(ours._model, LibraryModel)
    assert ours.name == str(other)
    assert not list(other.glob("*.onnx"))
    vocabulary = ours._model._model[0].model.get_input_embeddings().weight
    assert vocabulary.dtype.itemsize == 2, "the vocabulary takes half of the memory"


@pytest.fixture
def copied(folder: Path, tmp_path: Path, encoder: Encoder) -> Path:
    """A folder of models with the default one, a copy."""
    shutil.copytree(folder, tmp_path / "models" / encoder.name)
    return tmp_path / "models"


def test_a_folder_of_a_former_version_is_completed_once(copied: Path, encoder: Encoder) -> None:
    made = [next((copied / encoder.name).glob(name)) for name in ("layers-*.onnx", "pieces-*.safetensors")]
    before = [file.read_bytes() for file in made]
    for file in made:
        file.unlink()
    found = open_encoder("multilingual-e5-small", copied).encode_question(TEXTS[0]).vector
    assert np.abs(found - encoder.encode_question(TEXTS[0]).vector).max() < 1e-6
    assert [file.read_bytes() for file in made] == before
    written = [file.stat().st_mtime_ns for file in made]
    open_encoder("multilingual-e5-small", copied)
    assert [file.stat().st_mtime_ns for file in made] == written
    assert [path.name for path in copied.iterdir()] == [encoder.name]


def test_weights_in_another_place_have_a_graph_of_their_own(copied: Path, encoder: Encoder) -> None:
    from safetensors.torch import load_file, save_file

    file = copied / encoder.name / "model.safetensors"
    before = {path.name for path in file.parent.glob("*.onnx")}
    save_file({name: values.clone() for name, values in sorted(load_file(file).items())}, file, {"autre": "x" * 100})
    found = open_encoder("multilingual-e5-small", copied).encode_question(TEXTS[0]).vector
    assert np.abs(found - encoder.encode_question(TEXTS[0]).vector).max() < 1e-6
    assert len({path.name for path in file.parent.glob("*.onnx")} - before) == 1


@pytest.mark.parametrize(
    "name",
    [
        "layers-*.onnx",
        "pieces-*.safetensors",
        "model.safetensors",
        "tokenizer.json",
        "config_sentence_transformers.json",
    ],
)
@pytest.mark.parametrize("spoil", [lambda whole: whole[: len(whole) // 3], lambda _: b"", lambda _: b"abc" * 500])
def test_a_damaged_file_is_told_with_what_to_do(
    name: str, spoil: Callable[[bytes], bytes], copied: Path, encoder: Encoder
) -> None:
    (file,) = (copied / encoder.name).glob(name)
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(ModelUnusable, match=rf"ne s'ouvre pas \(.*Supprimez '{re.escape(str(file.parent))}'"):
        open_encoder("multilingual-e5-small", copied)


def test_a_damaged_configuration_is_told_when_the_graph_is_to_be_written(copied: Path, encoder: Encoder) -> None:
    for content in ("{}", "[]", ""):
        (copied / encoder.name / "config.json").write_text(content, encoding="utf-8")
        with pytest.raises(ModelUnusable, match="ne s'ouvre pas"):
            open_encoder("multilingual-e5-small", copied)


def test_opening_the_default_model_and_reading_a_question_needs_no_pytorch() -> None:
    program = """
import sys
from pathlib import Path
from index.encoding.encoder import open_encoder
assert len(open_encoder("multilingual-e5-small", Path(sys.argv[1])).encode_question("Qui vote ?").tokens)
print({"torch", "transformers", "sentence_transformers", "scipy", "onnx", "huggingface_hub"} & sys.modules.keys())
"""
    command = [sys.executable, "-P", "-c", program, str(MODELS)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
