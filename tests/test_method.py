"""A method is put together from the steps of sheets, whatever their layout."""

import re
import shutil
from pathlib import Path

import pytest

from assistant.answers.draft import Draft
from assistant.answers.kinds.method import draft_method
from index.opened import Index
from index.passages import Sentence
from index.ranking.retrieval import Hit
from ingest.layout import read_layout
from ingest.passage import split_sheet
from ingest.sentence import split_sentences
from ingest.sheet import Block, Section, Sheet
from ingest.source import read_source


def hit(sheet: Sheet) -> Hit:
    """A hit all of whose sentences are as near to the question."""
    passages = split_sheet(sheet)
    sentences = [Sentence(passage, text, 0.5) for passage in passages for text in split_sentences(passage.text)]
    return Hit(sheet, 1.0, 0.6, 0.4, passages[0], tuple(sentences), {})


def sheet(number: int, *steps: str, organisation: str = "Ville") -> Sheet:
    section = Section(key="etapes", title="Déroulé", blocks=tuple(Block(text=step) for step in steps), joined=True)
    return Sheet(id=str(number), title=f"Démarche {number}", organisation=organisation, sections=(section,))


@pytest.fixture(scope="module")
def methods(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Hit]:
    """Two real Markdown methods that tell their steps."""
    folder = tmp_path_factory.mktemp("methods")
    wanted = ("cercle_excentrique", "cartographie_communautaire")
    for name in wanted:
        shutil.copy(shared / "corpus" / "multibao-methods" / f"contributions_{name}.md", folder)
    reading = read_source(str(folder), read_layout("multibao"))
    return [hit(each) for name in wanted for each in reading.sheets if each.id == name]


def steps_of(draft: Draft | None) -> list[str]:
    assert draft
    return re.findall(r"^ *(?:- |\d\. )(?!\*\*).*\[\d+\]", draft.text, re.MULTILINE)


def test_markdown_methods_tell_their_own_steps_one_after_the_other(methods: list[Hit], real_index: Index) -> None:
    draft = draft_method(methods, real_index)
    assert draft
    assert draft.kind == "method"
    assert len(steps_of(draft)) >= 3
    assert methods[0].sheet.title in draft.text
    passages = {sentence.passage.id: sentence.passage for each in methods for sentence in each.sentences}
    assert all(citation.quote in passages[citation.passage].text for citation in draft.citations)


def test_steps_stand_in_the_phase_that_their_words_tell(real_index: Index) -> None:
    one = hit(sheet(1, "Diagnostic de la situation avec les services", "Vote des habitants en mairie et en ligne"))
    two = hit(sheet(2, "Ateliers avec les habitants du quartier", "Restitution publique des résultats du vote"))
    draft = draft_method([one, two], real_index)
    assert draft
    assert re.findall(r"^\d\. \*\*(.+)\*\*\n   - «\u00a0(\w+)", draft.text, re.MULTILINE) == [
        ("Préparer et poser le diagnostic", "Diagnostic"),
        ("Recueillir et débattre", "Ateliers"),
        ("Décider et voter", "Vote"),
        ("Rendre compte et évaluer", "Restitution"),
    ]


def test_too_few_steps_make_no_method(real_index: Index) -> None:
    assert draft_method([hit(sheet(1, "Vote des habitants en mairie", "Travaux dans le quartier"))], real_index) is None
    assert draft_method([hit(sheet(1, "Un seul pas vers la suite", organisation=""))], real_index) is None
