"""The default model: read from the package's file, into a folder any program of the field can open."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import MODELS

from assistant.settings import ROOT
from index.encoding import bundled
from index.encoding.bundled import ModelFileWrong, find_model_file, prepare_bundled_model
from index.encoding.encoder import Encoder, ModelUnusable, open_encoder


def test_a_file_with_another_checksum_is_refused_with_both(tmp_path: Path) -> None:
    wrong = tmp_path / "model.bin"
    wrong.write_bytes(find_model_file().read_bytes()[:-1] + b"?")
    with pytest.raises(ModelFileWrong, match=f"empreinte SHA-256 est [0-9a-f]{{64}}, attendue {bundled.SHA256}"):
        bundled.read_model_file(wrong)


def test_the_folder_is_an_ordinary_sentence_transformers_model(encoder: Encoder) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(MODELS / bundled.NAME), device="cpu")
    assert model.get_embedding_dimension() == encoder.dimension == 384
    assert model.max_seq_length == 512
    assert (model.prompts["query"], model.prompts["document"]) == ("query: ", "passage: ")


def test_the_tokenizer_gives_the_ids_of_xlm_roberta(encoder: Encoder) -> None:
    # "Hello world!" is 35378 8999 38 between <s> and </s> for every model of that family.
    (tokens,) = encoder._model.cut(["Hello world!"])
    assert tokens.ids.tolist() == [0, 35378, 8999, 38, 2]


def test_a_folder_that_is_there_is_not_written_again(encoder: Encoder) -> None:  # noqa: ARG001 - the folder is there
    written = (MODELS / bundled.NAME / "model.safetensors").stat().st_mtime_ns
    prepare_bundled_model(MODELS / bundled.NAME)
    assert (MODELS / bundled.NAME / "model.safetensors").stat().st_mtime_ns == written


def test_a_4_bit_block_is_decoded_as_its_layout_says() -> None:
    halves = bytes([0x10 * high + low for low, high in zip(range(16), range(15, -1, -1), strict=True)])
    block = np.array([0.5], dtype="<f2").tobytes() + halves
    expected = [(value - 8) * 0.5 for value in [*range(16), *range(15, -1, -1)]]
    assert bundled._decode_4_bits(block).tolist() == expected


def test_the_first_start_leaves_nothing_of_pytorch_in_its_process(tmp_path: Path) -> None:
    program = """
import sys
from pathlib import Path
from index.encoding.encoder import open_encoder
assert len(open_encoder("multilingual-e5-small", Path(sys.argv[1])).encode_question("Qui vote ?").tokens)
print({"torch", "transformers"} & sys.modules.keys())
"""
    command = [sys.executable, "-P", "-c", program, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
    (folder,) = tmp_path.iterdir()
    assert len(list(folder.glob("layers-*.onnx"))) == 1


def test_the_model_is_prepared_and_opened_where_pytorch_is_not_installed(tmp_path: Path, encoder: Encoder) -> None:
    program = """
import sys
from pathlib import Path
for name in ("torch", "transformers", "sentence_transformers", "sklearn", "sympy"):
    sys.modules[name] = None
from index.encoding.adapter import PACKAGED
from index.encoding.saving import save_bundled_model
save_bundled_model(Path(sys.argv[1]), PACKAGED)
"""
    command = [sys.executable, "-P", "-c", program, str(tmp_path / encoder.name)]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    question = "Qui a tiré au sort des habitants ?"
    found = open_encoder(bundled.NAME, tmp_path).encode_question(question)
    assert found.vector @ encoder.encode_question(question).vector > 0.99999


@pytest.mark.parametrize("writes", ["import sys; sys.exit(9)", "raise MemoryError"], ids=["killed", "memory"])
def test_a_preparation_that_is_interrupted_leaves_nothing_and_says_so(
    writes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "other" / "index" / "encoding"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "saving.py").write_text(writes, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "other")
    with pytest.raises(ModelUnusable, match="sa préparation s'est interrompue"):
        open_encoder("multilingual-e5-small", tmp_path / "models")
    assert not list((tmp_path / "models").iterdir())
