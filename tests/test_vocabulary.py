"""Vocabulary: trade words that come with the project, and those that staff add."""

import shutil
from pathlib import Path

import pytest

from assistant.reading.understanding import understand
from assistant.settings import ROOT
from index.build import build_index, fingerprint
from index.encoding.encoder import Encoder
from index.phrases import PhraseBook, read_words, stem
from index.storage.folder_store import FolderStore
from index.version_folder import read_manifest
from index.vocabulary import Vocabulary, VocabularyWrong, read_vocabulary, shipped_vocabulary
from ingest.layout import Layout
from ingest.source import read_source


def test_each_group_of_the_shipped_vocabulary_holds_different_expressions() -> None:
    for group in shipped_vocabulary().synonyms:
        keys = [tuple(word.folded for word in read_words(phrase)) for phrase in group]
        assert all(keys), group
        assert len(set(keys)) == len(keys), group


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("régional", "régionales"),
        ("ville", "villes"),
        ("citoyenne", "citoyens"),
        ("primée", "primés"),
        ("lauréat", "lauréates"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert read_words(one)[0].key == read_words(other)[0].key


@pytest.mark.parametrize(
    ("one", "other"),
    [("associer", "association"), ("environ", "environnement"), ("depart", "departement"), ("plus", "plu")],
)
def test_words_that_only_look_alike_keep_their_own_stem(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_longer_phrase_hides_those_within_it() -> None:
    book = PhraseBook({"online": ["consultation en ligne"], "any": ["consultation"]})
    assert [found.meanings for found in book.find(read_words("des consultations en ligne"))] == [("online",)]
    assert [found.meanings for found in book.find(read_words("des consultations"))] == [("any",)]


def test_acronyms_and_synonyms_are_spelled_out_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "vocabulaire.toml"
    path.write_text(
        'synonyms = [["conseil de vie locale", "COVIL"]]\n[english]\n"hub" = ["tiers-lieu"]\n', encoding="utf-8"
    )
    joined = shipped_vocabulary().join(read_vocabulary(path))
    assert joined.synonyms[-1] == ("conseil de vie locale", "COVIL")
    assert joined.english["hub"] == ("tiers-lieu",)
    assert joined.asides == shipped_vocabulary().asides


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('synonyms = [\n  ["BP" "budget"],\n]\n', "ligne 2", id="not-toml"),
        pytest.param(
            'synonyms = [\n  ["BP", "budget participatif"],\n  ["seul"],\n]\n', "ligne 3 : .*deux", id="alone"
        ),
        pytest.param('synonyms = [\n  ["BP", ""],\n]\n', "ligne 2 : .*caractères", id="empty"),
        pytest.param('synonyms = "BP"\n', "ligne 1 : une liste", id="no-list"),
        pytest.param('\nsynonymes = [["a", "b"]]\n', "cette clé n'existe pas", id="misspelt-key"),
        pytest.param('[english]\n"town" = "ville"\n', "ligne 2 : une liste", id="english-without-list"),
    ],
)
def test_a_wrong_vocabulary_is_refused_with_its_line(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "vocabulaire.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyWrong, match=f"(?s){said}"):
        read_vocabulary(path)


def test_words_of_staff_beside_the_sheets_enter_the_version(
    sheets_copy: Path, layout: Layout, encoder: Encoder, tmp_path: Path
) -> None:
    table = sheets_copy / "csv" / "fiches.csv"
    table.write_text("".join(table.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    shutil.rmtree(sheets_copy / "pdf")
    before = read_source(str(sheets_copy), layout)
    (sheets_copy / "vocabulaire.toml").write_text('synonyms = [["COVIL", "conseil de vie locale"]]\n', encoding="utf-8")
    reading = read_source(str(sheets_copy), layout)
    assert fingerprint(before, encoder.name) != fingerprint(reading, encoder.name)
    built = build_index(reading, "", encoder, tmp_path / "index")
    assert read_manifest(tmp_path / "index" / built.version).vocabulary.synonyms == (
        ("COVIL", "conseil de vie locale"),
    )
    index = FolderStore(tmp_path / "index").open(encoder.name, "public", built.version)
    assert "conseil de vie locale" in understand("notre COVIL", index.lexicon).expansions
    assert understand("un village", index.lexicon).filters.porteur == ("PV",)


def test_an_empty_vocabulary_changes_nothing() -> None:
    assert shipped_vocabulary().join(Vocabulary()) == shipped_vocabulary()


def test_the_guide_shows_a_vocabulary_that_can_be_read(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "fr" / "reindexer.md").read_text(encoding="utf-8")
    example = guide.split("## Le vocabulaire")[1].split("```toml\n")[1].split("```")[0]
    path = tmp_path / "vocabulaire.toml"
    path.write_text(example, encoding="utf-8")
    assert read_vocabulary(path).synonyms
