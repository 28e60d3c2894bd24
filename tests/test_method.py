"""A method is told from the steps of one sheet, whatever its layout, and only where they bear on what is asked."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.answers.draft import Draft
from assistant.answers.kinds.kind import Case, Passed
from assistant.answers.kinds.method import KIND
from assistant.finding.search import Sources, search
from assistant.reading.read import read_question
from index.build import build_index
from index.encoding.encoder import Encoder
from index.opened import Index
from index.storage.folder_store import FolderStore
from ingest.layout import read_layout
from ingest.source import read_source


def draft(question: str, index: Index, encoder: Encoder) -> Draft | Passed:
    reading, sources = read_question(question, (), index), Sources(index, encoder, "")
    hits = search(reading, sources, None, 60)
    return KIND.draft(Case(reading, hits[:10], sources, None, hits[10:]))


def find_steps(text: str) -> Sequence[str]:
    return [line for line in text.split("\n") if line.startswith("   - «")]


@pytest.fixture(scope="module")
def methods(shared: Path, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Index:
    """Two real Markdown methods that tell their steps: nobody's practice, but what to do."""
    folder = tmp_path_factory.mktemp("methods")
    for name in ("cercle_excentrique", "cartographie_communautaire"):
        shutil.copy(shared / "corpus" / "multibao-methods" / f"contributions_{name}.md", folder)
    store = FolderStore(tmp_path_factory.mktemp("index"))
    reading = read_source(str(folder), read_layout("multibao"))
    store.promote(build_index(reading, str(folder), encoder, store.index_dir).version)
    return store.open(encoder.name, "public")


def test_a_markdown_method_tells_its_own_steps(methods: Index, encoder: Encoder) -> None:
    drafted = draft("Comment faire une cartographie communautaire ?", methods, encoder)
    assert isinstance(drafted, Draft)
    assert drafted.kind == "method"
    assert len(find_steps(drafted.text)) >= 3
    passages = {passage.id: passage for passage in methods.passages}
    assert all(citation.quote in passages[citation.passage].text for citation in drafted.citations)


def test_the_steps_of_a_named_practice_are_all_of_it(real_index: Index, encoder: Encoder) -> None:
    drafted = draft("Comment fonctionne la votation à Grenoble ?", real_index, encoder)
    assert isinstance(drafted, Draft)
    assert len({citation.sheet for citation in drafted.citations}) == 1
    assert len(find_steps(drafted.text)) >= 5


def test_where_too_few_steps_bear_on_what_is_asked_none_are_set_in_order(real_index: Index, encoder: Encoder) -> None:
    drafted = draft("Comment tirer au sort des habitants ?", real_index, encoder)
    assert isinstance(drafted, Draft)
    assert find_steps(drafted.text) == []
    assert len(drafted.citations) >= 3


def test_what_does_not_ask_how_is_passed_on(real_index: Index, encoder: Encoder) -> None:
    assert isinstance(draft("Pourquoi lancer un budget participatif ?", real_index, encoder), Passed)
