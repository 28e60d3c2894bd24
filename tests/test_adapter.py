"""The adapter: added to the default model's weights, told by the model's name."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from assistant.settings import Settings
from index.build import build_index
from index.encoding.adapter import (
    PACKAGED,
    AdapterWrong,
    LowRank,
    find_adapter,
    merge_adapter,
    name_model,
    read_adapter,
    write_adapter,
)
from index.encoding.encoder import Encoder, open_encoder
from index.manifest import IndexStale
from index.storage.folder_store import FolderStore
from ingest.reading import Reading
from ingest.sheet import Block, Section, Sheet

LAYER = "encoder.layer.0.attention.self.query"


def write_small_adapter(folder: Path, size: int = 384) -> Path:
    random = np.random.default_rng(1)
    down, up = random.normal(size=(4, size)), random.normal(size=(size, 4))
    path = folder / "essai.safetensors"
    write_adapter(path, {LAYER: LowRank(down * 0.02, up * 0.02, 2.0)})
    return path


def test_merging_adds_the_scaled_product_of_the_two_matrices(tmp_path: Path) -> None:
    path = write_small_adapter(tmp_path)
    before = np.random.default_rng(2).normal(size=(384, 384)).astype(np.float32)
    weights = {f"{LAYER}.weight": before.copy()}
    merge_adapter(weights, path)
    stored = load_file(path)
    expected = before + 2.0 * stored[f"{LAYER}.b"].astype(np.float32) @ stored[f"{LAYER}.a"].astype(np.float32)
    np.testing.assert_allclose(weights[f"{LAYER}.weight"], expected, atol=1e-6)
    assert not np.allclose(before, expected)


def test_the_model_is_prepared_with_its_adapter_in_a_folder_of_its_own(tmp_path: Path, encoder: Encoder) -> None:
    path = write_small_adapter(tmp_path)
    adapted = open_encoder("multilingual-e5-small", tmp_path / "models", str(path))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    assert adapted.name == f"multilingual-e5-small+essai-{digest}"
    assert (tmp_path / "models" / adapted.name / "model.safetensors").is_file()
    question = "Qui a tiré au sort des habitants ?"
    assert adapted.encode_question(question).vector @ encoder.encode_question(question).vector < 0.9999


def test_the_packaged_adapter_corrects_every_linear_map_of_the_twelve_layers() -> None:
    corrections = read_adapter(PACKAGED)
    assert len(corrections) == 12 * 6
    assert PACKAGED.stat().st_size < 2_000_000
    assert all(correction.up.any() for correction in corrections.values())


def test_the_setting_chooses_the_adapter(tmp_path: Path) -> None:
    path = write_small_adapter(tmp_path)
    assert find_adapter("multilingual-e5-small", "") == PACKAGED
    assert find_adapter("multilingual-e5-small", "none") is None
    assert find_adapter("multilingual-e5-small", str(path)) == path
    assert find_adapter("intfloat/multilingual-e5-base", "") is None


def test_the_settings_name_the_model_with_its_adapter() -> None:
    assert Settings(adapter="none").model_name == "multilingual-e5-small"
    assert Settings().model_name == name_model("multilingual-e5-small", PACKAGED)
    assert Settings(embedding_model="autre").model_name == "autre"


@pytest.mark.parametrize(
    ("model", "choice", "says"),
    [
        ("multilingual-e5-small", "absent.safetensors", "'absent.safetensors' n'est pas un fichier"),
        ("BAAI/bge-m3", "essai.safetensors", "ne va qu'avec le modèle 'multilingual-e5-small'"),
    ],
    ids=["absent", "other-model"],
)
def test_an_adapter_that_cannot_be_found_is_refused(model: str, choice: str, says: str) -> None:
    with pytest.raises(AdapterWrong, match=says):
        find_adapter(model, choice)


def test_a_broken_adapter_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "casse.safetensors"
    broken.write_bytes(PACKAGED.read_bytes()[:1000])
    with pytest.raises(AdapterWrong, match=r"casse.safetensors' ne peut pas servir.*ASSISTANT_ADAPTER"):
        open_encoder("multilingual-e5-small", tmp_path / "models", str(broken))


def test_an_adapter_of_another_model_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "autre.safetensors"
    save_file({f"{LAYER}.a": np.ones((1, 1)), f"{LAYER}.b": np.ones((1, 1))}, other, {"base": "x", "scale": "1"})
    with pytest.raises(AdapterWrong, match="il est fait pour le modèle 'x'"):
        read_adapter(other)


def test_an_adapter_of_another_size_is_refused(tmp_path: Path) -> None:
    path = write_small_adapter(tmp_path, size=16)
    with pytest.raises(AdapterWrong, match="ou pas à cette taille"):
        merge_adapter({f"{LAYER}.weight": np.zeros((384, 384), dtype=np.float16)}, path)


def test_an_index_made_with_another_adapter_is_stale(tmp_path: Path, encoder: Encoder) -> None:
    section = Section(key="presentation", title="Présentation", blocks=(Block(text="Un jury de citoyens."),))
    reading = Reading(sheets=[Sheet(id="1", title="Jury", sections=(section,))])
    built = build_index(reading, "", encoder, tmp_path)
    assert FolderStore(tmp_path).open(Settings().model_name, "public", built.version).sheets
    with pytest.raises(IndexStale, match=r"multilingual-e5-small'\. Lancez : assistant reindex"):
        FolderStore(tmp_path).open(Settings(adapter="none").model_name, "public", built.version)
